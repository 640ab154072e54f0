//! An open file of the real disk.

use std::fs;
use std::io::{self, Write as _};

use crate::{File, Operation, StorageError, StoragePath};

/// An open file of the real disk.
#[derive(Debug)]
pub struct DiskFile {
    file: fs::File,
    path: StoragePath,
}

impl DiskFile {
    pub(super) fn new(file: fs::File, path: &StoragePath) -> Self {
        let path = path.clone();
        Self { file, path }
    }

    fn error(&self, operation: Operation, error: io::Error) -> StorageError {
        StorageError::new(operation, &self.path, error)
    }
}

impl File for DiskFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        loop {
            match read_at(&self.file, buffer, offset) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                read => return read.map_err(|error| self.error(Operation::Read, error)),
            }
        }
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        // Goes on after an interruption and after a part.
        self.file
            .write_all(bytes)
            .map_err(|error| self.error(Operation::Write, error))
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        self.file
            .sync_all()
            .map_err(|error| self.error(Operation::Sync, error))
    }

    fn length(&self) -> Result<u64, StorageError> {
        match self.file.metadata() {
            Ok(metadata) => Ok(metadata.len()),
            Err(error) => Err(self.error(Operation::Stamp, error)),
        }
    }
}

#[cfg(unix)]
fn read_at(file: &fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buffer, offset)
}

#[cfg(windows)]
fn read_at(file: &fs::File, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buffer, offset)
}
