//! `Retry-After`: seconds, or a date.

use std::time::{Duration, SystemTime};

/// How long the server asks to be left alone, seen from `now`; a date that has passed asks for
/// nothing. Nothing where the value is neither number nor date.
pub(super) fn retry_after(value: &str, now: SystemTime) -> Option<Duration> {
    if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) {
        // More seconds than a number can hold are still a wish to be left alone.
        return Some(Duration::from_secs(value.parse().unwrap_or(u64::MAX)));
    }
    let date = httpdate::parse_http_date(value).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use proptest::prelude::*;

    use super::*;

    fn at(value: &str, now_seconds: u64) -> Option<u64> {
        let now = UNIX_EPOCH + Duration::from_secs(now_seconds);
        retry_after(value, now).map(|wait| wait.as_secs())
    }

    #[test]
    fn seconds_are_seconds() {
        assert_eq!(at("0", 0), Some(0));
        assert_eq!(at("120", 0), Some(120));
        assert_eq!(at("99999999999999999999999", 0), Some(u64::MAX));
    }

    #[test]
    fn a_date_is_seen_from_now() {
        let date = "Fri, 31 Dec 1999 23:59:59 GMT"; // 946684799
        assert_eq!(at(date, 946_684_700), Some(99));
        assert_eq!(at(date, 946_684_900), Some(0));
        assert_eq!(at("Friday, 31-Dec-99 23:59:59 GMT", 946_684_700), Some(99));
    }

    #[test]
    fn nonsense_asks_for_nothing() {
        for text in [
            "",
            "-1",
            "+1",
            "1.5",
            "soon",
            "1 2",
            "Fri, 99 Dec 1999 23:59:59 GMT",
        ] {
            assert_eq!(at(text, 0), None, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn a_date_and_the_seconds_to_it_are_one_wish(
            now in 0_u64..4_000_000_000, wait in 0_u64..4_000_000_000,
        ) {
            let date = UNIX_EPOCH + Duration::from_secs(now + wait);
            prop_assert_eq!(at(&httpdate::fmt_http_date(date), now), Some(wait));
            prop_assert_eq!(at(&wait.to_string(), now), Some(wait));
        }

        #[test]
        fn no_value_makes_it_panic(text in "\\PC{0,40}") {
            at(&text, 1_000);
        }
    }
}
