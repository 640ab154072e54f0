//! Foreign text made harmless: names out of files may hold anything, and a report shows them.
//!
//! A control character can move a terminal's cursor or end a line, and a bidirectional override can
//! make one name look like another. Both are spelled out as `<U+202E>`; what is left is one line
//! that means what it looks like. Escaping for a format comes after this, in the format's own file.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every invisible or reordering character spelled out.
pub(crate) fn visible(text: &str) -> Cow<'_, str> {
    if !text.contains(is_hidden) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for letter in text.chars() {
        if is_hidden(letter) {
            // Writing to a String cannot fail.
            let _ = write!(out, "<U+{:04X}>", u32::from(letter));
        } else {
            out.push(letter);
        }
    }
    Cow::Owned(out)
}

/// As [`visible`], and a text of more than `limit_chars` loses its middle, with how much.
pub(crate) fn shown(text: &str, limit_chars: usize) -> String {
    let count = text.chars().count();
    if count <= limit_chars {
        return visible(text).into_owned();
    }
    // The end of a path tells more than its middle.
    let tail_chars = limit_chars / 3;
    let head_chars = limit_chars - tail_chars;
    let head: String = text.chars().take(head_chars).collect();
    let tail: String = text.chars().skip(count - tail_chars).collect();
    let left_out = count - limit_chars;
    format!(
        "{} [{left_out} characters left out] {}",
        visible(&head),
        visible(&tail)
    )
}

/// A number with its digits in groups of three, as in `17,974,176`.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// Controls, line separators, bidirectional marks, characters without width that joining scripts do
/// not need, tags, and code points that are no characters and that XML forbids.
fn is_hidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter,
            '\u{00AD}' | '\u{061C}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{2028}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}'
            | '\u{FFFE}' | '\u{FFFF}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_seen_is_spelled_out_and_the_rest_is_left_alone() {
        assert_eq!(visible("lib/é/日本.so"), "lib/é/日本.so");
        assert_eq!(
            visible("a\u{202E}fpa\n\u{1b}[2J"),
            "a<U+202E>fpa<U+000A><U+001B>[2J"
        );
    }

    #[test]
    fn a_long_text_keeps_both_ends_and_says_what_is_gone() {
        let text = format!("start{}end.so", "x".repeat(1000));
        let short = shown(&text, 30);
        assert!(
            short.starts_with("startxxx") && short.ends_with("xend.so"),
            "{short}"
        );
        assert!(short.contains("[981 characters left out]"), "{short}");
        assert_eq!(shown("thirty", 6), "thirty");
    }

    #[test]
    fn digits_stand_in_groups_of_three() {
        assert_eq!(grouped(0), "0");
        assert_eq!(grouped(999), "999");
        assert_eq!(grouped(1000), "1,000");
        assert_eq!(grouped(17_974_176), "17,974,176");
    }
}
