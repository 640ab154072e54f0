//! What a state remembers against an offer.

use super::*;
use crate::{Content, Validity};

const ID: GenerationId = GenerationId::of_bytes([1; 32]);
const RELEASE: ReleaseKey = ReleaseKey::of_bytes([2; 32]);
const OTHER_RELEASE: ReleaseKey = ReleaseKey::of_bytes([3; 32]);

fn offer(number: u64) -> Offer {
    Offer {
        number,
        content: Content {
            id: ID,
            data_epoch: 0,
            reads_data_epoch: 0,
        },
        validity: Validity::default(),
    }
}

#[test]
fn a_known_bad_content_is_held_against_every_number_on_its_release_alone() {
    let mut words = Words::default();
    words.known_bad.insert(ID, BadReason::Crashed);
    let mut state = State::default();
    state.words.insert(RELEASE, words);
    let found = [
        (RELEASE, Some(Refusal::KnownBad(BadReason::Crashed))),
        (OTHER_RELEASE, None),
    ];
    for (release, expected) in found {
        let against = state.remembers_against(&release, &offer(u64::MAX));
        assert_eq!(against, expected, "{release}");
    }
}

#[test]
fn what_is_set_aside_is_held_against_its_number_and_not_against_a_higher_one() {
    let reason = SetAsideReason::FailedDownloads;
    let mut state = State {
        release: Some(RELEASE),
        ..State::default()
    };
    state.set_aside.insert(ID, SetAside { number: 7, reason });
    let against = |number| state.remembers_against(&RELEASE, &offer(number));
    assert_eq!(against(7), Some(Refusal::SetAside(reason)));
    assert_eq!(against(8), None);
}

#[test]
fn a_number_below_the_floor_is_held_against_an_offer() {
    let words = Words {
        floor: 5,
        ..Words::default()
    };
    let mut state = State::default();
    state.words.insert(RELEASE, words);
    let against = |number| state.remembers_against(&RELEASE, &offer(number));
    assert_eq!(against(4), Some(Refusal::BelowFloor));
    assert_eq!(against(5), None);
}
