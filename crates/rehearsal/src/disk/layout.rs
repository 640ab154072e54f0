//! One legal set of names: which files it reaches, and under which paths.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::bytes::{bytes_hash, mixed};
use super::file::FileNode;
use super::moment::Left;
use super::spread::Choice;
use super::state::{Folders, Ino, ROOT, State};

/// A tree of names, and the files in it.
pub(super) struct Layout {
    folders: Arc<Folders>,
    files: Vec<(Ino, Arc<FileNode>)>,
    open: Vec<Open>,
    /// Of everything but the open files.
    fingerprint: u128,
}

/// A file of which several contents are possible.
pub(super) struct Open {
    /// Among the layout's files.
    pub(super) place: usize,
    /// Among the moment's spreads.
    pub(super) spread: usize,
    path_hash: u128,
}

impl Layout {
    pub(super) fn of(state: &State, set: &[bool], left: &[Left]) -> Self {
        let mut all = Folders::clone(&state.durable);
        for (pending, _) in state.pending.iter().zip(set).filter(|(_, is_in)| **is_in) {
            pending.change.apply(&mut all);
        }
        let (folders, mut reached, mut fingerprint) = reached(&mut all);
        let (mut files, mut open) = (Vec::new(), Vec::new());
        for left in left {
            let (Left::One(ino, _) | Left::OneOf(ino, _)) = left;
            let Some(path_hash) = reached.remove(ino) else {
                continue;
            };
            match left {
                Left::One(_, file) => {
                    fingerprint =
                        fingerprint.wrapping_add(file_hash(path_hash, file.durable_hash()));
                    files.push((*ino, Arc::clone(file)));
                }
                Left::OneOf(_, spread) => {
                    open.push(Open {
                        place: files.len(),
                        spread: *spread,
                        path_hash,
                    });
                    files.extend(state.file(*ino).map(|file| (*ino, Arc::clone(file))));
                }
            }
        }
        Self {
            folders: Arc::new(folders),
            files,
            open,
            fingerprint,
        }
    }

    pub(super) fn open(&self) -> &[Open] {
        &self.open
    }

    pub(super) fn fingerprint(&self, choices: &[Choice]) -> u128 {
        let chosen = self.open.iter().zip(choices);
        chosen.fold(self.fingerprint, |sum, (open, choice)| {
            sum.wrapping_add(file_hash(open.path_hash, choice.hash))
        })
    }

    /// Puts the names and files into an empty disk; the open files are still to be chosen.
    pub(super) fn place(&self, image: &mut State) {
        image.seen = Arc::clone(&self.folders);
        image.durable = Arc::clone(&self.folders);
        image.files.clone_from(&self.files);
    }
}

/// What reads show, as one number: equal for equal names and bytes. What lies at these names of the
/// device's folder does not count.
pub(super) fn seen_fingerprint(state: &State, without: &[&str]) -> u128 {
    let mut all = Folders::clone(&state.seen);
    if let Some(root) = all.get_mut(&ROOT) {
        root.retain(|name, _| !without.contains(&&**name));
    }
    let (_, reached, fingerprint) = reached(&mut all);
    reached.iter().fold(fingerprint, |sum, (ino, path_hash)| {
        let content = state.file(*ino).map_or(0, |file| file.seen_hash());
        sum.wrapping_add(file_hash(*path_hash, content))
    })
}

/// The folders that have a path; the other things that have one, by the hash of it; and all of the
/// folders' paths in one hash.
fn reached(all: &mut Folders) -> (Folders, BTreeMap<Ino, u128>, u128) {
    let (mut folders, mut files, mut fingerprint) = (Folders::new(), BTreeMap::new(), 0_u128);
    let mut open = vec![(ROOT, 0_u128)];
    while let Some((ino, path_hash)) = open.pop() {
        let Some(entries) = all.remove(&ino) else {
            files.insert(ino, path_hash);
            continue;
        };
        fingerprint = fingerprint.wrapping_add(mixed(path_hash));
        for (name, child) in &entries {
            open.push((*child, bytes_hash(path_hash, name.as_bytes())));
        }
        folders.insert(ino, entries);
    }
    (folders, files, fingerprint)
}

const fn file_hash(path_hash: u128, content_hash: u128) -> u128 {
    mixed(path_hash.wrapping_mul(3).wrapping_add(mixed(content_hash)))
}
