//! The real disk.

mod configure;
mod file;

use std::fs::{self, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

pub use configure::ConfigureError;
pub use file::DiskFile;

use crate::{Access, Entry, EntryKind, Hold, Operation, Stamp, Storage, StorageError, StoragePath};

/// A folder of the real disk.
#[derive(Clone, Debug)]
pub struct DiskStorage {
    root: PathBuf,
}

/// A lock on a file of the real disk.
#[derive(Debug)]
pub struct DiskLock {
    _file: fs::File,
}

impl DiskStorage {
    /// In this folder, which is there. Nothing is tried; see [`DiskStorage::configure`].
    #[must_use]
    pub fn new(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    /// Creates the folder if it is not there, and tries on it all that an update will need: create,
    /// write, sync, rename, sync of a folder, lock, remove.
    ///
    /// # Errors
    /// When one of these fails, with the reason: updates could not be made to last there.
    pub fn configure(root: &Path) -> Result<Self, ConfigureError> {
        configure::configure(root)
    }

    /// Where this lies on the disk.
    #[must_use]
    pub fn path_of(&self, path: &StoragePath) -> PathBuf {
        let names = path.as_str().split('/').filter(|name| !name.is_empty());
        self.root.join(names.collect::<PathBuf>())
    }
}

impl Storage for DiskStorage {
    type File = DiskFile;
    type Lock = DiskLock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<DiskFile, StorageError> {
        let mut options = OpenOptions::new();
        let (options, operation) = match access {
            Access::Read => (options.read(true), Operation::Open),
            Access::CreateNew => (
                options.read(true).append(true).create_new(true),
                Operation::Create,
            ),
            Access::Append => (options.read(true).append(true), Operation::Create),
        };
        match options.open(self.path_of(path)) {
            Ok(file) => Ok(DiskFile::new(file, path)),
            Err(error) => Err(StorageError::new(operation, path, error)),
        }
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        fs::rename(self.path_of(from), self.path_of(to))
            .map_err(|error| StorageError::new(Operation::Rename, from, error))
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        let on_disk = self.path_of(path);
        fs::symlink_metadata(&on_disk)
            .and_then(|metadata| {
                if metadata.is_dir() {
                    fs::remove_dir(&on_disk)
                } else {
                    fs::remove_file(&on_disk)
                }
            })
            .map_err(|error| StorageError::new(Operation::Remove, path, error))
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        let on_disk = self.path_of(path);
        match fs::create_dir(&on_disk) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && on_disk.is_dir() => {
                Ok(())
            }
            made => made.map_err(|error| StorageError::new(Operation::MakeFolder, path, error)),
        }
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.entries(folder)
            .map_err(|error| StorageError::new(Operation::List, folder, error))
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        sync_folder(&self.path_of(folder))
            .map_err(|error| StorageError::new(Operation::SyncFolder, folder, error))
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<DiskLock>, StorageError> {
        let on_disk = self.path_of(path);
        try_lock(&on_disk, hold).map_err(|error| StorageError::new(Operation::Lock, path, error))
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        match fs::symlink_metadata(self.path_of(path)) {
            Ok(metadata) => Ok(Stamp::of(&metadata)),
            Err(error) => Err(StorageError::new(Operation::Stamp, path, error)),
        }
    }
}

impl DiskStorage {
    fn entries(&self, folder: &StoragePath) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for found in fs::read_dir(self.path_of(folder))? {
            let found = found?;
            let Ok(name) = found.file_name().into_string() else {
                continue;
            };
            if name.contains('/') || StoragePath::new(&name).is_err() {
                continue;
            }
            let kind = match found.file_type()? {
                kind if kind.is_file() => EntryKind::File,
                kind if kind.is_dir() => EntryKind::Folder,
                _ => EntryKind::Other,
            };
            entries.push(Entry { name, kind });
        }
        entries.sort();
        Ok(entries)
    }
}

/// On Apple systems std asks for `F_FULLFSYNC` here and for files alike.
fn sync_folder(folder: &Path) -> io::Result<()> {
    fs::File::open(folder)?.sync_all()
}

/// Between opening and locking, the file of that name may have become another: a lock on what has
/// no name any more would exclude nobody.
fn try_lock(path: &Path, hold: Hold) -> io::Result<Option<DiskLock>> {
    for _ in 0..LOCK_TRIES {
        let file = open_to_lock(path)?;
        let locked = match hold {
            Hold::Shared => file.try_lock_shared(),
            Hold::Exclusive => file.try_lock(),
        };
        match locked {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        if is_still_there(&file, path)? {
            return Ok(Some(DiskLock { _file: file }));
        }
    }
    Ok(None)
}

/// To read where it is there, so that a file on a read-only disk can be held.
fn open_to_lock(path: &Path) -> io::Result<fs::File> {
    match fs::File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(false)
            .open(path),
        opened => opened,
    }
}

fn is_still_there(file: &fs::File, path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(metadata) => Ok(Stamp::of(&metadata).inode == Stamp::of(&file.metadata()?).inode),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

impl Stamp {
    /// Of a file of the real disk.
    #[must_use]
    pub fn of(metadata: &fs::Metadata) -> Self {
        let modified = metadata.modified().ok();
        let since_1970 = modified.and_then(|time| time.duration_since(std::time::UNIX_EPOCH).ok());
        Self {
            inode: inode(metadata),
            length_bytes: metadata.len(),
            modified_ns: since_1970
                .and_then(|time| u64::try_from(time.as_nanos()).ok())
                .unwrap_or(0),
        }
    }
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> u64 {
    0
}

/// Each needs somebody who removed the file in that very moment.
const LOCK_TRIES: usize = 16;

#[cfg(test)]
mod tests;
