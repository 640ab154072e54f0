//! A library that is to be explained: its name, its bytes, and what could be read of them.

use std::borrow::Cow;

use crate::error::ReadError;
use crate::image::Image;
use crate::snapshot::Snapshot;

/// A library, what to call it, and the snapshot in it, if it is one.
#[derive(Clone, Debug)]
pub struct Library<'a> {
    name: &'a str,
    bytes: &'a [u8],
    snapshot: Result<Cow<'a, Snapshot>, ReadError>,
    image: Option<Image<'a>>,
}

impl<'a> Library<'a> {
    /// Reads a library. What cannot be read as a snapshot still has bytes to compare.
    ///
    /// `name` is what a person calls it, such as `the released library`.
    #[must_use]
    pub fn read(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            snapshot: Snapshot::read(bytes).map(Cow::Owned),
            image: Image::read(bytes).ok(),
        }
    }

    /// A library that was read before: `snapshot` is what [`Snapshot::read`] made of `bytes`.
    #[must_use]
    pub fn known(name: &'a str, bytes: &'a [u8], snapshot: &'a Snapshot) -> Self {
        Self {
            name,
            bytes,
            snapshot: Ok(Cow::Borrowed(snapshot)),
            image: Image::read(bytes).ok(),
        }
    }

    /// What it is called.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Its bytes.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The snapshot, if it is one.
    #[must_use]
    pub fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_deref().ok()
    }

    /// Why it could not be read as a snapshot.
    pub(super) fn fault(&self) -> Option<&ReadError> {
        self.snapshot.as_ref().err()
    }

    /// Its container, where that could be read.
    pub(super) const fn image(&self) -> Option<&Image<'a>> {
        self.image.as_ref()
    }

    /// Its size in bytes.
    pub(super) fn size_bytes(&self) -> u64 {
        u64::try_from(self.bytes.len()).unwrap_or(u64::MAX)
    }
}
