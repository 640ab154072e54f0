//! Whether a missing artefact may be fetched.

use std::ffi::OsStr;

/// Whether a missing artefact may be fetched.
#[expect(clippy::exhaustive_enums, reason = "a switch has two positions")]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Network {
    /// Fetch what is missing.
    Allowed,
    /// What is missing is an error.
    Offline,
}

impl Network {
    /// What `PATCHPROOF_OFFLINE` says: anything but unset, empty, `0` or `false` forbids fetching.
    #[must_use]
    pub fn from_env() -> Self {
        Self::from_value(std::env::var_os("PATCHPROOF_OFFLINE").as_deref())
    }

    fn from_value(value: Option<&OsStr>) -> Self {
        match value.map(OsStr::to_string_lossy).as_deref() {
            None | Some("" | "0" | "false") => Self::Allowed,
            Some(_) => Self::Offline,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_said_no_forbids_the_network() {
        for (value, expected) in [
            (None, Network::Allowed),
            (Some(""), Network::Allowed),
            (Some("0"), Network::Allowed),
            (Some("false"), Network::Allowed),
            (Some("1"), Network::Offline),
            (Some("yes"), Network::Offline),
        ] {
            assert_eq!(
                Network::from_value(value.map(OsStr::new)),
                expected,
                "{value:?}"
            );
        }
    }
}
