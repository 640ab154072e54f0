//! The settings file: TOML, with the names of the flags.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::settings::{LogFormat, SettingsError};

/// What a settings file says. A name that no flag has is an error.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct FileSettings {
    pub(super) listen: Option<SocketAddr>,
    pub(super) data: Option<PathBuf>,
    pub(super) database: Option<String>,
    pub(super) blobs: Option<String>,
    pub(super) blobs_endpoint: Option<String>,
    pub(super) public_url: Option<String>,
    #[serde(default)]
    pub(super) channel_key: Vec<PathBuf>,
    pub(super) passphrase_file: Option<PathBuf>,
    pub(super) unencrypted: Option<bool>,
    pub(super) document_hours: Option<u64>,
    pub(super) trust_proxy: Option<bool>,
    pub(super) device_rate: Option<u32>,
    pub(super) developer_rate: Option<u32>,
    pub(super) connections_max: Option<usize>,
    pub(super) head_seconds: Option<u64>,
    pub(super) body_seconds: Option<u64>,
    pub(super) stop_seconds: Option<u64>,
    pub(super) upload_bytes_max: Option<u64>,
    pub(super) log_format: Option<LogFormat>,
    pub(super) log: Option<String>,
    pub(super) example: Option<bool>,
}

impl FileSettings {
    /// Reads the file, if one is named.
    pub(super) fn read(path: Option<&Path>) -> Result<Self, SettingsError> {
        let Some(path) = path else {
            return Ok(Self::default());
        };
        let text = std::fs::read_to_string(path).map_err(|error| SettingsError::Unreadable {
            path: path.to_path_buf(),
            error,
        })?;
        // A parser's own words quote the line, and a line may hold a database's password.
        toml::from_str(&text).map_err(|error| SettingsError::File {
            path: path.to_path_buf(),
            line: line_of(&text, error.span().map_or(0, |span| span.start)),
            why: error.message().to_owned(),
        })
    }
}

fn line_of(text: &str, offset: usize) -> usize {
    let before = text.as_bytes().get(..offset).unwrap_or_default();
    before.iter().filter(|byte| **byte == b'\n').count() + 1
}
