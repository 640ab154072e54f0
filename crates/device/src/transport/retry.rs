//! Trying again: after a while, each time a longer one, and never for ever.

use std::time::Duration;

use backon::{BackoffBuilder as _, ExponentialBuilder};

use super::{Cancel, TransportError};

/// How often, and after which pauses.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Retries {
    /// How often it is tried in all; at least once.
    pub attempts_max: u32,
    /// The pause after the first try; it doubles with each further one. Chance adds up to as much
    /// again, so that devices that failed together do not come back together.
    pub pause: Duration,
    /// What the doubling stops at.
    pub pause_max: Duration,
    /// How long a server may ask to be left alone. A longer wish is granted by giving up for now.
    pub retry_after_max: Duration,
    /// Makes the chance repeatable.
    pub jitter_seed: Option<u64>,
}

impl Default for Retries {
    fn default() -> Self {
        Self {
            attempts_max: 5,
            pause: Duration::from_millis(500),
            pause_max: Duration::from_secs(20),
            retry_after_max: Duration::from_secs(60),
            jitter_seed: None,
        }
    }
}

impl Retries {
    /// One try and no more.
    #[must_use]
    pub fn none() -> Self {
        Self {
            attempts_max: 1,
            ..Self::default()
        }
    }

    fn pauses(&self) -> impl Iterator<Item = Duration> {
        let retries = usize::try_from(self.attempts_max.saturating_sub(1)).unwrap_or(usize::MAX);
        let builder = ExponentialBuilder::new()
            .with_min_delay(self.pause)
            .with_max_delay(self.pause_max)
            .with_max_times(retries)
            .with_jitter();
        match self.jitter_seed {
            Some(seed) => builder.with_jitter_seed(seed).build(),
            None => builder.build(),
        }
    }
}

/// Tries until there is a result, or an error that no further try would mend, or no try is left.
///
/// # Errors
///
/// The last one; [`TransportError::Cancelled`] as soon as `cancel` is raised, also in a pause.
pub fn retry<T>(
    retries: &Retries,
    cancel: &Cancel,
    mut attempt: impl FnMut() -> Result<T, TransportError>,
) -> Result<T, TransportError> {
    let mut pauses = retries.pauses();
    loop {
        cancel.check()?;
        let error = match attempt() {
            Err(error) if error.is_worth_a_retry() => error,
            other => return other,
        };
        let wished = error.retry_after().unwrap_or_default();
        match pauses.next() {
            Some(pause) if wished <= retries.retry_after_max => cancel.wait(pause.max(wished))?,
            _ => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    fn quick(attempts_max: u32) -> Retries {
        Retries {
            attempts_max,
            pause: Duration::from_millis(1),
            pause_max: Duration::from_millis(2),
            ..Retries::default()
        }
    }

    fn unavailable(retry_after: Option<Duration>) -> TransportError {
        TransportError::Status {
            code: 503,
            retry_after,
        }
    }

    fn attempts(retries: &Retries, error: impl Fn() -> TransportError) -> u32 {
        let mut count = 0;
        let found: Result<(), _> = retry(retries, &Cancel::new(), || {
            count += 1;
            Err(error())
        });
        assert!(found.is_err());
        count
    }

    #[test]
    fn what_may_mend_is_tried_as_often_as_allowed() {
        assert_eq!(attempts(&quick(4), || unavailable(None)), 4);
        assert_eq!(attempts(&quick(1), || unavailable(None)), 1);
        assert_eq!(attempts(&quick(0), || unavailable(None)), 1);
    }

    #[test]
    fn what_never_mends_is_tried_once() {
        let gone = || TransportError::Status {
            code: 404,
            retry_after: None,
        };
        assert_eq!(attempts(&quick(4), gone), 1);
        assert_eq!(attempts(&quick(4), || TransportError::Cancelled), 1);
    }

    #[test]
    fn the_pause_is_at_least_what_the_server_asks_for() {
        let since = Instant::now();
        let wish = Duration::from_millis(40);
        assert_eq!(attempts(&quick(3), || unavailable(Some(wish))), 3);
        assert!(since.elapsed() >= 2 * wish);
    }

    #[test]
    fn a_server_that_asks_for_too_much_is_left_alone() {
        let wish = Duration::from_secs(61);
        assert_eq!(attempts(&quick(3), || unavailable(Some(wish))), 1);
    }

    #[test]
    fn pauses_grow_are_bounded_and_differ_by_chance() {
        let retries = Retries {
            attempts_max: 9,
            jitter_seed: Some(1),
            ..Retries::default()
        };
        let one: Vec<_> = retries.pauses().collect();
        assert_eq!(one.len(), 8);
        assert!(
            one[0] >= retries.pause && one[0] <= 2 * retries.pause,
            "{one:?}"
        );
        assert!(one[7] > one[0]);
        assert!(
            one.iter().all(|pause| *pause <= 2 * retries.pause_max),
            "{one:?}"
        );
        assert_eq!(retries.pauses().collect::<Vec<_>>(), one);
        let other = Retries {
            jitter_seed: Some(2),
            ..retries
        };
        assert_ne!(other.pauses().collect::<Vec<_>>(), one);
    }

    #[test]
    fn a_pause_ends_with_cancel() {
        let cancel = Cancel::new();
        let other = cancel.clone();
        let slow = Retries {
            pause: Duration::from_secs(60),
            pause_max: Duration::from_secs(60),
            ..Retries::default()
        };
        let mut thread = None;
        let since = Instant::now();
        let found: Result<(), _> = retry(&slow, &cancel, || {
            let other = other.clone();
            thread = Some(std::thread::spawn(move || other.cancel()));
            Err(unavailable(None))
        });
        assert!(matches!(found, Err(TransportError::Cancelled)));
        assert!(since.elapsed() < Duration::from_secs(30));
        thread.expect("it ran").join().expect("it ends");
    }
}
