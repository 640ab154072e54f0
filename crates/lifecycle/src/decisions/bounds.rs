//! How much is remembered, and what goes first.

use super::*;
use crate::made::*;

/// An event that asks for nothing.
fn nothing() -> Event {
    Event::Acknowledged { ids: [].into() }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap()
}

/// A name for each of many.
fn many(number: usize) -> [u8; 32] {
    let mut bytes = [0xff; 32];
    bytes[..8].copy_from_slice(&wide(number).to_be_bytes());
    bytes
}

fn bounded(state: &State) -> Outcome {
    // Something has to change for the state to last.
    let mut state = state.clone();
    state.queue.events.push_back(Queued {
        id: 0,
        kind: QueuedKind::Installed,
        release: RELEASE,
        generation: generation(1),
        number: 1,
        at_ms: 1,
    });
    outcome(&state, &Event::Acknowledged { ids: [0].into() })
}

fn current() -> State {
    State {
        release: Some(RELEASE),
        ..State::default()
    }
}

#[test]
fn of_what_is_set_aside_the_lowest_number_goes_first_and_only_beyond_the_bound() {
    let reason = SetAsideReason::UnfinishedBoots;
    let mut state = current();
    for number in 0..SET_ASIDE_MAX {
        // The lowest number has the highest name.
        let id = GenerationId::of_bytes(many(SET_ASIDE_MAX - number));
        let number = wide(number) + 1;
        state.set_aside.insert(id, SetAside { number, reason });
    }
    assert_eq!(bounded(&state).state.set_aside, state.set_aside);
    let id = GenerationId::of_bytes(many(1000));
    let mut more = state.clone();
    more.set_aside.insert(id, SetAside { number: 99, reason });
    let after = bounded(&more).state.set_aside;
    assert_eq!(after.len(), SET_ASIDE_MAX);
    assert!(after.values().all(|aside| aside.number > 1));
}

#[test]
fn of_failed_downloads_the_fewest_go_first_and_only_beyond_the_bound() {
    let mut state = current();
    for number in 0..FAILED_DOWNLOADS_MAX {
        let id = GenerationId::of_bytes(many(number));
        state.failed_downloads.insert(id, 2);
    }
    assert_eq!(
        bounded(&state).state.failed_downloads,
        state.failed_downloads
    );
    let id = GenerationId::of_bytes(many(1000));
    let mut more = state.clone();
    more.failed_downloads.insert(id, 1);
    assert_eq!(
        bounded(&more).state.failed_downloads,
        state.failed_downloads
    );
}

#[test]
fn of_withdrawn_numbers_the_lowest_go_first_and_only_beyond_the_bound() {
    let mut state = current();
    state.rolled_back = (1..=wide(ROLLED_BACK_MAX)).collect();
    assert_eq!(bounded(&state).state.rolled_back, state.rolled_back);
    let mut more = state.clone();
    more.rolled_back.insert(0);
    assert_eq!(bounded(&more).state.rolled_back, state.rolled_back);
}

/// Of so many other releases, each with so many known-bad contents; and of the current one.
fn with_words(releases: usize, contents: usize) -> State {
    let mut state = current();
    let known_bad = |contents: usize| {
        let ids = (0..contents).map(|number| GenerationId::of_bytes(many(number)));
        ids.map(|id| (id, BadReason::Crashed)).collect()
    };
    for number in 0..releases {
        let words = Words {
            known_bad: known_bad(contents),
            floor: 1,
        };
        let release = ReleaseKey::of_bytes(many(number));
        state.words.insert(release, words);
    }
    let words = Words {
        known_bad: known_bad(3),
        floor: 4,
    };
    state.words.insert(RELEASE, words);
    state
}

fn forgotten(outcome: &Outcome) -> Option<u64> {
    outcome.notes.iter().find_map(|note| match note {
        Note::WordsForgotten { count } => Some(*count),
        _ => None,
    })
}

#[test]
fn words_of_as_many_other_releases_as_the_bound_are_kept() {
    let state = with_words(OTHER_RELEASES_MAX, 1);
    let outcome = bounded(&state);
    assert_eq!(outcome.state.words, state.words);
    assert_eq!(forgotten(&outcome), None);
}

#[test]
fn beyond_the_bound_the_release_with_the_lowest_key_is_forgotten_and_it_is_said() {
    let state = with_words(OTHER_RELEASES_MAX + 1, 2);
    let outcome = bounded(&state);
    let mut left = state.words;
    left.remove(&ReleaseKey::of_bytes(many(0)));
    assert_eq!(outcome.state.words, left);
    assert_eq!(forgotten(&outcome), Some(2));
}

#[test]
fn a_release_of_which_only_a_floor_is_forgotten_counts_as_one() {
    let outcome = bounded(&with_words(OTHER_RELEASES_MAX + 1, 0));
    assert_eq!(forgotten(&outcome), Some(1));
}

