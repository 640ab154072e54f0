//! Generations on disk: folders of files with a manifest, staged apart and moved whole.

mod check;
mod staged;

use std::collections::BTreeMap;

pub use check::{Damage, Finding, check};
pub use staged::{StageError, Staged, StagedFile, StagedGeneration};

use crate::{Fault, Manifest, Stamp, Storage, StorageError, StoragePath};

/// Gives a staged generation its place, for good. Comes before the commit that names it.
///
/// What is there already is removed, whatever it is: its name may be one that does not last, left
/// by somebody who died after a sync that failed. A folder that a process runs is not to be given
/// here.
///
/// # Errors
/// When the disk fails. The generation is then not in its place, or not for good, and is to be
/// staged anew.
pub fn publish<S: Storage>(
    storage: &S,
    staged: &Staged,
    place: &StoragePath,
) -> Result<(), StorageError> {
    let folder = place.folder().unwrap_or_else(StoragePath::root);
    remove_folder(storage, place)?;
    // So may the folder's name not last, if nothing is in it.
    remove_if_empty(storage, &folder)?;
    storage.make_folder(&folder)?;
    storage.rename(staged.folder(), place)?;
    let synced = sync_up(storage, &folder);
    if synced.is_err() {
        // Nobody is to find it, and the folder goes with it: another generation that is published
        // next would lie in one whose name does not last.
        let _undone = remove_folder(storage, place);
        let _undone = remove_if_empty(storage, &folder);
    }
    synced
}

fn remove_if_empty<S: Storage>(storage: &S, folder: &StoragePath) -> Result<(), StorageError> {
    match storage.list(folder) {
        // What no listing shows is not ours, and stays with the folder.
        Ok(entries) if entries.is_empty() => match remove_if_there(storage, folder) {
            Err(error) if error.fault == Fault::Exists => Ok(()),
            removed => removed,
        },
        Err(error) if !error.is_missing() => Err(error),
        _ => Ok(()),
    }
}

/// A folder that was made just now does not last by itself: without its own name the first
/// generation would be gone, and a commit that names it would not.
fn sync_up<S: Storage>(storage: &S, folder: &StoragePath) -> Result<(), StorageError> {
    let folders = std::iter::successors(Some(folder.clone()), StoragePath::folder);
    folders
        .into_iter()
        .try_for_each(|folder| storage.sync_folder(&folder))
}

/// Removes a folder and the files in it; one that is not there is no error. The manifest goes
/// first: what is left when this is cut short is not whole. A folder in it is removed only if it is
/// empty, as we never make one.
///
/// # Errors
/// When the disk fails.
pub fn remove_folder<S: Storage>(storage: &S, folder: &StoragePath) -> Result<(), StorageError> {
    let entries = match storage.list(folder) {
        Ok(entries) => entries,
        Err(error) if error.is_missing() => return Ok(()),
        Err(error) => return Err(error),
    };
    let (manifest, files): (Vec<_>, Vec<_>) = entries
        .iter()
        .map(|entry| entry.name.as_str())
        .partition(|name| *name == Manifest::NAME);
    for name in manifest.into_iter().chain(files) {
        remove_if_there(storage, &entry(folder, name)?)?;
    }
    remove_if_there(storage, folder)
}

/// What tells, without reading them, that a generation's files are no longer what they were: the
/// stamp of each entry of its folder by name, the manifest's too.
///
/// # Errors
/// When the disk fails, or there is no such folder.
pub fn stamps<S: Storage>(
    storage: &S,
    folder: &StoragePath,
) -> Result<BTreeMap<String, Stamp>, StorageError> {
    let entries = storage.list(folder)?.into_iter().take(ENTRIES_MAX);
    entries
        .map(|found| {
            Ok((
                found.name.clone(),
                storage.stamp(&entry(folder, &found.name)?)?,
            ))
        })
        .collect()
}

fn remove_if_there<S: Storage>(storage: &S, path: &StoragePath) -> Result<(), StorageError> {
    match storage.remove(path) {
        Err(error) if error.is_missing() => Ok(()),
        removed => removed,
    }
}

/// An entry that a listing gave; deeper than a [`StoragePath`] goes, there is nothing of ours.
fn entry(folder: &StoragePath, name: &str) -> Result<StoragePath, StorageError> {
    folder.join(name).map_err(|error| {
        let source = std::io::Error::new(std::io::ErrorKind::InvalidInput, error);
        StorageError::new(crate::Operation::List, folder, source)
    })
}

/// A generation with one file more than it may have; a folder with more still is none.
const ENTRIES_MAX: usize = Manifest::FILES_MAX + 2;

#[cfg(test)]
mod tests;
