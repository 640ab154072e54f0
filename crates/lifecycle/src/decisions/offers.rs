//! What is offered: taken, refused and why.

use super::*;
use crate::made::*;

fn answer(state: &State, offered: Offer) -> Outcome {
    outcome(state, &answered(Some(offered), &[]))
}

/// Generation 3 under a number.
fn third(number: u64) -> Offer {
    Offer { number, ..offer(3) }
}

#[test]
fn what_is_new_is_fetched_behind_a_sweep() {
    let outcome = answer(&state(), offer(3));
    let kept = Effect::Sweep(outcome.state.referred_to());
    assert_eq!(outcome.effects, [kept, Effect::Fetch(offer(3))]);
    assert_eq!(refusal(&outcome), None);
}

#[test]
fn an_answer_for_another_release_changes_nothing() {
    let event = Event::Answered {
        release: OTHER,
        answer: Answer {
            offer: Some(offer(3)),
            rolled_back: [2].into(),
        },
        now_ms: 1,
    };
    let outcome = outcome(&state(), &event);
    assert_eq!(refusal(&outcome), Some(Refusal::OtherRelease));
    assert_eq!((outcome.state, outcome.effects), (state(), vec![]));
}

#[test]
fn what_stands_takes_the_higher_of_its_numbers() {
    for (offered, kept) in [(1, 2), (2, 2), (5, 5)] {
        let again = Offer {
            number: offered,
            ..offer(2)
        };
        let outcome = answer(&state(), again);
        assert_eq!(refusal(&outcome), Some(Refusal::AlreadyInstalled));
        assert_eq!(outcome.state.installed[&generation(2)].number, kept);
        assert!(!is_fetched(&outcome));
    }
}

#[test]
fn what_stands_keeps_its_number_where_the_other_does_not_hold_now() {
    let mut later = Offer {
        number: 5,
        ..offer(2)
    };
    later.validity.from_ms = Some(2);
    let outcome = answer(&state(), later);
    assert_eq!(outcome.state.installed[&generation(2)].number, 2);
}

#[test]
fn only_a_number_below_the_one_that_stands_is_older() {
    let why = |number| refusal(&answer(&state(), third(number)));
    assert_eq!(why(1), Some(Refusal::Older));
    assert_eq!(why(2), None);
    assert_eq!(why(3), None);
}

#[test]
fn zero_is_no_number() {
    let outcome = answer(
        &State {
            release: Some(RELEASE),
            ..State::default()
        },
        third(0),
    );
    assert_eq!(refusal(&outcome), Some(Refusal::NumberZero));
}

#[test]
fn an_offer_holds_from_its_first_moment_until_before_its_last() {
    let valid = |from_ms, until_ms| {
        let mut offered = offer(3);
        offered.validity = Validity { from_ms, until_ms };
        // The clock says 1.
        refusal(&answer(&state(), offered))
    };
    let too_soon_or_late = Some(Refusal::NotValidNow);
    assert_eq!(valid(Some(1), None), None);
    assert_eq!(valid(Some(2), None), too_soon_or_late);
    assert_eq!(valid(None, Some(1)), too_soon_or_late);
    assert_eq!(valid(None, Some(2)), None);
    assert_eq!(valid(Some(0), Some(1)), too_soon_or_late);
    assert_eq!(valid(Some(2), Some(3)), too_soon_or_late);
    assert_eq!(valid(Some(1), Some(2)), None);
}

#[test]
fn what_reads_older_data_than_was_written_is_refused() {
    let written = State {
        data_epoch: 2,
        ..State {
            release: Some(RELEASE),
            ..State::default()
        }
    };
    let why = |data_epoch, reads_data_epoch| {
        let mut offered = offer(3);
        offered.content.data_epoch = data_epoch;
        offered.content.reads_data_epoch = reads_data_epoch;
        refusal(&answer(&written, offered))
    };
    assert_eq!(why(0, 1), Some(Refusal::DataEpoch));
    assert_eq!(why(0, 2), None);
    // Whoever writes an epoch reads it, whatever is said.
    assert_eq!(why(2, 0), None);
}

#[test]
fn what_is_installed_reads_what_its_record_says_whatever_is_offered() {
    let mut before = state();
    before.data_epoch = 1;
    let record = before.installed.get_mut(&generation(2)).unwrap();
    (record.data_epoch, record.reads_data_epoch) = (1, 1);
    let mut offered = Offer {
        number: 3,
        ..offer(1)
    };
    offered.content.reads_data_epoch = 9;
    assert_eq!(refusal(&answer(&before, offered)), Some(Refusal::DataEpoch));
}

#[test]
fn what_is_installed_and_does_not_stand_is_pointed_to_and_not_fetched() {
    let back = Offer {
        number: 7,
        ..offer(1)
    };
    let outcome = answer(&state(), back);
    assert_eq!(outcome.state.candidate, Some(generation(1)));
    assert_eq!(outcome.state.installed[&generation(1)].number, 7);
    assert_eq!(refusal(&outcome), Some(Refusal::AlreadyInstalled));
    assert!(!is_fetched(&outcome));
}

