//! Slots and generations read a second time, by `docs/storage.md` and without the product's code.

use patchproof_rehearsal::SimProcess;
use patchproof_storage::{Access, EntryKind, File as _, Storage as _, StoragePath};
use sha2::{Digest as _, Sha256};

/// Counter and payload of a slot; none where it is not there or not whole.
pub(in crate::fuzz) fn slot(process: &SimProcess, name: &str) -> Option<(u64, Vec<u8>)> {
    slot_of(&bytes(process, name)?)
}

/// The same, of the bytes of one.
pub(in crate::fuzz) fn slot_of(file: &[u8]) -> Option<(u64, Vec<u8>)> {
    let (said, hash) = file.split_at_checked(file.len().checked_sub(32)?)?;
    let payload = said.get(24..)?;
    let number = |from: usize, width: usize| -> Option<u64> {
        let digits = said.get(from..from + width)?.iter().rev();
        Some(digits.fold(0, |number, digit| number << 8 | u64::from(*digit)))
    };
    let counter = number(16, 8)?;
    let is_slot = said.starts_with(b"\x89PPST\r\n\n")
        && number(8, 4)? == 1
        && usize::try_from(number(12, 4)?).ok()? == payload.len()
        && payload.len() <= 2 << 20
        && counter > 0
        && counter < 1 << 63
        && Sha256::digest(said).as_slice() == hash;
    is_slot.then(|| (counter, payload.to_vec()))
}

/// The bytes of a slot, right or with a length or a hash that lies.
pub(in crate::fuzz) fn sealed(counter: u64, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap_or(u32::MAX);
    let mut bytes = b"\x89PPST\r\n\n\x01\0\0\0".to_vec();
    bytes.extend(length.to_le_bytes());
    bytes.extend(counter.to_le_bytes());
    bytes.extend(payload);
    bytes.extend(Sha256::digest(&bytes));
    bytes
}

/// Whether a folder holds just the files of its manifest, to the last byte.
pub(super) fn is_whole(process: &SimProcess, folder: &str) -> bool {
    whole(process, folder).unwrap_or(false)
}

fn whole(process: &SimProcess, folder: &str) -> Option<bool> {
    let entries = process.list(&StoragePath::new(folder).ok()?).ok()?;
    let manifest = bytes(process, &format!("{folder}/manifest"))?;
    let text = String::from_utf8(manifest).ok()?;
    let lines = text.strip_prefix("patchproof generation 1\n")?;
    let mut named = vec!["manifest"];
    for line in lines.strip_suffix('\n')?.split('\n') {
        let (hash, rest) = line.split_once(' ')?;
        let (size, name) = rest.split_once(' ')?;
        if size != size.parse::<u64>().ok()?.to_string() || named.len() > 4096 {
            return Some(false);
        }
        if name == "manifest" || (named.len() > 1 && named.last() >= Some(&name)) {
            return Some(false);
        }
        let found = bytes(process, &format!("{folder}/{name}"))?;
        let is_it = found.len().to_string() == size && hex::encode(Sha256::digest(&found)) == hash;
        if !is_it || name.contains('/') {
            return Some(false);
        }
        named.push(name);
    }
    let is_named = entries
        .iter()
        .all(|entry| entry.kind == EntryKind::File && named.contains(&entry.name.as_str()));
    Some(is_named && named.len() > 1)
}

/// All bytes of a file; none where there is none.
pub(in crate::fuzz) fn bytes(process: &SimProcess, path: &str) -> Option<Vec<u8>> {
    let file = process
        .open(&StoragePath::new(path).ok()?, Access::Read)
        .ok()?;
    let mut bytes = Vec::new();
    let mut chunk = [0; 1024];
    loop {
        let at = u64::try_from(bytes.len()).ok()?;
        match file.read_at(&mut chunk, at).ok()? {
            0 => return Some(bytes),
            count => bytes.extend(chunk.get(..count)?),
        }
    }
}

/// Whether folders lie where files belong, or files where folders do, or a slot cannot be read.
pub(super) fn is_blocked(process: &SimProcess) -> bool {
    let is = |path: &str, kind: EntryKind| {
        let path = StoragePath::new(path).expect("a path of ours");
        let folder = path.folder().unwrap_or_else(StoragePath::root);
        let entries = process.list(&folder).unwrap_or_default();
        entries
            .iter()
            .any(|entry| entry.name == path.name() && entry.kind == kind)
    };
    let slots = ["state-a", "state-b", "state-a.tmp", "state-b.tmp"];
    let folders = ["generations", "generations/aa", "staging", "staging/0"];
    let cannot_be_read = |path: &&str| is(path, EntryKind::File) && bytes(process, path).is_none();
    slots.iter().any(|path| is(path, EntryKind::Folder))
        || slots.iter().take(2).any(cannot_be_read)
        || folders.iter().any(|path| is(path, EntryKind::File))
        || ["generations/aa", "staging/0"].iter().any(|path| {
            let path = StoragePath::new(path).expect("a path of ours");
            let entries = process.list(&path).unwrap_or_default();
            entries.iter().any(|entry| entry.kind != EntryKind::File)
        })
}
