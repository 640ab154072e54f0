//! Whether a generation is all there, to the last byte.

use sha2::{Digest as _, Sha256};

use crate::whole::{CHUNK_BYTES, read_whole, wide};
use crate::{Access, Entry, EntryKind, File as _, Manifest, ManifestError, ManifestFile};
use crate::{Storage, StorageError, StoragePath, Whole};

/// What a generation's folder holds.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "each is dealt with in its own way")]
pub enum Finding {
    /// Every file of its manifest and no other, each with its size and hash. Whether they are the
    /// files that were meant is for the caller to see from the manifest.
    Whole(Manifest),
    /// Not whole, and never will be.
    Damaged(Damage),
    /// There is no such folder.
    Missing,
    /// It could not be read this time; nothing is known about it.
    Unreadable(StorageError),
}

/// Why a generation is not whole.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Damage {
    /// There is no manifest.
    #[error("it has no manifest")]
    NoManifest,
    /// The manifest is none.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    /// The manifest names a file that is not there.
    #[error("its file {name:?} is not there")]
    FileMissing {
        /// As the manifest says.
        name: String,
    },
    /// A file that the manifest does not name.
    #[error("{name:?} is there and not in the manifest")]
    Extra {
        /// As it is called.
        name: String,
    },
    /// A folder, a link or anything else where a file should be.
    #[error("{name:?} is no plain file")]
    NoFile {
        /// As it is called.
        name: String,
    },
    /// A file that is too long or too short.
    #[error("its file {name:?} has {found_bytes} bytes; {expected_bytes} were written")]
    Size {
        /// As it is called.
        name: String,
        /// What the manifest says.
        expected_bytes: u64,
        /// What is there, at the least.
        found_bytes: u64,
    },
    /// A file with other bytes.
    #[error("its file {name:?} does not have the bytes that were written")]
    Hash {
        /// As it is called.
        name: String,
    },
}

/// Reads all of a generation's files and holds them against its manifest.
pub fn check<S: Storage>(storage: &S, folder: &StoragePath) -> Finding {
    match try_check(storage, folder) {
        Ok(manifest) => Finding::Whole(manifest),
        Err(Broken::Damage(damage)) => Finding::Damaged(damage),
        Err(Broken::Missing) => Finding::Missing,
        Err(Broken::Storage(error)) => Finding::Unreadable(error),
    }
}

/// What ends a check early.
enum Broken {
    Damage(Damage),
    Missing,
    Storage(StorageError),
}

impl From<Damage> for Broken {
    fn from(damage: Damage) -> Self {
        Self::Damage(damage)
    }
}

impl From<StorageError> for Broken {
    fn from(error: StorageError) -> Self {
        Self::Storage(error)
    }
}

fn try_check<S: Storage>(storage: &S, folder: &StoragePath) -> Result<Manifest, Broken> {
    let entries = match storage.list(folder) {
        Ok(entries) => entries,
        Err(error) if error.is_missing() => return Err(Broken::Missing),
        Err(error) => return Err(error.into()),
    };
    check_kinds(&entries)?;
    let manifest = read_manifest(storage, folder)?;
    check_names(&entries, &manifest)?;
    for file in manifest.files() {
        check_file(storage, &super::entry(folder, &file.name)?, file)?;
    }
    Ok(manifest)
}

fn read_manifest<S: Storage>(storage: &S, folder: &StoragePath) -> Result<Manifest, Broken> {
    let path = super::entry(folder, Manifest::NAME)?;
    match read_whole(storage, &path, Manifest::TEXT_BYTES_MAX)? {
        Whole::Bytes(text) => Ok(Manifest::parse(&text).map_err(Damage::from)?),
        Whole::TooLong { size_bytes } => {
            Err(Damage::from(ManifestError::TooLong { size_bytes }).into())
        }
        Whole::Missing => Err(Damage::NoManifest.into()),
    }
}

/// Before anything is opened: what is no file may answer in ways of its own.
fn check_kinds(entries: &[Entry]) -> Result<(), Damage> {
    match entries.iter().find(|entry| entry.kind != EntryKind::File) {
        Some(Entry { name, .. }) => Err(Damage::NoFile { name: name.clone() }),
        None => Ok(()),
    }
}

fn check_names(entries: &[Entry], manifest: &Manifest) -> Result<(), Damage> {
    let is_meant = |name: &str| name == Manifest::NAME || manifest.file(name).is_some();
    match entries.iter().find(|entry| !is_meant(&entry.name)) {
        Some(Entry { name, .. }) => Err(Damage::Extra { name: name.clone() }),
        None => Ok(()),
    }
}

fn check_file<S: Storage>(
    storage: &S,
    path: &StoragePath,
    expected: &ManifestFile,
) -> Result<(), Broken> {
    let name = || expected.name.clone();
    let file = match storage.open(path, Access::Read) {
        Ok(file) => file,
        Err(error) if error.is_missing() => {
            return Err(Damage::FileMissing { name: name() }.into());
        }
        Err(error) => return Err(error.into()),
    };
    let wrong_size = |found_bytes| Damage::Size {
        name: name(),
        expected_bytes: expected.size_bytes,
        found_bytes,
    };
    let length_bytes = file.length()?;
    if length_bytes != expected.size_bytes {
        return Err(wrong_size(length_bytes).into());
    }
    let (read_bytes, sha256) = hash(&file, expected.size_bytes)?;
    if read_bytes != expected.size_bytes {
        return Err(wrong_size(read_bytes).into());
    }
    if sha256 != expected.sha256 {
        return Err(Damage::Hash { name: name() }.into());
    }
    Ok(())
}

/// Length and hash, of not much more than the expected bytes if somebody is writing on.
pub(super) fn hash<F: crate::File>(
    file: &F,
    expected_bytes: u64,
) -> Result<(u64, [u8; 32]), StorageError> {
    let mut hasher = Sha256::new();
    let mut chunk = vec![0; 4 * CHUNK_BYTES];
    let mut offset = 0;
    while offset <= expected_bytes {
        let read = file.read_at(&mut chunk, offset)?;
        if read == 0 {
            break;
        }
        hasher.update(chunk.get(..read).unwrap_or_default());
        offset += wide(read);
    }
    Ok((offset, hasher.finalize().into()))
}
