//! A file that stands in for memory while a patch is inflated.

use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};

use patchproof_patch::{ReadAt, Scratch};
use patchproof_storage::{Access, File as _, Storage, StoragePath};

use crate::stage::read_exact_at;

/// A file that is made with its first bytes and gone when this is dropped. What a killed process
/// leaves of it lies among the downloads, and goes with them.
pub(crate) struct ScratchFile<'a, S: Storage> {
    storage: &'a S,
    path: StoragePath,
    file: Mutex<Option<S::File>>,
}

impl<'a, S: Storage> ScratchFile<'a, S> {
    pub(crate) const fn new(storage: &'a S, path: StoragePath) -> Self {
        Self {
            storage,
            path,
            file: Mutex::new(None),
        }
    }

    fn file(&self) -> MutexGuard<'_, Option<S::File>> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<S: Storage> ReadAt for ScratchFile<'_, S> {
    fn length(&self) -> io::Result<u64> {
        let file = self.file();
        let length = file.as_ref().map(|file| file.length()).transpose();
        Ok(length.map_err(io::Error::other)?.unwrap_or(0))
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        match self.file().as_ref() {
            Some(file) => read_exact_at(file, buffer, offset),
            None if buffer.is_empty() => Ok(()),
            None => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }
}

impl<S: Storage> Scratch for ScratchFile<'_, S> {
    fn append(&self, bytes: &[u8]) -> io::Result<()> {
        let mut file = self.file();
        if file.is_none() {
            let made = self.storage.open(&self.path, Access::CreateNew);
            *file = Some(made.map_err(io::Error::other)?);
        }
        let written = file.as_mut().map(|file| file.write(bytes)).transpose();
        written.map(|_| ()).map_err(io::Error::other)
    }
}

impl<S: Storage> Drop for ScratchFile<'_, S> {
    fn drop(&mut self) {
        if self.file().take().is_some() {
            drop(self.storage.remove(&self.path));
        }
    }
}
