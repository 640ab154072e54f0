//! The few kinds of text that a statement has: each of an alphabet in which nothing has two forms.

use serde::{Deserialize, Serialize};

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $why_not:path, $pattern:literal, $longest:path) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(try_from = "String", into = "String")]
        pub struct $name(String);

        impl $name {
            /// Of this text.
            ///
            /// # Errors
            ///
            /// What about it cannot stand in a statement.
            pub fn new(text: impl Into<String>) -> Result<Self, WordError> {
                let text = text.into();
                $why_not(&text).map_or(Ok(Self(text)), Err)
            }

            /// The text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl TryFrom<String> for $name {
            type Error = WordError;

            fn try_from(text: String) -> Result<Self, WordError> {
                Self::new(text)
            }
        }

        impl From<$name> for String {
            fn from(text: $name) -> Self {
                text.0
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }

        #[cfg(test)]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({
                    "type": "string",
                    "pattern": $pattern,
                    "maxLength": $longest,
                })
            }
        }
    };
}

text! {
    /// A name: of an app, a platform, a version, a channel. 1 to 128 letters, digits, `.`, `_`,
    /// `+`, `-` of ASCII.
    Word, why_no_word, "^[A-Za-z0-9._+-]+$", WORD_BYTES
}

text! {
    /// A line of printable ASCII without `"` and `\`: 1 to 1024 bytes. JSON escapes none of it.
    Text, why_no_text, "^[ !#-\\[\\]-~]+$", TEXT_BYTES
}

text! {
    /// A file of a generation: a relative path of at most 512 bytes, whose parts are joined by `/`,
    /// are of printable ASCII without `"`, `\`, `:`, `*`, `?`, `<`, `>` and `|`, and are neither
    /// `.` nor `..`, nor end with a dot or a blank. No two file systems read it differently.
    FileName, why_no_file_name, "^[ !#-)+-;=@-\\[\\]-{}~]+$", FILE_NAME_BYTES
}

/// Why a text cannot stand in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WordError {
    /// There is nothing.
    #[error("the text is empty: give it at least one character")]
    Empty,
    /// It is too long.
    #[error("the text has {found_bytes} bytes and may have {limit_bytes}: shorten it")]
    TooLong {
        /// Its length.
        found_bytes: usize,
        /// The longest there may be.
        limit_bytes: usize,
    },
    /// One of its characters is of another alphabet.
    #[error("the character U+{code_point:04X} at byte {at_byte} cannot stand here: leave it out")]
    Character {
        /// Which.
        code_point: u32,
        /// Where.
        at_byte: usize,
    },
    /// A part of a path that leads elsewhere, or that a file system reads as another name.
    #[error("the path part at byte {at_byte} is empty, `.`, `..`, or ends in a dot or a blank")]
    Part {
        /// Where it starts.
        at_byte: usize,
    },
}

fn why_no_word(text: &str) -> Option<WordError> {
    let of_alphabet = |c: char| c.is_ascii_alphanumeric() || "._+-".contains(c);
    why_not(text, WORD_BYTES, of_alphabet)
}

fn why_no_text(text: &str) -> Option<WordError> {
    why_not(text, TEXT_BYTES, is_plain)
}

fn why_no_file_name(text: &str) -> Option<WordError> {
    let of_alphabet = |c: char| is_plain(c) && !":*?<>|".contains(c);
    why_not(text, FILE_NAME_BYTES, of_alphabet).or_else(|| why_no_path(text))
}

fn why_no_path(text: &str) -> Option<WordError> {
    let mut at_byte = 0;
    for part in text.split('/') {
        // Covers `.` and `..` too.
        if part.is_empty() || part.ends_with(['.', ' ']) {
            return Some(WordError::Part { at_byte });
        }
        at_byte += part.len() + 1;
    }
    None
}

fn why_not(text: &str, limit_bytes: usize, of_alphabet: fn(char) -> bool) -> Option<WordError> {
    if text.is_empty() {
        return Some(WordError::Empty);
    }
    if text.len() > limit_bytes {
        let found_bytes = text.len();
        return Some(WordError::TooLong {
            found_bytes,
            limit_bytes,
        });
    }
    let other = text.char_indices().find(|(_, c)| !of_alphabet(*c));
    other.map(|(at_byte, c)| WordError::Character {
        code_point: u32::from(c),
        at_byte,
    })
}

/// What JSON writes as it is, and only so.
pub(crate) fn is_plain(c: char) -> bool {
    matches!(c, ' '..='~') && c != '"' && c != '\\'
}

const WORD_BYTES: usize = 128;
const TEXT_BYTES: usize = 1024;
const FILE_NAME_BYTES: usize = 512;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_letter_with_two_unicode_forms_is_in_no_text() {
        for text in ["caf\u{e9}", "cafe\u{301}"] {
            let refused = Text::new(text);
            assert!(
                matches!(refused, Err(WordError::Character { .. })),
                "{text:?}: {refused:?}"
            );
        }
    }

    #[test]
    fn a_character_that_json_escapes_is_in_no_text() {
        for text in ["a\"", "a\\", "a\n", "a\u{7f}", "\u{0}"] {
            assert!(Text::new(text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_file_name_cannot_leave_its_folder() {
        for name in [
            "..", "../a", "a/../b", "/a", "a//b", "a/", ".", "a/./b", "c:a", "a.", "a ",
        ] {
            assert!(FileName::new(name).is_err(), "{name:?}");
        }
    }

    #[test]
    fn ordinary_file_names_are_taken() {
        for name in [
            "libapp.so",
            "flutter_assets/AssetManifest.bin",
            "a/b c/(1)@2x.png",
        ] {
            assert_eq!(FileName::new(name).map(String::from), Ok(name.into()));
        }
    }

    #[test]
    fn a_word_is_at_most_128_bytes() {
        assert!(Word::new("a".repeat(128)).is_ok());
        let refused = Word::new("a".repeat(129));
        assert_eq!(
            refused,
            Err(WordError::TooLong {
                found_bytes: 129,
                limit_bytes: 128
            })
        );
    }
}
