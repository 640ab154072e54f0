//! Which part of a file a request asks for: `Range: bytes=...`, one range and no more.

/// What is to be sent of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of it: nothing else was asked for, or in a way that may be passed over.
    Whole,
    /// These bytes; never none.
    Bytes(std::ops::Range<u64>),
    /// What was asked for is not in the file.
    Nothing,
}

/// What `range`, the value of the header, asks of a file of this size.
///
/// What is not well-formed, of another unit, or several ranges at once, is passed over: all of the
/// file is a right answer to each. Numbers that no file reaches are well-formed.
pub(super) fn part(range: &str, size_bytes: u64) -> Part {
    match asked(range) {
        None => Part::Whole,
        Some(Asked::From(first)) => of(first, u64::MAX, size_bytes),
        Some(Asked::Between(first, last)) => of(first, last, size_bytes),
        Some(Asked::Last(0)) => Part::Nothing,
        Some(Asked::Last(count)) => of(size_bytes.saturating_sub(count), u64::MAX, size_bytes),
    }
}

/// One well-formed range; the last byte counts.
enum Asked {
    From(u64),
    Between(u64, u64),
    Last(u64),
}

fn asked(range: &str) -> Option<Asked> {
    let (unit, set) = range.trim().split_once('=')?;
    if !unit.trim().eq_ignore_ascii_case("bytes") {
        return None;
    }
    let (first, last) = set.trim().split_once('-')?;
    match (first.is_empty(), last.is_empty()) {
        (true, true) => None,
        (true, false) => number(last).map(Asked::Last),
        (false, true) => number(first).map(Asked::From),
        (false, false) => {
            let (first, last) = (number(first)?, number(last)?);
            (first <= last).then_some(Asked::Between(first, last))
        }
    }
}

/// Digits alone. What has more than 64 bits is beyond the end of any file, as the largest is.
fn number(digits: &str) -> Option<u64> {
    let is_digits = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_digits.then(|| digits.parse().unwrap_or(u64::MAX))
}

fn of(first: u64, last: u64, size_bytes: u64) -> Part {
    if first >= size_bytes {
        return Part::Nothing;
    }
    Part::Bytes(first..last.saturating_add(1).min(size_bytes))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_range_in_each_of_its_three_forms_is_served() {
        assert_eq!(part("bytes=0-0", 10), Part::Bytes(0..1));
        assert_eq!(part("bytes=3-", 10), Part::Bytes(3..10));
        assert_eq!(part("bytes=3-99", 10), Part::Bytes(3..10));
        assert_eq!(part("bytes=-4", 10), Part::Bytes(6..10));
        assert_eq!(part("bytes=-99", 10), Part::Bytes(0..10));
        assert_eq!(part(" Bytes = 3-5 ", 10), Part::Bytes(3..6));
    }

    #[test]
    fn what_is_behind_the_end_cannot_be_had() {
        for range in [
            "bytes=10-",
            "bytes=10-11",
            "bytes=-0",
            "bytes=18446744073709551615-",
        ] {
            assert_eq!(part(range, 10), Part::Nothing, "{range}");
        }
        for range in ["bytes=0-", "bytes=-1", "bytes=0-0"] {
            assert_eq!(part(range, 0), Part::Nothing, "{range} of an empty file");
        }
    }

    #[test]
    fn numbers_of_more_than_64_bits_are_numbers() {
        let long = "9".repeat(40);
        assert_eq!(part(&format!("bytes={long}-"), 10), Part::Nothing);
        assert_eq!(part(&format!("bytes=2-{long}"), 10), Part::Bytes(2..10));
        assert_eq!(part(&format!("bytes=-{long}"), 10), Part::Bytes(0..10));
        assert_eq!(part("bytes=0-18446744073709551615", 10), Part::Bytes(0..10));
    }

    #[test]
    fn what_is_no_single_range_of_bytes_is_passed_over() {
        for range in [
            "",
            "bytes",
            "bytes=",
            "bytes=-",
            "bytes=5-4",
            "bytes=a-b",
            "bytes=1-2,4-5",
            "bytes=+1-2",
            "bytes=1--2",
            "lines=1-2",
            "bytes=1 - 2",
            "bytes=0x1-",
        ] {
            assert_eq!(part(range, 10), Part::Whole, "{range}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_asked_lies_within_the_file(text in "\\PC{0,40}", size in any::<u64>()) {
            for range in [text.clone(), format!("bytes={text}")] {
                if let Part::Bytes(bytes) = part(&range, size) {
                    prop_assert!(bytes.start < bytes.end && bytes.end <= size);
                }
            }
        }

        #[test]
        fn a_range_names_the_bytes_that_a_slice_would(
            size in 0_usize..60, first in 0_usize..80, last in 0_usize..80,
        ) {
            let file: Vec<usize> = (0..size).collect();
            let found = part(&format!("bytes={first}-{last}"), u64::try_from(size).unwrap());
            let expected: Vec<usize> = file
                .iter()
                .copied()
                .filter(|at| (first..=last).contains(at))
                .collect();
            match found {
                Part::Whole => prop_assert!(first > last),
                Part::Nothing => prop_assert!(first <= last && expected.is_empty()),
                Part::Bytes(bytes) => {
                    let bytes: Vec<usize> = (bytes.start..bytes.end)
                        .map(|at| usize::try_from(at).unwrap())
                        .collect();
                    prop_assert_eq!(bytes, expected);
                }
            }
        }

        #[test]
        fn the_end_and_what_is_before_it_make_the_whole(size in 1_u64.., count in 1_u64..) {
            let Part::Bytes(end) = part(&format!("bytes=-{count}"), size) else {
                panic!("an end of {count} of {size}");
            };
            prop_assert_eq!(end.end, size);
            prop_assert_eq!(end.end - end.start, count.min(size));
            prop_assert_eq!(part(&format!("bytes={}-", end.start), size), Part::Bytes(end));
        }
    }
}
