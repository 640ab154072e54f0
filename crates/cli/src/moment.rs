//! Moments: seconds since 1970 in documents, dates for people. All of it is UTC.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::civil::Date;
use jiff::{Timestamp, tz::TimeZone};

/// What counts as now.
#[derive(Clone, Copy, Debug, Default, clap::Args)]
pub(crate) struct NowArgs {
    /// What counts as now, in seconds since 1970; without it, the clock
    #[arg(long, value_name = "SECONDS")]
    pub(crate) now: Option<u64>,
}

impl NowArgs {
    /// Seconds since 1970.
    pub(crate) fn seconds(self) -> Result<u64, ClockError> {
        self.now.map_or_else(|| since_1970(SystemTime::now()), Ok)
    }
}

/// The clock stands before 1970: whatever it says, nothing would have expired.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the clock stands before 1970: set it, or say what counts as now with --now SECONDS")]
#[non_exhaustive]
pub struct ClockError;

fn since_1970(moment: SystemTime) -> Result<u64, ClockError> {
    let since = moment.duration_since(UNIX_EPOCH);
    since.map(|since| since.as_secs()).map_err(|_| ClockError)
}

/// `2027-01-31` as the second with which that day begins.
pub(crate) fn parse_date(text: &str) -> Result<u64, String> {
    let seconds = text
        .parse::<Date>()
        .and_then(|date| date.to_zoned(TimeZone::UTC))
        .ok()
        .and_then(|day| u64::try_from(day.timestamp().as_second()).ok());
    seconds.ok_or_else(|| "expected a day since 1970, as 2027-01-31".to_owned())
}

/// So many days later.
pub(crate) const fn days_later(now_s: u64, days: u64) -> u64 {
    now_s.saturating_add(days.saturating_mul(DAY_S))
}

/// A moment for people: `2027-01-31T00:00:00Z`.
pub(crate) fn shown_moment(seconds: u64) -> String {
    let moment = i64::try_from(seconds)
        .ok()
        .and_then(|seconds| Timestamp::from_second(seconds).ok());
    moment.map_or_else(
        || format!("{seconds} seconds after 1970"),
        |moment| moment.to_string(),
    )
}

const DAY_S: u64 = 24 * 60 * 60;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_midnight_of_utc_and_is_shown_so() {
        let seconds = parse_date("2027-01-31").unwrap();
        assert_eq!(seconds, 1_801_353_600);
        assert_eq!(shown_moment(seconds), "2027-01-31T00:00:00Z");
    }

    #[test]
    fn what_is_no_day_since_1970_is_refused() {
        for text in ["", "2027-02-30", "1969-12-31", "31.01.2027", "tomorrow"] {
            assert!(parse_date(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_clock_before_1970_is_an_error_that_names_the_option() {
        let before = UNIX_EPOCH - std::time::Duration::from_secs(1);
        let error = since_1970(before).unwrap_err();
        assert!(error.to_string().contains("--now"), "{error}");
    }

    #[test]
    fn a_moment_beyond_every_calendar_is_shown_in_seconds() {
        assert!(shown_moment(u64::MAX).contains("after 1970"));
        assert_eq!(days_later(u64::MAX, 1), u64::MAX);
    }
}
