//! The updater: what it holds, and the seams to disk, machine and network.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError, TryLockError};

use patchproof_lifecycle::{GenerationId, ProcessSlot, ReleaseKey};
use patchproof_protocol::{CheckRequest, ClientId, Settings};
use patchproof_storage::{Storage, StoragePath};

use crate::base::{Base, BaseError, BaseSeen, SnapshotSeen};
use crate::boot::{Booted, Started};
use crate::config::{self, Config, ConfigureError};
use crate::document::{Document, Found, Lot};
use crate::error::OperationError;
use crate::machine::Machine;
use crate::notice::Notice;
use crate::statements::{Identity, Statements};
use crate::transport::Transport;
use crate::vouch::{Trust, Voucher};

/// An updater over one folder of one app, for one process. All its methods may be called from any
/// thread; it starts none of its own but the one that decompresses while a patch is inflated, which
/// is joined before the call returns.
pub struct Updater<S: Storage, M, T> {
    pub(crate) storage: S,
    pub(crate) machine: M,
    pub(crate) transport: T,
    pub(crate) config: Settled,
    pub(crate) base: Base,
    pub(crate) base_sha256: [u8; 32],
    pub(crate) release: ReleaseKey,
    pub(crate) voucher: Voucher,
    pub(crate) session: Mutex<Session<S::Lock>>,
    pub(crate) updating: Mutex<()>,
    pub(crate) sending: Mutex<()>,
}

/// The configuration without the base, which is opened.
pub(crate) struct Settled {
    pub(crate) release: config::ReleaseIdentity,
    pub(crate) settings: Settings,
    pub(crate) policy: patchproof_lifecycle::Policy,
    pub(crate) limits: config::DeviceLimits,
    pub(crate) health_window: std::time::Duration,
}

/// What this process knows and no other does.
pub(crate) struct Session<L> {
    /// The process slot that it holds.
    pub(crate) slot: Option<(ProcessSlot, L)>,
    /// What it boots.
    pub(crate) started: Option<Started<L>>,
    /// The counter of its own last commit: what was read under it lasts.
    pub(crate) committed: Option<u64>,
    /// What a new installation would be called.
    pub(crate) client_id: [u8; 16],
    /// The hash of the base, to be remembered with the next commit.
    pub(crate) base_seen: Option<BaseSeen>,
    /// A patch against the library that runs failed: no other is asked for.
    pub(crate) gave_up_deltas: bool,
    /// The newest notices, for diagnostics.
    pub(crate) recent: VecDeque<Notice>,
}

impl<L> Session<L> {
    /// What the engine is said to load; none before that.
    pub(crate) fn runs(&self) -> Option<&Booted> {
        let started = self.started.as_ref().filter(|started| started.launched);
        started.map(|started| &started.boot.what)
    }

    /// Keeps notices, as many as fit.
    pub(crate) fn keep(&mut self, notices: &[Notice]) {
        self.recent.extend(notices.iter().cloned());
        let too_many = self.recent.len().saturating_sub(RECENT_MAX);
        self.recent.drain(..too_many);
    }
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Opens the bundled library and takes its hash, unless it is known for this very file. Nothing
    /// is written. Call it once per process, before the engine starts; where it fails, the bundled
    /// release is what boots.
    ///
    /// # Errors
    /// [`ConfigureError`], where the configuration cannot be followed or the bundled library cannot
    /// be read.
    pub fn configure(
        storage: S,
        machine: M,
        transport: T,
        config: Config,
    ) -> Result<Self, ConfigureError> {
        config::check(&config)?;
        let base = Base::open(config.base)?;
        let mut client_id = [0; 16];
        machine.random(&mut client_id);
        // A state that cannot be read now costs a hash here, and is told of at the start.
        let found = Document::load(&storage, client_id).ok();
        let seen = found.and_then(|found| found.document.base);
        let (base_sha256, mut base_seen) = base.sha256(seen.as_ref())?;
        let mut lot = [0; 16];
        machine.random(&mut lot);
        let voucher = {
            let bytes_max = config.limits.library_bytes_max;
            let snapshot = || base.snapshot(&mut base_seen, bytes_max);
            settle(
                (config.trust, Lot(lot)),
                &config.settings,
                &config.release,
                (&base, base_sha256),
                snapshot,
            )?
        };
        let identity = &config.release;
        let release = ReleaseKey::of(
            &config.settings.app_id,
            identity.platform.name(),
            identity.arch.name(),
            &identity.version,
            &base_sha256,
        );
        Ok(Self {
            storage,
            machine,
            transport,
            config: Settled {
                release: config.release,
                settings: config.settings,
                policy: config.policy,
                limits: config.limits,
                health_window: config.health_window,
            },
            base,
            base_sha256,
            release,
            voucher,
            session: Mutex::new(Session {
                slot: None,
                started: None,
                committed: None,
                client_id,
                base_seen,
                gave_up_deltas: false,
                recent: VecDeque::new(),
            }),
            updating: Mutex::new(()),
            sending: Mutex::new(()),
        })
    }

