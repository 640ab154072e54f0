//! The flags of `patchproof serve`, each with its variable.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::BoolishValueParser;

use crate::settings::LogFormat;

/// Serves patches to devices, and takes them from developers, until it is told to stop.
#[derive(Clone, Default, clap::Args)]
#[command(after_help = "\
Examples:
  patchproof serve --example
  patchproof serve --config /etc/patchproof/serve.toml
  patchproof serve --listen 0.0.0.0:8080 --public-url https://updates.example.com --trust-proxy
  patchproof serve --database postgres://patchproof@db/patchproof --blobs s3://patches/app

Everything is kept under --data: a SQLite database and a folder of files, unless --database and
--blobs name others. At the first start a token of an administrator is written to DATA/admin.token.
Each flag is also a key of the file of --config, and has a variable. A flag goes before its
variable, and that before the file. SIGTERM or Ctrl-C lets what is in progress end.

docs/self-hosting.md has TLS, backups, PostgreSQL, S3, CDNs, keys and upgrades.")]
#[non_exhaustive]
pub struct ServeArgs {
    /// A TOML file with the same names as the flags; flags and variables go before it
    #[arg(long, value_name = "FILE", env = "PATCHPROOF_CONFIG")]
    pub config: Option<PathBuf>,
    /// Where to listen [default: 127.0.0.1:8080]
    #[arg(long, value_name = "ADDRESS:PORT", env = "PATCHPROOF_LISTEN")]
    pub listen: Option<SocketAddr>,
    /// The folder of everything that the server keeps [default: patchproof-data]
    #[arg(long, value_name = "DIR", env = "PATCHPROOF_DATA")]
    pub data: Option<PathBuf>,
    /// postgres://USER:PASSWORD@HOST/NAME or sqlite:FILE [default: a SQLite file under --data]
    #[arg(
        long,
        value_name = "URL",
        env = "PATCHPROOF_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// A folder or s3://BUCKET/PREFIX; keys of S3 come from AWS_* [default: a folder under --data]
    #[arg(long, value_name = "URL", env = "PATCHPROOF_BLOBS")]
    pub blobs: Option<String>,
    /// The address of an S3-compatible store that is not Amazon's
    #[arg(long, value_name = "URL", env = "PATCHPROOF_BLOBS_ENDPOINT")]
    pub blobs_endpoint: Option<String>,
    /// What devices and developers call this server [default: http://ADDRESS:PORT, on loopback]
    #[arg(long, value_name = "URL", env = "PATCHPROOF_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Sign channel statements with this private key, for apps whose root names it; may be given
    /// again
    #[arg(
        long = "channel-key",
        value_name = "FILE",
        env = "PATCHPROOF_CHANNEL_KEY"
    )]
    pub channel_keys: Vec<PathBuf>,
    /// The passphrase of the channel keys is the first line of this file. Without it: the variable
    /// PATCHPROOF_PASSPHRASE
    #[arg(long, value_name = "FILE", env = "PATCHPROOF_PASSPHRASE_FILE")]
    pub passphrase_file: Option<PathBuf>,
    /// Take channel keys without a passphrase too
    #[arg(long, value_name = "BOOL", env = "PATCHPROOF_UNENCRYPTED", num_args = 0..=1,
        require_equals = true, default_missing_value = "true",
        value_parser = BoolishValueParser::new())]
    pub unencrypted: Option<bool>,
    /// For how many hours a channel document without a nonce is good, 1 to 744 [default: 168]
    #[arg(long, value_name = "HOURS", env = "PATCHPROOF_DOCUMENT_HOURS")]
    pub document_hours: Option<u64>,
    /// Take a client's address from the last entry of X-Forwarded-For: only behind a proxy that
    /// sets it
    #[arg(long, value_name = "BOOL", env = "PATCHPROOF_TRUST_PROXY", num_args = 0..=1,
        require_equals = true, default_missing_value = "true",
        value_parser = BoolishValueParser::new())]
    pub trust_proxy: Option<bool>,
    /// Requests of devices from one address in a second, 0 for no limit [default: 200]
    #[arg(long, value_name = "N", env = "PATCHPROOF_DEVICE_RATE")]
    pub device_rate: Option<u32>,
    /// Requests of developers from one address in a second, 0 for no limit [default: 50]
    #[arg(long, value_name = "N", env = "PATCHPROOF_DEVELOPER_RATE")]
    pub developer_rate: Option<u32>,
    /// Connections that are held open at once; more wait [default: 10000]
    #[arg(long, value_name = "N", env = "PATCHPROOF_CONNECTIONS_MAX")]
    pub connections_max: Option<usize>,
    /// How long a client may take for the head of a request, and be idle before it, in seconds
    /// [default: 60]
    #[arg(long, value_name = "SECONDS", env = "PATCHPROOF_HEAD_SECONDS")]
    pub head_seconds: Option<u64>,
    /// How long a body may stand still, in seconds [default: 30]
    #[arg(long, value_name = "SECONDS", env = "PATCHPROOF_BODY_SECONDS")]
    pub body_seconds: Option<u64>,
    /// How long requests in progress may take once the server is told to stop [default: 30]
    #[arg(long, value_name = "SECONDS", env = "PATCHPROOF_STOP_SECONDS")]
    pub stop_seconds: Option<u64>,
    /// The largest file that is taken, in bytes [default: 1073741824]
    #[arg(long, value_name = "BYTES", env = "PATCHPROOF_UPLOAD_BYTES_MAX")]
    pub upload_bytes_max: Option<u64>,
    /// How log lines look [default: text]
    #[arg(long, value_enum, env = "PATCHPROOF_LOG_FORMAT")]
    pub log_format: Option<LogFormat>,
    /// What is logged: a level, or levels of single parts [default: info]
    #[arg(long, value_name = "FILTER", env = "PATCHPROOF_LOG")]
    pub log: Option<String>,
    /// Make the app `com.example.app` and write a publisher's token to DATA/example.token
    #[arg(long, value_name = "BOOL", env = "PATCHPROOF_EXAMPLE", num_args = 0..=1,
        require_equals = true, default_missing_value = "true",
        value_parser = BoolishValueParser::new())]
    pub example: Option<bool>,
}

/// Without what is secret: a database's URL may hold a password.
impl std::fmt::Debug for ServeArgs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ServeArgs")
            .field("config", &self.config)
            .field("listen", &self.listen)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}
