//! One scenario through one part of the proof, held against what is pinned.

use std::collections::BTreeSet;

use patchproof_rehearsal::{BlockSize, Honesty};
use patchproof_testkit::figures;
use patchproof_testkit::power::{
    Effort, Part, SCENARIOS, SYNC_SITES, Scenario, Violation, part, syncs,
};

fn scenario(name: &str) -> &'static Scenario {
    let mut all = SCENARIOS.iter();
    all.find(|scenario| scenario.name == name)
        .expect("a scenario of that name")
}

/// Goes through a part and holds its counts against `docs/figures.toml`.
pub(crate) fn holds(name: &str, part_name: &str) -> Part {
    let is_full = std::env::var_os("PATCHPROOF_FULL").is_some_and(|value| value == "1");
    let effort: fn(Honesty) -> Effort = if is_full {
        Effort::full
    } else {
        Effort::normal
    };
    let part = part(part_name, scenario(name), effort).expect("a part of that name");
    nothing_is_violated(&part.violations);
    let pinned = figures::pinned().expect("docs/figures.toml holds figures");
    let pinned = pinned
        .power
        .get(name)
        .and_then(|parts| parts.get(part_name));
    let pinned = pinned.expect("every part of every scenario is pinned");
    // How many disks there are is a matter of the bounds; all else is not.
    let of_bounds = is_full && ["honest", "lying", "failures"].contains(&part_name);
    for (figure, count) in &part.counts {
        let is_same = [SAME_IN_FULL, &["cuts"]]
            .concat()
            .contains(&figure.as_str());
        if !of_bounds || is_same {
            assert_eq!((figure, Some(count)), (figure, pinned.get(figure)));
        }
    }
    assert_eq!(part.counts.len(), pinned.len());
    part
}

/// Of what a person is told of before anything is acknowledged, nothing is missed: not each sync of
/// each run is needed, but each that the product makes is needed somewhere.
#[test]
fn every_sync_of_the_product_is_missed_when_it_is_left_out() {
    let of_these = ["fresh install", "events", "signed words"];
    let of_these = of_these.map(|name| syncs(scenario(name), BlockSize::Bytes4096));
    let missed = of_these.iter().flat_map(|syncs| &syncs.all);
    let missed = missed
        .filter(|sync| sync.without_it.is_some())
        .map(|sync| sync.site);
    let missed: BTreeSet<&str> = missed.collect();
    assert_eq!(missed, BTreeSet::from(SYNC_SITES));
}

fn nothing_is_violated(violations: &[Violation]) {
    let words: Vec<String> = violations
        .iter()
        .take(SHOWN_MAX)
        .map(ToString::to_string)
        .collect();
    assert!(
        violations.is_empty(),
        "{} violations: {words:#?}",
        violations.len()
    );
}

/// Failures that are ordered, and what is told of them.
const SAME_IN_FULL: &[&str] = &["runs", "told", "of_no_account"];
const SHOWN_MAX: usize = 8;
