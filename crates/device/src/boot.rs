//! The start of a process: what boots, decided before the engine sees a byte.

use patchproof_lifecycle::{Exit, GenerationId};
use patchproof_storage::{ManifestFile, Storage, StoragePath};

use crate::machine::Machine;
use crate::notice::Notice;
use crate::transport::Transport;
use crate::updater::Updater;

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
        if let Some(started) = &session.started {
            return started.boot.clone();
        }
        let mut id = [0; 16];
        self.machine.random(&mut id);
        let (what, guarded, notices, hold) = self.start(&mut session, facts);
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
        });
        boot
    }
}
