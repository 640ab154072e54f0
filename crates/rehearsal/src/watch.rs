//! A process's disk with somebody beside it who notes how it was before each change.

use std::sync::{Arc, Mutex, PoisonError};

use patchproof_storage::{
    Access, Entry, File, Hold, Operation, Stamp, Storage, StorageError, StoragePath,
};

use crate::disk::{SimDisk, SimFile, SimLock, SimProcess};

/// A process of a rehearsed device, as its disk knows it.
#[derive(Clone, Debug)]
pub struct Watched {
    inner: SimProcess,
    notes: Option<Notes>,
}

/// A file that a [`Watched`] process has open.
#[derive(Debug)]
pub struct WatchedFile {
    inner: SimFile,
    path: StoragePath,
    notes: Option<Notes>,
}

/// What is noted. A clone is the same notes.
#[derive(Clone, Debug)]
pub(crate) struct Notes {
    disk: SimDisk,
    noted: Arc<Mutex<Noted>>,
}

/// Moments, of which a long run of writes to one file has a few only: what a cut before an earlier
/// one leaves, a cut before a later one may leave too, as none of its blocks is synced.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) moments: Vec<Moment>,
    /// The operations that may have changed the disk, those of long runs too.
    pub(crate) changes: u64,
    run: Run,
}

/// The writes to one file, one after the other, that came last.
#[derive(Debug, Default)]
struct Run {
    path: Option<StoragePath>,
    writes: u64,
    /// Each so many-th one is kept.
    stride: u64,
    kept: usize,
}

/// The disk as it was before an operation.
#[derive(Debug)]
pub(crate) struct Moment {
    pub(crate) disk: SimDisk,
    /// Counted from 0 over the life of the disk, reads too.
    pub(crate) number: u64,
    /// None at the end, where no operation follows.
    pub(crate) next: Option<Next>,
}

/// An operation that did not happen any more.
#[derive(Clone, Debug)]
pub(crate) struct Next {
    pub(crate) operation: Operation,
    pub(crate) path: StoragePath,
    /// The new name, of a rename.
    pub(crate) to: Option<StoragePath>,
}

impl Watched {
    pub(crate) const fn new(inner: SimProcess, notes: Option<Notes>) -> Self {
        Self { inner, notes }
    }

    fn note(&self, operation: Operation, path: &StoragePath) {
        if let Some(notes) = &self.notes {
            notes.note(operation, path, None);
        }
    }
}

impl Notes {
    pub(crate) fn of(disk: &SimDisk) -> Self {
        Self {
            disk: disk.clone(),
            noted: Arc::default(),
        }
    }

    /// What was noted since it was last taken.
    pub(crate) fn take(&self) -> Noted {
        std::mem::take(&mut *self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The disk as it is now, behind all of its operations.
    pub(crate) fn end(&self) -> Moment {
        self.moment(None)
    }

    fn moment(&self, next: Option<Next>) -> Moment {
        Moment {
            disk: self.disk.fork(),
            number: self.disk.operations(),
            next,
        }
    }

    fn note(&self, operation: Operation, path: &StoragePath, to: Option<&StoragePath>) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.changes += 1;
        if noted.is_kept(operation, path) {
            let next = Next {
                operation,
                path: path.clone(),
                to: to.cloned(),
            };
            noted.moments.push(self.moment(Some(next)));
        }
    }
}

impl Noted {
    fn is_kept(&mut self, operation: Operation, path: &StoragePath) -> bool {
        let run = &mut self.run;
        if operation != Operation::Write || run.path.as_ref() != Some(path) {
            *run = Run {
                path: (operation == Operation::Write).then(|| path.clone()),
                writes: 1,
                stride: 1,
                kept: 1,
            };
            return true;
        }
        run.writes += 1;
        if !run.writes.is_multiple_of(run.stride) {
            return false;
        }
        run.kept += 1;
        if run.kept > RUN_MAX {
            let first = self.moments.len().saturating_sub(run.kept - 1);
            let mut at = 0;
            self.moments.retain(|_| {
                let is_kept = at <= first || (at - first).is_multiple_of(2);
                at += 1;
                is_kept
            });
            run.kept = self.moments.len() - first + 1;
            run.stride *= 2;
        }
        true
    }
}

impl Storage for Watched {
    type File = WatchedFile;
    type Lock = SimLock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<WatchedFile, StorageError> {
        if access == Access::CreateNew {
            self.note(Operation::Create, path);
        }
        Ok(WatchedFile {
            inner: self.inner.open(path, access)?,
            path: path.clone(),
            notes: self.notes.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        if let Some(notes) = &self.notes {
            notes.note(Operation::Rename, from, Some(to));
        }
        self.inner.rename(from, to)
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::Remove, path);
        self.inner.remove(path)
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::MakeFolder, path);
        self.inner.make_folder(path)
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.inner.list(folder)
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::SyncFolder, folder);
        self.inner.sync_folder(folder)
    }

    /// It may create the file that is locked.
    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<SimLock>, StorageError> {
        self.note(Operation::Lock, path);
        self.inner.lock(path, hold)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.inner.stamp(path)
    }
}

impl File for WatchedFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.inner.read_at(buffer, offset)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        if let Some(notes) = &self.notes {
            notes.note(Operation::Write, &self.path, None);
        }
        self.inner.write(bytes)
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        if let Some(notes) = &self.notes {
            notes.note(Operation::Sync, &self.path, None);
        }
        self.inner.sync()
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.inner.length()
    }
}

/// So many moments of a run of writes to one file are kept, and at least half as many.
const RUN_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::disk::{BlockSize, Honesty};

    /// Of a file that is created, written so many times and synced.
    fn noted(writes: usize) -> Noted {
        let disk = SimDisk::new(BlockSize::Bytes512, Honesty::Honest);
        let notes = Notes::of(&disk);
        let process = Watched::new(disk.process(), Some(notes.clone()));
        let path = StoragePath::new("f").unwrap();
        let mut file = process.open(&path, Access::CreateNew).unwrap();
        for _ in 0..writes {
            file.write(b"1").unwrap();
        }
        file.sync().unwrap();
        notes.take()
    }

    #[test]
    fn a_moment_is_noted_before_each_change_of_a_short_run() {
        let noted = noted(RUN_MAX);
        assert_eq!(noted.moments.len(), 1 + RUN_MAX + 1);
        let numbers: Vec<u64> = noted.moments.iter().map(|it| it.number).collect();
        assert!(
            numbers.is_sorted_by(|one, next| one + 1 == *next),
            "{numbers:?}"
        );
    }

    #[test]
    fn a_long_run_of_writes_is_thinned_evenly_and_counted_in_whole() {
        let noted = noted(5000);
        assert_eq!(noted.changes, 5002);
        let writes: Vec<u64> = noted
            .moments
            .iter()
            .filter(|it| {
                it.next
                    .as_ref()
                    .is_some_and(|next| next.operation == Operation::Write)
            })
            .map(|it| it.number)
            .collect();
        assert!(
            (RUN_MAX / 2..=RUN_MAX).contains(&writes.len()),
            "{}",
            writes.len()
        );
        let gaps: Vec<u64> = writes.windows(2).map(|pair| pair[1] - pair[0]).collect();
        assert!(gaps.iter().all(|gap| *gap <= 256), "{gaps:?}");
    }

    #[test]
    fn what_is_noted_is_how_the_disk_was_before() {
        let noted = noted(1);
        let files = noted.moments.iter().map(|it| it.disk.files().len());
        assert_eq!(files.collect::<Vec<_>>(), [0, 1, 1]);
    }
}
