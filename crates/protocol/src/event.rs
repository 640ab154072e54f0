//! What a device tells a server about a patch afterwards.

use serde::{Deserialize, Serialize};

use crate::{Arch, Platform};

/// The body of one report: one key around the event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventBody {
    /// What is told.
    pub event: Event,
}

/// What happened to a patch on a device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Event {
    /// Which app.
    pub app_id: String,
    /// On what it runs.
    pub arch: Arch,
    /// Which installation.
    pub client_id: String,
    /// What happened.
    #[serde(rename = "type")]
    pub kind: EventKind,
    /// To which patch.
    pub patch_number: u64,
    /// Where it runs.
    pub platform: Platform,
    /// Of which release.
    pub release_version: String,
    /// When, in seconds since 1970.
    pub timestamp: u64,
    /// More, in words: at most [`MESSAGE_CHARS_MAX`] characters. Sent as `null` where there are
    /// none.
    #[serde(default)]
    pub message: Option<String>,
}

impl EventBody {
    /// Of an event of `kind` about a patch of the release that `about` is for.
    #[must_use]
    pub fn new(
        about: &crate::CheckRequest,
        kind: EventKind,
        patch_number: u64,
        timestamp_seconds: u64,
        message: Option<&str>,
    ) -> Self {
        Self {
            event: Event {
                app_id: about.app_id.clone(),
                arch: about.arch,
                client_id: about.client_id.clone().unwrap_or_default(),
                kind,
                patch_number,
                platform: about.platform,
                release_version: about.release_version.clone(),
                timestamp: timestamp_seconds,
                message: message.map(|text| within_message(text).to_owned()),
            },
        }
    }

    /// The body to send.
    ///
    /// # Panics
    ///
    /// Never: all its keys are strings.
    #[must_use]
    pub fn to_json(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("our own types have string keys")
    }
}

/// What can happen to a patch, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum EventKind {
    /// It was downloaded.
    #[serde(rename = "__patch_download__")]
    Downloaded,
    /// It started and was well.
    #[serde(rename = "__patch_install__")]
    Installed,
    /// It started and was not.
    #[serde(rename = "__patch_install_failure__")]
    InstallFailed,
    /// It never became ready to start.
    #[serde(rename = "__patch_update_failure__")]
    UpdateFailed,
}

/// The beginning of `text` that an event may carry, cut between two characters.
#[must_use]
pub fn within_message(text: &str) -> &str {
    match text.char_indices().nth(MESSAGE_CHARS_MAX) {
        Some((end, _)) => text.get(..end).unwrap_or(text),
        None => text,
    }
}

/// Where events are told, behind the base URL.
pub const EVENTS_PATH: &str = "/api/v1/patches/events";

/// The longest message, in characters.
pub const MESSAGE_CHARS_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CheckRequest;

    fn body(kind: EventKind, message: Option<&str>) -> String {
        let about = CheckRequest::new("app", "c", "1+1", Platform::Linux, Arch::Aarch64, "me");
        let body = EventBody::new(&about, kind, 4, 1_700_000_000, message);
        String::from_utf8(body.to_json()).expect("UTF-8")
    }

    #[test]
    fn the_body_has_exactly_the_fields_of_shorebird() {
        let expected = concat!(
            r#"{"event":{"app_id":"app","arch":"aarch64","client_id":"me","#,
            r#""type":"__patch_install__","patch_number":4,"platform":"linux","#,
            r#""release_version":"1+1","timestamp":1700000000,"message":null}}"#
        );
        assert_eq!(body(EventKind::Installed, None), expected);
    }

    #[test]
    fn each_kind_has_the_name_that_servers_know() {
        for (kind, name) in [
            (EventKind::Downloaded, "__patch_download__"),
            (EventKind::InstallFailed, "__patch_install_failure__"),
            (EventKind::UpdateFailed, "__patch_update_failure__"),
        ] {
            assert!(
                body(kind, None).contains(&format!(r#""type":"{name}""#)),
                "{name}"
            );
        }
    }

    #[test]
    fn a_long_message_is_cut_between_characters_of_several_bytes() {
        let long = "é€😀x".repeat(100);
        let cut = within_message(&long);
        assert_eq!(cut.chars().count(), MESSAGE_CHARS_MAX);
        assert!(long.starts_with(cut));
        assert!(body(EventKind::InstallFailed, Some(&long)).contains(cut));
    }

    #[test]
    fn a_message_of_the_longest_length_is_whole() {
        let longest = "ß".repeat(MESSAGE_CHARS_MAX);
        assert_eq!(within_message(&longest), longest);
    }
}
