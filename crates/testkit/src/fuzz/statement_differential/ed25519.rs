//! Two implementations of Ed25519: ours refuses what ring refuses, and some more by name.

use curve25519_dalek::edwards::CompressedEdwardsY;
use patchproof_trust::{PublicKey, Sign};
use ring::signature::{ED25519, UnparsedPublicKey};

use crate::fuzz::choices::Choices;
use crate::fuzz::documents;

/// A key, a message and a signature: right ones, edited by the input.
struct Signed {
    public: [u8; 32],
    message: Vec<u8>,
    signature: [u8; 64],
}

/// Asks both, and says whether the signature was looked at: the key is a key.
pub(super) fn hold(choices: &mut Choices<'_>) -> bool {
    let (signed, edited) = signed(choices);
    let key = PublicKey::from_bytes(&signed.public);
    let ours = key.is_ok_and(|key| key.verifies(&signed.message, &signed.signature));
    let ring = UnparsedPublicKey::new(&ED25519, &signed.public);
    let ring = ring.verify(&signed.message, &signed.signature).is_ok();
    assert!(ours || edited, "what was signed is refused");
    agree(ours, ring, &signed.public, &signed.signature);
    key.is_ok()
}

fn agree(ours: bool, ring: bool, public: &[u8; 32], signature: &[u8; 64]) {
    if ring_is_more_generous(public, signature) {
        assert!(!ours, "a point of small order is taken");
    } else {
        assert_eq!(ours, ring, "two implementations disagree");
    }
}

/// ring follows RFC 8032 to the letter: it takes a key or an R of small order, with which a
/// signature says nothing, and a key or an R that is not written in its one form.
pub(super) fn ring_is_more_generous(public: &[u8; 32], signature: &[u8; 64]) -> bool {
    let odd = |point: &[u8; 32]| {
        let point = CompressedEdwardsY(*point);
        let known = point.decompress();
        known.is_some_and(|known| known.is_small_order() || known.compress() != point)
    };
    odd(public) || signature.first_chunk().is_some_and(odd)
}

/// What was signed rightly, then edited; and whether anything was.
fn signed(choices: &mut Choices<'_>) -> (Signed, bool) {
    let key = documents::key(choices.pick(&["root-1", "root-2", "patch", "channel"]));
    let message = choices.bytes(48).to_vec();
    let signature = key.sign(&message).expect("a key in memory signs");
    let mut signed = Signed {
        public: *key.public_key().bytes(),
        message,
        signature,
    };
    let before = (signed.public, signed.message.clone(), signed.signature);
    for _ in 0..choices.below(4) {
        edit(&mut signed, choices);
    }
    let edited = before != (signed.public, signed.message.clone(), signed.signature);
    (signed, edited)
}

fn edit(signed: &mut Signed, choices: &mut Choices<'_>) {
    match choices.below(8) {
        0 => flip(&mut signed.public, choices),
        1 => flip(&mut signed.signature, choices),
        2 => flip(&mut signed.message, choices),
        3 => signed.public = odd_point(choices),
        4 => put(&mut signed.signature, 0, &odd_point(choices)),
        5 => add_order(&mut signed.signature),
        6 => put(&mut signed.signature, 32, choices.bytes(32)),
        _ => {
            let point = odd_point(choices);
            signed.public = point;
            put(&mut signed.signature, 0, &point);
            put(&mut signed.signature, 32, &[0; 32]);
        }
    }
}

fn odd_point(choices: &mut Choices<'_>) -> [u8; 32] {
    let mut point = [0; 32];
    let decoded = hex::decode_to_slice(choices.pick(&ODD_POINTS), &mut point);
    decoded.expect("they are 64 digits");
    point
}

fn flip(bytes: &mut [u8], choices: &mut Choices<'_>) {
    let (at, mask) = (choices.below(bytes.len()), choices.byte());
    bytes
        .iter_mut()
        .skip(at)
        .take(1)
        .for_each(|byte| *byte ^= mask);
}

fn put(bytes: &mut [u8], at: usize, new: &[u8]) {
    let old = bytes.iter_mut().skip(at);
    old.zip(new).for_each(|(old, new)| *old = *new);
}

/// The second signature that everybody could make out of each one if S were reduced.
fn add_order(signature: &mut [u8; 64]) {
    let mut carry = 0;
    for (byte, order) in signature.iter_mut().skip(32).zip(ORDER) {
        let sum = u16::from(*byte) + u16::from(order) + carry;
        [*byte, _] = sum.to_le_bytes();
        carry = sum >> 8;
    }
}

/// Right ones, and each kind of edit.
pub(super) fn seeds() -> Vec<(String, Vec<u8>)> {
    let right = (0..4_u8).map(|key| (format!("signed-{key}"), vec![0, key, 3, 1, 2, 3]));
    let edited = (0..8_u8).flat_map(|kind| {
        (0..4_u8).map(move |point| {
            let edits = vec![0, kind % 4, 2, 9, 9, 1, kind, point * 4, 1 << point];
            (format!("signature-edited-{kind}-{point}"), edits)
        })
    });
    right.chain(edited).collect()
}

/// The order of the group, little-endian.
const ORDER: [u8; 32] = [
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
];

/// The eight points of small order; then such ones in a form that is not theirs; then no point.
const ODD_POINTS: [&str; 14] = [
    "0100000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "0200000000000000000000000000000000000000000000000000000000000000",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_signatures_are_taken_by_both() {
        assert!(hold(&mut Choices::new(&[0, 3, 1, 2, 3])));
    }

    #[test]
    #[should_panic(expected = "two implementations disagree")]
    fn a_signature_that_one_takes_alone_would_be_found() {
        let signed = signed(&mut Choices::new(&[])).0;
        agree(true, false, &signed.public, &signed.signature);
    }

    #[test]
    fn the_generosity_of_ring_is_seen() {
        let neutral = odd_point(&mut Choices::new(&[]));
        let mut signature = [0; 64];
        put(&mut signature, 0, &neutral);
        let ring = UnparsedPublicKey::new(&ED25519, neutral);
        assert!(ring.verify(b"anything", &signature).is_ok());
        assert!(ring_is_more_generous(&neutral, &signature));
    }
}
