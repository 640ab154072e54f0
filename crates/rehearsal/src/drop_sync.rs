//! A disk that leaves out one sync, to see whether anybody misses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use patchproof_storage::Operation;

use crate::tapped::{Call, Tap, Tapped, Then};

/// Another storage, all but one of its syncs, of files and folders alike. That one says that it was
/// done. A clone shares the count.
pub type DropSync<S> = Tapped<S, Syncs>;

/// The syncs so far, and which of them is left out.
#[derive(Clone, Debug)]
pub struct Syncs {
    so_far: Arc<AtomicU64>,
    dropped: Option<u64>,
}

impl<S> DropSync<S> {
    /// Leaves out the sync of that number, counted from 0; none: counts only.
    #[must_use]
    pub fn new(inner: S, dropped: Option<u64>) -> Self {
        let so_far = Arc::default();
        Self::with(inner, Syncs { so_far, dropped })
    }

    /// How many syncs there were, the one left out too.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.tap().so_far.load(Ordering::SeqCst)
    }
}

impl Tap for Syncs {
    fn before(&self, call: &Call<'_>) -> Then {
        let is_sync = matches!(call.operation, Operation::Sync | Operation::SyncFolder);
        if is_sync && self.dropped == Some(self.so_far.fetch_add(1, Ordering::SeqCst)) {
            return Then::LeftOut;
        }
        Then::Happens
    }
}

#[cfg(test)]
mod tests {
    use patchproof_storage::{Access, File as _, Storage as _, StoragePath};

    use super::*;
    use crate::{BlockSize, Bounds, Honesty, SimDisk};

    /// A file with its name, in two syncs; in how many states a cut leaves it.
    fn states_without(dropped: Option<u64>) -> (usize, DropSync<crate::SimProcess>) {
        let disk = SimDisk::new(BlockSize::Bytes512, Honesty::Honest);
        let storage = DropSync::new(disk.process(), dropped);
        let path = StoragePath::new("f").unwrap();
        let mut file = storage.clone().open(&path, Access::CreateNew).unwrap();
        file.write(b"1").unwrap();
        file.sync().unwrap();
        storage.sync_folder(&StoragePath::root()).unwrap();
        (disk.images(Bounds::normal()).count(), storage)
    }

    #[test]
    fn just_the_sync_of_that_number_is_left_out() {
        assert_eq!(states_without(None).0, 1);
        assert_eq!(states_without(Some(0)).0, 3, "empty, zero, written");
        assert_eq!(states_without(Some(1)).0, 2, "there or not");
        assert_eq!(states_without(Some(2)).0, 1);
    }

    #[test]
    fn syncs_are_counted_whether_left_out_or_not() {
        for dropped in [None, Some(0), Some(1), Some(2)] {
            assert_eq!(states_without(dropped).1.syncs(), 2);
        }
    }
}
