//! The fault model, at its edges: what is legal is reached, what is not is not.

mod control;
mod failures;
mod files;
mod lying;
mod names;
mod same;
mod sweeps;

use std::collections::{BTreeMap, BTreeSet};

use patchproof_storage::{Access, EntryKind, File, Storage, StoragePath};

use super::*;

/// What there is to read: a file's bytes, or nothing for a folder.
type Tree = BTreeMap<String, Option<Vec<u8>>>;

fn path(path: &str) -> StoragePath {
    if path.is_empty() {
        return StoragePath::root();
    }
    StoragePath::new(path).unwrap()
}

fn honest() -> SimDisk {
    SimDisk::new(BlockSize::Bytes512, Honesty::Honest)
}

/// A new file; nothing of it is synced.
fn put(process: &impl Storage, name: &str, bytes: &[u8]) {
    let mut file = process.open(&path(name), Access::CreateNew).unwrap();
    file.write(bytes).unwrap();
}

/// A new file that is synced, though not its name.
fn put_synced(process: &impl Storage, name: &str, bytes: &[u8]) {
    let mut file = process.open(&path(name), Access::CreateNew).unwrap();
    file.write(bytes).unwrap();
    file.sync().unwrap();
}

fn append(process: &impl Storage, name: &str, bytes: &[u8]) {
    let mut file = process.open(&path(name), Access::Append).unwrap();
    file.write(bytes).unwrap();
}

fn sync(process: &impl Storage, name: &str) {
    let mut file = process.open(&path(name), Access::Append).unwrap();
    file.sync().unwrap();
}

fn sync_root(process: &impl Storage) {
    process.sync_folder(&StoragePath::root()).unwrap();
}

fn read(process: &impl Storage, name: &StoragePath) -> Vec<u8> {
    let file = process.open(name, Access::Read).unwrap();
    let mut bytes = vec![0; usize::try_from(file.length().unwrap()).unwrap()];
    assert_eq!(file.read_at(&mut bytes, 0).unwrap(), bytes.len());
    bytes
}

/// All that can be read through the trait. A folder that was moved below another one may hold
/// what lies too deep for a path: it is listed, and not looked into.
fn tree(process: &impl Storage) -> Tree {
    let mut tree = Tree::new();
    let mut open = vec![StoragePath::root()];
    while let Some(folder) = open.pop() {
        for entry in process.list(&folder).unwrap() {
            let Ok(at) = folder.join(&entry.name) else {
                assert!(is_deepest(&folder), "{folder} holds {:?}", entry.name);
                tree.insert(format!("{folder}/{}", entry.name), None);
                continue;
            };
            let bytes = (entry.kind == EntryKind::File).then(|| read(process, &at));
            if bytes.is_none() {
                open.push(at.clone());
            }
            tree.insert(at.to_string(), bytes);
        }
    }
    tree
}

/// Whether no path leads below it.
fn is_deepest(folder: &StoragePath) -> bool {
    folder.join("a").is_err()
}

/// The trees of all images; each was given once.
fn image_trees(disk: &SimDisk) -> BTreeSet<Tree> {
    let mut trees = BTreeSet::new();
    let mut images = disk.images(Bounds::normal());
    for image in images.by_ref() {
        assert!(trees.insert(tree(&image.process())), "an image came twice");
    }
    assert_eq!(images.coverage().swept_moments, 0);
    trees
}

fn of(entries: &[(&str, &[u8])]) -> Tree {
    let entries = entries.iter();
    entries
        .map(|(name, bytes)| ((*name).to_owned(), Some(bytes.to_vec())))
        .collect()
}

/// No zeros, no two blocks alike.
fn noise(length: usize) -> Vec<u8> {
    let bytes = (0..length).map(|at| at.wrapping_mul(37) % 251 + 1);
    bytes.map(|byte| u8::try_from(byte).unwrap()).collect()
}
