//! Somebody who writes into the device's folder whatever he likes.

use patchproof_rehearsal::SimProcess;
use patchproof_storage::{Access, EntryKind, File as _, Storage as _, StoragePath};
use sha2::{Digest as _, Sha256};

use super::reading::{bytes, sealed};
use crate::fuzz::choices::Choices;

/// Writes over one of the files that matter.
pub(super) fn writes(process: &SimProcess, choices: &mut Choices<'_>) {
    let path = choices.pick(&PATHS);
    let before = bytes(process, path).unwrap_or_default();
    let after = match choices.below(8) {
        0 => choices.bytes(200).to_vec(),
        1 => sealed(counter(choices), choices.bytes(60)),
        2 => changed(before, choices),
        3 => {
            let keep = choices.below(before.len() + 1);
            before.get(..keep).unwrap_or_default().to_vec()
        }
        4 => bytes(process, choices.pick(&PATHS)).unwrap_or_default(),
        5 => manifest(process, choices),
        6 => {
            make_folder(process, path);
            return;
        }
        _ => {
            clear(process, path);
            return;
        }
    };
    put(process, path, &after);
}

/// Any counter, the last ones that there are above all.
pub(in crate::fuzz) fn counter(choices: &mut Choices<'_>) -> u64 {
    match choices.below(4) {
        0 => (1 << 63) - u64::from(choices.byte() % 4),
        1 => choices.odd_number(),
        _ => u64::from(choices.byte()),
    }
}

/// Some bytes of a file are others; the hash at the end of a slot is right all the same, or not.
fn changed(mut file: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    let seals = choices.flag();
    for _ in 0..=choices.below(3) {
        let at = choices.below(file.len());
        let mask = choices.byte();
        file.iter_mut()
            .skip(at)
            .take(1)
            .for_each(|byte| *byte ^= mask);
    }
    if let Some(end) = file.len().checked_sub(32).filter(|_| seals) {
        file.truncate(end);
        let hash = Sha256::digest(&file);
        file.extend(hash);
    }
    file
}

/// A manifest that is nearly right for what lies in a folder.
fn manifest(process: &SimProcess, choices: &mut Choices<'_>) -> Vec<u8> {
    let folder = choices.pick(&["generations/aa", "generations/bb"]);
    let mut text = "patchproof generation 1\n".to_owned();
    let listed = process.list(&path_of(folder)).unwrap_or_default();
    for entry in listed.iter().filter(|entry| entry.name != "manifest") {
        let file = bytes(process, &format!("{folder}/{}", entry.name)).unwrap_or_default();
        let mut hash = hex::encode(Sha256::digest(&file));
        let mut size = file.len().to_string();
        match choices.below(8) {
            0 => hash = hash.to_uppercase(),
            1 => size = format!("0{size}"),
            2 => size = choices.odd_number().to_string(),
            3 => text.push_str("\r\n"),
            4 => continue,
            _ => {}
        }
        text.push_str(&format!("{hash} {size} {}\n", entry.name));
    }
    if choices.one_in(8) {
        text.pop();
    }
    text.into_bytes()
}

/// These bytes lie there from now on, for good.
pub(in crate::fuzz) fn put(process: &SimProcess, path: &str, bytes: &[u8]) {
    clear(process, path);
    let path = path_of(path);
    if let Some(folder) = path
        .folder()
        .filter(|folder| *folder != StoragePath::root())
    {
        drop(process.make_folder(&folder));
    }
    if let Ok(mut file) = process.open(&path, Access::CreateNew) {
        drop(file.write(bytes));
        drop(file.sync());
    }
    sync_above(process, &path);
}

/// A folder lies there from now on.
pub(in crate::fuzz) fn make_folder(process: &SimProcess, path: &str) {
    clear(process, path);
    let path = path_of(path);
    drop(process.make_folder(&path));
    sync_above(process, &path);
}

/// Nothing lies there any more.
pub(in crate::fuzz) fn clear(process: &SimProcess, path: &str) {
    let path = path_of(path);
    for entry in process.list(&path).unwrap_or_default() {
        if let (Ok(inner), EntryKind::File) = (path.join(&entry.name), entry.kind) {
            drop(process.remove(&inner));
        }
    }
    drop(process.remove(&path));
}

fn sync_above(process: &SimProcess, path: &StoragePath) {
    for folder in std::iter::successors(path.folder(), StoragePath::folder) {
        drop(process.sync_folder(&folder));
    }
}

fn path_of(path: &str) -> StoragePath {
    StoragePath::new(path).expect("a path of ours")
}

const PATHS: [&str; 9] = [
    "state-a",
    "state-b",
    "state-a.tmp",
    "generations/aa/libapp.so",
    "generations/aa/manifest",
    "generations/aa/assets.bin",
    "generations/bb/manifest",
    "generations",
    "staging/0/libapp.so",
];
