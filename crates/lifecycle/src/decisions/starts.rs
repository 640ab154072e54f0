//! What a start boots, and what it falls back to.

use super::*;
use crate::made::*;

/// 2 stands beside 1, which is proven.
fn found(finding: Finding, writable: bool) -> Outcome {
    let begun = outcome(&state(), &start(B, &[])).state;
    let event = Event::Checked {
        slot: B,
        process: 7,
        id: generation(2),
        finding,
        writable,
        now_ms: 1,
    };
    outcome(&begun, &event)
}

fn last(outcome: &Outcome) -> &Effect {
    outcome.effects.last().unwrap()
}

fn notes_a_fall_back(outcome: &Outcome) -> bool {
    let is = |note: &Note| matches!(note, Note::FellBack { .. });
    outcome.notes.iter().any(is)
}

#[test]
fn a_start_looks_at_the_newest_and_says_nothing_of_falling_back() {
    let outcome = outcome(&state(), &start(B, &[]));
    assert_eq!(outcome.effects, [Effect::Check(generation(2))]);
    assert_eq!(outcome.notes, []);
}

#[test]
fn a_start_after_the_newest_failed_says_that_it_falls_back() {
    let outcome = outcome(&two_run(), &start(B, &[(B, Exit::Crash)]));
    assert_eq!(last(&outcome), &Effect::Check(generation(1)));
    let to = generation(1);
    assert!(outcome.notes.contains(&Note::FellBack { to, number: 1 }));
}

#[test]
fn without_a_candidate_the_proven_one_boots_and_nothing_fell_back() {
    let mut before = state();
    before.candidate = None;
    let outcome = outcome(&before, &start(B, &[]));
    assert_eq!(outcome.effects, [Effect::Check(generation(1))]);
    assert!(!notes_a_fall_back(&outcome));
}

#[test]
fn without_any_the_bundled_release_boots() {
    let outcome = outcome(&State::default(), &start(A, &[]));
    let expected = [Effect::Commit(Durability::OneSlot), Effect::Boot(None)];
    assert_eq!(outcome.effects, expected);
}

#[test]
fn after_a_loss_the_bundled_release_boots_and_it_is_said() {
    let lost = State {
        lost: true,
        ..state()
    };
    let outcome = outcome(&lost, &start(B, &[]));
    assert_eq!(last(&outcome), &Effect::Boot(None));
    assert_eq!(outcome.notes[0], Note::StateLost);
    assert!(
        !outcome
            .notes
            .iter()
            .any(|it| matches!(it, Note::Dropped { .. }))
    );
}

#[test]
fn what_is_whole_boots_behind_the_commit_of_its_token() {
    let outcome = found(Finding::Whole, true);
    let expected = [
        Effect::Commit(Durability::OneSlot),
        Effect::Boot(Some(generation(2))),
    ];
    assert_eq!(outcome.effects, expected);
    let token = &outcome.state.tokens[&B];
    assert_eq!((token.generation, token.number), (generation(2), 2));
    assert_eq!((token.attempt, token.process), (1, 7));
    assert!(!token.proven && !token.settled);
}

#[test]
fn what_is_not_proven_does_not_boot_without_a_token() {
    let outcome = found(Finding::Whole, false);
    assert_eq!(outcome.effects, [Effect::Check(generation(1))]);
    let (id, to) = (generation(2), generation(1));
    let expected = [
        Note::NotBootedUnguarded { id },
        Note::FellBack { to, number: 1 },
    ];
    assert_eq!(outcome.notes, expected);
}

#[test]
fn what_is_proven_boots_without_a_token_and_it_is_said() {
    let mut before = state();
    before.candidate = None;
    let event = Event::Checked {
        slot: B,
        process: 7,
        id: generation(1),
        finding: Finding::Whole,
        writable: false,
        now_ms: 1,
    };
    let outcome = outcome(&before, &event);
    let id = generation(1);
    assert_eq!(outcome.effects, [Effect::Boot(Some(id))]);
    assert_eq!(outcome.notes, [Note::Unguarded { id }]);
    assert_eq!(outcome.state, before);
}

#[test]
fn files_that_are_lost_drop_the_generation_and_the_server_is_told() {
    let causes = [
        (Finding::Damaged, Dropped::Damaged),
        (Finding::Missing, Dropped::Missing),
        (Finding::Forbidden, Dropped::Forbidden),
    ];
    for (finding, why) in causes {
        let outcome = found(finding, true);
        let expected = [
            Effect::Commit(Durability::OneSlot),
            Effect::Check(generation(1)),
        ];
        assert_eq!(outcome.effects, expected);
        let id = generation(2);
        assert_eq!(outcome.notes[0], Note::Dropped { id, number: 2, why });
        assert!(notes_a_fall_back(&outcome));
        assert_eq!(told(&outcome.state).last(), Some(&QueuedKind::Lost));
        assert!(!outcome.state.installed.contains_key(&id));
    }
}

