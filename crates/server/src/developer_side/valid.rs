//! Bounds of single fields: whatever passes here can be stored, and stands in a statement where it
//! has to.

use crate::checking::{Unfit, word as to_word};
use crate::device_side::hashes;
use crate::http::Fault;

/// A word: of ASCII letters, digits, `.`, `_`, `+` and `-`, 1 to 128 of them.
pub(super) fn word(field: &'static str, text: &str) -> Result<(), Fault> {
    to_word(field, text).map(drop).map_err(|unfit| match unfit {
        Unfit::Word { what, why } => Fault::bad_request(format!("`{what}` is no word: {why}")),
        other => other.into(),
    })
}

/// A text of at most so many characters.
pub(super) fn text(field: &'static str, text: &str, chars_max: usize) -> Result<(), Fault> {
    let found = text.chars().count();
    if found <= chars_max {
        return Ok(());
    }
    Err(Fault::bad_request(format!(
        "`{field}` has {found} characters and may have {chars_max}: shorten it"
    )))
}

/// The same, of a text that may be left out.
pub(super) fn optional(
    field: &'static str,
    found: Option<&str>,
    chars_max: usize,
) -> Result<(), Fault> {
    found.map_or(Ok(()), |found| text(field, found, chars_max))
}

/// A name: a text with something in it.
pub(super) fn name(field: &'static str, found: &str) -> Result<(), Fault> {
    if found.is_empty() {
        return Err(Fault::bad_request(format!(
            "`{field}` is empty: give it a name"
        )));
    }
    text(field, found, NAME_CHARS_MAX)
}

/// A SHA-256 in lower-case hex.
pub(super) fn sha256(field: &'static str, found: &str) -> Result<(), Fault> {
    if hashes::read(found).is_some() {
        return Ok(());
    }
    Err(Fault::bad_request(format!(
        "`{field}` is no SHA-256: expected 64 lower-case hex digits, found {} bytes",
        found.len()
    )))
}

/// A number between these two.
pub(super) fn between(field: &'static str, found: u64, low: u64, high: u64) -> Result<(), Fault> {
    if (low..=high).contains(&found) {
        return Ok(());
    }
    Err(Fault::bad_request(format!(
        "`{field}` is {found}, and has to be {low} to {high}"
    )))
}

/// Characters of a name.
pub(super) const NAME_CHARS_MAX: usize = 256;
/// Characters of notes.
pub(super) const NOTES_CHARS_MAX: usize = 4096;
/// Characters of a signature of Shorebird's kind: RSA keys of 8192 bits need 1368.
pub(super) const SIGNATURE_CHARS_MAX: usize = 4096;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_has_one_form() {
        assert!(sha256("hash", &"0a".repeat(32)).is_ok());
        for found in [
            "",
            "#",
            &"0A".repeat(32),
            &"0a".repeat(33),
            &"0g".repeat(32),
        ] {
            assert_eq!(sha256("hash", found).expect_err(found).status, 400);
        }
    }

    #[test]
    fn a_word_stands_in_a_path_and_in_a_statement() {
        assert!(word("channel", "1.2.3+4-beta_x").is_ok());
        for found in ["", "a b", "a/b", "\u{e9}", &"a".repeat(129)] {
            assert_eq!(word("channel", found).expect_err(found).status, 400);
        }
    }
}
