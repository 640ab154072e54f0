//! The snapshot version inside an engine: a bare string literal of 32 lowercase hex digits.

/// The strings of a read-only area that could be the version, in the order in which they stand.
///
/// A literal ends with NUL and begins behind NUL or other unprintable bytes. Tables of hex digits
/// stand in ICU and zstd too; a digest has neither few distinct digits nor two equal halves (for a
/// random one the chance is below 1 in 10^9), so such strings are none.
///
/// Each is told once; of more than [`CANDIDATES_MAX`] one more, which shows that there are more.
pub(crate) fn candidates(area: &[u8]) -> Vec<&str> {
    let mut found = Vec::new();
    let mut at = 0;
    // Any run of 32 digits covers a multiple of 32: one look in 32 bytes finds them all.
    while let Some(&byte) = area.get(at) {
        if !is_hex(byte) {
            at += DIGITS;
            continue;
        }
        let (start, end) = run_around(area, at);
        if end - start == DIGITS
            && stands_alone(area, start, end)
            && let Some(text) = area
                .get(start..end)
                .and_then(|run| std::str::from_utf8(run).ok())
            && looks_like_a_digest(text.as_bytes())
            && found.len() <= CANDIDATES_MAX
            && !found.contains(&text)
        {
            found.push(text);
        }
        // The next multiple of 32 behind the run, so that none is looked at twice.
        at = (end / DIGITS + 1) * DIGITS;
    }
    found
}

fn run_around(area: &[u8], at: usize) -> (usize, usize) {
    let digit = |byte: &&u8| is_hex(**byte);
    let before = area
        .get(..at)
        .unwrap_or_default()
        .iter()
        .rev()
        .take_while(digit)
        .count();
    let after = area
        .get(at..)
        .unwrap_or_default()
        .iter()
        .take_while(digit)
        .count();
    (at - before, at + after)
}

fn stands_alone(area: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|before| area.get(before));
    let printable = |byte: &u8| matches!(byte, b' '..=b'~');
    area.get(end) == Some(&0) && !before.is_some_and(printable)
}

fn looks_like_a_digest(digits: &[u8]) -> bool {
    let mut distinct = digits.to_vec();
    distinct.sort_unstable();
    distinct.dedup();
    let (first, second) = digits.split_at(digits.len() / 2);
    distinct.len() >= DISTINCT_MIN && first != second
}

const fn is_hex(byte: u8) -> bool {
    matches!(byte, b'0'..=b'9' | b'a'..=b'f')
}

const DIGITS: usize = 32;
/// Of 32 random digits about 14 differ; fewer than 6 happen once in 10^11.
const DISTINCT_MIN: usize = 6;
/// More than this is no engine of Dart's; the list is for a person to read.
pub(crate) const CANDIDATES_MAX: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    const VERSION: &str = "1ce86630892e2dca9a8543fdb8ed8e22";

    fn behind(before: &[u8], after: &[u8]) -> usize {
        candidates(&[before, VERSION.as_bytes(), after].concat()).len()
    }

    #[test]
    fn a_literal_is_found_at_every_position() {
        for padding in 0..100 {
            let area = [&vec![b'\n'; padding], VERSION.as_bytes(), b"\0tail"].concat();
            assert_eq!(candidates(&area), [VERSION], "{padding}");
        }
    }

    #[test]
    fn two_neighbouring_literals_are_both_found() {
        let other = VERSION.replace('1', "7");
        let area = format!("\0{VERSION}\0{other}\0");
        assert_eq!(candidates(area.as_bytes()), [VERSION, &other]);
    }

    #[test]
    fn of_too_many_literals_one_more_than_is_kept_is_told() {
        let many = |count: u32| -> String {
            let literals = (0..count).map(|n| format!("\0{n:04x}630892e2dca9a8543fdb8ed8e22b"));
            literals.chain(["\0".to_owned()]).collect()
        };
        assert_eq!(candidates(many(16).as_bytes()).len(), CANDIDATES_MAX);
        assert_eq!(candidates(many(999).as_bytes()).len(), CANDIDATES_MAX + 1);
    }

    #[test]
    fn a_literal_that_stands_often_is_told_once() {
        let area = format!("\0{VERSION}").repeat(100) + "\0";
        assert_eq!(candidates(area.as_bytes()), [VERSION]);
    }

    #[test]
    fn a_part_of_a_longer_string_is_no_literal() {
        assert_eq!(behind(b"\0", b"\0"), 1);
        assert_eq!(behind(b"id-", b"\0"), 0);
        assert_eq!(behind(b"\0", b" "), 0);
        assert_eq!(behind(b"\0", b"0\0"), 0);
        assert_eq!(behind(b"\0", b""), 0);
    }

    #[test]
    fn a_table_of_digits_is_no_digest() {
        for table in [
            "00000000000000001111111111111111",
            "0123456789abcdef0123456789abcdef",
        ] {
            assert!(
                candidates(format!("\0{table}\0").as_bytes()).is_empty(),
                "{table}"
            );
        }
    }

    #[test]
    fn an_area_of_digits_only_is_walked_once() {
        assert!(candidates(&vec![b'a'; 1 << 20]).is_empty());
    }
}
