//! What happens to a disk, one step each, so that a lying disk can be told what of it to forget.

use std::sync::Arc;

use super::state::Ino;

/// A name in a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) folder: Ino,
    pub(super) name: Arc<str>,
}

/// A step that is possible where it happens.
#[derive(Clone, Debug)]
pub(super) enum Event {
    Create {
        at: Place,
        ino: Ino,
        now_ns: u64,
    },
    MakeFolder {
        at: Place,
        ino: Ino,
    },
    Rename {
        from: Place,
        to: Place,
        ino: Ino,
    },
    Remove {
        at: Place,
    },
    Append {
        ino: Ino,
        bytes: Arc<[u8]>,
        now_ns: u64,
    },
    SyncFile {
        ino: Ino,
    },
    SyncFolder {
        folder: Ino,
    },
    /// A failed sync: what was written from that offset on.
    LoseFile {
        ino: Ino,
        from: usize,
    },
    /// A failed sync: the changes of names with these numbers.
    LoseNames {
        changes: Vec<u64>,
    },
}

impl Event {
    /// Whether a lying disk may have said so only.
    pub(super) const fn is_sync(&self) -> bool {
        matches!(self, Self::SyncFile { .. } | Self::SyncFolder { .. })
    }
}
