//! What runs below the servers under test: started once, when the first trial asks for it.

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use libtest_mimic::Failed;
use patchproof_testkit::phone::publisher::Publisher;
use patchproof_tests::servers::{Postgres, S3, Serve, Setup};
use patchproof_trust::write_plain_pem;
use tempfile::TempDir;

use crate::world::World;

/// What a server keeps things in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Backend {
    SqliteAndFolder,
    PostgresAndS3,
}

impl Backend {
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::SqliteAndFolder => "sqlite_and_a_folder",
            Self::PostgresAndS3 => "postgresql_and_s3",
        }
    }
}

/// Started at most once; why it did not start is told to everybody who asks.
struct Once<T>(Mutex<Option<Result<Arc<T>, String>>>);

impl<T> Default for Once<T> {
    fn default() -> Self {
        Self(Mutex::new(None))
    }
}

impl<T> Once<T> {
    fn of(&self, start: impl FnOnce() -> Result<T, Failed>) -> Result<Arc<T>, Failed> {
        let mut there = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let started = there.get_or_insert_with(|| {
            let started = start().map(Arc::new);
            started.map_err(|failed| failed.message().unwrap_or("it did not start").to_owned())
        });
        Ok(started.clone()?)
    }
}

/// Everything that is shared. Servers end before what they stand on.
#[derive(Default)]
pub(crate) struct Stage {
    on_folder: Once<World>,
    on_postgres: Once<World>,
    postgres: Once<Postgres>,
    s3: Once<S3>,
    keys: Once<TempDir>,
    schemathesis: Once<PathBuf>,
    buckets: AtomicU32,
}

/// One trial's place: a backend of the stage.
#[derive(Clone)]
pub(crate) struct Stand {
    stage: Arc<Stage>,
    backend: Backend,
}

impl Stand {
    pub(crate) fn new(stage: &Arc<Stage>, backend: Backend) -> Self {
        let stage = Arc::clone(stage);
        Self { stage, backend }
    }

    /// The server of this backend that all trials share, each with apps of its own.
    pub(crate) fn world(&self) -> Result<Arc<World>, Failed> {
        let world = match self.backend {
            Backend::SqliteAndFolder => &self.stage.on_folder,
            Backend::PostgresAndS3 => &self.stage.on_postgres,
        };
        world.of(|| World::on(self.fresh()?))
    }

    /// A server of its own, over an empty database and an empty store.
    pub(crate) fn fresh(&self) -> Result<Serve, Failed> {
        self.with_channel_key(self.setup()?)?.start()
    }

    /// How such a server is started; without the channel key. Twice started, two servers share it.
    pub(crate) fn setup(&self) -> Result<Setup, Failed> {
        let setup = Setup::of(env!("CARGO_BIN_EXE_patchproof_under_test"))
            .with("--device-rate", "0")
            .with("--developer-rate", "0")
            .with("--stop-seconds", "5");
        if self.backend == Backend::SqliteAndFolder {
            return Ok(setup);
        }
        let (postgres, s3) = (self.postgres()?, self.s3()?);
        let number = self.stage.buckets.fetch_add(1, Ordering::Relaxed);
        Ok(setup
            .with("--database", postgres.database()?)
            .with("--blobs", s3.bucket(&format!("bucket-{number}"))?)
            .within(s3.environment()))
    }

    /// The same with the key of every app's channel role.
    pub(crate) fn with_channel_key(&self, setup: Setup) -> Result<Setup, Failed> {
        let keys = self.stage.keys.of(|| {
            let folder = tempfile::tempdir()?;
            let pem = write_plain_pem(&Publisher::new().key("channel-1"))?;
            // A server takes no key that others can read.
            let mut file = OpenOptions::new();
            let file = file.write(true).create_new(true).mode(0o600);
            let mut file = file.open(folder.path().join(CHANNEL_KEY))?;
            file.write_all(pem.as_bytes())?;
            Ok(folder)
        })?;
        let key = keys.path().join(CHANNEL_KEY).display().to_string();
        let mut setup = setup.with("--channel-key", key);
        setup.args.push("--unencrypted".to_owned());
        Ok(setup)
    }

    /// The program that makes requests up; installed where it is not there.
    pub(crate) fn schemathesis(&self) -> Result<Arc<PathBuf>, Failed> {
        self.stage.schemathesis.of(crate::fuzzed::install)
    }

    fn postgres(&self) -> Result<Arc<Postgres>, Failed> {
        self.stage.postgres.of(Postgres::start)
    }

    fn s3(&self) -> Result<Arc<S3>, Failed> {
        self.stage.s3.of(S3::start)
    }
}

const CHANNEL_KEY: &str = "channel.pem";
