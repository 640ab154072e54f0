//! A disk below the device library that does not do what it says.

use patchproof_rehearsal::{Call, Tap, Tapped, Then, Watched};
use patchproof_storage::{Operation, StoragePath};

/// What is left undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The sync of staged libraries.
    LibrarySync,
    /// The sync of the device's folder, by which a new state lasts.
    StateSync,
    /// The removal of downloads.
    Removal,
    /// Reading: of a library in its place, the engine gets other bytes than were checked.
    Reading,
}

/// A process's disk with a fault.
pub(crate) type Faulty = Tapped<Watched, Fault>;

impl Tap for Fault {
    fn before(&self, call: &Call<'_>) -> Then {
        let path = call.path.as_str();
        let is_left_out = match (self, call.operation) {
            (Self::LibrarySync, Operation::Sync) => path.ends_with("libapp.so"),
            (Self::StateSync, Operation::SyncFolder) => *call.path == StoragePath::root(),
            (Self::Removal, Operation::Remove) => path.ends_with(".part"),
            _ => false,
        };
        if is_left_out {
            Then::LeftOut
        } else {
            Then::Happens
        }
    }

    /// The engine reads in smaller pieces than the check of a generation does: by that the two are
    /// told apart, and the engine is given something else than what was checked.
    fn read(&self, path: &StoragePath, buffer: &mut [u8], count: usize) {
        let is_engine = buffer.len() == 256 << 10 && path.as_str().starts_with("generations/");
        if *self == Self::Reading && is_engine && count > 0 {
            buffer[0] ^= 1;
        }
    }
}
