//! Writes a generation apart from those that are in their place.

use std::io;

use sha2::{Digest as _, Sha256};

use super::remove_folder;
use crate::manifest::check_name;
use crate::whole::{wide, write_whole};
use crate::{Access, File as _, Manifest, ManifestError, ManifestFile};
use crate::{Storage, StorageError, StoragePath};

/// A generation that is being written. Dropped before its end, it leaves a folder that the next one
/// to begin there clears.
#[derive(Debug)]
pub struct StagedGeneration<'s, S: Storage> {
    storage: &'s S,
    folder: StoragePath,
    files: Vec<ManifestFile>,
    is_unfinished: bool,
}

/// A generation that is written to the end and lasts where it lies; it can be published.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Staged {
    folder: StoragePath,
    manifest: Manifest,
}

/// One file of a generation, written in order; hashed and counted on the way.
pub struct StagedFile<'g, S: Storage> {
    file: S::File,
    name: String,
    size_bytes: u64,
    hasher: Sha256,
    files: &'g mut Vec<ManifestFile>,
    is_unfinished: &'g mut bool,
}

/// Why a generation cannot be staged.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StageError {
    /// What its files are called, or how many there are.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// A bug of the caller's: a file was begun and not finished.
    #[error("a file of the generation was begun and not finished; stage the generation anew")]
    Unfinished,
    /// The device's disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl<'s, S: Storage> StagedGeneration<'s, S> {
    /// Begins in a folder of the caller's own; what is there already is removed, and its bytes
    /// never used, as a sync of theirs may have failed.
    ///
    /// # Errors
    /// When the disk fails.
    pub fn begin(storage: &'s S, folder: &StoragePath) -> Result<Self, StorageError> {
        if let Some(above) = folder
            .folder()
            .filter(|above| *above != StoragePath::root())
        {
            storage.make_folder(&above)?;
        }
        remove_folder(storage, folder)?;
        storage.make_folder(folder)?;
        Ok(Self {
            storage,
            folder: folder.clone(),
            files: Vec::new(),
            is_unfinished: false,
        })
    }

    /// Begins one of its files; the one before is finished.
    ///
    /// # Errors
    /// When it cannot have that name, has it already, or the disk fails.
    pub fn file(&mut self, name: &str) -> Result<StagedFile<'_, S>, StageError> {
        check_name(name)?;
        if self.files.len() >= Manifest::FILES_MAX {
            let found = self.files.len() + 1;
            return Err(ManifestError::Count { found }.into());
        }
        let path = super::entry(&self.folder, name)?;
        let file = self.storage.open(&path, Access::CreateNew)?;
        self.is_unfinished = true;
        Ok(StagedFile {
            file,
            name: name.to_owned(),
            size_bytes: 0,
            hasher: Sha256::new(),
            files: &mut self.files,
            is_unfinished: &mut self.is_unfinished,
        })
    }

    /// Writes the manifest and makes the names of all files last.
    ///
    /// # Errors
    /// When there is no file, one is not finished, or the disk fails.
    pub fn finish(self) -> Result<Staged, StageError> {
        if self.is_unfinished {
            return Err(StageError::Unfinished);
        }
        let manifest = Manifest::new(self.files)?;
        let path = super::entry(&self.folder, Manifest::NAME)?;
        write_whole(self.storage, &path, &manifest.text())?;
        self.storage.sync_folder(&self.folder)?;
        Ok(Staged {
            folder: self.folder,
            manifest,
        })
    }
}

impl Staged {
    /// Where it lies until it is published.
    #[must_use]
    pub const fn folder(&self) -> &StoragePath {
        &self.folder
    }

    /// Its files.
    #[must_use]
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }
}

impl<S: Storage> StagedFile<'_, S> {
    /// Appends.
    ///
    /// # Errors
    /// When the disk fails; the generation is then to be staged anew.
    pub fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.file.write(bytes)?;
        self.hasher.update(bytes);
        self.size_bytes += wide(bytes.len());
        Ok(())
    }

    /// Makes its bytes last and enters it into the manifest.
    ///
    /// # Errors
    /// When the disk fails; the generation is then to be staged anew.
    pub fn finish(mut self) -> Result<ManifestFile, StorageError> {
        self.file.sync()?;
        let file = ManifestFile {
            name: self.name,
            size_bytes: self.size_bytes,
            sha256: self.hasher.finalize().into(),
        };
        self.files.push(file.clone());
        *self.is_unfinished = false;
        Ok(file)
    }
}

/// The [`StorageError`] is the source of what this returns.
impl<S: Storage> io::Write for StagedFile<'_, S> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match Self::write(self, bytes) {
            Ok(()) => Ok(bytes.len()),
            Err(error) => Err(io::Error::other(error)),
        }
    }

    /// Nothing: only the end makes bytes last.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
