//! A device, its machine and its server.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use patchproof_lifecycle::{Exit, GenerationId, Policy};
use patchproof_protocol::{Arch, Platform, Settings};
use sha2::{Digest as _, Sha256};

use super::disk::Disk;
use super::made;
use crate::transport::{Begun, Sink, Transport, TransportError, Wanted};
use crate::{
    BaseLibrary, Boot, Booted, Cancel, Config, DeviceLimits, Machine, Outcome, ReleaseIdentity,
    Retries, StartFacts, Trust, UpdateError, Updated, Updater,
};

/// One process of the app.
pub(super) type Device = Updater<Disk, TestMachine, Line>;

/// What outlives the processes: the folder, the machine, the server.
pub(super) struct World {
    pub(super) folder: tempfile::TempDir,
    pub(super) disk: Disk,
    pub(super) machine: TestMachine,
    pub(super) server: Arc<Mutex<Server>>,
}

#[derive(Clone, Default)]
pub(super) struct TestMachine {
    pub(super) now_ms: Arc<AtomicU64>,
    pub(super) boot: Arc<AtomicU64>,
    drawn: Arc<AtomicU64>,
}

impl Machine for TestMachine {
    fn now_ms(&self) -> u64 {
        self.now_ms.load(Ordering::SeqCst)
    }

    fn boot_id(&self) -> [u8; 16] {
        u128::from(self.boot.load(Ordering::SeqCst)).to_le_bytes()
    }

    fn random(&self, bytes: &mut [u8]) {
        let drawn = self.drawn.fetch_add(1, Ordering::SeqCst);
        for (byte, from) in bytes
            .iter_mut()
            .zip(drawn.to_le_bytes().into_iter().cycle())
        {
            *byte = from;
        }
    }
}

/// What the server does, and what it saw.
#[derive(Default)]
pub(super) struct Server {
    /// The answer to a check.
    pub(super) answer: String,
    /// What is downloaded.
    pub(super) patch: Vec<u8>,
    pub(super) etag: Option<String>,
    /// A download ends after so many bytes.
    pub(super) cut_after: Option<usize>,
    /// The status of events; 0 is a success.
    pub(super) event_status: u16,
    /// Events with these words in them are refused, whatever `event_status` says.
    pub(super) refuses: Option<&'static str>,
    /// From which byte on each download was asked for.
    pub(super) asked_from: Vec<u64>,
    /// Bodies of events.
    pub(super) events: Vec<String>,
    /// Bodies of checks.
    pub(super) checks: Vec<String>,
    /// Raised in the middle of a download.
    pub(super) cancels: Option<Cancel>,
}

#[derive(Clone)]
pub(super) struct Line(Arc<Mutex<Server>>);

impl Transport for Line {
    fn post(
        &self,
        url: &str,
        json: &[u8],
        _answer_bytes_max: u64,
        _cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        let mut server = self.0.lock().unwrap();
        let body = String::from_utf8(json.to_vec()).unwrap();
        if url.ends_with("/check") {
            server.checks.push(body);
            return Ok(server.answer.clone().into_bytes());
        }
        let refused = server.refuses.is_some_and(|words| body.contains(words));
        let code = if refused { 400 } else { server.event_status };
        if code != 0 {
            let retry_after = None;
            return Err(TransportError::Status { code, retry_after });
        }
        server.events.push(body);
        Ok(Vec::new())
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let mut server = self.0.lock().unwrap();
        server.asked_from.push(wanted.from_bytes);
        let from = match wanted.if_range {
            Some(etag) if Some(etag) == server.etag.as_deref() => wanted.from_bytes,
            _ => 0,
        };
        let total = u64::try_from(server.patch.len()).unwrap();
        let begun = Begun::new(from, Some(total), server.etag.clone());
        sink.begin(begun).map_err(TransportError::Sink)?;
        let rest = &server.patch[usize::try_from(from).unwrap()..];
        for (index, byte) in rest.chunks(8).enumerate() {
            if let Some(cancels) = &server.cancels {
                cancels.cancel();
            }
            cancel.check()?;
            if server.cut_after.is_some_and(|after| index * 8 >= after) {
                let why = "cut".to_owned();
                return Err(TransportError::Unreachable { why });
            }
            sink.bytes(byte).map_err(TransportError::Sink)?;
        }
        Ok(())
    }
}

