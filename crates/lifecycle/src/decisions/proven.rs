//! What is counted of a generation once its health window passed.

use super::*;
use crate::made::*;

#[test]
fn a_proven_one_is_banned_by_three_crashes_among_its_last_five_boots() {
    let recent = |crashes: &[bool]| {
        let mut before = state();
        before.candidate = None;
        before.tokens.clear();
        let record = before.installed.get_mut(&generation(1)).unwrap();
        record.recent = crashes.iter().copied().collect();
        let boot = [
            start(B, &[]),
            looked(B, 1, Finding::Whole),
            start(B, &[(B, Exit::Crash)]),
        ];
        after(before, &boot)
    };
    let banned = |crashes: &[bool]| !recent(crashes).words.is_empty();
    assert!(!banned(&[true]));
    assert!(banned(&[true, true]));
    assert!(banned(&[true, false, false, true]));
    assert!(!banned(&[true, false, false, true, false]));
    let counted = recent(&[true, false, false, true, false]);
    assert_eq!(
        record(&counted, 1).recent,
        [false, false, true, false, true]
    );
}

#[test]
fn health_of_a_proven_one_is_remembered_among_its_boots() {
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let boot = [start(B, &[]), looked(B, 1, Finding::Whole), healthy];
    let mut before = state();
    before.candidate = None;
    assert_eq!(record(&after(before, &boot), 1).recent, [false]);
}

#[test]
fn a_crash_of_a_proven_one_whose_record_is_gone_bans_nothing() {
    let mut before = two_run();
    before.tokens.get_mut(&B).unwrap().proven = true;
    before.installed.remove(&generation(2));
    before.candidate = None;
    let after = outcome(&before, &start(B, &[(B, Exit::Crash)])).state;
    assert!(after.words.is_empty());
}

#[test]
fn a_boot_that_was_proven_is_not_counted_against_a_record_that_is_newer() {
    let mut before = two_run();
    before.tokens.get_mut(&B).unwrap().proven = true;
    let after = outcome(&before, &start(B, &[(B, Exit::Crash)])).state;
    let newer = record(&after, 2);
    assert_eq!((newer.crashes, newer.unfinished), (0, 0));
}

#[test]
fn health_proves_other_boots_of_the_same_generation_on_the_same_release_alone() {
    let mut before = two_run();
    let boot = before.tokens[&B].clone();
    let other_release = Token {
        release: OTHER,
        ..boot.clone()
    };
    let other_generation = Token {
        generation: generation(3),
        ..boot.clone()
    };
    let others = [boot, other_release, other_generation];
    before.tokens.extend((2..).map(ProcessSlot).zip(others));
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let after = after(before, &[healthy]);
    let proven = [2, 3, 4].map(|slot| after.tokens[&ProcessSlot(slot)].proven);
    assert_eq!(proven, [true, false, false]);
}

#[test]
fn later_boots_fall_back_to_what_is_proven_last_by_number_or_by_the_servers_choice() {
    let proven = |number_of_1: u64, candidate: Option<GenerationId>| {
        let mut before = two_run();
        before.installed.get_mut(&generation(1)).unwrap().number = number_of_1;
        before.candidate = candidate;
        after(before, &[Event::Healthy { slot: B, now_ms: 1 }]).proven
    };
    let (one, two) = (Some(generation(1)), Some(generation(2)));
    assert_eq!(proven(1, None), two);
    assert_eq!(proven(5, two), two);
    assert_eq!(proven(5, None), one);
}
