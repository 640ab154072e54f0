//! A disk below the device library that does not do what it says.

use patchproof_rehearsal::Watched;
use patchproof_storage::{Access, Entry, File, Hold, Stamp, Storage, StorageError, StoragePath};

/// What is left undone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The sync of staged libraries.
    LibrarySync,
    /// The sync of the device's folder, by which a new state lasts.
    StateSync,
    /// The removal of downloads.
    Removal,
    /// Reading: of a library in its place, every other pass over it reads otherwise.
    Reading,
}

/// A process's disk with a fault.
#[derive(Clone, Debug)]
pub(crate) struct Faulty {
    pub(crate) inner: Watched,
    pub(crate) fault: Fault,
}

/// A file on it.
pub(crate) struct FaultyFile {
    inner: <Watched as Storage>::File,
    fault: Fault,
    path: StoragePath,
}

impl Storage for Faulty {
    type File = FaultyFile;
    type Lock = <Watched as Storage>::Lock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<FaultyFile, StorageError> {
        Ok(FaultyFile {
            inner: self.inner.open(path, access)?,
            fault: self.fault,
            path: path.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        if self.fault == Fault::Removal && path.as_str().ends_with(".part") {
            return Ok(());
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
        if self.fault == Fault::StateSync && *folder == StoragePath::root() {
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

impl File for FaultyFile {
    /// The engine reads in smaller pieces than the check of a generation does: by that the two are
    /// told apart, and the engine is given something else than what was checked.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        let count = self.inner.read_at(buffer, offset)?;
        let is_engine = buffer.len() == 256 << 10 && self.path.as_str().starts_with("generations/");
        if self.fault == Fault::Reading && is_engine && count > 0 {
            buffer[0] ^= 1;
        }
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.inner.write(bytes)
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        if self.fault == Fault::LibrarySync && self.path.as_str().ends_with("libapp.so") {
            return Ok(());
        }
        self.inner.sync()
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.inner.length()
    }
}
