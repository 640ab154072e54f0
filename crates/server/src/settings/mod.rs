//! What a server is told when it starts: flags over the environment over a file over defaults.

mod args;
mod error;
mod file;
mod public_url;
#[cfg(test)]
mod tests;

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use serde::Deserialize;

pub use self::args::ServeArgs;
pub use self::error::SettingsError;
use self::file::FileSettings;

/// How a server is to run. Every value is checked.
#[derive(Clone)]
#[non_exhaustive]
pub struct Settings {
    /// Where it listens. Port 0 takes a free one.
    pub listen: SocketAddr,
    /// The folder of everything that it keeps.
    pub data: PathBuf,
    /// The database, as it was named. A SQLite file under `data` where it was not. May hold a
    /// password.
    pub database: Option<String>,
    /// The store of blobs, as it was named. A folder under `data` where it was not.
    pub blobs: Option<String>,
    /// Where an S3-compatible store of another make is.
    pub blobs_endpoint: Option<String>,
    /// What others call this server, without a slash at its end. Where it was not named and the
    /// port is 0: see [`Settings::public_url_at`].
    pub public_url: Option<String>,
    /// Files of the keys that sign channel statements.
    pub channel_keys: Vec<PathBuf>,
    /// The file whose first line is the passphrase of these keys.
    pub passphrase_file: Option<PathBuf>,
    /// Whether keys without a passphrase are taken.
    pub unencrypted: bool,
    /// How long a channel document without a nonce is good.
    pub document_lifetime: Duration,
    /// Whether the last entry of `X-Forwarded-For` is the client's address.
    pub trust_proxy: bool,
    /// Requests in a second from one address; none where it is 0.
    pub rates: Rates,
    /// What clients may take of time and room.
    pub limits: Limits,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What is logged, as `tracing`'s filters say it.
    pub log: String,
    /// Whether the example app is made.
    pub example: bool,
}

/// Requests in a second from one address; 0 for no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "two sides, and no third")]
pub struct Rates {
    /// Of devices: checks, events, documents, downloads.
    pub device: u32,
    /// Of developers.
    pub developer: u32,
}

/// What clients may take of time and room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Connections at once.
    pub connections_max: usize,
    /// Until the head of a request is there. A connection without requests is closed after it too.
    pub head: Duration,
    /// Between two pieces of a request's body.
    pub body: Duration,
    /// For requests in progress, once the server stops.
    pub stop: Duration,
    /// The largest file that is taken, in bytes.
    pub upload_bytes_max: u64,
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "for people or for programs")]
pub enum LogFormat {
    /// For people; coloured on a terminal, unless NO_COLOR is set
    #[default]
    Text,
    /// For programs: one object a line
    Json,
}

impl Settings {
    /// Puts together what the command line, the environment and the file say.
    ///
    /// # Errors
    ///
    /// Which flag or which line of the file is at fault, and how to mend it.
    pub fn read(args: ServeArgs) -> Result<Self, SettingsError> {
        let file = FileSettings::read(args.config.as_deref())?;
        let listen = args.listen.or(file.listen).unwrap_or(LISTEN);
        let hours = args.document_hours.or(file.document_hours);
        let settings = Self {
            listen,
            data: args
                .data
                .or(file.data)
                .unwrap_or_else(|| PathBuf::from(DATA)),
            database: args.database.or(file.database),
            blobs: args.blobs.or(file.blobs),
            blobs_endpoint: args.blobs_endpoint.or(file.blobs_endpoint),
            public_url: public_url::read(args.public_url.or(file.public_url), listen)?,
            channel_keys: either(args.channel_keys, file.channel_key),
            passphrase_file: args.passphrase_file.or(file.passphrase_file),
            unencrypted: args.unencrypted.or(file.unencrypted).unwrap_or(false),
            document_lifetime: document_lifetime(hours.unwrap_or(DOCUMENT_HOURS))?,
            trust_proxy: args.trust_proxy.or(file.trust_proxy).unwrap_or(false),
            rates: Rates {
                device: args.device_rate.or(file.device_rate).unwrap_or(DEVICE_RATE),
                developer: args
                    .developer_rate
                    .or(file.developer_rate)
                    .unwrap_or(DEVELOPER_RATE),
            },
            limits: Limits {
                connections_max: at_least_1(
                    "connections-max",
                    args.connections_max.or(file.connections_max),
                    CONNECTIONS_MAX,
                )?,
                head: seconds(
                    "head-seconds",
                    args.head_seconds.or(file.head_seconds),
                    HEAD_SECONDS,
                )?,
                body: seconds(
                    "body-seconds",
                    args.body_seconds.or(file.body_seconds),
                    BODY_SECONDS,
                )?,
                stop: seconds(
                    "stop-seconds",
                    args.stop_seconds.or(file.stop_seconds),
                    STOP_SECONDS,
                )?,
                upload_bytes_max: at_least_1(
                    "upload-bytes-max",
                    args.upload_bytes_max.or(file.upload_bytes_max),
                    UPLOAD_BYTES_MAX,
                )?,
            },
            log_format: args.log_format.or(file.log_format).unwrap_or_default(),
            log: args.log.or(file.log).unwrap_or_else(|| LOG.to_owned()),
            example: args.example.or(file.example).unwrap_or(false),
        };
        settings.checked()
    }

