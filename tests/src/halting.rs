//! A disk that stops before its k-th operation and says so, for a parent process to kill this one
//! right there.

use std::io::Write as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use patchproof_storage::{Access, Entry, File, Hold, Stamp, Storage, StorageError, StoragePath};

/// Counts operations of the disk below, and halts for ever before one of them.
#[derive(Clone, Debug)]
pub struct Halting<S> {
    below: S,
    step: Step,
}

/// An open file of it.
#[derive(Debug)]
pub struct HaltingFile<F> {
    below: F,
    step: Step,
}

#[derive(Clone, Debug)]
struct Step {
    done: Arc<AtomicU64>,
    halt_before: Option<u64>,
}

impl<S> Halting<S> {
    /// Halts before the operation of this number, counted from 0.
    #[must_use]
    pub fn new(below: S, halt_before: Option<u64>) -> Self {
        let done = Arc::default();
        Self {
            below,
            step: Step { done, halt_before },
        }
    }

    /// How many operations there were.
    #[must_use]
    pub fn operations(&self) -> u64 {
        self.step.done.load(Ordering::SeqCst)
    }

    /// The disk below.
    #[must_use]
    pub const fn below(&self) -> &S {
        &self.below
    }
}

impl Step {
    fn next(&self) {
        let number = self.done.fetch_add(1, Ordering::SeqCst);
        if self.halt_before == Some(number) {
            let mut stdout = std::io::stdout();
            // Whoever reads this kills us; if nobody does, we end soon by ourselves.
            let said = writeln!(stdout, "{HALTED}").and_then(|()| stdout.flush());
            drop(said);
            std::thread::sleep(Duration::from_secs(60));
        }
    }
}

impl<S: Storage> Storage for Halting<S> {
    type File = HaltingFile<S::File>;
    type Lock = S::Lock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<Self::File, StorageError> {
        self.step.next();
        let below = self.below.open(path, access)?;
        Ok(HaltingFile {
            below,
            step: self.step.clone(),
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        self.step.next();
        self.below.rename(from, to)
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.step.next();
        self.below.remove(path)
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.step.next();
        self.below.make_folder(path)
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.step.next();
        self.below.list(folder)
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        self.step.next();
        self.below.sync_folder(folder)
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<Self::Lock>, StorageError> {
        self.step.next();
        self.below.lock(path, hold)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.step.next();
        self.below.stamp(path)
    }
}

impl<F: File> File for HaltingFile<F> {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.step.next();
        self.below.read_at(buffer, offset)
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.step.next();
        self.below.write(bytes)
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        self.step.next();
        self.below.sync()
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.step.next();
        self.below.length()
    }
}

/// The line that is said before the halt.
pub const HALTED: &str = "halted";
