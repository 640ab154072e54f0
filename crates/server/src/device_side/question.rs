//! What a device asks, read so that clients of any age are understood.
//!
//! Fields that are not known are passed over, names of platforms and architectures are any text.
//! What is there has to be what it is called.

use std::borrow::Cow;

use patchproof_trust::Nonce;
use serde::Deserialize;

use crate::device_side::hashes;
use crate::http::Fault;

/// A question, with the parts of it that decide the answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question<'a> {
    pub(super) app_id: Cow<'a, str>,
    pub(super) channel: Cow<'a, str>,
    pub(super) release_version: Cow<'a, str>,
    pub(super) platform: Cow<'a, str>,
    pub(super) arch: Cow<'a, str>,
    /// Missing in a device that decides itself which rollouts reach it.
    pub(super) client_id: Option<Cow<'a, str>>,
    /// Shorebird's old field: only higher numbers are of use.
    pub(super) above: u64,
    /// What runs, of a device of ours.
    pub(super) runs: Option<[u8; 32]>,
    /// Of a device that believes signed statements alone.
    pub(super) signed: Option<Signed>,
}

/// What a signed answer is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Signed {
    pub(super) release_sha256: [u8; 32],
    pub(super) nonce: Nonce,
}

impl<'a> Question<'a> {
    /// Reads the body of a check.
    ///
    /// # Errors
    ///
    /// What about it is malformed.
    pub(super) fn read(body: &'a [u8]) -> Result<Self, Fault> {
        let wire: Wire<'a> = object(body)?;
        let runs = wire.patchproof_runs_sha256.as_deref();
        Ok(Self {
            app_id: wire.app_id,
            channel: wire.channel.unwrap_or(Cow::Borrowed(CHANNEL)),
            release_version: wire.release_version,
            platform: wire.platform,
            arch: wire.arch,
            client_id: wire.client_id,
            above: wire.patch_number.unwrap_or(0),
            runs: runs
                .map(|text| hash("patchproof_runs_sha256", text))
                .transpose()?,
            signed: wire.patchproof.map(signed).transpose()?,
        })
    }
}

/// An object of these fields. Serde alone would take an array of their values for one too.
pub(super) fn object<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<T, Fault> {
    let first = body.iter().find(|byte| !byte.is_ascii_whitespace());
    if first != Some(&b'{') {
        return Err(Fault::bad_request(
            "the body is no JSON object; see docs/formats/shorebird-protocol.md",
        ));
    }
    serde_json::from_slice(body).map_err(|error| {
        Fault::bad_request(format!("the body is not one of the protocol: {error}"))
    })
}

#[derive(Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    app_id: Cow<'a, str>,
    #[serde(default, borrow)]
    channel: Option<Cow<'a, str>>,
    #[serde(borrow)]
    release_version: Cow<'a, str>,
    #[serde(borrow)]
    platform: Cow<'a, str>,
    #[serde(borrow)]
    arch: Cow<'a, str>,
    #[serde(default, borrow)]
    client_id: Option<Cow<'a, str>>,
    #[serde(default)]
    patch_number: Option<u64>,
    #[serde(default, borrow)]
    patchproof_runs_sha256: Option<Cow<'a, str>>,
    #[serde(default, borrow)]
    patchproof: Option<WireSigned<'a>>,
}

#[derive(Deserialize)]
struct WireSigned<'a> {
    #[serde(borrow)]
    release_sha256: Cow<'a, str>,
    #[serde(borrow)]
    nonce: Cow<'a, str>,
}

fn signed(wire: WireSigned<'_>) -> Result<Signed, Fault> {
    Ok(Signed {
        release_sha256: hash("patchproof.release_sha256", &wire.release_sha256)?,
        nonce: Nonce::of_bytes(hash("patchproof.nonce", &wire.nonce)?),
    })
}

fn hash(field: &'static str, text: &str) -> Result<[u8; 32], Fault> {
    hashes::read(text).ok_or_else(|| {
        let found = text.chars().count();
        Fault::bad_request(format!(
            "`{field}` has {found} characters that are no hash; expected 64 lower-case \
             hexadecimal digits"
        ))
    })
}

/// Whoever names no channel is on the one that everybody is on.
const CHANNEL: &str = "stable";

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = r#"{"app_id":"a","channel":"stable","release_version":"1.0+1",
        "patch_number":2,"platform":"android","arch":"aarch64"}"#;

    fn status(body: &str) -> u16 {
        Question::read(body.as_bytes()).unwrap_err().status.as_u16()
    }

    #[test]
    fn old_and_new_clients_are_understood_and_what_they_add() {
        let question = Question::read(OLD.as_bytes()).unwrap();
        assert_eq!((question.above, question.client_id), (2, None));
        let new = r#"{"app_id":"a","release_version":"1","platform":"fuchsia","arch":"riscv64",
            "client_id":"me","current_patch_number":7,"module_version":"x","x":{"y":[1]}}"#;
        let question = Question::read(new.as_bytes()).unwrap();
        assert_eq!(question.client_id.as_deref(), Some("me"));
        assert_eq!(
            (&*question.channel, &*question.platform),
            ("stable", "fuchsia")
        );
        assert_eq!(question.above, 0);
    }

    #[test]
    fn escapes_and_nulls_are_read() {
        let body = r#"{"app_id":"\u0061","channel":null,"release_version":"1","platform":"p",
            "arch":"x","client_id":null,"patch_number":null,"patchproof":null}"#;
        let question = Question::read(body.as_bytes()).unwrap();
        assert_eq!((&*question.app_id, question.signed), ("a", None));
    }

    #[test]
    fn what_is_malformed_is_the_devices_fault() {
        for body in [
            "",
            "[]",
            "7",
            "{}",
            "{\"app_id\":",
            &OLD.replace("2,", "-2,"),
        ] {
            assert_eq!(status(body), 400, "{body}");
        }
        let twice = OLD.replace("\"app_id\":\"a\",", "\"app_id\":\"a\",\"app_id\":\"a\",");
        assert_eq!(status(&twice), 400);
        assert_eq!(status(r#"["a","stable","1","android","aarch64"]"#), 400);
    }

    #[test]
    fn hashes_have_their_one_form() {
        let body = |more: &str| OLD.replace("\"patch_number\":2", more);
        let good = format!("\"patchproof_runs_sha256\":\"{}\"", "0a".repeat(32));
        let body_good = body(&good);
        assert_eq!(
            Question::read(body_good.as_bytes()).unwrap().runs,
            Some([10; 32])
        );
        assert_eq!(status(&body("\"patchproof_runs_sha256\":\"0A\"")), 400);
        let signed = format!(
            "\"patchproof\":{{\"release_sha256\":\"{}\",\"nonce\":\"x\",\"root_version\":1}}",
            "0a".repeat(32)
        );
        assert_eq!(status(&body(&signed)), 400);
    }
}
