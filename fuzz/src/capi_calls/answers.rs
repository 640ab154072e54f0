//! What the header promises of each answer.

use patchproof::native::codes;
use patchproof::native::types::PatchproofError;

use super::chances::Chances;
use super::hostile::size;

/// A place for an error, of this size or another.
pub(super) fn no_error(chances: &mut Chances<'_>) -> PatchproofError {
    PatchproofError {
        struct_bytes: size(size_of::<PatchproofError>(), chances),
        code: -1,
        at_fault: -1,
        text: [0x7f; 512],
    }
}

/// What has no place to answer to, or says nothing of what it asks, is a bad argument.
pub(super) fn must_refuse(code: i32, is_bad: bool) {
    let is_refused = code == codes::PATCHPROOF_BAD_ARGUMENT;
    assert!(
        is_refused || !is_bad,
        "a bad argument is answered with {code}"
    );
}

/// Whether the header knows the answer; a bug of the library's is none that it should give.
pub(super) fn is_known(code: i32) {
    let known = codes::PATCHPROOF_OK..codes::PATCHPROOF_BUG;
    assert!(
        known.contains(&code),
        "{code} is no number of the header, or a bug"
    );
}

/// A refusal says the same in its error: the number, who has to act, and a text.
pub(super) fn is_told(code: i32, error: &PatchproofError) {
    assert_eq!(
        error.code, code,
        "the error says another number than the call"
    );
    let faults = codes::PATCHPROOF_FAULT_NOBODY..=codes::PATCHPROOF_FAULT_PATCH_OR_TRANSPORT;
    assert!(
        faults.contains(&error.at_fault),
        "nobody is called {}",
        error.at_fault
    );
    let bytes: Vec<u8> = error.text.iter().map(|it| it.cast_unsigned()).collect();
    let text = bytes.split(|byte| *byte == 0).next().unwrap_or_default();
    assert!(text.len() < bytes.len(), "the text has no end");
    assert!(
        !text.is_empty() && std::str::from_utf8(text).is_ok(),
        "the text is none"
    );
}
