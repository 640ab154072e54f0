//! The counted figures of the proofs: the same on every machine, pinned in `docs/figures.toml`,
//! shown in the README.

use std::collections::{BTreeMap, BTreeSet};

use crate::explorer::ours::{self, Scale};
use crate::power::{self, Row};

/// Figures by their ids.
pub type Figures = BTreeMap<String, u64>;

/// Counts everything anew, on so many threads. Minutes.
///
/// # Errors
/// What was violated, in words.
pub fn counted(threads: usize) -> Result<Figures, String> {
    let rows = power::rows(false, threads);
    if let Some(violation) = rows.iter().flat_map(Row::violations).next() {
        return Err(violation.to_string());
    }
    let explored = ours::explore(Scale::Two);
    if let Some((property, violation)) = explored.violations.first_key_value() {
        return Err(format!("{property}: {}", violation.story));
    }
    let cuts = || rows.iter().flat_map(|row| [&row.honest, &row.lying]);
    let syncs = || rows.iter().flat_map(|row| &row.syncs.all);
    let needed = syncs().filter(|sync| sync.without_it.is_some());
    let sites = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let figures = [
        ("scenarios", sites(rows.len())),
        ("crash_points", cuts().map(|cuts| cuts.operations + 1).sum()),
        ("images", cuts().map(|cuts| cuts.images).sum()),
        (
            "second_crash_points",
            cuts().map(|cuts| cuts.second_cuts).sum(),
        ),
        ("second_images", cuts().map(|cuts| cuts.second_images).sum()),
        ("failures", rows.iter().map(|row| row.faults.runs).sum()),
        ("rotten_disks", rows.iter().map(|row| row.rots.disks).sum()),
        (
            "syncs",
            sites(syncs().map(|sync| sync.site).collect::<BTreeSet<_>>().len()),
        ),
        (
            "syncs_needed",
            sites(needed.map(|sync| sync.site).collect::<BTreeSet<_>>().len()),
        ),
        ("lifecycle_states", explored.states),
        ("lifecycle_steps", explored.transitions),
        ("lives", LIVES),
    ];
    Ok(figures
        .into_iter()
        .map(|(id, value)| (id.to_owned(), value))
        .collect())
}

/// Those of `docs/figures.toml`.
///
/// # Errors
/// When it is no table of numbers.
pub fn pinned() -> Result<Figures, toml::de::Error> {
    toml::from_str(PINNED)
}

/// `docs/figures.toml` of these figures.
#[must_use]
pub fn file(figures: &Figures) -> String {
    let lines = figures
        .iter()
        .map(|(id, value)| format!("{id} = {value}\n"));
    format!("{HEAD}{}", lines.collect::<String>())
}

/// The README's table of these figures.
#[must_use]
pub fn table(figures: &Figures) -> String {
    let rows = WORDS.iter().map(|(id, words)| {
        let value = figures
            .get(*id)
            .map_or_else(|| "?".to_owned(), |it| grouped(*it));
        format!("| {words} | {value} |\n")
    });
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

/// Random lives of a phone that the test command takes.
pub const LIVES: u64 = 10_000;

const PINNED: &str = include_str!("../../../docs/figures.toml");
const HEAD: &str = "# The counted figures of the proofs. `cargo xtask figures` counts them anew \
    and compares;\n\
    # `cargo xtask figures --bless` writes this file.\n\n";
const WORDS: [(&str, &str); 12] = [
    (
        "scenarios",
        "scenarios, from a first install to rotten state",
    ),
    (
        "crash_points",
        "power cuts: one before each storage operation, on an honest and a lying disk",
    ),
    (
        "images",
        "disks that those cuts may leave, each started and taken on to the newest patch",
    ),
    (
        "second_crash_points",
        "second power cuts, before each operation of the recovery",
    ),
    ("second_images", "disks that those may leave"),
    (
        "failures",
        "storage operations that failed, once and for ever, in each way a disk fails",
    ),
    ("rotten_disks", "disks with one rotten file"),
    ("syncs", "kinds of sync in the product"),
    ("syncs_needed", "of them those without which a check fails"),
    (
        "lifecycle_states",
        "worlds of two processes that the explorer saw, no invariant broken in any",
    ),
    ("lifecycle_steps", "steps between them"),
    (
        "lives",
        "random lives held against a reference that knows the invariants alone",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_figure_has_its_words_and_no_words_lack_a_figure() {
        let pinned = pinned().unwrap();
        let worded: Vec<&str> = WORDS.iter().map(|(id, _)| *id).collect();
        assert!(pinned.keys().all(|id| worded.contains(&id.as_str())));
        assert_eq!(pinned.len(), worded.len());
        assert!(!table(&pinned).contains('?'));
    }

    #[test]
    fn digits_come_in_threes() {
        let grouped = [0, 999, 1_000, 1_234_567].map(grouped);
        assert_eq!(grouped, ["0", "999", "1,000", "1,234,567"]);
    }
}