    /// Whether the app's settings ask to look for updates at each start. It is for the embedder to
    /// act upon.
    #[must_use]
    pub fn auto_update(&self) -> bool {
        self.config.settings.auto_update
    }

    /// The disk below this updater, to turn a [`StoragePath`] into a path of the system.
    #[must_use]
    pub fn storage(&self) -> &S {
        &self.storage
    }

    /// The identity of the release that this process runs.
    #[must_use]
    pub const fn release(&self) -> ReleaseKey {
        self.release
    }

    pub(crate) fn session(&self) -> MutexGuard<'_, Session<S::Lock>> {
        self.session.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads the document without a lock: every version of it that is there is whole, and this may
    /// be the one before.
    pub(crate) fn peek(&self) -> Result<Found, OperationError> {
        let client_id = self.session().client_id;
        Ok(Document::load(&self.storage, client_id)?)
    }

    /// What a server is told of this device in each question.
    pub(crate) fn about(
        &self,
        client_id: [u8; 16],
        version: &str,
        channel: Option<&str>,
    ) -> CheckRequest {
        CheckRequest::new(
            &self.config.settings.app_id,
            channel.unwrap_or(&self.config.settings.channel),
            version,
            self.config.release.platform,
            self.config.release.arch,
            &ClientId::of_random(client_id).to_string(),
        )
    }
}

impl<S: Storage, M, T> std::fmt::Debug for Updater<S, M, T> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Updater")
            .field("release", &self.config.release)
            .field("base", &self.base.place())
            .finish_non_exhaustive()
    }
}

/// Takes a lock that one thread of this process may have; none where another has it. What panicked
/// with it left nothing half done: all that lasts is on the disk.
pub(crate) fn free(lock: &Mutex<()>) -> Option<MutexGuard<'_, ()>> {
    match lock.try_lock() {
        Ok(guard) => Some(guard),
        Err(TryLockError::Poisoned(error)) => Some(error.into_inner()),
        Err(TryLockError::WouldBlock) => None,
    }
}

/// Whose word counts, for this device.
fn settle(
    (trust, lot): (Trust, Lot),
    settings: &Settings,
    release: &config::ReleaseIdentity,
    (base, base_sha256): (&Base, [u8; 32]),
    snapshot: impl FnOnce() -> Result<SnapshotSeen, BaseError>,
) -> Result<Voucher, ConfigureError> {
    let Trust::Statements { root, ask } = trust else {
        return Voucher::of_settings(settings).map_err(ConfigureError::PublicKey);
    };
    let identity = Identity {
        settings,
        platform: release.platform,
        arch: release.arch,
        version: &release.version,
        base_sha256,
        base_size_bytes: base.length()?,
        snapshot: &snapshot()?,
    };
    let statements = Statements::new(&root, (ask, lot), &identity)?;
    Ok(Voucher::Statements(Box::new(statements)))
}

/// Paths of the device's folder.
pub(crate) mod places {
    use super::{GenerationId, ProcessSlot, StoragePath};

    /// A path that is made of our own words and always one.
    pub(crate) fn of(path: &str) -> StoragePath {
        StoragePath::new(path).unwrap_or_else(|_| StoragePath::root())
    }

    pub(crate) fn generation(id: &GenerationId) -> StoragePath {
        of(&format!("generations/{id}"))
    }

    pub(crate) fn process(slot: ProcessSlot) -> StoragePath {
        of(&format!("processes/{}", slot.0))
    }

    /// There is one: whoever stages holds the downloads lock.
    pub(crate) fn staging() -> StoragePath {
        of("staging/new")
    }

    /// The base as a patch's records see it, where it does not go into memory. There is one too.
    pub(crate) fn view() -> StoragePath {
        of("downloads/view")
    }
}

/// How many notices one process keeps.
const RECENT_MAX: usize = 64;
/// How many processes of one app may hold a slot.
pub(crate) const PROCESS_SLOTS: u8 = 8;
/// Stands for a process without a slot, whose boots no token guards.
pub(crate) const NO_SLOT: ProcessSlot = ProcessSlot(u8::MAX);
/// What the one file of a generation is called.
pub(crate) const LIBRARY_NAME: &str = "libapp.so";
