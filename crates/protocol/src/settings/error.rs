//! Why settings are not taken.

use crate::WebUrlError;

use super::SETTINGS_BYTES_MAX;

/// Why a `shorebird.yaml` is not taken; who wrote it is at fault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// Too long.
    #[error("shorebird.yaml has {found_bytes} bytes, expected at most {SETTINGS_BYTES_MAX}")]
    TooLong {
        /// How long.
        found_bytes: usize,
    },
    /// Not YAML, a key twice, or more nesting or repetition than settings have.
    #[error("shorebird.yaml cannot be read: {why}")]
    Malformed {
        /// What the parser says, with line and column where it knows them.
        why: String,
    },
    /// No app is named.
    #[error("shorebird.yaml: expected the key `app_id` with the app's id, found no such key")]
    NoAppId,
    /// A value is not what its key asks for.
    #[error("shorebird.yaml: `{key}`: expected {expected}, found {found}")]
    Value {
        /// At which key.
        key: &'static str,
        /// What is expected there.
        expected: &'static str,
        /// What stands there.
        found: String,
    },
    /// The server's address is none that may be asked.
    #[error("shorebird.yaml: `base_url`: {0}")]
    BaseUrl(#[source] WebUrlError),
}
