//! The locks: one operation at a time, a slot for each process, a hold on what an engine runs.

use std::time::Duration;

use patchproof_lifecycle::ProcessSlot;
use patchproof_storage::{Hold, Storage, StorageError, StoragePath};

use crate::error::OperationError;
use crate::updater::{PROCESS_SLOTS, Session, Updater, places};

impl<S: Storage, M, T> Updater<S, M, T> {
    /// The operation lock, waited for as long as the limits say. Whoever has it works for
    /// milliseconds.
    pub(crate) fn lock_operation(&self) -> Result<S::Lock, OperationError> {
        let path = places::of("lock");
        let mut waited = Duration::ZERO;
        loop {
            if let Some(lock) = self.storage.lock(&path, Hold::Exclusive)? {
                return Ok(lock);
            }
            if waited >= self.config.limits.lock_wait {
                return Err(OperationError::Busy);
            }
            std::thread::sleep(LOCK_PAUSE);
            waited += LOCK_PAUSE;
        }
    }

    /// This process's slot, taken now unless it was before; none where as many processes live as
    /// there are slots.
    pub(crate) fn own_slot(
        &self,
        session: &mut Session<S::Lock>,
    ) -> Result<Option<ProcessSlot>, StorageError> {
        if let Some((slot, _)) = &session.slot {
            return Ok(Some(*slot));
        }
        self.storage.make_folder(&places::of("processes"))?;
        for slot in (0..PROCESS_SLOTS).map(ProcessSlot) {
            if let Some(lock) = self.storage.lock(&places::process(slot), Hold::Exclusive)? {
                session.slot = Some((slot, lock));
                return Ok(Some(slot));
            }
        }
        Ok(None)
    }

    /// Whether the process of a slot has ended, as far as can be told.
    pub(crate) fn has_ended(&self, slot: ProcessSlot) -> bool {
        let lock = self.storage.lock(&places::process(slot), Hold::Exclusive);
        matches!(lock, Ok(Some(_)))
    }

    /// A hold on a generation, shared by the processes that run it and against who would delete it.
    pub(crate) fn hold(
        &self,
        folder: &StoragePath,
        hold: Hold,
    ) -> Result<Option<S::Lock>, StorageError> {
        let manifest = places::of(&format!("{folder}/{}", patchproof_storage::Manifest::NAME));
        self.storage.lock(&manifest, hold)
    }
}

const LOCK_PAUSE: Duration = Duration::from_millis(4);
