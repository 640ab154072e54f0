//! The start of a process: what boots, decided before the engine sees a byte.

use patchproof_lifecycle::{Durability, Exit, GenerationId};
use patchproof_storage::{ManifestFile, Slots, Storage, StoragePath};

use crate::error::{OperationError, ReportError};
use crate::machine::Machine;
use crate::notice::Notice;
use crate::transport::Transport;
use crate::updater::{Session, Updater};

/// What the platform knows of a start.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "an embedder fills it in")]
pub struct StartFacts {
    /// The system's number of this process.
    pub process: u32,
    /// How earlier processes of the app ended, as far as the platform tells: their numbers, and the
    /// newest last. On Android these are `ApplicationExitInfo`'s.
    pub exits: Vec<(u32, Exit)>,
}

/// The boot of one process. Reports name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BootId([u8; 16]);

impl BootId {
    /// Of the bytes that [`BootId::bytes`] gave.
    #[must_use]
    pub const fn of_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// To be kept by an embedder that has no place for the type.
    #[must_use]
    pub const fn bytes(&self) -> &[u8; 16] {
        &self.0
    }
}

impl std::fmt::Display for BootId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&hex::encode(self.0))
    }
}

/// What a process boots.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Boot {
    /// To be named in reports.
    pub id: BootId,
    /// What the engine is to load.
    pub what: Booted,
    /// Whether a token was written, so that a failure of this boot is noticed. The bundled release
    /// needs none.
    pub guarded: bool,
    /// What was seen on the way.
    pub notices: Vec<Notice>,
}

/// What the engine is to load.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Booted {
    /// The release as it was shipped.
    Bundled,
    /// A patched one. Its files stay as long as this process lives.
    Generation {
        /// Which.
        id: GenerationId,
        /// The number that it is installed under.
        number: u64,
        /// Its folder on the disk of the updater.
        folder: StoragePath,
        /// The files in it.
        files: Vec<ManifestFile>,
    },
}

/// A start that is over.
pub(crate) struct Started<L> {
    pub(crate) boot: Boot,
    /// Keeps the files from being deleted.
    pub(crate) _hold: Option<L>,
    pub(crate) first_frame: bool,
    pub(crate) foreground: std::time::Duration,
    pub(crate) settled: bool,
    /// Whether the engine is said to load it.
    pub(crate) launched: bool,
    /// Whether its failure was reported: another choice may be asked for.
    pub(crate) failed: bool,
    /// The counter of the state that it was chosen by.
    pub(crate) chosen_at: Option<u64>,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Decides what this process boots, and says it once: a later call gives the same answer. It
    /// never fails. Where the disk cannot be read, the bundled release boots; where it cannot be
    /// written, a proven patch or the bundled release.
    ///
    /// What ended before is settled here, so this comes before every other call in each process
    /// that loads Dart code.
    pub fn begin_boot(&self, facts: &StartFacts) -> Boot {
        let mut session = self.session();
        if let Some(started) = session.started.as_ref().filter(|started| started.launched) {
            return started.boot.clone();
        }
        self.start_anew(&mut session, facts, true)
    }

    /// What would boot: chosen, verified and kept from being deleted, with nothing held against it
    /// until [`Updater::report_launch`] says that the engine loads it. It is for embedders whose
    /// engine asks first and launches later; all others call [`Updater::begin_boot`].
    ///
    /// What ended before is settled here. Until a launch is reported a later call chooses anew, and
    /// the earlier choice is void; from then on it gives what was launched, unless its failure was
    /// reported: then what there is to fall back to is chosen.
    pub fn choose_boot(&self, facts: &StartFacts) -> Boot {
        let mut session = self.session();
        let runs = |started: &&Started<S::Lock>| started.launched && !started.failed;
        if let Some(started) = session.started.as_ref().filter(runs) {
            return started.boot.clone();
        }
        self.start_anew(&mut session, facts, false)
    }

    /// Whether what [`Updater::choose_boot`] gave last would be chosen again: nobody changed the
    /// state since.
    #[must_use]
    pub fn is_choice_current(&self) -> bool {
        let session = self.session();
        let Some(started) = &session.started else {
            return false;
        };
        let counter = || Slots::load(&self.storage).ok()?.counter;
        let runs = started.launched && !started.failed;
        runs || (started.chosen_at.is_some() && started.chosen_at == counter())
    }

    /// The engine loads what [`Updater::choose_boot`] gave last: from now on how this process ends
    /// counts for or against it. Of a boot that [`Updater::begin_boot`] gave this says nothing new.
    ///
    /// # Errors
    /// [`ReportError`]; where it could not be written down a failure of this boot is not noticed,
    /// unless the report is made again.
    pub fn report_launch(&self, id: &BootId) -> Result<(), ReportError> {
        let mut session = self.session();
        let started = session.started.as_mut();
        let started = started.filter(|started| started.boot.id == *id);
        let started = started.ok_or(ReportError::NotThisBoot)?;
        started.launched = true;
        let is_patch = matches!(started.boot.what, Booted::Generation { .. });
        let guarded = started.boot.guarded;
        let Some(slot) = session.slot.as_ref().map(|(slot, _)| *slot) else {
            return match is_patch && !guarded {
                true => Err(ReportError::Unguarded),
                false => Ok(()),
            };
        };
        let lock = self.lock_operation()?;
        let mut found = self.load(&session).map_err(OperationError::from)?;
        let waits = found.document.unlaunched.remove(&slot);
        // What an earlier call wrote and could not make last is read, and may be gone tomorrow.
        if waits || found.counter != session.committed {
            self.commit(&mut session, &found.document, Durability::OneSlot)?;
        }
        drop(lock);
        Ok(())
    }

    fn start_anew(
        &self,
        session: &mut Session<S::Lock>,
        facts: &StartFacts,
        launches: bool,
    ) -> Boot {
        session.started = None;
        let mut id = [0; 16];
        self.machine.random(&mut id);
        let (what, guarded, notices, hold) = self.start(session, facts, launches);
        session.keep(&notices);
        if !(guarded && matches!(what, Booted::Generation { .. })) {
            // The slot is its token's. A process without one must not keep others from seeing that
            // the process before it has ended.
            session.slot = None;
        }
        let boot = Boot {
            id: BootId(id),
            what,
            guarded,
            notices,
        };
        session.started = Some(Started {
            boot: boot.clone(),
            _hold: hold,
            first_frame: false,
            foreground: std::time::Duration::ZERO,
            settled: false,
            launched: launches,
            failed: false,
            chosen_at: session.committed,
        });
        boot
    }
}
