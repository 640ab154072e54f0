//! Text out of hostile files, as it may stand in a report.

/// The text without control characters, cut to what fits a line. Bytes are taken as Latin-1, as
/// Dart's one-byte strings are, unless they are UTF-8.
pub(super) fn shown(text: &[u8]) -> String {
    let reach = text.get(..SHOWN_BYTES_MAX).unwrap_or(text);
    let decoded = match std::str::from_utf8(reach) {
        Ok(text) => text.to_owned(),
        Err(_) => reach.iter().copied().map(char::from).collect(),
    };
    let mut shown: String = decoded.chars().map(visible).take(SHOWN_CHARS_MAX).collect();
    if text.len() > reach.len() || decoded.chars().count() > SHOWN_CHARS_MAX {
        shown.push('…');
    }
    shown
}

/// Control characters, and those that turn the direction of a line, become a blank box.
const fn visible(char: char) -> char {
    match char {
        '\n' | '\r' | '\t' => ' ',
        '\u{0}'..='\u{1f}'
        | '\u{7f}'..='\u{9f}'
        | '\u{ad}'
        | '\u{200b}'..='\u{200f}'
        | '\u{2028}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}'
        | '\u{feff}' => '\u{fffd}',
        char => char,
    }
}

/// A name in a table may be longer than anybody reads.
const SHOWN_CHARS_MAX: usize = 199;
/// Enough for that many characters of any width.
const SHOWN_BYTES_MAX: usize = 4 * SHOWN_CHARS_MAX;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_control_character_never_reaches_a_report() {
        let text = shown("a\u{1b}[31m\u{202e}b\nc\u{9b}".as_bytes());
        assert_eq!(text, "a\u{fffd}[31m\u{fffd}b c\u{fffd}");
    }

    #[test]
    fn a_text_is_cut_at_200_characters() {
        for text in ["x".repeat(201), "é".repeat(100_000), "x".repeat(500)] {
            assert_eq!(shown(text.as_bytes()).chars().count(), 200);
        }
        assert_eq!(shown("é".repeat(199).as_bytes()), "é".repeat(199));
    }

    #[test]
    fn bytes_that_are_no_utf8_are_latin_1() {
        assert_eq!(shown(b"caf\xe9"), "café");
    }
}
