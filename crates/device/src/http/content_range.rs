//! `Content-Range: bytes 5-9/10`, read strictly (RFC 9110, section 14.4).

/// Which bytes of a file an answer has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ContentRange {
    /// The first one.
    pub(super) first: u64,
    /// The last one; at least the first, and below the total.
    pub(super) last: u64,
    /// How long the file is; nothing for `*`.
    pub(super) total: Option<u64>,
}

impl ContentRange {
    /// Of the header's value; nothing where it is of no such form or contradicts itself.
    pub(super) fn parse(value: &str) -> Option<Self> {
        let (unit, rest) = value.split_once(' ')?;
        let (range, total) = rest.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        let range = Self {
            first: number(first)?,
            last: number(last)?,
            total: match total {
                "*" => None,
                total => Some(number(total)?),
            },
        };
        let is_proper = unit.eq_ignore_ascii_case("bytes")
            && range.first <= range.last
            && range.last < range.total.unwrap_or(u64::MAX);
        is_proper.then_some(range)
    }

    /// How many bytes.
    pub(super) const fn length(self) -> u64 {
        // `last` is below u64::MAX and not below `first`.
        self.last - self.first + 1
    }
}

/// Digits alone: no sign, no space, as Rust's own parser would take.
fn number(text: &str) -> Option<u64> {
    let is_digits = text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|_| is_digits)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_with_and_without_total_is_read() {
        let range = ContentRange::parse("bytes 5-9/10").expect("a range");
        assert_eq!(
            (range.first, range.last, range.total, range.length()),
            (5, 9, Some(10), 5)
        );
        assert_eq!(
            ContentRange::parse("Bytes 0-0/*").expect("a range").total,
            None
        );
    }

    #[test]
    fn every_other_form_is_refused() {
        for text in [
            "",
            "bytes",
            "bytes ",
            "bytes 5-9",
            "bytes */10",
            "bytes 5-/10",
            "bytes -5/10",
            "bytes=5-9/10",
            "bytes  5-9/10",
            "bytes 5-9/10 ",
            "bytes 5 - 9/10",
            "bytes +5-9/10",
            "bytes 5-9/+10",
            "bytes 0x5-9/10",
            "items 5-9/10",
            "bytes 5-9/10/11",
            "bytes 5-9-10/11",
            "bytes 18446744073709551616-18446744073709551617/*",
        ] {
            assert_eq!(ContentRange::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_range_that_contradicts_itself_is_refused() {
        for text in [
            "bytes 9-5/10",
            "bytes 5-10/10",
            "bytes 0-0/0",
            "bytes 0-18446744073709551615/*",
        ] {
            assert_eq!(ContentRange::parse(text), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_a_server_says_of_a_real_range_comes_back(
            first in any::<u64>(), length in 1_u64.., behind in any::<u64>(),
        ) {
            let last = first.saturating_add(length - 1).min(u64::MAX - 2);
            let first = first.min(last);
            let total = last.saturating_add(1).saturating_add(behind);
            let read = ContentRange::parse(&format!("bytes {first}-{last}/{total}"));
            prop_assert_eq!(read, Some(ContentRange { first, last, total: Some(total) }));
        }

        #[test]
        fn what_is_read_never_contradicts_itself(
            text in "(bytes |Bytes |x)?[0-9*+ -]{0,20}-[0-9*+ -]{0,20}/[0-9*]{0,20}",
        ) {
            if let Some(range) = ContentRange::parse(&text) {
                prop_assert!(range.length() >= 1);
                prop_assert!(range.total.is_none_or(|total| range.last < total));
            }
        }
    }
}
