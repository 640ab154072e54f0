//! The statistics line of a fuzz target: how many inputs, and how many came to what matters.

use std::fmt;
use std::str::FromStr;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::Reached;

/// What a target has done so far. libFuzzer calls nothing at the end, so the line is printed at
/// every power of two and every second; the last one counts.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Statistics {
    /// The target.
    pub target: String,
    /// The inputs that the oracle has had.
    pub inputs: u64,
    /// Those of them that reached the depth.
    pub depth: u64,
    /// Inputs per second, since the first one.
    pub per_second: u64,
}

impl Statistics {
    /// How many of a hundred inputs reached the depth.
    #[must_use]
    pub fn depth_percent(&self) -> f64 {
        let tenths = self.depth.saturating_mul(1000) / self.inputs.max(1);
        f64::from(u32::try_from(tenths).unwrap_or(u32::MAX)) / 10.0
    }

    /// The last line in what a fuzz target printed, if there is one.
    #[must_use]
    pub fn last_in(printed: &str) -> Option<Self> {
        printed.lines().rev().find_map(|line| line.parse().ok())
    }
}

impl fmt::Display for Statistics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            target,
            inputs,
            depth,
            per_second,
        } = self;
        write!(
            f,
            "{MARK} target={target} inputs={inputs} depth={depth} per_second={per_second}"
        )
    }
}

impl FromStr for Statistics {
    type Err = NotStatistics;

    fn from_str(line: &str) -> Result<Self, NotStatistics> {
        let mut words = line.split(' ');
        if words.next() != Some(MARK) {
            return Err(NotStatistics);
        }
        let mut value = |name: &str| {
            let (found, value) = words.next()?.split_once('=')?;
            (found == name).then_some(value)
        };
        let target = value("target").ok_or(NotStatistics)?.to_owned();
        let mut number =
            |name| -> Option<u64> { value(name).and_then(|number| number.parse().ok()) };
        Ok(Self {
            target,
            inputs: number("inputs").ok_or(NotStatistics)?,
            depth: number("depth").ok_or(NotStatistics)?,
            per_second: number("per_second").ok_or(NotStatistics)?,
        })
    }
}

/// The line is something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("this is no line of `{MARK} target=NAME inputs=N depth=N per_second=N`")]
#[non_exhaustive]
pub struct NotStatistics;

/// Counts an input, and prints the line where it is time to.
pub(super) fn count(target: &'static str, reached: Reached) {
    // A poisoned lock is that of an oracle that panicked elsewhere: what it counted still holds.
    let mut counted = COUNTED.lock().unwrap_or_else(PoisonError::into_inner);
    counted.inputs += 1;
    counted.depth += u64::from(reached == Reached::Depth);
    let now = Instant::now();
    if !counted.inputs.is_power_of_two() && now.duration_since(counted.printed) < BETWEEN_LINES {
        return;
    }
    counted.printed = now;
    let milliseconds = now.duration_since(counted.began).as_millis().max(1);
    let milliseconds = u64::try_from(milliseconds).unwrap_or(u64::MAX);
    let line = Statistics {
        target: target.to_owned(),
        inputs: counted.inputs,
        depth: counted.depth,
        per_second: counted.inputs.saturating_mul(1000) / milliseconds,
    };
    drop(counted);
    eprintln!("{line}");
}

struct Counted {
    inputs: u64,
    depth: u64,
    began: Instant,
    printed: Instant,
}

static COUNTED: LazyLock<Mutex<Counted>> = LazyLock::new(|| {
    let began = Instant::now();
    Mutex::new(Counted {
        inputs: 0,
        depth: 0,
        began,
        printed: began,
    })
});

const BETWEEN_LINES: Duration = Duration::from_secs(1);

/// The first word of the line.
const MARK: &str = "fuzz-statistics";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_back_as_it_was_written() {
        let line = Statistics {
            target: "inflate_any".to_owned(),
            inputs: 4096,
            depth: 1024,
            per_second: 50_000,
        };
        assert_eq!(line.to_string().parse(), Ok(line));
    }

    #[test]
    fn the_last_line_counts_among_those_of_libfuzzer() {
        let printed = "INFO: Seed: 1\n\
            fuzz-statistics target=a inputs=1 depth=0 per_second=1000\n\
            #2 INITED cov: 3\n\
            fuzz-statistics target=a inputs=2 depth=1 per_second=2000\n\
            Done 2 runs in 1 second(s)\n";
        let last = Statistics::last_in(printed).unwrap();
        assert_eq!((last.inputs, last.depth), (2, 1));
        assert!((last.depth_percent() - 50.0).abs() < 0.01);
    }

    #[test]
    fn a_line_with_a_word_missing_is_none() {
        let line = "fuzz-statistics target=a inputs=1 per_second=1000";
        assert_eq!(line.parse::<Statistics>(), Err(NotStatistics));
    }
}