#[test]
fn known_bad_contents_of_others_are_bounded_together_and_floors_stay() {
    let policy = |known_bad_elsewhere_max| Policy {
        known_bad_elsewhere_max,
        ..Policy::default()
    };
    let state = with_words(3, 2);
    let left = |max| {
        let outcome = step(&policy(max), &state, &nothing());
        let words = &outcome.state.words;
        let of = |release: &ReleaseKey| words.get(release).map(|it| it.known_bad.len());
        let others = [0, 1, 2].map(|number| of(&ReleaseKey::of_bytes(many(number))));
        (others, of(&RELEASE), forgotten(&outcome))
    };
    assert_eq!(left(6), ([Some(2), Some(2), Some(2)], Some(3), None));
    assert_eq!(left(5), ([Some(1), Some(2), Some(2)], Some(3), Some(1)));
    assert_eq!(left(3), ([Some(0), Some(1), Some(2)], Some(3), Some(3)));
    assert_eq!(left(0), ([Some(0), Some(0), Some(0)], Some(3), Some(6)));
}

#[test]
fn the_highest_names_of_known_bad_contents_are_kept() {
    let policy = Policy {
        known_bad_elsewhere_max: 1,
        ..Policy::default()
    };
    let state = with_words(1, 3);
    let after = step(&policy, &state, &nothing()).state;
    let kept = &after.words[&ReleaseKey::of_bytes(many(0))].known_bad;
    let expected = [GenerationId::of_bytes(many(2))];
    assert!(kept.keys().eq(&expected), "{kept:?}");
}

#[test]
fn words_that_say_nothing_go_unless_they_are_the_current_releases() {
    let mut state = current();
    state.words.insert(RELEASE, Words::default());
    state.words.insert(OTHER, Words::default());
    let outcome = bounded(&state);
    assert!(outcome.state.words.keys().eq(&[RELEASE]));
    assert_eq!(forgotten(&outcome), None);
}

#[test]
fn words_of_the_release_that_becomes_the_current_one_are_never_forgotten() {
    let mut state = with_words(OTHER_RELEASES_MAX + 1, 1);
    state.words.remove(&RELEASE);
    let lowest = ReleaseKey::of_bytes(many(0));
    let event = start_of(lowest, A, &[]);
    let outcome = outcome(&state, &event);
    assert_eq!(outcome.state.words, state.words);
}

#[test]
fn the_oldest_events_go_beyond_the_bound_and_are_counted() {
    let policy = Policy {
        queue_max: 2,
        ..Policy::default()
    };
    let after = [3, 4, 5].iter().fold(state(), |state, number| {
        step(&policy, &state, &installed(*number)).state
    });
    assert_eq!(after.queue.events.len(), 2);
    // What 1 and 2 were told of, and 3.
    assert_eq!(after.queue.dropped, 4);
    let numbers: Vec<u64> = after.queue.events.iter().map(|it| it.number).collect();
    assert_eq!(numbers, [4, 5]);
}

#[test]
fn an_event_goes_when_it_waited_longer_than_the_policy_says() {
    let max_ms = Policy::default().queued_age_max_ms;
    let waiting = state().queue.events.len();
    let left = |now_ms| {
        let event = Event::Start {
            slot: B,
            release: RELEASE,
            ended: [].into(),
            now_ms,
        };
        let outcome = outcome(&state(), &event);
        (
            outcome.state.queue.events.len(),
            outcome.state.queue.dropped,
        )
    };
    assert_eq!(left(1 + max_ms), (waiting, 0));
    assert_eq!(left(2 + max_ms), (0, wide(waiting)));
    assert_eq!(left(0), (waiting, 0));
}

#[test]
fn when_all_ids_are_given_nothing_more_is_queued_and_it_is_counted() {
    let mut before = state();
    before.queue.events.clear();
    before.queue.next_id = u64::MAX;
    let after = outcome(&before, &installed(3)).state;
    assert_eq!((after.queue.events.len(), after.queue.dropped), (0, 1));
}

#[test]
fn an_id_that_waits_is_never_given_again() {
    let mut before = state();
    let highest = before.queue.events.iter().map(|it| it.id).max().unwrap();
    before.queue.next_id = 0;
    let after = outcome(&before, &installed(3)).state;
    assert_eq!(after.queue.events.back().unwrap().id, highest + 1);
}

#[test]
fn what_the_server_has_leaves_the_queue_and_is_not_counted_as_dropped() {
    let ids: Vec<u64> = state().queue.events.iter().map(|it| it.id).collect();
    let event = Event::Acknowledged {
        ids: [ids[0]].into(),
    };
    let after = outcome(&state(), &event).state;
    let left: Vec<u64> = after.queue.events.iter().map(|it| it.id).collect();
    assert_eq!((left, after.queue.dropped), (ids[1..].to_vec(), 0));
}
