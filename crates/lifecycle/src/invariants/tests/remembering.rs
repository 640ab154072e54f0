//! What is remembered, taken and left alone: invariants 7 to 14.

use crate::made::*;
use crate::*;

#[test]
fn invariant_7_an_install_that_changes_what_runs_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.state.tokens.get_mut(&A).unwrap().generation = generation(3);
        outcome.effects.pop();
    };
    assert_eq!(spoiled(&state(), &installed(3), spoil), Some(7));
}

#[test]
fn invariant_8_a_rolled_back_number_that_stands_is_found() {
    let before = state();
    let record = before.installed[&generation(2)].clone();
    let spoil = |outcome: &mut Outcome| {
        outcome.state.installed.insert(generation(2), record);
        outcome.state.candidate = Some(generation(2));
    };
    assert_eq!(spoiled(&before, &answered(None, &[2]), spoil), Some(8));
}

#[test]
fn invariant_8_an_install_of_what_was_withdrawn_meanwhile_is_found() {
    let before = after(state(), &[answered(None, &[3])]);
    let spoil = |outcome: &mut Outcome| {
        let record = outcome.state.installed[&generation(2)].clone();
        let record = Installed {
            number: 3,
            ..record
        };
        outcome.state.installed.insert(generation(3), record);
        outcome.state.candidate = Some(generation(3));
        outcome.effects = vec![Effect::Commit(Durability::OneSlot)];
    };
    assert_eq!(spoiled(&before, &installed(3), spoil), Some(8));
}

#[test]
fn invariant_9_a_ban_in_one_slot_alone_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.effects = vec![Effect::Commit(Durability::OneSlot)];
    };
    let event = Event::FailureReported { slot: B, now_ms: 1 };
    assert_eq!(spoiled(&two_run(), &event, spoil), Some(9));
}

#[test]
fn invariant_9_a_floor_that_a_server_moves_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.state.words.entry(RELEASE).or_default().floor = 1;
        outcome.effects = vec![Effect::Commit(Durability::BothSlots)];
    };
    assert_eq!(spoiled(&state(), &answered(None, &[]), spoil), Some(9));
}

#[test]
fn invariant_9_a_lost_state_that_is_not_said_is_found() {
    let before = State {
        lost: true,
        ..State::default()
    };
    let spoil = |outcome: &mut Outcome| outcome.notes.clear();
    assert_eq!(spoiled(&before, &start(A, &[]), spoil), Some(9));
}

#[test]
fn invariant_10_a_queue_that_grows_is_found() {
    let spoil = |outcome: &mut Outcome| {
        let events = &mut outcome.state.queue.events;
        let event = events[0].clone();
        events.extend(vec![event; usize::from(Policy::default().queue_max)]);
    };
    assert_eq!(spoiled(&state(), &installed(3), spoil), Some(10));
}

#[test]
fn invariant_11_an_offer_that_is_dropped_in_silence_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.notes.clear();
    assert_eq!(
        spoiled(&state(), &answered(Some(offer(1)), &[]), spoil),
        Some(11)
    );
}

#[test]
fn invariant_11_a_failed_download_that_is_not_counted_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.state.failed_downloads.clear();
    let event = refused(Fault::PatchOrTransport);
    assert_eq!(spoiled(&state(), &event, spoil), Some(11));
}

#[test]
fn invariant_12_a_start_that_settles_a_live_process_is_found() {
    let before = after(state(), &[start(A, &[]), looked(A, 2, Finding::Whole)]);
    let spoil = |outcome: &mut Outcome| {
        outcome.state.tokens.get_mut(&A).unwrap().settled = true;
    };
    assert_eq!(spoiled(&before, &start(B, &[]), spoil), Some(12));
}

#[test]
fn invariant_13_a_report_that_is_not_committed_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.effects.remove(0);
    };
    let event = Event::Healthy { slot: B, now_ms: 1 };
    assert_eq!(spoiled(&two_run(), &event, spoil), Some(13));
}

#[test]
fn invariant_13_a_queued_event_that_is_lost_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.state.queue.events.clear();
    assert_eq!(spoiled(&state(), &installed(3), spoil), Some(13));
}

#[test]
fn invariant_13_an_install_that_is_given_up_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.state.candidate = None;
        outcome.effects = vec![Effect::Commit(Durability::OneSlot)];
    };
    assert_eq!(spoiled(&state(), &answered(None, &[]), spoil), Some(13));
}

#[test]
fn invariant_14_a_good_offer_that_is_refused_is_found() {
    let spoil = |outcome: &mut Outcome| {
        outcome.effects.clear();
        let (id, number, why) = (generation(3), 3, Refusal::Older);
        outcome.notes.push(Note::NotTaken { id, number, why });
    };
    assert_eq!(
        spoiled(&state(), &answered(Some(offer(3)), &[]), spoil),
        Some(14)
    );
}

#[test]
fn invariant_14_a_good_candidate_that_is_passed_over_is_found() {
    let spoil = |outcome: &mut Outcome| outcome.effects = vec![Effect::Check(generation(1))];
    assert_eq!(spoiled(&state(), &start(B, &[]), spoil), Some(14));
}
