//! What is rehearsed: a release, the patches that its users would be given in turn, and how far.

use std::sync::Arc;

use patchproof_device::{Arch, ConfigureError, UpdateError};
use sha2::{Digest as _, Sha256};

use crate::disk::{Bounds, TornAt};

/// What a simulated device is to live through.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Rehearsal {
    /// The machine that the libraries are for.
    pub arch: Arch,
    /// The library that the release was shipped with.
    pub base: Arc<[u8]>,
    /// The patches, in the order in which the server offers them; they get the numbers 1, 2, ...
    pub patches: Vec<RehearsedPatch>,
    /// How many disks a power cut leaves.
    pub bounds: Bounds,
}

/// A patch, and what it is to give.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RehearsedPatch {
    /// What a person calls it, such as its path.
    pub name: String,
    /// Its bytes.
    pub bytes: Arc<[u8]>,
    /// The library that it gives over the release's.
    pub library: Arc<[u8]>,
}

impl RehearsedPatch {
    /// Names a patch and what it gives.
    #[must_use]
    pub fn new(
        name: impl Into<String>,
        bytes: impl Into<Arc<[u8]>>,
        library: impl Into<Arc<[u8]>>,
    ) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.into(),
            library: library.into(),
        }
    }
}

impl Rehearsal {
    /// A rehearsal within the bounds of the command.
    #[must_use]
    pub fn new(arch: Arch, base: impl Into<Arc<[u8]>>, patches: Vec<RehearsedPatch>) -> Self {
        Self {
            arch,
            base: base.into(),
            patches,
            bounds: bounds(),
        }
    }

    pub(crate) fn libraries(&self) -> Result<Vec<Library>, RehearseError> {
        let libraries: Vec<Library> = self.patches.iter().map(Library::of).collect();
        if libraries.is_empty() {
            return Err(RehearseError::NoPatch);
        }
        for (at, library) in libraries.iter().enumerate() {
            let mut earlier = libraries.iter().take(at);
            if let Some(same) = earlier.find(|earlier| earlier.sha256 == library.sha256) {
                return Err(RehearseError::SameLibrary {
                    first: same.name.clone(),
                    second: library.name.clone(),
                });
            }
        }
        Ok(libraries)
    }
}

/// Why there was no rehearsal to its end. What a rehearsed device does wrong is no error, but a
/// finding.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum RehearseError {
    /// It was cancelled.
    #[error("the rehearsal was cancelled")]
    Cancelled,
    /// There is nothing to install.
    #[error("a rehearsal needs at least one patch")]
    NoPatch,
    /// A device takes the second for the first.
    #[error(
        "{first} and {second} give the same library, so that a device would not install the \
         second: leave one of them out"
    )]
    SameLibrary {
        /// The earlier one.
        first: String,
        /// The later one.
        second: String,
    },
    /// No updater could be made: the release, not a patch, is at fault.
    #[error("the updater takes no part over this release: {0}")]
    Configure(#[from] ConfigureError),
    /// Without any fault of the disk's, the device could not be brought to where it was to be.
    #[error("without any power cut, {what} failed: {why}")]
    Story {
        /// What was done.
        what: String,
        /// What the device says.
        why: String,
    },
}

/// One of the patched libraries, at hand.
#[derive(Clone, Debug)]
pub(crate) struct Library {
    pub(crate) name: String,
    pub(crate) patch: Arc<[u8]>,
    pub(crate) bytes: Arc<[u8]>,
    pub(crate) sha256: [u8; 32],
}

impl Library {
    fn of(patch: &RehearsedPatch) -> Self {
        Self {
            name: patch.name.clone(),
            patch: Arc::clone(&patch.bytes),
            bytes: Arc::clone(&patch.library),
            sha256: Sha256::digest(&patch.library).into(),
        }
    }
}

impl RehearseError {
    pub(crate) fn of_update(what: &str, error: &UpdateError) -> Self {
        match error {
            UpdateError::Cancelled => Self::Cancelled,
            other => Self::Story {
                what: what.to_owned(),
                why: other.to_string(),
            },
        }
    }
}

/// The state is a few blocks and is taken exhaustively; a library of thousands of blocks is swept.
const fn bounds() -> Bounds {
    let mut bounds = Bounds::normal();
    bounds.blocks_max = 4;
    bounds.name_changes_max = 6;
    bounds.images_max = 1 << 11;
    bounds.torn = TornAt::Middle;
    bounds.swept_blocks_max = 3;
    bounds
}
