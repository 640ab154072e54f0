//! The counted figures of the proofs: the same on every machine, pinned in `docs/figures.toml`,
//! shown in the README.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use crate::explorer::Explored;
use crate::explorer::ours::{self, Scale};
use crate::power::{self, Counts, Effort, PARTS, SCENARIOS, SYNC_SITES};

/// What is pinned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "tests and xtask take it apart")]
pub struct Figures {
    /// Of the lifecycle's explorer, at the scale of every test run.
    pub lifecycle: Counts,
    /// Of the proof against power loss: by scenario, then by part.
    pub power: BTreeMap<String, BTreeMap<String, Counts>>,
}

/// Counts everything anew, on so many threads. Minutes.
///
/// # Errors
/// What was violated, in words.
pub fn counted(threads: usize) -> Result<Figures, String> {
    let power = counted_power(threads)?;
    let lifecycle = of_explored(&ours::explore(Scale::Two))?;
    Ok(Figures { lifecycle, power })
}

/// What is pinned of an exploration.
///
/// # Errors
/// What was violated, or that it did not come to its end.
pub fn of_explored(explored: &Explored) -> Result<Counts, String> {
    if let Some((property, violation)) = explored.violations.first_key_value() {
        return Err(format!("{property}: {}", violation.story));
    }
    if !explored.complete {
        return Err("the explorer did not see every world".to_owned());
    }
    let counts = [
        ("states", explored.states),
        ("steps", explored.transitions),
        ("depth", u64::from(explored.depth)),
    ];
    Ok(counts.map(|(name, count)| (name.to_owned(), count)).into())
}

fn counted_power(threads: usize) -> Result<BTreeMap<String, BTreeMap<String, Counts>>, String> {
    let all = SCENARIOS.iter().flat_map(|it| PARTS.map(|part| (it, part)));
    let all: Vec<_> = all.collect();
    let next = AtomicUsize::new(0);
    let done = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..threads.max(1) {
            scope.spawn(|| {
                while let Some((scenario, name)) = all.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let part = power::part(name, scenario, Effort::normal);
                    let mut done = done.lock().unwrap_or_else(PoisonError::into_inner);
                    done.extend(part.map(|part| (scenario.name, *name, part)));
                }
            });
        }
    });
    let mut power: BTreeMap<String, BTreeMap<String, Counts>> = BTreeMap::new();
    for (scenario, name, part) in done.into_inner().unwrap_or_else(PoisonError::into_inner) {
        if let Some(violation) = part.violations.first() {
            return Err(format!("{name}: {violation}"));
        }
        let parts = power.entry(scenario.to_owned()).or_default();
        parts.insert(name.to_owned(), part.counts);
    }
    Ok(power)
}

/// Those of `docs/figures.toml`.
///
/// # Errors
/// When it does not hold figures.
pub fn pinned() -> Result<Figures, toml::de::Error> {
    toml::from_str(PINNED)
}

/// `docs/figures.toml` of these figures.
///
/// # Errors
/// None that a table of numbers gives.
pub fn file(figures: &Figures) -> Result<String, toml::ser::Error> {
    Ok(format!("{HEAD}{}", toml::to_string(figures)?))
}

/// What the README says: what it is, and how many of it there are.
#[must_use]
pub fn totals(figures: &Figures) -> Vec<(&'static str, u64)> {
    let of = |parts: &[&str], name: &str| -> u64 {
        let named = figures.power.values().flat_map(|scenario| {
            parts
                .iter()
                .filter_map(|part| scenario.get(*part)?.get(name).copied())
        });
        named.sum()
    };
    let cuts = |name| of(&["honest", "lying"], name);
    let lifecycle = |name| figures.lifecycle.get(name).copied().unwrap_or_default();
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    vec![
        (
            "scenarios, from a first install to rotten state",
            count(figures.power.len()),
        ),
        (
            "power cuts: before each storage operation, on an honest and a lying disk",
            cuts("cuts"),
        ),
        (
            "disks that they may leave, those of each cut counted by themselves",
            cuts("images"),
        ),
        (
            "cuts with too many unsynced changes, of whose disks a sample was taken",
            cuts("swept_moments"),
        ),
        (
            "second cuts, before each operation of the start that follows",
            cuts("second_cuts"),
        ),
        ("disks that those may leave", cuts("second_images")),
        (
            "starts, one on each disk that a start can tell apart",
            cuts("starts"),
        ),
        (
            "runs on from there until the newest good patch boots, told apart also by what was \
             left of a download",
            cuts("continuations"),
        ),
        (
            "runs with one operation failing: EIO, ENOSPC, EACCES, EINTR, EXDEV, a short write, or \
             done and reported as failed",
            of(&["failures"], "runs"),
        ),
        ("disks with one rotten file", of(&["rot"], "disks")),
        (
            "places where an update syncs, each missed when it is left out",
            count(SYNC_SITES.len()),
        ),
        ("syncs in all scenarios", of(&["syncs"], "made")),
        ("of them missed when left out", of(&["syncs"], "missed")),
        (
            "states of three small worlds of one and two processes, each explored to its end, with \
             no invariant broken",
            lifecycle("states"),
        ),
        ("steps between them", lifecycle("steps")),
    ]
}

/// The README's table of these figures.
#[must_use]
pub fn table(figures: &Figures) -> String {
    let rows = totals(figures).into_iter();
    let rows = rows.map(|(words, count)| format!("| {words} | {} |\n", grouped(count)));
    format!(
        "| what | how many |\n|---|---:|\n{}",
        rows.collect::<String>()
    )
}

/// With a comma every three digits.
fn grouped(value: u64) -> String {
    let digits = value.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

const PINNED: &str = include_str!("../../../docs/figures.toml");
const HEAD: &str = "# The counted figures of the proofs. `cargo xtask figures` counts them anew \
    and compares;\n# `cargo xtask figures --bless` writes this file.\n\n";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scenario_and_part_is_pinned_and_nothing_else() {
        let pinned = pinned().unwrap().power;
        let names: Vec<&str> = pinned.keys().map(String::as_str).collect();
        let mut scenarios: Vec<&str> = SCENARIOS.iter().map(|it| it.name).collect();
        scenarios.sort_unstable();
        assert_eq!(names, scenarios);
        for parts in pinned.values() {
            let mut expected = PARTS;
            expected.sort_unstable();
            let names: Vec<&str> = parts.keys().map(String::as_str).collect();
            assert_eq!(names, expected);
        }
    }

    #[test]
    fn digits_come_in_threes() {
        let grouped = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
    }
}
