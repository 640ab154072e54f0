//! The patch in an answer.

use serde::Deserialize;
use serde_json::Value;

use crate::WebUrl;
use crate::answer::{AnswerError, not_zero, object};
use crate::object::Object;

/// A patch that a server offers.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Offer {
    /// Its number within the release; never 0.
    pub number: u64,
    /// SHA-256 of what it inflates to.
    pub sha256: [u8; 32],
    /// Where it lies.
    pub download_url: WebUrl,
    /// Base64 of the signature over the hash's text, where the publisher signs; as it came.
    pub hash_signature: Option<String>,
    /// SHA-256 of the library that the download is made against. None where the server does not say
    /// it, or was not told what runs: then it is the release's.
    pub from_sha256: Option<[u8; 32]>,
    /// How long the download is, where the server says it.
    pub size_bytes: Option<u64>,
    /// What the publisher says of it to whoever uses the app; at most [`NOTES_BYTES_MAX`] long, cut
    /// between two characters.
    pub notes: Option<String>,
    /// Whether the publisher asks that the app does not go on without it.
    pub force_update: bool,
}

/// What is wrong with a hash.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HashFault {
    /// `#`, which old servers sent in place of a hash: with it nothing could be checked.
    #[error("found `#`, the place holder of old servers, with which nothing can be checked")]
    PlaceHolder,
    /// Another length.
    #[error("expected 64 hexadecimal digits, found {found_bytes} bytes")]
    Length {
        /// Bytes of the text.
        found_bytes: usize,
    },
    /// Something but digits.
    #[error("expected hexadecimal digits alone")]
    Digits,
}

#[derive(Deserialize)]
struct Tail<P> {
    #[serde(default = "none")]
    patch: Option<Object<P>>,
}

#[derive(Deserialize)]
struct Patch {
    number: u64,
    hash: String,
    download_url: String,
    #[serde(default)]
    hash_signature: Option<String>,
    /// Other servers may mean something else by these two; their patches are taken all the same.
    #[serde(default)]
    notes: Option<Value>,
    #[serde(default)]
    force_update: Option<Value>,
}

#[derive(Deserialize)]
struct OfOurs {
    #[serde(default)]
    patchproof: Option<Object<Made>>,
}

#[derive(Deserialize)]
struct Made {
    from_sha256: String,
    #[serde(default)]
    size_bytes: Option<u64>,
}

const fn none<P>() -> Option<Object<P>> {
    None
}

/// The patch of an answer that says there is one.
pub(crate) fn offer(answer: &[u8], said_what_runs: bool) -> Result<Offer, AnswerError> {
    let patch: Patch = patch_of(answer)?;
    let signature_bytes = patch.hash_signature.as_ref().map_or(0, String::len);
    if signature_bytes > SIGNATURE_BYTES_MAX {
        return Err(AnswerError::SignatureTooLong {
            found_bytes: signature_bytes,
        });
    }
    let made = match said_what_runs {
        true => patch_of::<OfOurs>(answer)?.patchproof,
        false => None,
    };
    let (from_sha256, size_bytes) = match made {
        Some(Object(made)) => {
            let from_sha256 = sha256(&made.from_sha256).map_err(AnswerError::From)?;
            (
                Some(from_sha256),
                made.size_bytes.filter(|bytes| *bytes > 0),
            )
        }
        None => (None, None),
    };
    Ok(Offer {
        number: not_zero(patch.number, "patch.number")?,
        sha256: sha256(&patch.hash).map_err(AnswerError::Hash)?,
        download_url: WebUrl::parse(&patch.download_url).map_err(AnswerError::Url)?,
        hash_signature: patch.hash_signature,
        from_sha256,
        size_bytes,
        notes: notes(patch.notes),
        force_update: patch.force_update == Some(Value::Bool(true)),
    })
}

fn patch_of<P: serde::de::DeserializeOwned>(answer: &[u8]) -> Result<P, AnswerError> {
    let tail: Tail<P> = object(answer)?;
    let Some(Object(patch)) = tail.patch else {
        return Err(AnswerError::NoPatch);
    };
    Ok(patch)
}

fn notes(found: Option<Value>) -> Option<String> {
    let Some(Value::String(mut text)) = found else {
        return None;
    };
    text.truncate(text.floor_char_boundary(NOTES_BYTES_MAX));
    Some(text).filter(|text| !text.is_empty())
}

fn sha256(text: &str) -> Result<[u8; 32], HashFault> {
    if text == "#" {
        return Err(HashFault::PlaceHolder);
    }
    let mut bytes = [0; 32];
    if text.len() != 2 * bytes.len() {
        return Err(HashFault::Length {
            found_bytes: text.len(),
        });
    }
    hex::decode_to_slice(text, &mut bytes).map_err(|_| HashFault::Digits)?;
    Ok(bytes)
}

/// The longest notes that a device passes on, in bytes.
pub const NOTES_BYTES_MAX: usize = 4 << 10;

/// An RSA key of 16,384 bits signs in 2,732 bytes of base64.
pub(crate) const SIGNATURE_BYTES_MAX: usize = 4096;

#[cfg(test)]
#[path = "offer_tests.rs"]
mod tests;
