//! Words that forbid, and states that do not hold together.

use std::collections::BTreeSet;

use super::*;
use crate::made::*;

fn floor(release: ReleaseKey, minimum_number: u64) -> Event {
    Event::FloorRaised {
        release,
        minimum_number,
    }
}

fn lifted(ids: &[GenerationId]) -> Event {
    Event::BansCleared {
        release: RELEASE,
        ids: ids.iter().copied().collect(),
    }
}

#[test]
fn a_floor_drops_what_stands_below_it_and_not_what_stands_on_it() {
    let outcome = outcome(&state(), &floor(RELEASE, 2));
    assert_eq!(outcome.state.words[&RELEASE].floor, 2);
    assert!(outcome.state.installed.keys().eq(&[generation(2)]));
    let (id, why) = (generation(1), Dropped::BelowFloor);
    assert_eq!(outcome.notes, [Note::Dropped { id, number: 1, why }]);
    assert_eq!(outcome.effects, [Effect::Commit(Durability::BothSlots)]);
}

#[test]
fn a_floor_never_sinks() {
    let raised = outcome(&state(), &floor(RELEASE, 2)).state;
    for lower in [0, 1, 2] {
        let again = outcome(&raised, &floor(RELEASE, lower));
        assert_eq!((again.state, again.effects), (raised.clone(), vec![]));
    }
}

#[test]
fn a_floor_of_another_release_drops_nothing_here() {
    let after = outcome(&state(), &floor(OTHER, 9)).state;
    assert_eq!(after.words[&OTHER].floor, 9);
    assert_eq!(after.installed, state().installed);
}

#[test]
fn no_floor_at_all_is_no_word() {
    for release in [RELEASE, OTHER] {
        let outcome = outcome(&state(), &floor(release, 0));
        assert_eq!((outcome.state, outcome.effects), (state(), vec![]));
    }
}

/// 3 and 4 are known bad, 5 is set aside, downloads of 6 failed, and 2 ended twice.
fn against() -> State {
    let mut state = state();
    let words = state.words.entry(RELEASE).or_default();
    for number in [3, 4] {
        words
            .known_bad
            .insert(generation(number), BadReason::Crashed);
    }
    words.floor = 1;
    let reason = SetAsideReason::UnfinishedBoots;
    let aside = SetAside { number: 5, reason };
    state.set_aside.insert(generation(5), aside);
    state.failed_downloads.insert(generation(6), 2);
    let record = state.installed.get_mut(&generation(2)).unwrap();
    record.unfinished = 2;
    let record = state.installed.get_mut(&generation(1)).unwrap();
    record.recent = [true].into();
    state
}

#[test]
fn support_lifts_everything_but_the_floor() {
    let after = outcome(&against(), &lifted(&[])).state;
    let mut expected = state();
    let words = expected.words.entry(RELEASE).or_default();
    words.floor = 1;
    assert_eq!(after, expected);
}

#[test]
fn support_lifts_what_it_names_alone() {
    let left = |number: u8| outcome(&against(), &lifted(&[generation(number)])).state;
    let known_bad = |state: &State| -> BTreeSet<GenerationId> {
        state.words[&RELEASE].known_bad.keys().copied().collect()
    };
    assert_eq!(known_bad(&left(3)), [generation(4)].into());
    assert_eq!(left(3).set_aside, against().set_aside);
    assert!(left(5).set_aside.is_empty());
    assert_eq!(known_bad(&left(5)).len(), 2);
    assert_eq!(left(5).failed_downloads, against().failed_downloads);
    assert!(left(6).failed_downloads.is_empty());
    assert_eq!(left(2).installed[&generation(2)].unfinished, 0);
    assert_eq!(left(2).installed[&generation(1)].recent, [true]);
}

#[test]
fn support_for_another_release_lifts_nothing_here() {
    let event = Event::BansCleared {
        release: OTHER,
        ids: [].into(),
    };
    assert_eq!(outcome(&against(), &event).state, against());
}

/// The state as the next event finds it, made to last by one that changes the queue alone.
fn mended(state: &State) -> Outcome {
    let ids = state.queue.events.iter().map(|event| event.id).take(1);
    let event = Event::Acknowledged { ids: ids.collect() };
    outcome(state, &event)
}

#[test]
fn a_state_of_ours_is_not_mended() {
    let outcome = mended(&two_run());
    let mut expected = two_run();
    expected.queue.events.pop_front();
    assert_eq!((outcome.state, outcome.notes), (expected, vec![]));
}

#[test]
fn without_a_release_nothing_is_of_it() {
    let mut before = against();
    before.release = None;
    let after = mended(&before).state;
    assert!(after.installed.is_empty() && after.candidate.is_none() && after.proven.is_none());
    assert!(after.set_aside.is_empty() && after.failed_downloads.is_empty());
}

