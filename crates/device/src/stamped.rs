//! A file's stamp as the document keeps it.

use patchproof_storage::Stamp;
use serde::{Deserialize, Serialize};

/// Inode, length in bytes, time of change in nanoseconds since 1970.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Stamped(u64, u64, u64);

impl From<&Stamp> for Stamped {
    fn from(stamp: &Stamp) -> Self {
        Self(stamp.inode, stamp.length_bytes, stamp.modified_ns)
    }
}
