//! What boots, and who is blamed: invariants 1 to 6.

use std::collections::{BTreeMap, BTreeSet};

use crate::made::*;
use crate::*;

#[test]
fn the_made_state_is_the_one_that_the_tests_speak_of() {
    let state = two_run();
    assert_eq!(state.candidate, Some(generation(2)));
    assert_eq!(state.proven, Some(generation(1)));
    assert_eq!(state.tokens.len(), 2);
}

#[test]
fn invariant_1_a_boot_of_what_was_found_damaged_is_found() {
    let event = looked(B, 2, Finding::Damaged);
    let spoil = |outcome: &mut Outcome| outcome.effects = vec![Effect::Boot(Some(generation(2)))];
    assert_eq!(spoiled(&state(), &event, spoil), Some(1));
}

#[test]
fn invariant_1_a_boot_without_a_look_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.effects = vec![Effect::Boot(Some(generation(2)))];
    assert_eq!(spoiled(&state(), &start(B, &[]), spoil), Some(1));
}

#[test]
fn invariant_2_a_boot_of_another_release_is_found() {
    let event = Event::Start {
        slot: B,
        release: OTHER,
        ended: BTreeMap::new(),
        now_ms: 1,
    };
    let spoil = |outcome: &mut Outcome| {
        outcome.effects = vec![
            Effect::Commit(Durability::OneSlot),
            Effect::Check(generation(2)),
        ];
    };
    assert_eq!(spoiled(&state(), &event, spoil), Some(2));
}

#[test]
fn invariant_2_a_patch_that_did_not_verify_and_is_not_remembered_is_found() {
    let before = state();
    let spoil = |outcome: &mut Outcome| outcome.state.words.clear();
    assert_eq!(spoiled(&before, &refused(Fault::Patch), spoil), Some(2));
}

#[test]
fn invariant_2_a_patch_that_is_blamed_for_its_transport_is_found() {
    let spoil = |outcome: &mut Outcome| ban(outcome, generation(3));
    assert_eq!(
        spoiled(&state(), &refused(Fault::Transport), spoil),
        Some(2)
    );
}

#[test]
fn invariant_3_a_crash_that_is_forgotten_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.state.words.clear();
        outcome.effects = vec![
            Effect::Commit(Durability::OneSlot),
            Effect::Check(generation(1)),
        ];
    };
    assert_eq!(
        spoiled(&two_run(), &start(B, &[(B, Exit::Crash)]), spoil),
        Some(3)
    );
}

#[test]
fn invariant_3_a_ban_that_is_forgotten_is_found() {
    let before = after(two_run(), &[start(B, &[(B, Exit::Crash)])]);
    let spoil = |outcome: &mut Outcome| {
        outcome.state.words.clear();
        outcome
            .effects
            .insert(0, Effect::Commit(Durability::BothSlots));
    };
    assert_eq!(spoiled(&before, &answered(None, &[]), spoil), Some(3));
}

#[test]
fn invariant_3_a_known_bad_content_that_is_fetched_again_is_found() {
    let before = after(two_run(), &[start(B, &[(B, Exit::Crash)])]);
    let spoil = |outcome: &mut Outcome| outcome.effects.push(Effect::Fetch(offer(2)));
    assert_eq!(
        spoiled(&before, &answered(Some(offer(2)), &[]), spoil),
        Some(3)
    );
}

#[test]
fn invariant_4_a_start_that_boots_nothing_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.effects.clear();
    assert_eq!(spoiled(&State::default(), &start(A, &[]), spoil), Some(4));
}

#[test]
fn invariant_4_a_start_that_looks_at_the_same_for_ever_is_found() {
    let event = looked(B, 2, Finding::Unreadable);
    let spoil = |outcome: &mut Outcome| outcome.effects = vec![Effect::Check(generation(2))];
    assert_eq!(spoiled(&state(), &event, spoil), Some(4));
}

#[test]
fn invariant_5_a_sweep_of_what_a_process_runs_is_found() {
    let event = Event::Healthy { slot: B, now_ms: 1 };
    let spoil = |outcome: &mut Outcome| {
        outcome.effects.pop();
        let keep = BTreeSet::from([generation(2)]);
        outcome.effects.push(Effect::Sweep(keep));
    };
    assert_eq!(spoiled(&two_run(), &event, spoil), Some(5));
}

#[test]
fn invariant_5_a_proven_generation_that_is_given_up_for_an_unproven_one_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.state.proven = None;
    assert_eq!(spoiled(&state(), &installed(3), spoil), Some(5));
}

#[test]
fn invariant_5_a_boot_of_what_cannot_read_the_data_is_found() {
    let mut before = state();
    before.data_epoch = 1;
    let event = looked(B, 2, Finding::Whole);
    let spoil = |outcome: &mut Outcome| outcome.effects = vec![Effect::Boot(Some(generation(2)))];
    assert_eq!(spoiled(&before, &event, spoil), Some(5));
}

#[test]
fn invariant_6_a_ban_for_an_end_that_is_no_crash_is_found() {
    let spoil = |outcome: &mut Outcome| {
        ban(outcome, generation(2));
        outcome.effects.push(Effect::Check(generation(1)));
    };
    let event = start(B, &[(B, Exit::LowMemory)]);
    assert_eq!(spoiled(&two_run(), &event, spoil), Some(6));
}

#[test]
fn invariant_6_a_boot_without_success_that_is_not_counted_is_found() {
    let spoil = |outcome: &mut Outcome| {
        let record = outcome.state.installed.get_mut(&generation(2)).unwrap();
        record.unfinished = 0;
    };
    let event = start(B, &[(B, Exit::Unknown)]);
    assert_eq!(spoiled(&two_run(), &event, spoil), Some(6));
}
