//! The folders of a server: one server has each at a time, and those that it makes are its own
//! user's alone.

use std::fs::{DirBuilder, File, TryLockError};
use std::io::{self, Write as _};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use super::ServeError;

/// Held while the server runs. The system lets go of it, however the process ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

/// Makes the folder where there is none, and takes it.
pub(super) fn take(path: &Path) -> Result<Lock, ServeError> {
    let at_fault = |error| ServeError::Folder {
        path: path.to_path_buf(),
        error,
    };
    let mut folder = DirBuilder::new();
    folder.recursive(true).mode(0o700);
    folder.create(path).map_err(at_fault)?;
    let file = File::create(path.join("lock")).map_err(at_fault)?;
    match file.try_lock() {
        Ok(()) => Ok(Lock { _file: file }),
        Err(TryLockError::Error(error)) => Err(at_fault(error)),
        Err(TryLockError::WouldBlock) => Err(ServeError::InUse {
            path: path.to_path_buf(),
        }),
    }
}

/// Whether two paths lead to one folder, of which the first is there.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => false,
    }
}

/// Writes a file that its owner alone can read: whole, durably, and in place of an older one.
pub(super) fn write_secret(folder: &Path, name: &str, text: &str) -> io::Result<()> {
    // It is made readable by its owner alone.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    writeln!(file, "{text}")?;
    file.as_file().sync_all()?;
    file.persist(folder.join(name))
        .map_err(|error| error.error)?;
    File::open(folder)?.sync_all()
}
