//! Tries a folder before anything is entrusted to it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::{DiskStorage, sync_folder};
use crate::whole::write_whole;
use crate::{Hold, Operation, Storage, StorageError, StoragePath};

/// A folder in which updates could not be made to last.
#[derive(Debug, thiserror::Error)]
#[error("updates cannot be kept in {}: {source}", folder.display())]
#[non_exhaustive]
pub struct ConfigureError {
    /// The folder that was given.
    pub folder: PathBuf,
    /// What failed in it.
    #[source]
    pub source: StorageError,
}

pub(super) fn configure(root: &Path) -> Result<DiskStorage, ConfigureError> {
    let refused = |source| ConfigureError {
        folder: root.to_owned(),
        source,
    };
    let absolute = std::path::absolute(root)
        .map_err(|error| refused(StorageError::new(MAKE, &StoragePath::root(), error)))?;
    make_root(&absolute).map_err(refused)?;
    let storage = DiskStorage::new(&absolute);
    try_out(&storage).map_err(refused)?;
    Ok(storage)
}

/// The folder and those above it; each that is new gets a name that lasts. So does the folder
/// itself if it is there already, as whoever made it may not have come to that.
fn make_root(root: &Path) -> Result<(), StorageError> {
    let fail = |operation| move |error| StorageError::new(operation, &StoragePath::root(), error);
    let Some(above) = root.parent() else {
        return Ok(());
    };
    if !above.is_dir() {
        make_root(above)?;
    }
    let is_new = match fs::create_dir(root) {
        Ok(()) => true,
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && root.is_dir() => false,
        // The system may refuse to create in a folder before it looks whether there is anything.
        Err(_) if root.is_dir() => false,
        Err(error) => return Err(fail(MAKE)(error)),
    };
    match sync_folder(above) {
        Err(error) if is_new => Err(fail(Operation::SyncFolder)(error)),
        // Not ours to read or to sync, then; whoever made it ours saw to its name.
        _ => Ok(()),
    }
}

/// All that an update will need.
fn try_out<S: Storage>(storage: &S) -> Result<(), StorageError> {
    let lock = StoragePath::fixed("probe.lock");
    let held = wait_for(storage, &lock)?;
    if storage.lock(&lock, Hold::Exclusive)?.is_some() {
        return Err(lock_error(&lock, io::ErrorKind::Unsupported));
    }
    let (temporary, probe) = (StoragePath::fixed("probe.tmp"), StoragePath::fixed("probe"));
    write_whole(storage, &temporary, b"probe")?;
    storage.rename(&temporary, &probe)?;
    storage.sync_folder(&StoragePath::root())?;
    storage.remove(&probe)?;
    drop(held);
    Ok(())
}

/// Another process may be trying the same folder in this moment.
fn wait_for<S: Storage>(storage: &S, lock: &StoragePath) -> Result<S::Lock, StorageError> {
    for _ in 0..LOCK_TRIES {
        if let Some(held) = storage.lock(lock, Hold::Exclusive)? {
            return Ok(held);
        }
        std::thread::sleep(LOCK_PAUSE);
    }
    Err(lock_error(lock, io::ErrorKind::WouldBlock))
}

fn lock_error(lock: &StoragePath, kind: io::ErrorKind) -> StorageError {
    StorageError::new(Operation::Lock, lock, kind.into())
}

const MAKE: Operation = Operation::MakeFolder;
const LOCK_TRIES: u32 = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(10);
