//! The way into the database: which one, and how each connection is set up.

use std::borrow::Cow;
use std::fmt;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use sqlx::any::{AnyPoolOptions, install_default_drivers};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyPool, Executor as _, SqlStr};
use tokio::sync::broadcast;

use super::StoreError;
use super::events::EventQueue;
use super::writing::Writers;

/// The store. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    pub(super) inner: Arc<Inner>,
}

pub(super) struct Inner {
    pub(super) pool: AnyPool,
    pub(super) at: DatabaseUrl,
    pub(super) writers: Writers,
    /// The ids of apps that this process changed.
    pub(super) changed: broadcast::Sender<Arc<str>>,
    pub(super) events: EventQueue,
}

/// Which database.
#[derive(Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "two are spoken to")]
pub enum DatabaseUrl {
    /// A file of SQLite, made where there is none.
    Sqlite(PathBuf),
    /// The URL of a PostgreSQL, with all that is needed to enter.
    Postgres(String),
}

impl Store {
    /// Opens the database and brings its tables to this version.
    ///
    /// # Errors
    ///
    /// Where it cannot be reached, or its tables are those of a newer server.
    pub async fn connect(at: &DatabaseUrl) -> Result<Self, StoreError> {
        install_default_drivers();
        if let DatabaseUrl::Sqlite(file) = at {
            made(file).map_err(sqlx::Error::Io)?;
        }
        let pool = options(at).connect(&at.url()).await?;
        migrations(at).run(&pool).await?;
        let writers = Writers {
            pool: pool.clone(),
            gate: at.is_sqlite().then(Arc::default),
        };
        let inner = Inner {
            pool,
            at: at.clone(),
            events: EventQueue::start(writers.clone()),
            writers,
            changed: broadcast::channel(NOTIFICATIONS).0,
        };
        Ok(Self {
            inner: Arc::new(inner),
        })
    }

    /// Whether the database answers.
    ///
    /// # Errors
    ///
    /// Where it does not.
    pub async fn ready(&self) -> Result<(), StoreError> {
        sqlx::query("SELECT 1").execute(&self.inner.pool).await?;
        Ok(())
    }

    /// Closes every connection, once nobody uses it.
    pub async fn close(&self) {
        self.inner.pool.close().await;
    }
}

impl DatabaseUrl {
    fn url(&self) -> String {
        match self {
            Self::Sqlite(file) => format!("sqlite://{}?mode=rwc", escaped(file)),
            Self::Postgres(url) => url.clone(),
        }
    }

    pub(super) const fn is_sqlite(&self) -> bool {
        matches!(self, Self::Sqlite(_))
    }
}

impl FromStr for DatabaseUrl {
    type Err = StoreError;

    fn from_str(text: &str) -> Result<Self, StoreError> {
        let file = ["sqlite://", "sqlite:"]
            .iter()
            .find_map(|scheme| text.strip_prefix(scheme));
        match file {
            Some("" | ":memory:") => Err(StoreError::Url {
                why: "the database URL names no file".to_owned(),
            }),
            Some(file) => Ok(Self::Sqlite(file.into())),
            None if text.starts_with("postgres://") || text.starts_with("postgresql://") => {
                Ok(Self::Postgres(text.to_owned()))
            }
            None => Err(StoreError::Url {
                why: "the database URL is of no known kind".to_owned(),
            }),
        }
    }
}

/// Without the password: this goes into logs.
impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(file) => write!(f, "sqlite:{}", file.display()),
            Self::Postgres(url) => {
                let place = url.rsplit_once('@').map_or("", |(_, place)| place);
                write!(f, "postgres://{}", place.split('?').next().unwrap_or(""))
            }
        }
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Store").field(&self.inner.at).finish()
    }
}

/// What brings the tables to this version, from any older one. One that was run is never changed.
fn migrations(at: &DatabaseUrl) -> Migrator {
    let all = match at {
        DatabaseUrl::Sqlite(_) => [(
            1,
            "tables",
            include_str!("../../migrations/sqlite/0001_tables.sql"),
        )],
        DatabaseUrl::Postgres(_) => [(
            1,
            "tables",
            include_str!("../../migrations/postgres/0001_tables.sql"),
        )],
    };
    let migration = |(version, description, sql)| {
        let (description, sql) = (Cow::Borrowed(description), SqlStr::from_static(sql));
        Migration::new(version, description, MigrationType::Simple, sql, false)
    };
    Migrator::with_migrations(all.map(migration).into())
}

/// Makes the file of a database where there is none, for its owner alone. SQLite makes the files
/// beside it like it.
fn made(file: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true).mode(0o600);
    options.open(file).map(drop)
}

fn options(at: &DatabaseUrl) -> AnyPoolOptions {
    let options = AnyPoolOptions::new()
        .max_connections(CONNECTIONS)
        .acquire_timeout(ACQUIRE);
    if !at.is_sqlite() {
        return options;
    }
    options.after_connect(|connection, _| {
        Box::pin(async move {
            for pragma in PRAGMAS {
                connection.execute(pragma).await?;
            }
            Ok(())
        })
    })
}

/// A path within a URL: every byte that could mean something there is escaped.
fn escaped(file: &Path) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"/._-".contains(byte);
    let escape = |byte: u8| match plain(&byte) {
        true => char::from(byte).to_string(),
        false => format!("%{byte:02X}"),
    };
    file.as_os_str()
        .as_encoded_bytes()
        .iter()
        .copied()
        .map(escape)
        .collect()
}

const CONNECTIONS: u32 = 16;
const ACQUIRE: Duration = Duration::from_secs(10);
/// More than can wait while a view is read; who misses some is told by the poll.
const NOTIFICATIONS: usize = 1024;
/// `FULL` syncs the log before a commit returns: what was acknowledged outlives a power cut.
const PRAGMAS: [&str; 4] = [
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",
    "PRAGMA foreign_keys = ON",
];
