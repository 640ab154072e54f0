//! The real disk, until it is full.

use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use patchproof_storage::{
    Access, DiskFile, DiskLock, DiskStorage, Entry, File, Hold, Operation, Stamp, Storage,
    StorageError, StoragePath,
};

/// The real disk; while `full` is set, nothing new is written to it.
#[derive(Clone)]
pub(super) struct Disk {
    inner: DiskStorage,
    pub(super) full: Arc<AtomicBool>,
    /// Downloads cannot be removed.
    pub(super) clings: Arc<AtomicBool>,
    clung: Arc<AtomicUsize>,
    /// What was opened to be read.
    pub(super) read: Arc<Mutex<Vec<String>>>,
    /// How many bytes each write to a file of this name had.
    pub(super) written: Arc<Mutex<Vec<(String, usize)>>>,
}

/// A file of it.
pub(super) struct OpenFile {
    inner: DiskFile,
    path: StoragePath,
    disk: Disk,
}

impl Disk {
    pub(super) fn new(root: &Path) -> Self {
        Self {
            inner: DiskStorage::configure(root).unwrap(),
            full: Arc::default(),
            clings: Arc::default(),
            clung: Arc::default(),
            read: Arc::default(),
            written: Arc::default(),
        }
    }

    fn fill(&self, operation: Operation, path: &StoragePath) -> Result<(), StorageError> {
        if self.full.load(Ordering::SeqCst) {
            let full = io::ErrorKind::StorageFull.into();
            return Err(StorageError::new(operation, path, full));
        }
        Ok(())
    }
}

impl File for OpenFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.inner.read_at(buffer, offset)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.disk.fill(Operation::Write, &self.path)?;
        let written = (self.path.to_string(), bytes.len());
        self.disk.written.lock().unwrap().push(written);
        self.inner.write(bytes)
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        self.inner.sync()
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.inner.length()
    }
}

impl Storage for Disk {
    type File = OpenFile;
    type Lock = DiskLock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<OpenFile, StorageError> {
        if access == Access::Read {
            self.read.lock().unwrap().push(path.to_string());
        } else {
            self.fill(Operation::Create, path)?;
        }
        Ok(OpenFile {
            inner: self.inner.open(path, access)?,
            path: path.clone(),
            disk: self.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        if self.clings.load(Ordering::SeqCst) && path.as_str().starts_with("downloads/") {
            let times = self.clung.fetch_add(1, Ordering::SeqCst);
            assert!(times < 50, "it is tried for ever");
            let denied = io::ErrorKind::PermissionDenied.into();
            return Err(StorageError::new(Operation::Remove, path, denied));
        }
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