#[test]
fn files_that_are_lost_where_nothing_can_be_written_are_passed_over() {
    let outcome = found(Finding::Damaged, false);
    assert_eq!(outcome.effects, [Effect::Check(generation(1))]);
}

#[test]
fn files_that_cannot_be_read_now_are_kept() {
    let outcome = found(Finding::Unreadable, true);
    assert!(outcome.state.installed.contains_key(&generation(2)));
    assert_eq!(outcome.state.candidate, Some(generation(2)));
    assert_eq!(last(&outcome), &Effect::Check(generation(1)));
}

#[test]
fn behind_the_proven_one_comes_the_bundled_release() {
    let event = looked(B, 1, Finding::Unreadable);
    let outcome = outcome(&state(), &event);
    assert_eq!(last(&outcome), &Effect::Boot(None));
    assert!(!notes_a_fall_back(&outcome));
}

#[test]
fn a_candidate_that_is_the_proven_one_is_not_looked_at_twice() {
    let mut before = state();
    before.candidate = Some(generation(1));
    let outcome = outcome(&before, &looked(B, 1, Finding::Unreadable));
    assert_eq!(last(&outcome), &Effect::Boot(None));
}

#[test]
fn what_nobody_asked_to_look_at_does_not_boot() {
    let outcome = outcome(&state(), &looked(B, 9, Finding::Whole));
    assert_eq!(last(&outcome), &Effect::Boot(None));
}

#[test]
fn a_fall_back_that_cannot_read_the_data_does_not_boot_and_it_is_said() {
    let mut before = state();
    before.data_epoch = 1;
    let record = before.installed.get_mut(&generation(2)).unwrap();
    (record.data_epoch, record.reads_data_epoch) = (1, 1);
    let outcome = outcome(&before, &looked(B, 2, Finding::Missing));
    assert_eq!(last(&outcome), &Effect::Boot(None));
    let why = Dropped::DataEpoch;
    let id = generation(1);
    assert!(
        outcome
            .notes
            .contains(&Note::Dropped { id, number: 1, why })
    );
}

#[test]
fn a_boot_that_writes_newer_data_raises_the_epoch_before_it_boots() {
    let mut before = state();
    let record = before.installed.get_mut(&generation(2)).unwrap();
    (record.data_epoch, record.reads_data_epoch) = (4, 4);
    let outcome = outcome(&before, &looked(B, 2, Finding::Whole));
    assert_eq!(outcome.state.data_epoch, 4);
    assert_eq!(outcome.effects[0], Effect::Commit(Durability::OneSlot));
}

#[test]
fn an_attempt_counts_unfinished_boots_and_those_that_still_run() {
    let mut before = two_run();
    let record = before.installed.get_mut(&generation(2)).unwrap();
    record.unfinished = 1;
    let attempt = |before: &State| {
        let slot = ProcessSlot(2);
        let outcome = outcome(before, &looked(slot, 2, Finding::Whole));
        outcome.state.tokens[&slot].attempt
    };
    assert_eq!(attempt(&before), 3);
    before.tokens.get_mut(&B).unwrap().settled = true;
    assert_eq!(attempt(&before), 2);
    let token = before.tokens.get_mut(&B).unwrap();
    (token.settled, token.release) = (false, OTHER);
    assert_eq!(attempt(&before), 2);
    let token = before.tokens.get_mut(&B).unwrap();
    (token.release, token.generation) = (RELEASE, generation(1));
    assert_eq!(attempt(&before), 2);
}

#[test]
fn another_release_drops_what_was_made_for_this_one() {
    let event = start_of(OTHER, B, &[]);
    let mut before = state();
    before.data_epoch = 1;
    before.failed_downloads.insert(generation(9), 1);
    before.rolled_back.insert(9);
    for record in before.installed.values_mut() {
        record.reads_data_epoch = 1;
    }
    let outcome = outcome(&before, &event);
    let expected = State {
        release: Some(OTHER),
        tokens: before.tokens.clone(),
        queue: before.queue.clone(),
        ..State::default()
    };
    assert_eq!(outcome.state, expected);
    assert_eq!(last(&outcome), &Effect::Boot(None));
    let why = Dropped::OtherRelease;
    let dropped = |number| Note::Dropped {
        id: generation(number),
        number: u64::from(number),
        why,
    };
    assert_eq!(outcome.notes, [dropped(2), dropped(1)]);
}

#[test]
fn what_cannot_be_read_and_what_boots_instead_are_told_by_their_numbers() {
    let mut before = after(state(), &[start(B, &[])]);
    before.installed.get_mut(&generation(1)).unwrap().number = 7;
    let notes = outcome(&before, &looked(B, 2, Finding::Unreadable)).notes;
    let dropped = Note::Dropped {
        id: generation(2),
        number: 2,
        why: Dropped::Unreadable,
    };
    let fell_back = Note::FellBack {
        to: generation(1),
        number: 7,
    };
    assert_eq!(notes, [dropped, fell_back]);
}
