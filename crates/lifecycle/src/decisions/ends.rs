//! How boots end, and what is counted for and against.

use super::*;
use crate::made::*;

/// The process that boots 2 ended so often, and was started again after each.
fn ended(times: usize, exit: Exit) -> State {
    let round = [start(B, &[(B, exit)]), looked(B, 2, Finding::Whole)];
    (0..times).fold(two_run(), |state, _| after(state, &round))
}

#[test]
fn crashes_that_the_platform_knows_are_crashes_and_other_ends_are_not() {
    let known = [Exit::Crash, Exit::NativeCrash, Exit::Anr];
    let other = [Exit::UserRequest, Exit::LowMemory, Exit::Unknown];
    for exit in known.into_iter().chain(other) {
        let after = outcome(&two_run(), &start(B, &[(B, exit)])).state;
        let banned = after.words.contains_key(&RELEASE);
        assert_eq!(banned, known.contains(&exit), "{exit:?}");
    }
}

#[test]
fn a_known_crash_of_what_is_not_proven_is_a_ban_in_both_slots() {
    let outcome = outcome(&two_run(), &start(B, &[(B, Exit::Crash)]));
    let bad = &outcome.state.words[&RELEASE].known_bad;
    assert_eq!(bad[&generation(2)], BadReason::Crashed);
    assert_eq!(outcome.effects[0], Effect::Commit(Durability::BothSlots));
    assert_eq!(told(&outcome.state).last(), Some(&QueuedKind::Crashed));
}

#[test]
fn two_crashes_ban_where_the_policy_allows_one() {
    let policy = Policy {
        known_crashes_max: 2,
        ..Policy::default()
    };
    let crash = start(B, &[(B, Exit::Crash)]);
    let once = step(&policy, &two_run(), &crash).state;
    assert_eq!((record(&once, 2).crashes, once.words.len()), (1, 0));
    let again = step(&policy, &once, &looked(B, 2, Finding::Whole)).state;
    let twice = step(&policy, &again, &crash).state;
    assert_eq!(twice.words[&RELEASE].known_bad.len(), 1);
}

#[test]
fn a_third_boot_without_success_sets_aside() {
    let twice = ended(2, Exit::Unknown);
    assert_eq!(record(&twice, 2).unfinished, 2);
    assert_eq!(twice.tokens[&B].attempt, 3);
    let after = outcome(&twice, &start(B, &[(B, Exit::Unknown)])).state;
    let reason = SetAsideReason::UnfinishedBoots;
    let aside = SetAside { number: 2, reason };
    assert_eq!(after.set_aside[&generation(2)], aside);
    assert_eq!(told(&after).last(), Some(&QueuedKind::SetAside));
    assert!(after.words.is_empty());
}

#[test]
fn what_is_set_aside_for_the_data_says_so() {
    let mut twice = ended(2, Exit::Unknown);
    twice.data_epoch = 1;
    let newest = twice.installed.get_mut(&generation(2)).unwrap();
    (newest.data_epoch, newest.reads_data_epoch) = (1, 1);
    let after = outcome(&twice, &start(B, &[(B, Exit::Unknown)])).state;
    let aside = &after.set_aside[&generation(2)];
    assert_eq!(aside.reason, SetAsideReason::DataEpoch);
}

#[test]
fn the_slots_own_last_process_has_ended_whatever_is_said() {
    let after = outcome(&two_run(), &start(B, &[])).state;
    assert_eq!(record(&after, 2).unfinished, 1);
    assert!(!after.tokens.contains_key(&B));
}

#[test]
fn other_processes_run_until_it_is_said_that_they_ended() {
    let after = outcome(&two_run(), &start(ProcessSlot(2), &[])).state;
    assert_eq!(record(&after, 2).unfinished, 0);
    assert!(after.tokens.contains_key(&B));
}

#[test]
fn health_proves_what_runs_forgives_what_was_counted_and_is_told_once() {
    let before = ended(2, Exit::Unknown);
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let outcome = outcome(&before, &healthy);
    let well = &outcome.state;
    assert_eq!(well.proven, Some(generation(2)));
    let proven = record(well, 2);
    assert!(proven.proven);
    assert_eq!((proven.crashes, proven.unfinished), (0, 0));
    assert_eq!(told(well).last(), Some(&QueuedKind::Proven));
    assert!(!well.installed.contains_key(&generation(1)));
    let expected = [
        Effect::Commit(Durability::OneSlot),
        Effect::Sweep(well.referred_to()),
    ];
    assert_eq!(outcome.effects, expected);
    let again = after(
        well.clone(),
        &[start(B, &[]), looked(B, 2, Finding::Whole), healthy],
    );
    assert_eq!(told(&again), told(well));
}

#[test]
fn health_is_said_once_for_each_boot() {
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let once = outcome(&two_run(), &healthy).state;
    let twice = outcome(&once, &healthy);
    assert_eq!((twice.state, twice.effects), (once, vec![]));
}

