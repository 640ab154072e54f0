//! What statements are made of.

use patchproof_trust::{Digest, Download, FileName, Release, ReleaseRules, Text, Word};

use crate::phone::{Library, version};

/// A release as statements call it.
///
/// # Panics
/// Never.
#[must_use]
pub fn release(number: u8) -> Release {
    Release {
        abi: word("arm64-v8a"),
        base_sha256: Digest::of(&Library::base(number).bytes),
        platform: word("android"),
        version: word(&version(number)),
    }
}

/// What a root says of release 0.
#[must_use]
pub fn rules(minimum_number: u64, revoked: &[Digest]) -> Vec<ReleaseRules> {
    vec![ReleaseRules {
        minimum_number,
        release: release(0),
        revoked: revoked.iter().copied().collect(),
    }]
}

/// What a statement says of the patch that gives a library over another one.
///
/// # Panics
/// Never.
#[must_use]
pub fn delta_of(from: &Library, library: &Library) -> Download {
    let delta = library.delta_from(from);
    Download {
        codec: word("zstd"),
        container: word("shorebird"),
        from_sha256: Some(Digest::of(&from.bytes)),
        makes: FileName::new("libapp.so").expect("a file name"),
        sha256: Digest::of(&delta),
        size_bytes: wide(delta.len()),
    }
}

/// The SHA-256 of an envelope's payload.
///
/// # Panics
/// If it is no envelope of ours.
#[must_use]
pub fn name_of(envelope: &[u8]) -> Digest {
    let envelope: serde_json::Value = serde_json::from_slice(envelope).expect("an envelope");
    let payload = envelope
        .get("payload")
        .and_then(serde_json::Value::as_str)
        .expect("a payload");
    let payload = data_encoding::BASE64.decode(payload.as_bytes());
    Digest::of(&payload.expect("base64"))
}

pub(super) fn word(word: &str) -> Word {
    Word::new(word).expect("a word")
}

pub(super) fn text(text: &str) -> Text {
    Text::new(text).expect("a text")
}

pub(super) fn wide(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
