//! What a server answers: the patch it offers, and those it takes back.
//!
//! Checking and updating both go by [`CheckAnswer`], so that they cannot disagree on what was
//! offered.

use std::collections::BTreeSet;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::object::Object;
use crate::offer::{SIGNATURE_BYTES_MAX, offer};
use crate::{CheckRequest, HashFault, Offer, WebUrlError};

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

impl CheckAnswer {
    /// Reads an answer to a question that did not say which library runs. Fields that are not known
    /// are passed over, and so is a patch where the answer says that there is none.
    ///
    /// # Errors
    ///
    /// Where it is too large, not an object of the protocol's fields, has one of them twice,
    /// promises a patch and brings none, or brings one that cannot be asked for. All are the
    /// server's fault.
    pub fn parse(answer: &[u8]) -> Result<Self, AnswerError> {
        Self::read(answer, false)
    }

    /// Reads the answer to a question. What a patch is made of is read only where the question said
    /// which library runs; whoever was not asked may mean anything by it.
    ///
    /// # Errors
    ///
    /// As [`parse`](Self::parse), and where it is said in another form.
    pub fn parse_to(question: &CheckRequest, answer: &[u8]) -> Result<Self, AnswerError> {
        Self::read(answer, question.patchproof_runs_sha256.is_some())
    }

    fn read(answer: &[u8], said_what_runs: bool) -> Result<Self, AnswerError> {
        if answer.len() > ANSWER_BYTES_MAX {
            return Err(AnswerError::TooLarge {
                found_bytes: answer.len(),
            });
        }
        let head: Head = object(answer)?;
        Ok(Self {
            rolled_back: rolled_back(head.rolled_back_patch_numbers.unwrap_or_default())?,
            offer: match head.patch_available {
                true => Some(offer(answer, said_what_runs)?),
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
    /// What a patch is made of is told by something that is no SHA-256.
    #[error("the server's answer has no SHA-256 in `patch.patchproof.from_sha256`: {0}")]
    From(HashFault),
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

pub(crate) fn object<T: DeserializeOwned>(json: &[u8]) -> Result<T, AnswerError> {
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

pub(crate) fn not_zero(number: u64, field: &'static str) -> Result<u64, AnswerError> {
    match number {
        0 => Err(AnswerError::NumberZero { field }),
        _ => Ok(number),
    }
}

/// The longest answer that is read, in bytes.
pub const ANSWER_BYTES_MAX: usize = 256 * 1024;

/// How many patches an answer may take back.
pub const ROLLED_BACK_MAX: usize = 4096;

#[cfg(test)]
#[path = "answer_tests.rs"]
mod tests;
