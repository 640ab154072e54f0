//! A phone: the real device library on a disk, a machine and a server that are simulated.
//!
//! ```
//! use patchproof_rehearsal::{BlockSize, Honesty, SimDisk};
//! use patchproof_testkit::phone::{Library, Phone};
//!
//! let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
//! let patch = Library::patched(0, 1);
//! phone.server.offer(7, &patch);
//! let app = phone.start(&[]);
//! assert_eq!(app.number(), 0);
//! app.update().unwrap();
//! drop(app); // the process ends
//! let app = phone.start(&[]);
//! assert_eq!(app.number(), 7);
//! app.healthy().unwrap();
//!
//! phone.disk.cut_power();
//! let image = phone.disk.images(Default::default()).next().unwrap();
//! assert_eq!(phone.after_a_cut(image).start(&[]).number(), 7);
//! ```
//!
//! One [`Phone`] has one disk. [`Phone::fork`] is another phone in the same condition, and
//! [`Phone::after_a_cut`] one that wakes up with one of the disks that a power cut left. Nothing
//! sleeps, nothing is random twice: the same acts give the same bytes on every machine.

mod app;
mod library;
pub mod publisher;
mod server;

use std::time::Duration;

use patchproof_device::{
    BaseLibrary, Config, DeviceLimits, ReleaseIdentity, Retries, StartFacts, Trust, Updater,
};
use patchproof_lifecycle::{Exit, Policy};
use patchproof_protocol::{Arch, Platform, Settings};
use patchproof_rehearsal::{SimDisk, SimMachine, SimProcess};
use patchproof_storage::Storage;

pub use app::{App, Seen};
pub use library::Library;
pub use server::{Checks, Deltas, Line, Server, Withdrawn, answer_with};

/// A phone with one app on it. Public fields are what a test turns.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "tests take it apart")]
pub struct Phone {
    /// Its disk.
    pub disk: SimDisk,
    /// Its clock and its boots.
    pub machine: SimMachine,
    /// Who it asks for patches. A clone is the same server.
    pub server: Server,
    /// Which release of the app is installed: 0, 1, ...
    pub release: u8,
    /// What its app decides by.
    pub policy: Policy,
    /// Whose word its app takes.
    pub trust: Trust,
    /// Lines of its app's `shorebird.yaml` besides those that all have.
    pub more_settings: String,
    /// The number of the process that starts next.
    pub next_process: u32,
}

impl Phone {
    /// A phone that was just switched on, with release 0 of the app, and a server that offers
    /// nothing.
    #[must_use]
    pub fn new(disk: SimDisk) -> Self {
        Self {
            disk,
            machine: SimMachine::new(NOW_MS, 1),
            server: Server::new(),
            release: 0,
            policy: Policy::default(),
            trust: Trust::default(),
            more_settings: String::new(),
            next_process: 1,
        }
    }

    /// Another phone in the same condition, with a server of its own; no process runs on it.
    #[must_use]
    pub fn fork(&self) -> Self {
        self.with(self.disk.fork(), self.machine.fork())
    }

    /// Another phone that wakes up with this disk after a power cut.
    #[must_use]
    pub fn after_a_cut(&self, image: SimDisk) -> Self {
        let machine = self.machine.fork();
        machine.restart();
        self.with(image, machine)
    }

    fn with(&self, disk: SimDisk, machine: SimMachine) -> Self {
        Self {
            disk,
            machine,
            server: self.server.fork(),
            release: self.release,
            policy: self.policy,
            trust: self.trust.clone(),
            more_settings: self.more_settings.clone(),
            next_process: self.next_process,
        }
    }

    /// Starts the app in a new process, which begins its boot. `exits` is what the platform tells
    /// of earlier processes, by their numbers ([`App::process`]).
    pub fn start(&mut self, exits: &[(u32, Exit)]) -> App<SimProcess> {
        self.start_on(self.disk.process(), exits)
    }

    /// The same, on what lies between the app and the disk.
    pub fn start_on<S: Storage>(&mut self, storage: S, exits: &[(u32, Exit)]) -> App<S> {
        let app = self.configure(storage);
        let process = self.next_process;
        self.next_process += 1;
        let exits = exits.to_vec();
        let boot = app.begin_boot(&StartFacts { process, exits });
        App {
            updater: app,
            boot,
            process,
        }
    }

    /// An updater in a process that has not begun its boot.
    ///
    /// # Panics
    /// Never: the made libraries and settings can be used.
    #[must_use]
    pub fn configure<S: Storage>(&self, storage: S) -> Updater<S, SimMachine, Line> {
        let machine = self.machine.clone();
        let line = self.server.line(self.release);
        Updater::configure(storage, machine, line, self.config())
            .expect("a made library and settings of ours can be used")
    }

    /// What the app says about itself.
    ///
    /// # Panics
    /// Never: the settings can be read.
    #[must_use]
    pub fn config(&self) -> Config {
        Config {
            release: ReleaseIdentity {
                platform: Platform::Android,
                arch: Arch::Aarch64,
                version: version(self.release),
            },
            base: BaseLibrary::Callbacks(Box::new(Library::base(self.release).reader())),
            settings: Settings::parse(&self.settings()).expect("settings of ours are read"),
            trust: self.trust.clone(),
            policy: self.policy,
            limits: DeviceLimits {
                download_bytes_max: 1 << 20,
                library_bytes_max: 1 << 20,
                retries: Retries::none(),
                lock_wait: Duration::ZERO,
                ..DeviceLimits::default()
            },
            health_window: Duration::from_secs(10),
        }
    }
}

impl Phone {
    fn settings(&self) -> String {
        let more = &self.more_settings;
        let app_id = match more.contains("app_id:") {
            true => "",
            false => "app_id: app\n",
        };
        format!("{app_id}{SETTINGS}{more}")
    }
}

/// The version of a release.
fn version(release: u8) -> String {
    format!("1.0.{release}+1")
}

/// Where its app looks for updates.
pub const BASE_URL: &str = "https://updates.example";
const SETTINGS: &str = "base_url: https://updates.example\n";
/// Some day in 2026.
pub const NOW_MS: u64 = 1_780_000_000_000;