    /// For a server of a test: a free port of this machine, everything under `data`, no limits on
    /// rates.
    #[must_use]
    pub fn local(data: PathBuf) -> Self {
        Self {
            listen: SocketAddr::new(LISTEN.ip(), 0),
            data,
            database: None,
            blobs: None,
            blobs_endpoint: None,
            public_url: None,
            channel_keys: Vec::new(),
            passphrase_file: None,
            unencrypted: false,
            document_lifetime: Duration::from_secs(DOCUMENT_HOURS * HOUR_S),
            trust_proxy: false,
            rates: Rates {
                device: 0,
                developer: 0,
            },
            limits: Limits {
                connections_max: CONNECTIONS_MAX,
                head: Duration::from_secs(HEAD_SECONDS),
                body: Duration::from_secs(BODY_SECONDS),
                stop: Duration::from_secs(STOP_SECONDS),
                upload_bytes_max: UPLOAD_BYTES_MAX,
            },
            log_format: LogFormat::Text,
            log: LOG.to_owned(),
            example: false,
        }
    }

    /// What others call this server, which listens at `address`; without a slash at its end.
    #[must_use]
    pub fn public_url_at(&self, address: SocketAddr) -> String {
        self.public_url
            .clone()
            .unwrap_or_else(|| format!("http://{address}"))
    }

    fn checked(self) -> Result<Self, SettingsError> {
        let is_s3 = self
            .blobs
            .as_deref()
            .is_some_and(|url| url.starts_with("s3://"));
        if self.blobs_endpoint.is_some() && !is_s3 {
            return Err(SettingsError::EndpointWithoutS3);
        }
        Ok(self)
    }
}

/// Without what is secret: a database's URL may hold a password.
impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("listen", &self.listen)
            .field("data", &self.data)
            .field("public_url", &self.public_url)
            .field("limits", &self.limits)
            .field("rates", &self.rates)
            .finish_non_exhaustive()
    }
}

fn either<T>(first: Vec<T>, second: Vec<T>) -> Vec<T> {
    if first.is_empty() { second } else { first }
}

fn document_lifetime(hours: u64) -> Result<Duration, SettingsError> {
    if !(1..=DOCUMENT_HOURS_MAX).contains(&hours) {
        return Err(SettingsError::DocumentHours { found: hours });
    }
    Ok(Duration::from_secs(hours * HOUR_S))
}

fn seconds(
    flag: &'static str,
    found: Option<u64>,
    default: u64,
) -> Result<Duration, SettingsError> {
    at_least_1(flag, found, default).map(Duration::from_secs)
}

fn at_least_1<T: Default + PartialEq>(
    flag: &'static str,
    found: Option<T>,
    default: T,
) -> Result<T, SettingsError> {
    let value = found.unwrap_or(default);
    if value == T::default() {
        return Err(SettingsError::Zero { flag });
    }
    Ok(value)
}

const LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 8080);
const DATA: &str = "patchproof-data";
const DEVICE_RATE: u32 = 200;
const DEVELOPER_RATE: u32 = 50;
const CONNECTIONS_MAX: usize = 10_000;
/// Longer than clients keep a connection that they do not use (`ureq`, and so our publisher, for
/// 15 s): else one is closed as it is used again.
const HEAD_SECONDS: u64 = 60;
const BODY_SECONDS: u64 = 30;
const STOP_SECONDS: u64 = 30;
const UPLOAD_BYTES_MAX: u64 = 1 << 30;
const LOG: &str = "info";
const HOUR_S: u64 = 60 * 60;
const DOCUMENT_HOURS: u64 = 7 * 24;
/// What a device takes at most: 31 days.
const DOCUMENT_HOURS_MAX: u64 = 31 * 24;
