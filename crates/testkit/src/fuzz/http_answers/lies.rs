//! Lies, made of what would be right.

use std::time::Duration;

use patchproof_device::{TransportError, Waiting};
use serde_json::{Value, json};

use super::desk;
use crate::fuzz::choices::Choices;
use crate::fuzz::json_edits::edit_json;
use crate::phone::Library;

/// What is said in place of an answer.
pub(super) fn said(
    honest: Vec<u8>,
    earlier: &[Vec<u8>],
    choices: &mut Choices<'_>,
) -> Result<Vec<u8>, TransportError> {
    Ok(match choices.below(12) {
        0 => return Err(failure(choices)),
        1 => choices.bytes(40).to_vec(),
        2 => spoiled(honest, choices),
        3 => {
            let index = choices.below(earlier.len());
            earlier.get(index).cloned().unwrap_or_default()
        }
        4 => {
            let mut padded = honest;
            padded.resize(ANSWER_BYTES, b' ');
            padded
        }
        5 => offer(choices),
        _ => edited(&honest, choices),
    })
}

/// An answer that offers one of the libraries that there are.
fn offer(choices: &mut Choices<'_>) -> Vec<u8> {
    let library = Library::patched(0, choices.pick(&[1, 2, 3, 4]));
    let hash = hex::encode(library.sha256);
    let other = hex::encode(Library::patched(0, choices.pick(&[1, 2, 3, 4])).sha256);
    let number = choices.odd_number();
    let patch = json!({
        "number": number, "hash": hash, "download_url": format!("https://cdn.example/{other}"),
    });
    let answer = json!({ "patch_available": true, "patch": patch });
    answer.to_string().into_bytes()
}

/// JSON with some nodes changed; an envelope's payload at times, too.
pub(super) fn edited(honest: &[u8], choices: &mut Choices<'_>) -> Vec<u8> {
    let Ok(mut answer) = serde_json::from_slice::<Value>(honest) else {
        return spoiled(honest.to_vec(), choices);
    };
    for _ in 0..=choices.below(3) {
        edit_json(&mut answer, &word, choices);
    }
    answer.to_string().into_bytes()
}

/// Words of the protocol, hashes of libraries that there are, and anything.
fn word(choices: &mut Choices<'_>) -> String {
    match choices.below(4) {
        0 => hex::encode(Library::patched(0, choices.pick(&[1, 2, 3, 4])).sha256),
        1 => hex::encode(Library::base(0).sha256),
        2 => String::from_utf8_lossy(choices.pick(desk::WORDS)).into_owned(),
        _ => String::from_utf8_lossy(choices.bytes(12)).into_owned(),
    }
}

/// Bytes flipped, cut off or put behind.
pub(super) fn spoiled(mut bytes: Vec<u8>, choices: &mut Choices<'_>) -> Vec<u8> {
    match choices.below(4) {
        0 => bytes.truncate(choices.below(bytes.len() + 1)),
        1 => bytes.extend(choices.bytes(16)),
        _ => {
            for _ in 0..=choices.below(2) {
                let at = choices.below(bytes.len());
                let mask = choices.byte();
                bytes
                    .iter_mut()
                    .skip(at)
                    .take(1)
                    .for_each(|byte| *byte ^= mask);
            }
        }
    }
    bytes
}

/// Any way in which an exchange fails.
pub(super) fn failure(choices: &mut Choices<'_>) -> TransportError {
    let number = choices.odd_number();
    let why = || "a lie".to_owned();
    match choices.below(11) {
        0 => TransportError::Unreachable { why: why() },
        1 => TransportError::Tls { why: why() },
        2 => TransportError::TimedOut(Waiting::Idle),
        3 => TransportError::RangeNotSatisfied { from_bytes: number },
        4 => TransportError::WrongRange {
            asked_bytes: 0,
            found_bytes: number,
        },
        5 => TransportError::Changed { what: "ETag" },
        6 => TransportError::TooLarge {
            what: "a file",
            max_bytes: number,
        },
        7 => TransportError::Truncated {
            found_bytes: number,
            expected_bytes: None,
        },
        8 => TransportError::Malformed { why: why() },
        9 => TransportError::Encoded { found: why() },
        _ => TransportError::Status {
            code: choices.pick(&[404, 403, 410, 416, 429, 500, 503, 418]),
            retry_after: Some(Duration::from_secs(number)),
        },
    }
}

/// More than an answer may have.
const ANSWER_BYTES: usize = (256 << 10) + 1;
