//! Edits of a JSON text that keep it JSON, mostly: another form of a value, or another value.

use super::choices::Choices;

/// Edits a text until the input is used up, a few times, which the input says. Places are those of
/// tokens: where a quote, a brace, a colon, a comma or a number begins.
pub(super) fn edit_all(text: &mut Vec<u8>, choices: &mut Choices<'_>) {
    for _ in 0..choices.pick(&EDITS) {
        if choices.is_empty() {
            break;
        }
        let places = places(text);
        let index = usize::from(choices.short()) % places.len().max(1);
        let at = places.get(index).copied().unwrap_or_default();
        edit(text, at, choices);
    }
}

fn edit(text: &mut Vec<u8>, at: usize, choices: &mut Choices<'_>) {
    match choices.below(12) {
        // Another value of the same kind.
        0..=5 => {
            let (step, byte) = (choices.below(70), choices.pick(b"0123456789abcdefZ_. "));
            let after = text.iter_mut().skip(at + 1 + step).take(1);
            after.for_each(|old| *old = byte);
        }
        6 => insert(text, at, choices.pick(&SPACES)),
        7 => insert(text, at + 1, choices.pick(&SPACES)),
        8 => swap_fields(text, at),
        9 => repeat_field(text, at),
        10 => escape(text, at + 1),
        _ => {
            let token = choices.pick(&TOKENS);
            let length = token_length(text, at);
            text.splice(at..at + length, token.iter().copied());
        }
    }
}

fn insert(text: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    let at = at.min(text.len());
    text.splice(at..at, bytes.iter().copied());
}

fn places(text: &[u8]) -> Vec<usize> {
    let begins = |(at, pair): (usize, &[u8])| {
        let [before, here] = pair else {
            return None;
        };
        let number = here.is_ascii_digit() && matches!(before, b':' | b',' | b'[');
        (number || b"\"{}[]:,".contains(here)).then_some(at + 1)
    };
    let inner = text.windows(2).enumerate().filter_map(begins);
    std::iter::once(0).chain(inner).collect()
}

/// How long the value or the mark is that begins here.
fn token_length(text: &[u8], at: usize) -> usize {
    let rest = text.get(at..).unwrap_or_default();
    let found = match rest.first() {
        Some(b'"') => rest
            .iter()
            .skip(1)
            .position(|byte| *byte == b'"')
            .map(|it| it + 2),
        Some(b'0'..=b'9') => rest.iter().position(|byte| !byte.is_ascii_digit()),
        _ => Some(1),
    };
    found.unwrap_or(1).min(rest.len())
}

/// Puts the field at or behind this place in front of the one before it, if they are simple.
fn swap_fields(text: &mut [u8], at: usize) {
    let Some((one, other)) = field(text, at).zip(next_field(text, at)) else {
        return;
    };
    if let Some(both) = text.get_mut(one.0..other.1) {
        // `"a":1,"b":2` is rotated to `"b":2,"a":1` but for the comma between.
        let (first, second) = (one.1 - one.0, other.1 - other.0);
        both.rotate_left(first + 1);
        if let Some(moved) = both.get_mut(second..) {
            moved.rotate_right(1);
        }
    }
}

fn repeat_field(text: &mut Vec<u8>, at: usize) {
    if let Some((start, end)) = field(text, at) {
        let field = text.get(start..end).unwrap_or_default();
        let copy: Vec<u8> = field.iter().copied().chain(*b",").collect();
        insert(text, start, &copy);
    }
}

/// The first field of simple value from here on: where it starts and ends.
fn field(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let rest = text.get(at..)?;
    let colon = rest.windows(2).position(|pair| pair == b"\":")?;
    let name = rest.get(..colon)?.iter().rposition(|byte| *byte == b'"')?;
    let value_at = at + colon + 2;
    Some((at + name, value_at + token_length(text, value_at)))
}

fn next_field(text: &[u8], at: usize) -> Option<(usize, usize)> {
    let (_, end) = field(text, at)?;
    let next = field(text, end)?;
    (text.get(end) == Some(&b',') && next.0 == end + 1).then_some(next)
}

/// The same character in the other form that JSON has for it.
fn escape(text: &mut Vec<u8>, at: usize) {
    if let Some(byte) = text.get(at).copied() {
        let escaped = format!("\\u{byte:04x}").into_bytes();
        text.splice(at..=at, escaped);
    }
}

/// Mostly one: of a text with many faults the first alone is looked at.
const EDITS: [usize; 8] = [1, 1, 1, 1, 2, 2, 3, 6];
const SPACES: [&[u8]; 5] = [b" ", b"\n", b"\t", b"\r\n", b"\xef\xbb\xbf"];
const TOKENS: [&[u8]; 22] = [
    b"0",
    b"1",
    b"1.0",
    b"1e0",
    b"-0",
    b"01",
    b"9007199254740991",
    b"9007199254740992",
    b"18446744073709551615",
    b"18446744073709551616",
    b"null",
    b"true",
    b"\"\"",
    b"\"a\"",
    b"\"\xc3\xa9\"",
    b"\"\\u0061\"",
    b"{}",
    b"[]",
    b"[1,1]",
    b"{\"a\":{}}",
    b",",
    b"",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_input_edits_nothing() {
        let mut text = b"{}".to_vec();
        edit_all(&mut text, &mut Choices::new(&[]));
        assert_eq!(text, b"{}");
    }

    #[test]
    fn two_fields_change_places() {
        let mut text = br#"{"a":12,"b":"c"}"#.to_vec();
        swap_fields(&mut text, 0);
        assert_eq!(text, br#"{"b":"c","a":12}"#);
    }

    #[test]
    fn a_field_is_there_twice() {
        let mut text = br#"{"a":12,"b":"c"}"#.to_vec();
        repeat_field(&mut text, 8);
        assert_eq!(text, br#"{"a":12,"b":"c","b":"c"}"#);
    }

    #[test]
    fn any_edit_of_nothing_is_made() {
        for kind in 0..=255 {
            edit_all(
                &mut Vec::new(),
                &mut Choices::new(&[0, kind, kind, 3, 1, 4, 1, 5]),
            );
        }
    }
}
