//! A place of its own for one fetch at a time: the lock on a package, and its workroom.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use super::cache::Cache;
use super::error::{CorporaError, io_error};
use super::manifest::Package;

/// Holds off everyone else who would fetch `package` until the file is dropped.
pub(super) fn lock(cache: &Cache, package: &Package) -> Result<File, CorporaError> {
    let folder = cache.folder().join("locks");
    fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
    let path = folder.join(file_name(package));
    // Never removed: somebody may be about to lock it.
    let file = File::options().create(true).append(true).open(&path);
    let file = file.map_err(io_error("open the lock", &path))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => {
            cache
                .voice
                .say(&format!("waiting for another fetch of {}", package.label()));
        }
        Err(TryLockError::Error(source)) => return Err(io_error("lock", &path)(source)),
    }
    file.lock().map_err(io_error("lock", &path))?;
    Ok(file)
}

/// A folder for one fetch, empty when it opens and gone when it is dropped.
pub(super) struct Workroom {
    folder: PathBuf,
}

impl Workroom {
    /// To be called under the package's lock.
    pub(super) fn open(cache: &Cache, package: &Package) -> Result<Self, CorporaError> {
        let folder = cache.folder().join("fetching").join(file_name(package));
        if folder.exists() {
            fs::remove_dir_all(&folder).map_err(io_error("sweep", &folder))?;
        }
        fs::create_dir_all(&folder).map_err(io_error("create", &folder))?;
        Ok(Self { folder })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Workroom {
    fn drop(&mut self) {
        // What stays is swept by the next fetch of the package.
        let _ = fs::remove_dir_all(&self.folder);
    }
}

/// The package's label as the name of one file.
fn file_name(package: &Package) -> String {
    package.label().replace('/', "+")
}