#[test]
fn what_is_taken_releases_what_was_set_aside_under_lower_numbers() {
    let mut before = state();
    for number in [3, 4, 5] {
        let reason = SetAsideReason::UnfinishedBoots;
        let aside = SetAside {
            number: u64::from(number),
            reason,
        };
        before.set_aside.insert(generation(10 + number), aside);
    }
    let after = answer(&before, third(4)).state;
    let left: Vec<u64> = after.set_aside.values().map(|aside| aside.number).collect();
    assert_eq!(left, [4, 5]);
}

#[test]
fn what_the_answer_withdraws_goes_and_is_not_taken() {
    let outcome = outcome(&state(), &answered(Some(offer(3)), &[2, 3]));
    assert_eq!(refusal(&outcome), Some(Refusal::RolledBack));
    assert_eq!(outcome.state.candidate, None);
    assert_eq!(outcome.state.proven, Some(generation(1)));
    assert!(!outcome.state.installed.contains_key(&generation(2)));
}

#[test]
fn nothing_installs_where_as_many_are_known_bad_as_are_remembered() {
    let mut before = state();
    let words = before.words.entry(RELEASE).or_default();
    words.known_bad.insert(generation(9), BadReason::Crashed);
    let why = |known_bad_max| {
        let policy = Policy {
            known_bad_max,
            ..Policy::default()
        };
        refusal(&step(&policy, &before, &answered(Some(offer(3)), &[])))
    };
    assert_eq!(why(1), Some(Refusal::TooManyKnownBad));
    assert_eq!(why(2), None);
}

#[test]
fn after_a_loss_nothing_installs_before_the_server_answers() {
    let lost = State {
        lost: true,
        release: Some(RELEASE),
        ..State::default()
    };
    let outcome = outcome(&lost, &installed(3));
    assert_eq!(refusal(&outcome), Some(Refusal::AnswerNeeded));
    let after = answer(&lost, offer(3));
    assert!(is_fetched(&after) && !after.state.lost);
}

#[test]
fn what_is_installed_is_published_committed_and_then_swept_around() {
    let mut before = state();
    before.failed_downloads.insert(generation(3), 2);
    let outcome = outcome(&before, &installed(3));
    let after = &outcome.state;
    let expected = [
        Effect::Publish(generation(3)),
        Effect::Commit(Durability::OneSlot),
        Effect::Sweep(after.referred_to()),
    ];
    assert_eq!(outcome.effects, expected);
    assert_eq!(after.candidate, Some(generation(3)));
    assert!(after.failed_downloads.is_empty());
    assert_eq!(told(after).last(), Some(&QueuedKind::Installed));
}

#[test]
fn what_lies_staged_and_was_withdrawn_meanwhile_is_not_published() {
    let before = outcome(&state(), &answered(None, &[3])).state;
    let outcome = outcome(&before, &installed(3));
    assert_eq!(refusal(&outcome), Some(Refusal::RolledBack));
    assert_eq!(outcome.effects, []);
}

#[test]
fn who_is_at_fault_decides_what_is_remembered_of_a_refusal() {
    let after = |fault| outcome(&state(), &refused(fault)).state;
    for fault in [Fault::Transport, Fault::Device] {
        assert_eq!(after(fault), state(), "{fault:?}");
    }
    let banned = after(Fault::Patch);
    let bad = &banned.words[&RELEASE].known_bad;
    assert_eq!(bad[&generation(3)], BadReason::NotVerified);
    assert_eq!(told(&banned).last(), Some(&QueuedKind::NotVerified));
    let counted = after(Fault::PatchOrTransport);
    assert_eq!(counted.failed_downloads[&generation(3)], 1);
    assert_eq!(told(&counted), told(&state()));
}

#[test]
fn a_third_download_that_does_not_verify_sets_aside() {
    let again = refused(Fault::PatchOrTransport);
    let twice = after(state(), &[again.clone(), again.clone()]);
    assert_eq!(twice.failed_downloads[&generation(3)], 2);
    let outcome = outcome(&twice, &again);
    let reason = SetAsideReason::FailedDownloads;
    let aside = SetAside { number: 3, reason };
    assert_eq!(outcome.state.set_aside[&generation(3)], aside);
    assert!(outcome.state.failed_downloads.is_empty());
    assert_eq!(refusal(&outcome), Some(Refusal::SetAside(reason)));
    assert_eq!(told(&outcome.state).last(), Some(&QueuedKind::NotVerified));
}

#[test]
fn downloads_of_what_cannot_be_installed_anyway_are_not_counted() {
    let failed = |before: &State, release, number| {
        let event = refused_of(release, number, Fault::PatchOrTransport);
        outcome(before, &event).state
    };
    assert_eq!(failed(&state(), OTHER, 3), state());
    assert_eq!(failed(&state(), RELEASE, 2), state());
    let banned = outcome(&state(), &refused(Fault::Patch)).state;
    assert_eq!(failed(&banned, RELEASE, 3), banned);
}
