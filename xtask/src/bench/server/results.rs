//! What was measured of the server, as data and as a table.

use std::time::Duration;

use serde::Serialize;

use super::super::machine::Machine;
use super::super::statistics::{real, wide};
use super::load::Round;
use crate::tables::for_terminal;

/// One run.
#[derive(Debug, Serialize)]
pub(super) struct ServerResults {
    pub(super) command: String,
    pub(super) machine: Machine,
    pub(super) apps: u32,
    pub(super) patches: u32,
    pub(super) connections: u16,
    pub(super) request_bytes: usize,
    pub(super) answer_bytes: usize,
    pub(super) server: Contestant,
    pub(super) bare: Contestant,
    pub(super) memory: Memory,
}

/// One of the two.
#[derive(Debug, Default, Serialize)]
pub(super) struct Contestant {
    /// Of each round.
    pub(super) checks_per_second: Vec<f64>,
    /// The median of the rounds.
    pub(super) median_per_second: f64,
    /// Over all rounds.
    pub(super) p50_ms: f64,
    pub(super) p99_ms: f64,
}

/// Resident memory of the server's process.
#[derive(Debug, Serialize)]
pub(super) struct Memory {
    /// A server without an app.
    pub(super) empty_bytes: u64,
    /// Full, before the first request.
    pub(super) began_bytes: u64,
    /// After the rounds.
    pub(super) before_bytes: u64,
    /// After so many requests more.
    pub(super) after_bytes: u64,
    pub(super) requests: u64,
}

/// What was promised, and what was found.
#[derive(Debug, Serialize)]
pub(super) struct ServerGoal {
    pub(super) goal: String,
    pub(super) found: String,
    pub(super) is_met: bool,
}

/// A run and what follows from it.
#[derive(Serialize)]
pub(super) struct WithGoals<'a> {
    #[serde(flatten)]
    results: &'a ServerResults,
    ratio: f64,
    goals: Vec<ServerGoal>,
}

impl Contestant {
    pub(super) fn of(rounds: &[Round]) -> Self {
        let rate = |round: &Round| real(wide(round.latencies.len())) / round.took.as_secs_f64();
        let checks_per_second: Vec<f64> = rounds.iter().map(rate).collect();
        let mut latencies: Vec<Duration> = rounds
            .iter()
            .flat_map(|round| round.latencies.iter().copied())
            .collect();
        latencies.sort_unstable();
        let at = |part: usize| {
            let found = latencies
                .get((latencies.len() * part / 100).min(latencies.len().saturating_sub(1)));
            found.map_or(0.0, |latency| latency.as_secs_f64() * 1000.0)
        };
        Self {
            median_per_second: middle(&checks_per_second),
            checks_per_second,
            p50_ms: at(50),
            p99_ms: at(99),
        }
    }
}

impl ServerResults {
    /// The median of the ratios of the rounds: each round stands beside its neighbour.
    fn ratio(&self) -> f64 {
        let pairs = self
            .server
            .checks_per_second
            .iter()
            .zip(&self.bare.checks_per_second);
        middle(
            &pairs
                .map(|(server, bare)| server / bare)
                .collect::<Vec<_>>(),
        )
    }

    pub(super) fn goals(&self) -> Vec<ServerGoal> {
        let Memory {
            before_bytes,
            after_bytes,
            requests,
            ..
        } = self.memory;
        let grown = real(after_bytes) / real(before_bytes.max(1));
        vec![
            ServerGoal {
                goal: format!("checks per second at least {RATIO_MIN} of a bare handler's"),
                found: format!("{:.2}", self.ratio()),
                is_met: self.ratio() >= RATIO_MIN,
            },
            ServerGoal {
                goal: format!("memory flat over {requests} requests, within 5 %"),
                found: format!("{:+.1} %", (grown - 1.0) * 100.0),
                is_met: grown <= GROWTH_MAX,
            },
        ]
    }

