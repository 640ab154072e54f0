//! Canonical JSON by its grammar alone: no value is built, and nothing is written.

/// Whether these bytes are one object of RFC 8785, of the subset that statements have: whole
/// numbers up to 2^53 - 1, texts without escapes, no `null`.
pub(super) fn is_canonical(bytes: &[u8]) -> bool {
    bytes.starts_with(b"{") && value(bytes, DEPTH_MAX).is_some_and(<[u8]>::is_empty)
}

/// What stands behind a value; `None` where there is none in its one form.
fn value(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    let depth = depth.checked_sub(1)?;
    match bytes.first()? {
        b'{' => object(bytes.get(1..)?, depth),
        b'[' => array(bytes.get(1..)?, depth),
        b'"' => text(bytes).map(|(_, rest)| rest),
        b't' => bytes.strip_prefix(b"true"),
        b'f' => bytes.strip_prefix(b"false"),
        b'0' => bytes.get(1..),
        b'1'..=b'9' => number(bytes),
        _ => None,
    }
}

fn object(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    if let Some(rest) = bytes.strip_prefix(b"}") {
        return Some(rest);
    }
    let mut last: Option<&[u8]> = None;
    let mut rest = bytes;
    loop {
        let (name, behind) = text(rest)?;
        if last.is_some_and(|last| last >= name) {
            return None;
        }
        last = Some(name);
        rest = value(behind.strip_prefix(b":")?, depth)?;
        match rest.split_first()? {
            (b'}', behind) => return Some(behind),
            (b',', behind) => rest = behind,
            _ => return None,
        }
    }
}

fn array(bytes: &[u8], depth: usize) -> Option<&[u8]> {
    if let Some(rest) = bytes.strip_prefix(b"]") {
        return Some(rest);
    }
    let mut rest = bytes;
    loop {
        rest = value(rest, depth)?;
        match rest.split_first()? {
            (b']', behind) => return Some(behind),
            (b',', behind) => rest = behind,
            _ => return None,
        }
    }
}

/// A text and what stands behind it.
fn text(bytes: &[u8]) -> Option<(&[u8], &[u8])> {
    let inside = bytes.strip_prefix(b"\"")?;
    let end = inside.iter().position(|byte| *byte == b'"')?;
    let (text, behind) = inside.split_at_checked(end)?;
    let plain = |byte: &u8| (b' '..=b'~').contains(byte) && *byte != b'\\';
    text.iter().all(plain).then_some((text, behind.get(1..)?))
}

fn number(bytes: &[u8]) -> Option<&[u8]> {
    let count = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    let (digits, rest) = bytes.split_at_checked(count)?;
    let number: u64 = std::str::from_utf8(digits).ok()?.parse().ok()?;
    (number < 1 << 53).then_some(rest)
}

const DEPTH_MAX: usize = 64;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_second_form_is_none() {
        for text in [
            r#"{"a":1, "b":2}"#,
            r#"{"b":1,"a":2}"#,
            r#"{"a":1,"a":1}"#,
            r#"{"a":01}"#,
            r#"{"a":1.0}"#,
            r#"{"a":-0}"#,
            r#"{"a":9007199254740992}"#,
            r#"{"\u0061":1}"#,
            r#"{"a":null}"#,
            "{\"a\":1}\n",
            "[]",
            "",
        ] {
            assert!(!is_canonical(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn the_one_form_is_one() {
        let text = r#"{"a":[1,{"b":"c d","e":true}],"f":9007199254740991,"g":{}}"#;
        assert!(is_canonical(text.as_bytes()));
    }
}
