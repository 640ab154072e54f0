//! Any disk with somebody in between, who hears of each operation before it happens and may leave
//! it out.

use patchproof_storage::{
    Access, Entry, File, Hold, Operation, Stamp, Storage, StorageError, StoragePath,
};

/// Who stands in between. A clone is the same one: each file has its own.
pub trait Tap: Clone + Send + Sync {
    /// Hears of an operation before it happens.
    fn before(&self, call: &Call<'_>) -> Then;

    /// Sees what was read of a file, the first so many bytes of the reader's buffer, and may change
    /// them.
    fn read(&self, _path: &StoragePath, _buffer: &mut [u8], _count: usize) {}
}

/// An operation that is about to happen.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "taps take it apart")]
pub struct Call<'a> {
    /// Which. A file that is opened to be appended to is opened, not created.
    pub operation: Operation,
    /// To what; of a rename the old name.
    pub path: &'a StoragePath,
    /// The new name, of a rename.
    pub to: Option<&'a StoragePath>,
}

/// What becomes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum Then {
    /// It happens.
    Happens,
    /// It is left out and says that it was done. What answers with more than that happens all the
    /// same.
    LeftOut,
}

/// A storage with a tap.
#[derive(Clone, Debug)]
pub struct Tapped<S, T> {
    inner: S,
    tap: T,
}

/// A file of it.
#[derive(Debug)]
pub struct TappedFile<F, T> {
    inner: F,
    path: StoragePath,
    tap: T,
}

impl<S, T> Tapped<S, T> {
    /// This storage, with this tap.
    #[must_use]
    pub const fn with(inner: S, tap: T) -> Self {
        Self { inner, tap }
    }

    /// The storage.
    #[must_use]
    pub const fn inner(&self) -> &S {
        &self.inner
    }

    /// The tap.
    #[must_use]
    pub const fn tap(&self) -> &T {
        &self.tap
    }
}

impl<S, T: Tap> Tapped<S, T> {
    fn before(&self, operation: Operation, path: &StoragePath) -> Then {
        let to = None;
        self.tap.before(&Call {
            operation,
            path,
            to,
        })
    }
}

impl<F, T: Tap> TappedFile<F, T> {
    fn before(&self, operation: Operation) -> Then {
        let (path, to) = (&self.path, None);
        self.tap.before(&Call {
            operation,
            path,
            to,
        })
    }
}

impl<S: Storage, T: Tap> Storage for Tapped<S, T> {
    type File = TappedFile<S::File, T>;
    type Lock = S::Lock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<Self::File, StorageError> {
        self.before(
            match access {
                Access::CreateNew => Operation::Create,
                Access::Read | Access::Append => Operation::Open,
            },
            path,
        );
        Ok(TappedFile {
            inner: self.inner.open(path, access)?,
            path: path.clone(),
            tap: self.tap.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        let (operation, path, new) = (Operation::Rename, from, Some(to));
        match self.tap.before(&Call {
            operation,
            path,
            to: new,
        }) {
            Then::Happens => self.inner.rename(from, to),
            Then::LeftOut => Ok(()),
        }
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        match self.before(Operation::Remove, path) {
            Then::Happens => self.inner.remove(path),
            Then::LeftOut => Ok(()),
        }
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        match self.before(Operation::MakeFolder, path) {
            Then::Happens => self.inner.make_folder(path),
            Then::LeftOut => Ok(()),
        }
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.before(Operation::List, folder);
        self.inner.list(folder)
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        match self.before(Operation::SyncFolder, folder) {
            Then::Happens => self.inner.sync_folder(folder),
            Then::LeftOut => Ok(()),
        }
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<Self::Lock>, StorageError> {
        self.before(Operation::Lock, path);
        self.inner.lock(path, hold)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.before(Operation::Stamp, path);
        self.inner.stamp(path)
    }
}

impl<F: File, T: Tap> File for TappedFile<F, T> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.before(Operation::Read);
        let count = self.inner.read_at(buffer, offset)?;
        self.tap.read(&self.path, buffer, count);
        Ok(count)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        match self.before(Operation::Write) {
            Then::Happens => self.inner.write(bytes),
            Then::LeftOut => Ok(()),
        }
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        match self.before(Operation::Sync) {
            Then::Happens => self.inner.sync(),
            Then::LeftOut => Ok(()),
        }
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.before(Operation::Stamp);
        self.inner.length()
    }
}
