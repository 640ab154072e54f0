//! What is known already of a disk: two that differ only where nobody looks are one.
//!
//! A start opens nothing in `downloads` and `staging`, and what follows it removes what is in
//! `staging` unread. So disks that are equal elsewhere show the same. That it is so is checked of
//! every start and continuation that is carried out, by its operations.

use std::collections::HashMap;

use patchproof_rehearsal::{SimDisk, SimProcess, Step};
use patchproof_storage::{Access, EntryKind, File as _, Operation, Storage, StoragePath};
use sha2::{Digest as _, Sha256};

/// A disk by its names and bytes, as far as somebody looks.
pub(super) type Seen = [u8; 32];

/// Disks that were looked at, by all of their names and bytes.
#[derive(Debug, Default)]
pub(super) struct Known {
    disks: HashMap<u128, Disk>,
}

/// The parts of a disk that somebody looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Disk {
    /// What a start sees.
    pub(super) at_start: Seen,
    /// What only a continuation sees besides.
    pub(super) downloads: Seen,
}

impl Known {
    /// What is to be seen on a disk.
    pub(super) fn of(&mut self, disk: &SimDisk) -> Disk {
        let all = disk.fingerprint();
        *self.disks.entry(all).or_insert_with(|| parts(disk))
    }
}

/// Everything on a disk, which records nothing of the look.
pub(super) fn all(disk: &SimDisk) -> Seen {
    let disk = disk.fork();
    let mut hasher = Sha256::new();
    walk(&disk.process(), &StoragePath::root(), &mut |_, bytes| {
        hasher.update(bytes)
    });
    hasher.finalize().into()
}

/// What a start sees of a disk, or left there; the disk records nothing of the look.
pub(super) fn at_start(disk: &SimDisk) -> Seen {
    parts(&disk.fork()).at_start
}

fn parts(disk: &SimDisk) -> Disk {
    let (mut at_start, mut downloads) = (Sha256::new(), Sha256::new());
    walk(&disk.process(), &StoragePath::root(), &mut |path, bytes| {
        if is_in(path, DOWNLOADS) {
            downloads.update(bytes);
        } else if !is_in(path, STAGING) {
            at_start.update(bytes);
        }
    });
    Disk {
        at_start: at_start.finalize().into(),
        downloads: downloads.finalize().into(),
    }
}

/// Whether a start kept away from what it has no business with.
pub(super) fn start_kept_away(trace: &[Step]) -> bool {
    !trace
        .iter()
        .any(|step| is_in(&step.path, DOWNLOADS) || is_in(&step.path, STAGING))
}

/// Whether nothing that lay in `staging` was read before it was written anew.
pub(super) fn continuation_kept_away(trace: &[Step]) -> bool {
    let mut created: Vec<&StoragePath> = Vec::new();
    for step in trace.iter().filter(|step| is_in(&step.path, STAGING)) {
        match step.operation {
            Operation::Create => created.push(&step.path),
            Operation::Open | Operation::Read if !created.contains(&&step.path) => return false,
            _ => {}
        }
    }
    true
}

fn is_in(path: &StoragePath, folder: &str) -> bool {
    let rest = path.as_str().strip_prefix(folder);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// Tells each path, and what tells it from others.
fn walk(process: &SimProcess, folder: &StoragePath, tell: &mut dyn FnMut(&StoragePath, &[u8])) {
    for entry in process.list(folder).unwrap_or_default() {
        let Ok(path) = folder.join(&entry.name) else {
            continue;
        };
        tell(&path, path.as_str().as_bytes());
        if entry.kind == EntryKind::Folder {
            tell(&path, &[0]);
            walk(process, &path, tell);
            continue;
        }
        let bytes = bytes(process, &path);
        tell(&path, &[1]);
        tell(&path, &bytes.len().to_le_bytes());
        tell(&path, &bytes);
    }
}

/// Of a file that cannot be read, nothing.
fn bytes(process: &SimProcess, path: &StoragePath) -> Vec<u8> {
    let read = || {
        let file = process.open(path, Access::Read).ok()?;
        let mut bytes = vec![0; usize::try_from(file.length().ok()?).ok()?];
        file.read_at(&mut bytes, 0).ok()?;
        Some(bytes)
    };
    read().unwrap_or_default()
}

const DOWNLOADS: &str = "downloads";
const STAGING: &str = "staging";
