//! A disk that leaves out one sync, to see whether anybody misses it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use patchproof_storage::{Access, Entry, File, Hold, Stamp, Storage, StorageError, StoragePath};

/// Another storage, all but one of its syncs, of files and folders alike. That one says that it was
/// done. A clone shares the count.
#[derive(Clone, Debug)]
pub struct DropSync<S> {
    inner: S,
    syncs: Syncs,
}

/// A file of a [`DropSync`].
#[derive(Debug)]
pub struct DropSyncFile<F> {
    inner: F,
    syncs: Syncs,
}

#[derive(Clone, Debug)]
struct Syncs {
    so_far: Arc<AtomicU64>,
    dropped: Option<u64>,
}

impl<S> DropSync<S> {
    /// Leaves out the sync of that number, counted from 0; none: counts only.
    #[must_use]
    pub fn new(inner: S, dropped: Option<u64>) -> Self {
        let so_far = Arc::default();
        Self {
            inner,
            syncs: Syncs { so_far, dropped },
        }
    }

    /// How many syncs there were, the one left out too.
    #[must_use]
    pub fn syncs(&self) -> u64 {
        self.syncs.so_far.load(Ordering::SeqCst)
    }

    /// Whether the sync that is to be left out has come.
    #[must_use]
    pub fn has_dropped(&self) -> bool {
        self.syncs
            .dropped
            .is_some_and(|dropped| self.syncs() > dropped)
    }
}

impl Syncs {
    fn is_dropped(&self) -> bool {
        self.dropped == Some(self.so_far.fetch_add(1, Ordering::SeqCst))
    }
}

impl<S: Storage> Storage for DropSync<S> {
    type File = DropSyncFile<S::File>;
    type Lock = S::Lock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<Self::File, StorageError> {
        Ok(DropSyncFile {
            inner: self.inner.open(path, access)?,
            syncs: self.syncs.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.inner.remove(path)
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.inner.make_folder(path)
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.inner.list(folder)
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        if self.syncs.is_dropped() {
            return Ok(());
        }
        self.inner.sync_folder(folder)
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<Self::Lock>, StorageError> {
        self.inner.lock(path, hold)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.inner.stamp(path)
    }
}

impl<F: File> File for DropSyncFile<F> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.inner.read_at(buffer, offset)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.inner.write(bytes)
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        if self.syncs.is_dropped() {
            return Ok(());
        }
        self.inner.sync()
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.inner.length()
    }
}

#[cfg(test)]
mod tests {
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
        for (dropped, has_dropped) in [
            (None, false),
            (Some(0), true),
            (Some(1), true),
            (Some(2), false),
        ] {
            let (_, storage) = states_without(dropped);
            assert_eq!((storage.syncs(), storage.has_dropped()), (2, has_dropped));
        }
    }
}
