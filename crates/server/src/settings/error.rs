//! Why a server does not start with what it was told.

use std::io;
use std::path::PathBuf;

/// Whoever starts the server is at fault; the words name the flag, which is also the file's key.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The settings file cannot be read.
    #[error("--config {}: {error}", path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The settings file is no TOML, has a name that no flag has, or a value of another kind.
    #[error("--config {}, line {line}: {why}", path.display())]
    File {
        /// Which.
        path: PathBuf,
        /// Where, from 1 on.
        line: usize,
        /// What the parser says; never the line itself.
        why: String,
    },
    /// Others reach this server, and nobody said under which name.
    #[error(
        "--public-url is needed: the server listens on {listen}, which is not this machine alone, \
         and devices are told where downloads lie. Give the address that devices use, such as \
         https://updates.example.com"
    )]
    NoPublicUrl {
        /// Where it listens.
        listen: std::net::SocketAddr,
    },
    /// The public URL is none that a device asks.
    #[error("--public-url {found}: {why}")]
    PublicUrl {
        /// What was given.
        found: String,
        /// Why a device would not ask it.
        why: String,
    },
    /// Nothing where at least 1 must be.
    #[error("--{flag} is 0; expected 1 or more")]
    Zero {
        /// Which.
        flag: &'static str,
    },
    /// A lifetime that no device takes.
    #[error(
        "--document-hours is {found}; expected 1 to 744: devices refuse what is good for longer \
         than 31 days"
    )]
    DocumentHours {
        /// What was given.
        found: u64,
    },
    /// An endpoint, and blobs that lie elsewhere.
    #[error("--blobs-endpoint is given and --blobs is no s3:// URL; give both, or neither")]
    EndpointWithoutS3,
}
