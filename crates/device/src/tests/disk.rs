//! The real disk, until it is full.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use patchproof_storage::{
    Access, DiskFile, DiskLock, DiskStorage, Entry, Hold, Operation, Stamp, Storage, StorageError,
    StoragePath,
};

/// The real disk; while `full` is set, nothing new is written to it.
#[derive(Clone)]
pub(super) struct Disk {
    inner: DiskStorage,
    pub(super) full: Arc<AtomicBool>,
}

impl Disk {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            inner: DiskStorage::configure(root).unwrap(),
            full: Arc::default(),
        }
    }
}

impl Storage for Disk {
    type File = DiskFile;
    type Lock = DiskLock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<DiskFile, StorageError> {
        if access != Access::Read && self.full.load(Ordering::SeqCst) {
            let full = io::ErrorKind::StorageFull.into();
            return Err(StorageError::new(Operation::Create, path, full));
        }
        self.inner.open(path, access)
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
        self.inner.sync_folder(folder)
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<DiskLock>, StorageError> {
        self.inner.lock(path, hold)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.inner.stamp(path)
    }
}
