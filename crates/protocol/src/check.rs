//! What a device asks a server: is there a patch?

use serde::{Deserialize, Serialize};

use crate::{Arch, Platform};

/// The question, as Shorebird's servers take it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct CheckRequest {
    /// Which app; of the settings.
    pub app_id: String,
    /// Which channel.
    pub channel: String,
    /// The release's version, such as `1.2.3+4`.
    pub release_version: String,
    /// Where it runs.
    pub platform: Platform,
    /// On what it runs.
    pub arch: Arch,
    /// What this installation calls itself, see [`ClientId`](crate::ClientId). Left out by a device
    /// that decides by itself which rollouts reach it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// The patch that runs now; left out where the bundled release runs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_patch_number: Option<u64>,
    /// SHA-256 of the library that runs, in 64 lower-case hex digits: a patch may be made against
    /// it. Left out where the bundled release runs, by a device that chooses among signed downloads
    /// itself, and by Shorebird's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patchproof_runs_sha256: Option<String>,
    /// What a device of ours asks besides; left out by one that believes no statements.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patchproof: Option<Asked>,
}

/// The part of a question that asks for signed statements.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::exhaustive_structs, reason = "devices fill it in")]
pub struct Asked {
    /// The release, as channel statements are filed: 64 hex digits.
    pub release_sha256: String,
    /// A random number for the answer to repeat: 64 hex digits.
    pub nonce: String,
    /// The newest root that the device knows.
    pub root_version: u64,
}

impl CheckRequest {
    /// The question, for a device that runs the bundled release.
    #[must_use]
    pub fn new(
        app_id: &str,
        channel: &str,
        release_version: &str,
        platform: Platform,
        arch: Arch,
        client_id: &str,
    ) -> Self {
        Self {
            app_id: app_id.to_owned(),
            channel: channel.to_owned(),
            release_version: release_version.to_owned(),
            platform,
            arch,
            client_id: Some(client_id.to_owned()),
            current_patch_number: None,
            patchproof_runs_sha256: None,
            patchproof: None,
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

/// Where it is asked, behind the base URL.
pub const CHECK_PATH: &str = "/api/v1/patches/check";

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> CheckRequest {
        let (platform, arch) = (Platform::Android, Arch::X64);
        CheckRequest::new("app", "stable", "1.0+1", platform, arch, "me")
    }

    #[test]
    fn the_body_has_exactly_the_fields_of_shorebird() {
        let expected = concat!(
            r#"{"app_id":"app","channel":"stable","release_version":"1.0+1","#,
            r#""platform":"android","arch":"x86_64","client_id":"me"}"#
        );
        assert_eq!(
            String::from_utf8(request().to_json()).expect("UTF-8"),
            expected
        );
    }

    #[test]
    fn the_running_patch_is_named_where_one_runs() {
        let mut request = request();
        request.current_patch_number = Some(3);
        let sent: serde_json::Value = serde_json::from_slice(&request.to_json()).expect("JSON");
        assert_eq!(sent["current_patch_number"], 3);
    }

    #[test]
    fn the_running_library_is_named_behind_the_running_patch() {
        let mut request = request();
        request.current_patch_number = Some(3);
        request.patchproof_runs_sha256 = Some("07".repeat(32));
        let sent = String::from_utf8(request.to_json()).expect("UTF-8");
        let expected = format!(
            r#""client_id":"me","current_patch_number":3,"patchproof_runs_sha256":"{}"}}"#,
            "07".repeat(32)
        );
        assert!(sent.ends_with(&expected), "{sent}");
        let read: CheckRequest = serde_json::from_str(&sent).expect("a question");
        assert_eq!(read, request);
    }

    #[test]
    fn a_server_reads_a_question_with_fields_that_it_does_not_know() {
        let asked = concat!(
            r#"{"app_id":"a","channel":"c","release_version":"1","platform":"ios","#,
            r#""arch":"aarch64","client_id":"x","patch_number":7,"module_version":"m"}"#
        );
        let read: CheckRequest = serde_json::from_str(asked).expect("a question");
        assert_eq!(read.current_patch_number, None);
    }
}
