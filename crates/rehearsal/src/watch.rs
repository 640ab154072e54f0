//! A process's disk with somebody beside it who notes how it was before each change.

use std::sync::{Arc, Mutex, PoisonError};

use patchproof_storage::{Operation, StoragePath};

use crate::disk::{SimDisk, SimProcess};
use crate::tapped::{Call, Tap, Tapped, Then};

/// A process of a rehearsed device, as its disk knows it.
pub type Watched = Tapped<SimProcess, Watch>;

/// Who watches a process, or nobody.
#[derive(Clone, Debug)]
pub struct Watch(Option<Notes>);

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
        Self::with(inner, Watch(notes))
    }
}

impl Tap for Watch {
    fn before(&self, call: &Call<'_>) -> Then {
        if let Some(notes) = self.0.as_ref().filter(|_| may_change(call.operation)) {
            notes.note(call);
        }
        Then::Happens
    }
}

/// A lock may create the file that is locked.
const fn may_change(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::Open | Operation::Read | Operation::List | Operation::Stamp
    )
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

    fn note(&self, call: &Call<'_>) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        noted.changes += 1;
        if noted.is_kept(call.operation, call.path) {
            let next = Next {
                operation: call.operation,
                path: call.path.clone(),
                to: call.to.cloned(),
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

/// So many moments of a run of writes to one file are kept, and at least half as many.
const RUN_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use patchproof_storage::{Access, File as _, Storage as _};

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
