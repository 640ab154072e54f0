//! A simulated phone: the real device library between a disk, a machine, a server and an engine.

use std::sync::Arc;
use std::time::Duration;

use patchproof_device::{
    Arch, BaseLibrary, Boot, Cancel, Config, ConfigureError, DeviceLimits, Exit, Platform, Policy,
    ReleaseIdentity, ReportError, Retries, Settings, StartFacts, Trust, UpdateError, Updated,
    Updater,
};
use patchproof_storage::Storage;

use crate::disk::{BlockSize, Honesty, SimDisk};
use crate::engine::{Ran, run};
use crate::machine::SimMachine;
use crate::rehearsal::Library;
use crate::server::{BASE_URL, SimServer};
use crate::watch::{Notes, Watched};

/// What is the same for every phone of a rehearsal.
pub(crate) struct Stage<F> {
    pub(crate) arch: Arch,
    pub(crate) base: Arc<[u8]>,
    pub(crate) settings: Settings,
    pub(crate) libraries: Vec<Library>,
    pub(crate) cancel: Cancel,
    /// What lies between the updater and the disk.
    pub(crate) wrap: F,
}

/// One phone with the app on it.
pub(crate) struct Phone<'s, F> {
    pub(crate) stage: &'s Stage<F>,
    pub(crate) disk: SimDisk,
    pub(crate) machine: SimMachine,
    pub(crate) server: SimServer,
}

/// A process of the app that has begun its boot. Dropped, it ends.
pub(crate) struct App<S: Storage> {
    updater: Updater<S, SimMachine, SimServer>,
    boot: Boot,
    cancel: Cancel,
    /// What the engine runs.
    pub(crate) ran: Ran,
}

impl<'s, S: Storage, F: Fn(Watched) -> S> Phone<'s, F> {
    /// A phone that nothing was ever installed on.
    pub(crate) fn new(stage: &'s Stage<F>) -> Self {
        Self {
            stage,
            disk: SimDisk::new(BlockSize::Bytes4096, Honesty::Honest),
            machine: SimMachine::new(SWITCHED_ON_MS, SEED),
            server: SimServer::default(),
        }
    }

    /// Another phone in the same condition; no process lives on it.
    pub(crate) fn fork(&self) -> Self {
        Self {
            stage: self.stage,
            disk: self.disk.fork(),
            machine: self.machine.fork(),
            server: self.server.fork(),
        }
    }

    /// The phone, switched on again, with what a power cut left of its disk.
    pub(crate) fn after_a_cut(&self, disk: SimDisk) -> Self {
        let phone = Self {
            stage: self.stage,
            disk,
            machine: self.machine.fork(),
            server: self.server.fork(),
        };
        phone.machine.restart();
        phone.machine.pass(OFF_MS);
        phone
    }

    /// Starts the app: what boots is what the engine then runs.
    pub(crate) fn start(
        &self,
        process: u32,
        exits: &[(u32, Exit)],
        notes: Option<Notes>,
    ) -> Result<App<S>, ConfigureError> {
        let watched = Watched::new(self.disk.process(), notes);
        let storage = (self.stage.wrap)(watched);
        let config = self.stage.config();
        let machine = self.machine.clone();
        let updater = Updater::configure(storage, machine, self.server.clone(), config)?;
        let exits = exits.to_vec();
        let boot = updater.begin_boot(&StartFacts { process, exits });
        let ran = run(updater.storage(), &boot.what, &self.stage.libraries);
        Ok(App {
            updater,
            boot,
            cancel: self.stage.cancel.clone(),
            ran,
        })
    }
}

impl<F> Stage<F> {
    fn config(&self) -> Config {
        Config {
            release: ReleaseIdentity {
                platform: Platform::Android,
                arch: self.arch,
                version: VERSION.to_owned(),
            },
            base: BaseLibrary::Callbacks(Box::new(Arc::clone(&self.base))),
            settings: self.settings.clone(),
            trust: Trust::default(),
            policy: Policy::default(),
            limits: DeviceLimits {
                retries: Retries::none(),
                lock_wait: Duration::ZERO,
                ..DeviceLimits::default()
            },
            health_window: HEALTH_WINDOW,
        }
    }
}

impl<S: Storage> App<S> {
    /// Asks the server, and installs what it offers.
    pub(crate) fn update(&self) -> Result<Updated, UpdateError> {
        self.updater.update(&self.cancel, &mut |_| {})
    }

    /// Its first frame is drawn, and it stays up.
    pub(crate) fn stays_up(&self) -> Result<(), ReportError> {
        self.updater.report_first_frame(&self.boot.id)?;
        self.updater
            .report_foreground(&self.boot.id, HEALTH_WINDOW)?;
        Ok(())
    }
}

/// What a device would be told by its `shorebird.yaml`.
pub(crate) fn settings() -> String {
    format!("app_id: rehearsal\nbase_url: {BASE_URL}\n")
}

const VERSION: &str = "1.0.0+1";
const HEALTH_WINDOW: Duration = Duration::from_secs(10);
/// A day in 2026, the same in every rehearsal.
const SWITCHED_ON_MS: u64 = 1_767_225_600_000;
const SEED: u64 = 1;
/// How long a power cut lasts.
const OFF_MS: u64 = 60_000;
