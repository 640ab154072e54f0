//! Small files, read and written as a whole.

use crate::{Access, File as _, Storage, StorageError, StoragePath};

/// What a small file holds.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Whole {
    /// There is none.
    Missing,
    /// All of its bytes.
    Bytes(Vec<u8>),
    /// More than was asked for; at least this many bytes.
    TooLong {
        /// What it has at the least.
        size_bytes: u64,
    },
}

/// Reads a file, provided that it has at most `max_bytes`. No more memory than that is taken
/// whatever the file claims.
///
/// # Errors
/// When the disk fails. That there is no such file is no error.
pub fn read_whole<S: Storage>(
    storage: &S,
    path: &StoragePath,
    max_bytes: usize,
) -> Result<Whole, StorageError> {
    let file = match storage.open(path, Access::Read) {
        Ok(file) => file,
        Err(error) if error.is_missing() => return Ok(Whole::Missing),
        Err(error) => return Err(error),
    };
    let mut bytes = Vec::new();
    let mut chunk = [0; CHUNK_BYTES];
    let mut offset = 0;
    loop {
        let read = file.read_at(&mut chunk, offset)?;
        if read == 0 {
            return Ok(Whole::Bytes(bytes));
        }
        offset += wide(read);
        if bytes.len() + read > max_bytes {
            let size_bytes = file.length()?.max(offset);
            return Ok(Whole::TooLong { size_bytes });
        }
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
}

/// Writes a file that is not there yet and makes its bytes last; one that is there, left by a write
/// that did not come to its end, is removed first: what it was told to sync may be lost for good.
///
/// Its name lasts only once its folder was synced.
///
/// # Errors
/// When the disk fails. The file is then to be written anew, by this function.
pub fn write_whole<S: Storage>(
    storage: &S,
    path: &StoragePath,
    bytes: &[u8],
) -> Result<(), StorageError> {
    let mut file = match storage.open(path, Access::CreateNew) {
        Err(error) if error.fault == crate::Fault::Exists => {
            storage.remove(path)?;
            storage.open(path, Access::CreateNew)?
        }
        opened => opened?,
    };
    file.write(bytes)?;
    file.sync()
}

/// A length of memory as a length of files.
pub(crate) fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap_or(u64::MAX)
}

/// What is read in one go.
pub(crate) const CHUNK_BYTES: usize = 16 << 10;
