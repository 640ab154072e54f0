//! Which `ETag` says that two answers are of the same bytes.

/// The `ETag` if it is a strong one by RFC 9110, section 8.8.3, of at most 256 bytes: only such a
/// one may go on with a file. A weak one says that two files mean the same, not that they are.
#[must_use]
pub fn strong_etag(value: &str) -> Option<&str> {
    let inside = value.strip_prefix('"')?.strip_suffix('"')?;
    let is_proper = inside
        .bytes()
        .all(|byte| byte == b'!' || matches!(byte, b'#'..=b'~'));
    (is_proper && value.len() <= ETAG_BYTES_MAX).then_some(value)
}

const ETAG_BYTES_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quoted_one_is_strong() {
        assert_eq!(strong_etag("\"abc-1\""), Some("\"abc-1\""));
        assert_eq!(strong_etag("\"\""), Some("\"\""));
    }

    #[test]
    fn weak_bare_broken_and_long_ones_are_not() {
        let long = format!("\"{}\"", "x".repeat(255));
        for text in [
            "W/\"abc\"",
            "abc",
            "\"",
            "",
            "\"a b\"",
            "\"a\"b\"",
            "\"a\r\nX: y\"",
            "\"é\"",
            &long,
        ] {
            assert_eq!(strong_etag(text), None, "{text:?}");
        }
    }
}
