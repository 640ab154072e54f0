//! What a server answers: the patch it offers, and those it takes back.
//!
//! Checking and updating both go by [`CheckAnswer`], so that they cannot disagree on what was
//! offered.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::object::Object;
use crate::{WebUrl, WebUrlError};

/// An answer that can be acted upon.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CheckAnswer {
    /// The patch to have, if there is one. A number that is also taken back may stand here: taking
    /// back wins, and that is the device's to see to.
    pub offer: Option<Offer>,
    /// The numbers of patches that must not run any more; at most [`ROLLED_BACK_MAX`].
    pub rolled_back: BTreeSet<u64>,
}

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
}

impl CheckAnswer {
    /// Reads an answer. Fields that are not known are passed over, and so is a patch where the
    /// answer says that there is none.
    ///
    /// # Errors
    ///
    /// Where it is too large, not an object of the protocol's fields, has one of them twice,
    /// promises a patch and brings none, or brings one that cannot be asked for. All are the
    /// server's fault.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerError> {
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(AnswerError::TooLarge {
                found_bytes: answer.len(),
            });
        }
        let head: Head = object(answer)?;
        Ok(Self {
            rolled_back: rolled_back(head.rolled_back_patch_numbers.unwrap_or_default())?,
            offer: match head.patch_available {
                true => Some(offer(answer)?),
                false => None,
            },
        })
    }
}

/// The channel statement that an answer brings to a device that asked for one, as it came. Nothing
/// else of the answer counts for that device.
///
/// # Errors
///
/// Where the answer is too large, no object, or brings none.
pub fn channel_statement(answer: &[u8]) -> Result<String, AnswerError> {
    if answer.len() > ANSWER_BYTES_MAX {
        return Err(AnswerError::TooLarge {
            found_bytes: answer.len(),
        });
    }
    let signed: Signed = object(answer)?;
    let Some(Object(ours)) = signed.patchproof else {
        return Err(AnswerError::NoStatement);
    };
    Ok(ours.channel_statement)
}

/// Why an answer cannot be acted upon; the server is at fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// Longer than any honest one.
    #[error("the server's answer has {found_bytes} bytes, expected at most {ANSWER_BYTES_MAX}")]
    TooLarge {
        /// How long.
        found_bytes: usize,
    },
    /// Not JSON, a field of another type, one that is missing or there twice.
    #[error("the server's answer is not one of the check protocol: {0}")]
    Malformed(#[source] serde_json::Error),
    /// `patch_available` without a patch.
    #[error("the server's answer says patch_available and has no `patch`")]
    NoPatch,
    /// A device asked for signed words, and none came.
    #[error(
        "the server's answer has no `patchproof.channel_statement`, and this app takes nothing \
            unsigned; is the server Patchproof's?"
    )]
    NoStatement,
    /// A patch has the number 0, which means none.
    #[error("the server's answer has the patch number 0 in `{field}`; expected 1 or more")]
    NumberZero {
        /// Where.
        field: &'static str,
    },
    /// The hash is not a SHA-256.
    #[error("the server's answer has no SHA-256 in `patch.hash`: {0}")]
    Hash(HashFault),
    /// The patch lies where nothing may be fetched from.
    #[error("the server's answer has a `patch.download_url` that is not asked: {0}")]
    Url(#[source] WebUrlError),
    /// A signature longer than any.
    #[error(
        "the server's answer has a `patch.hash_signature` of {found_bytes} bytes, expected at \
            most {SIGNATURE_BYTES_MAX}"
    )]
    SignatureTooLong {
        /// How long.
        found_bytes: usize,
    },
    /// More numbers are taken back than a release can have.
    #[error("the server's answer takes back {found} patches, expected at most {ROLLED_BACK_MAX}")]
    TooManyRolledBack {
        /// How many.
        found: usize,
    },
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
struct Head {
    patch_available: bool,
    #[serde(default)]
    rolled_back_patch_numbers: Option<Vec<u64>>,
}

#[derive(Deserialize)]
struct Signed {
    #[serde(default)]
    patchproof: Option<Object<Ours>>,
}

#[derive(Deserialize)]
struct Ours {
    channel_statement: String,
}

#[derive(Deserialize)]
struct Tail {
    #[serde(default)]
    patch: Option<Object<Patch>>,
}

#[derive(Deserialize)]
struct Patch {
    number: u64,
    hash: String,
    download_url: String,
    #[serde(default)]
    hash_signature: Option<String>,
}

fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, AnswerError> {
    let Object(fields) = serde_json::from_slice(json).map_err(AnswerError::Malformed)?;
    Ok(fields)
}

fn rolled_back(numbers: Vec<u64>) -> Result<BTreeSet<u64>, AnswerError> {
    if numbers.len() > ROLLED_BACK_MAX {
        return Err(AnswerError::TooManyRolledBack {
            found: numbers.len(),
        });
    }
    numbers
        .into_iter()
        .map(|number| not_zero(number, "rolled_back_patch_numbers"))
        .collect()
}

fn offer(answer: &[u8]) -> Result<Offer, AnswerError> {
    let tail: Tail = object(answer)?;
    let Some(Object(patch)) = tail.patch else {
        return Err(AnswerError::NoPatch);
    };
    let signature_bytes = patch.hash_signature.as_ref().map_or(0, String::len);
    if signature_bytes > SIGNATURE_BYTES_MAX {
        return Err(AnswerError::SignatureTooLong {
            found_bytes: signature_bytes,
        });
    }
    Ok(Offer {
        number: not_zero(patch.number, "patch.number")?,
        sha256: sha256(&patch.hash).map_err(AnswerError::Hash)?,
        download_url: WebUrl::parse(&patch.download_url).map_err(AnswerError::Url)?,
        hash_signature: patch.hash_signature,
    })
}

fn not_zero(number: u64, field: &'static str) -> Result<u64, AnswerError> {
    match number {
        0 => Err(AnswerError::NumberZero { field }),
        _ => Ok(number),
    }
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

/// The longest answer that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// How many patches an answer may take back.
pub const ROLLED_BACK_MAX: usize = 4096;

/// An RSA key of 16,384 bits signs in 2,732 bytes of base64.
const SIGNATURE_BYTES_MAX: usize = 4096;

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