#[test]
fn a_process_that_boots_nothing_of_ours_proves_nothing() {
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let outcome = outcome(&state(), &healthy);
    assert_eq!((outcome.state, outcome.effects), (state(), vec![]));
}

#[test]
fn an_older_one_that_is_well_does_not_take_the_place_of_a_newer_proven_one() {
    // 1 runs in slot A, not settled; 2 was proven meanwhile in slot B.
    let healthy = |slot| Event::Healthy { slot, now_ms: 1 };
    let again = [
        start(A, &[]),
        looked(A, 2, Finding::Unreadable),
        looked(A, 1, Finding::Whole),
    ];
    let both = after(two_run(), &again);
    let newer = after(both, &[healthy(B)]);
    assert_eq!(newer.proven, Some(generation(2)));
    assert_eq!(after(newer, &[healthy(A)]).proven, Some(generation(2)));
}

#[test]
fn health_of_one_process_vouches_for_the_others_that_run_the_same() {
    let slot = ProcessSlot(2);
    let both = after(
        two_run(),
        &[start(slot, &[]), looked(slot, 2, Finding::Whole)],
    );
    let after = outcome(&both, &Event::Healthy { slot, now_ms: 1 }).state;
    assert!(after.tokens[&B].proven);
    // Slot A boots 1, which was proven before.
    let crashed = outcome(&after, &start(B, &[(B, Exit::Crash)])).state;
    assert!(crashed.words.is_empty());
    assert_eq!(record(&crashed, 2).recent, [true]);
}

#[test]
fn a_report_of_failure_is_a_ban_for_that() {
    let event = Event::FailureReported { slot: B, now_ms: 1 };
    let outcome = outcome(&two_run(), &event);
    let bad = &outcome.state.words[&RELEASE].known_bad;
    assert_eq!(bad[&generation(2)], BadReason::Reported);
    assert_eq!(
        told(&outcome.state).last(),
        Some(&QueuedKind::FailureReported)
    );
    assert_eq!(outcome.effects, [Effect::Commit(Durability::BothSlots)]);
    assert!(outcome.state.tokens[&B].settled);
}

#[test]
fn nothing_that_comes_after_health_blames_that_boot() {
    let healthy = Event::Healthy { slot: B, now_ms: 1 };
    let well = outcome(&two_run(), &healthy).state;
    let reported = outcome(&well, &Event::FailureReported { slot: B, now_ms: 1 });
    assert_eq!((reported.state, reported.effects), (well.clone(), vec![]));
    let crashed = outcome(&well, &start(B, &[(B, Exit::Crash)])).state;
    assert!(record(&crashed, 2).recent.is_empty());
}

#[test]
fn a_crash_under_another_release_is_remembered_for_that_release() {
    let event = start_of(OTHER, ProcessSlot(2), &[]);
    let moved = outcome(&two_run(), &event).state;
    let crashed = start_of(OTHER, ProcessSlot(2), &[(B, Exit::Crash)]);
    let after = outcome(&moved, &crashed).state;
    assert!(after.words[&RELEASE].known_bad.contains_key(&generation(2)));
    let ended = start_of(OTHER, ProcessSlot(2), &[(B, Exit::Unknown)]);
    assert!(outcome(&moved, &ended).state.words.is_empty());
    let lenient = Policy {
        known_crashes_max: 2,
        ..Policy::default()
    };
    assert!(step(&lenient, &moved, &crashed).state.words.is_empty());
}

#[test]
fn a_ban_of_what_is_banned_changes_nothing() {
    let banned = outcome(&state(), &refused(Fault::Patch)).state;
    let again = outcome(&banned, &refused(Fault::Patch));
    assert_eq!((again.state, again.notes), (banned, vec![]));
}

#[test]
fn what_is_banned_is_neither_set_aside_nor_counted() {
    let mut before = state();
    let reason = SetAsideReason::FailedDownloads;
    let aside = SetAside { number: 1, reason };
    before.set_aside.insert(generation(3), aside);
    before.failed_downloads.insert(generation(3), 1);
    let after = outcome(&before, &refused(Fault::Patch)).state;
    assert!(after.set_aside.is_empty() && after.failed_downloads.is_empty());
}

#[test]
fn as_many_known_bad_contents_as_the_policy_says_are_remembered_of_the_current_release() {
    let policy = Policy {
        known_bad_max: 1,
        ..Policy::default()
    };
    let refuse = |state: &State, release, number| {
        step(&policy, state, &refused_of(release, number, Fault::Patch)).state
    };
    let once = refuse(&state(), RELEASE, 3);
    assert_eq!(once.words[&RELEASE].known_bad.len(), 1);
    let twice = refuse(&once, RELEASE, 4);
    assert!(twice.words[&RELEASE].known_bad.keys().eq(&[generation(3)]));
    let elsewhere = refuse(&refuse(&once, OTHER, 3), OTHER, 4);
    assert_eq!(elsewhere.words[&OTHER].known_bad.len(), 2);
}
