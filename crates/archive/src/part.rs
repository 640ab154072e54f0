//! One file of a release: where it lies, what it is for, and how its content is had.

use std::path::PathBuf;

use crate::abi::Abi;
use crate::role::Role;
use crate::window::Window;

/// One file of a release.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Part {
    /// Its path inside the app, `/` between components, with splits merged:
    /// `lib/arm64-v8a/libapp.so`. A bundle keeps its modules: `base/lib/arm64-v8a/libapp.so`. Where
    /// two splits differ in a file, the second has the split's name in front of its own.
    pub path: String,
    /// Where it really lies, for messages: `app.apk!/lib/arm64-v8a/libapp.so`.
    pub location: String,
    /// What it is for.
    pub role: Role,
    /// The machine it is for, where its path names one.
    pub abi: Option<Abi>,
    /// Its size as the app sees it, in bytes.
    pub size_bytes: u64,
    /// Its checksum, where the container has one. Checked whenever the part is read.
    pub crc32: Option<u32>,
    /// Its size as it lies in the container, in bytes.
    pub stored_size_bytes: u64,
    pub(crate) content: Content,
}

/// Where the bytes of a part come from.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// As they lie there.
    Stored(Window),
    /// Deflated.
    Deflated(Window),
    /// A file of a folder, opened when it is read.
    File(PathBuf),
}

/// The largest part that is read whole, in bytes.
pub const PART_BYTES_MAX: u64 = 1 << 30;
