//! Mix and match: words that are true of one device, said to another.

use patchproof_trust::{Device, Field, Refusal, Verifier};

use crate::world::*;

#[test]
fn what_a_channel_offers_one_release_it_does_not_offer_another() {
    let mut other: Device = device();
    other.release.version = word("1.2.4+46");
    let mut offer = channel(1, &[&patch(3)]);
    offer.release = other.release.clone();
    let known = remembered();
    let theirs = Verifier::new(&other, &known).unwrap();
    let offer = theirs
        .channel(&signed(&offer, &["channel"]), &question())
        .unwrap();
    let device = device();
    let ours = Verifier::new(&device, &known).unwrap();
    let refused = ours
        .patch(&signed(&patch(3), &["p", "q"]), &offer.statement)
        .map(drop);
    let of_release = matches!(
        refused,
        Err(Refusal::WrongTarget {
            field: Field::Version,
            ..
        })
    );
    assert!(of_release, "{refused:?}");
}