impl World {
    pub(super) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let disk = Disk::new(&folder.path().join("updates"));
        let world = Self {
            folder,
            disk,
            machine: TestMachine::default(),
            server: Arc::default(),
        };
        std::fs::write(world.base(), made::base()).unwrap();
        world.server().answer = r#"{"patch_available":false}"#.to_owned();
        world
    }

    pub(super) fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap()
    }

    pub(super) fn base(&self) -> PathBuf {
        self.folder.path().join("libapp.so")
    }

    /// A path in the updater's folder.
    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join("updates").join(path)
    }

    pub(super) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    pub(super) fn generation(&self, library: &[u8]) -> String {
        format!("generations/{}", id(library))
    }

    pub(super) fn config(&self) -> Config {
        Config {
            release: ReleaseIdentity {
                platform: Platform::Android,
                arch: Arch::Aarch64,
                version: "1.0+1".to_owned(),
            },
            base: BaseLibrary::File(self.base()),
            settings: Settings::parse("app_id: app\nbase_url: https://updates.example\n").unwrap(),
            trust: Trust::default(),
            policy: Policy::default(),
            limits: DeviceLimits {
                download_bytes_max: 1 << 20,
                retries: Retries::none(),
                lock_wait: Duration::ZERO,
                ..DeviceLimits::default()
            },
            health_window: Duration::from_secs(10),
        }
    }

    pub(super) fn device_with(&self, config: Config) -> Device {
        let line = Line(Arc::clone(&self.server));
        Updater::configure(self.disk.clone(), self.machine.clone(), line, config).unwrap()
    }

    pub(super) fn device(&self) -> Device {
        self.device_with(self.config())
    }

    /// A new process that has started.
    pub(super) fn start(&self, process: u32, exits: &[(u32, Exit)]) -> (Device, Boot) {
        let device = self.device();
        let exits = exits.to_vec();
        let boot = device.begin_boot(&StartFacts { process, exits });
        (device, boot)
    }

    /// The server offers a patch that gives this library.
    pub(super) fn offer(&self, number: u64, library: &[u8]) {
        let patch = made::patch_to(library);
        let mut server = self.server();
        server.answer = answer(number, library, "");
        server.patch = patch;
        server.etag = Some("\"1\"".to_owned());
    }

    /// Starts, installs, and ends.
    pub(super) fn install(&self, number: u64, library: &[u8]) {
        self.offer(number, library);
        let (device, _) = self.start(1, &[]);
        let updated = update(&device).unwrap();
        assert!(
            matches!(updated.outcome, Outcome::Installed { .. }),
            "{updated:?}"
        );
    }

    /// Starts, is well, and ends.
    pub(super) fn prove(&self) {
        let (device, boot) = self.start(2, &[]);
        device.report_healthy(&boot.id).unwrap();
    }
}

pub(super) fn answer(number: u64, library: &[u8], more: &str) -> String {
    let hash = hex::encode(Sha256::digest(library));
    format!(
        r#"{{"patch_available":true,"patch":{{"number":{number},"hash":"{hash}","download_url":"https://cdn.example/{number}"}}{more}}}"#
    )
}

pub(super) fn id(library: &[u8]) -> GenerationId {
    let hash = Sha256::digest(library).into();
    GenerationId::of_files([("libapp.so", &hash)])
}

pub(super) fn update(device: &Device) -> Result<Updated, UpdateError> {
    device.update(&Cancel::new(), &mut |_| {})
}

/// The number of the patch that boots, 0 for the bundled release.
pub(super) fn number(boot: &Boot) -> u64 {
    match boot.what {
        Booted::Bundled => 0,
        Booted::Generation { number, .. } => number,
    }
}

pub(super) fn notices(boot: &Boot) -> Vec<&'static str> {
    boot.notices.iter().map(crate::Notice::id).collect()
}
