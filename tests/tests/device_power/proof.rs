//! One scenario through one part of the proof, held against its pinned count.

use std::collections::BTreeSet;

use patchproof_rehearsal::{BlockSize, Honesty};
use patchproof_testkit::power::{
    Effort, SCENARIOS, SYNC_SITES, Scenario, Violation, cuts, faults, rots, syncs,
};

pub(crate) fn scenario(name: &str) -> &'static Scenario {
    let mut all = SCENARIOS.iter();
    all.find(|scenario| scenario.name == name)
        .expect("a scenario of that name")
}

pub(crate) fn cuts_hold(name: &str, honesty: Honesty, stages: &[&str], pinned: &str) {
    let cuts = cuts(scenario(name), BLOCK, honesty, effort(honesty));
    nothing_is_violated(&cuts.violations);
    assert_eq!(cuts.stages, stages, "what a person sees in between");
    is_pinned(&cuts.to_string(), pinned);
}

pub(crate) fn failures_hold(name: &str, pinned: &str) {
    let faults = faults(scenario(name), BLOCK, effort(Honesty::Honest));
    nothing_is_violated(&faults.violations);
    is_pinned(&faults.to_string(), pinned);
}

pub(crate) fn rots_hold(name: &str, pinned: &str) {
    let rots = rots(scenario(name), BLOCK, effort(Honesty::Honest));
    nothing_is_violated(&rots.violations);
    is_pinned(&rots.to_string(), pinned);
}

pub(crate) fn syncs_are_missed(name: &str, pinned: &str) {
    is_pinned(&syncs(scenario(name), BLOCK).to_string(), pinned);
}

/// Of what a person is told of before anything is acknowledged, nothing is missed: not each sync of
/// each run is needed, but each that the product makes is needed somewhere.
#[test]
fn every_sync_of_the_product_is_missed_when_it_is_left_out() {
    let of_both = ["fresh install", "events"].map(|name| syncs(scenario(name), BLOCK));
    let missed = of_both.iter().flat_map(|syncs| &syncs.all);
    let missed = missed
        .filter(|sync| sync.without_it.is_some())
        .map(|sync| sync.site);
    let missed: BTreeSet<&str> = missed.collect();
    assert_eq!(missed, BTreeSet::from(SYNC_SITES));
}

#[test]
fn no_scenario_makes_a_sync_of_another_kind() {
    let kinds = syncs(scenario("clear bans"), BLOCK).all;
    assert!(
        kinds.iter().all(|sync| SYNC_SITES.contains(&sync.site)),
        "{kinds:?}"
    );
}

fn effort(honesty: Honesty) -> Effort {
    match is_full() {
        true => Effort::full(honesty),
        false => Effort::normal(honesty),
    }
}

fn is_full() -> bool {
    std::env::var_os("PATCHPROOF_FULL").is_some_and(|value| value == "1")
}

fn is_pinned(found: &str, pinned: &str) {
    if !is_full() {
        assert_eq!(found, pinned);
    }
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

const BLOCK: BlockSize = BlockSize::Bytes4096;
const SHOWN_MAX: usize = 8;