#[test]
fn records_that_must_not_boot_go_with_their_reason() {
    let spoil = |spoil: &dyn Fn(&mut State)| {
        let mut before = state();
        spoil(&mut before);
        let outcome = mended(&before);
        assert!(!outcome.state.installed.contains_key(&generation(2)));
        assert_eq!(outcome.state.candidate, None);
        let of_it = outcome.notes.iter().find_map(|note| match note {
            Note::Dropped { id, why, .. } if *id == generation(2) => Some(*why),
            _ => None,
        });
        of_it.unwrap()
    };
    fn two(state: &mut State) -> &mut Installed {
        state.installed.get_mut(&generation(2)).unwrap()
    }
    assert_eq!(spoil(&|state| two(state).number = 0), Dropped::Damaged);
    let withdrawn = spoil(&|state| state.rolled_back = [2].into());
    assert_eq!(withdrawn, Dropped::RolledBack);
    let below = spoil(&|state| state.words.entry(RELEASE).or_default().floor = 3);
    assert_eq!(below, Dropped::BelowFloor);
    let crashed = spoil(&|state| two(state).crashes = 1);
    assert_eq!(crashed, Dropped::KnownBad(BadReason::Crashed));
    let unfinished = spoil(&|state| two(state).unfinished = 3);
    let reason = SetAsideReason::UnfinishedBoots;
    assert_eq!(unfinished, Dropped::SetAside(reason));
}

#[test]
fn what_is_mended_is_not_told_to_the_server() {
    let mut before = state();
    before.installed.get_mut(&generation(2)).unwrap().crashes = 1;
    let waiting = before.queue.events.len();
    assert_eq!(mended(&before).state.queue.events.len(), waiting - 1);
}

#[test]
fn pointers_to_nothing_and_to_what_is_not_proven_go() {
    let mut before = state();
    before.candidate = Some(generation(9));
    assert_eq!(mended(&before).state.candidate, None);
    let mut before = state();
    before.proven = Some(generation(2));
    assert_eq!(mended(&before).state.proven, None);
}

#[test]
fn a_record_reads_at_least_the_data_that_it_writes() {
    let mut before = state();
    before.installed.get_mut(&generation(2)).unwrap().data_epoch = 3;
    let after = mended(&before).state;
    assert_eq!(after.installed[&generation(2)].reads_data_epoch, 3);
}

#[test]
fn boots_beyond_the_window_are_forgotten_oldest_first_and_the_window_is_at_most_eight() {
    let recent = |proven_boots_window, boots: &[bool]| {
        let policy = Policy {
            proven_boots_window,
            ..Policy::default()
        };
        let mut before = state();
        let record = before.installed.get_mut(&generation(1)).unwrap();
        record.recent = boots.iter().copied().collect();
        let event = Event::Acknowledged { ids: [0].into() };
        let after = step(&policy, &before, &event).state;
        after.installed[&generation(1)].recent.clone()
    };
    assert_eq!(recent(2, &[true, true, false]), [true, false]);
    assert_eq!(recent(3, &[true, true, false]), [true, true, false]);
    assert_eq!(recent(200, &[false; 9]), [false; 8]);
}

#[test]
fn a_policy_of_zero_counts_as_one() {
    let policy = Policy {
        known_crashes_max: 0,
        unfinished_boots_max: 0,
        proven_crashes_max: 0,
        failed_downloads_max: 0,
        ..Policy::default()
    };
    let event = Event::Acknowledged { ids: [0].into() };
    let outcome = step(&policy, &state(), &event);
    assert_eq!(outcome.state.installed, state().installed);
    let ended = step(&policy, &two_run(), &start(B, &[(B, Exit::Unknown)])).state;
    assert!(ended.set_aside.contains_key(&generation(2)));
    let failed = step(&policy, &state(), &refused(Fault::PatchOrTransport)).state;
    assert!(failed.set_aside.contains_key(&generation(3)));
}

#[test]
fn a_sweep_keeps_what_is_pointed_to_and_what_a_process_boots() {
    let mut before = two_run();
    before.candidate = None;
    before.tokens.get_mut(&B).unwrap().settled = true;
    let expected = [generation(1), generation(2)];
    assert!(before.referred_to().iter().eq(&expected));
}

#[test]
fn a_record_of_a_process_that_still_runs_stays_until_its_boot_is_settled() {
    let mut before = two_run();
    before.candidate = None;
    assert!(mended(&before).state.installed.contains_key(&generation(2)));
    before.tokens.get_mut(&B).unwrap().settled = true;
    assert!(!mended(&before).state.installed.contains_key(&generation(2)));
    let mut other = two_run();
    other.candidate = None;
    other.tokens.get_mut(&B).unwrap().release = OTHER;
    assert!(!mended(&other).state.installed.contains_key(&generation(2)));
}