    pub(super) fn with_goals(&self) -> WithGoals<'_> {
        WithGoals {
            results: self,
            ratio: self.ratio(),
            goals: self.goals(),
        }
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let mut speed = for_terminal(&["", "checks/s", "p50 ms", "p99 ms", "of bare"], 1..5);
        for (name, of, ratio) in [
            ("patchproof serve", &self.server, self.ratio()),
            ("bare axum handler", &self.bare, 1.0),
        ] {
            speed.add_row([
                name.to_owned(),
                format!("{:.0}", of.median_per_second),
                format!("{:.2}", of.p50_ms),
                format!("{:.2}", of.p99_ms),
                format!("{ratio:.2}"),
            ]);
        }
        let mut memory = for_terminal(&["resident memory", "MiB"], 1..2);
        for (when, bytes) in [
            ("empty".to_owned(), self.memory.empty_bytes),
            (
                "full, before the first request".to_owned(),
                self.memory.began_bytes,
            ),
            ("after the rounds".to_owned(), self.memory.before_bytes),
            (
                format!("after {} requests more", self.memory.requests),
                self.memory.after_bytes,
            ),
        ] {
            memory.add_row([when, format!("{:.1}", real(bytes) / MIB)]);
        }
        let mut goals = for_terminal(&["goal", "found", "met"], 1..3);
        for goal in self.goals() {
            let met = if goal.is_met { "yes" } else { "no" };
            goals.add_row([goal.goal, goal.found, met.to_owned()]);
        }
        let Self {
            apps,
            patches,
            connections,
            request_bytes,
            answer_bytes,
            ..
        } = self;
        format!(
            "{apps} apps x {patches} patches, {connections} connections, questions of \
             {request_bytes} bytes, answers of {answer_bytes}\n\n{}\n\n{}\n\n{}",
            speed.trim_fmt(),
            memory.trim_fmt(),
            goals.trim_fmt()
        )
    }
}

/// The middle one; of two the lower.
fn middle(numbers: &[f64]) -> f64 {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
        .get(sorted.len().saturating_sub(1) / 2)
        .copied()
        .unwrap_or(0.0)
}

const RATIO_MIN: f64 = 0.6;
const GROWTH_MAX: f64 = 1.05;
const MIB: f64 = 1024.0 * 1024.0;

#[cfg(test)]
mod tests {
    use super::*;

    fn contestant(rates: &[f64]) -> Contestant {
        Contestant {
            checks_per_second: rates.to_vec(),
            median_per_second: middle(rates),
            ..Contestant::default()
        }
    }

    fn results(server: &[f64], after_bytes: u64) -> ServerResults {
        ServerResults {
            command: String::new(),
            machine: Machine::default(),
            apps: 1,
            patches: 1,
            connections: 1,
            request_bytes: 1,
            answer_bytes: 1,
            server: contestant(server),
            bare: contestant(&[100.0, 200.0, 100.0]),
            memory: Memory {
                empty_bytes: 1,
                began_bytes: 1,
                before_bytes: 1000,
                after_bytes,
                requests: 1,
            },
        }
    }

    fn met(results: &ServerResults) -> Vec<bool> {
        results.goals().iter().map(|goal| goal.is_met).collect()
    }

    #[test]
    fn each_round_is_held_against_the_one_beside_it() {
        let results = results(&[60.0, 150.0, 50.0], 1000);
        assert!((results.ratio() - 0.6).abs() < 1e-12);
    }

    #[test]
    fn a_server_that_is_slow_or_grows_misses_its_goal() {
        assert_eq!(met(&results(&[60.0, 120.0, 60.0], 1050)), [true, true]);
        assert_eq!(met(&results(&[59.0, 118.0, 59.0], 1051)), [false, false]);
    }

    #[test]
    fn latencies_are_those_of_their_hundredths() {
        let latencies = (1..=1000).map(Duration::from_millis).collect();
        let took = Duration::from_secs(10);
        let found = Contestant::of(&[Round { took, latencies }]);
        let found = [found.median_per_second, found.p50_ms, found.p99_ms];
        assert_eq!(found, [100.0, 501.0, 991.0]);
    }
}
