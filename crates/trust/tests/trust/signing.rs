//! Making documents: what is signed is what would be believed, and secrets stay secret.

use patchproof_trust::{
    Kind, PatchStatement, Refusal, Root, Sign, SignError, SigningKey, countersign,
};

use crate::world::*;

#[test]
fn what_nobody_would_believe_is_not_signed() {
    let zero = PatchStatement {
        number: 0,
        ..patch(3)
    };
    let refused = patchproof_trust::sign(&zero, &[&key("p")]);
    assert!(matches!(
        refused,
        Err(SignError::Refused(Refusal::Invalid { .. }))
    ));
}

/// An HSM that signs something else than it was given.
struct Wrong(SigningKey);

impl Sign for Wrong {
    fn public_key(&self) -> patchproof_trust::PublicKey {
        self.0.public_key()
    }

    fn sign(&self, _: &[u8]) -> Result<[u8; 64], SignError> {
        self.0.sign(b"something else")
    }
}

#[test]
fn an_external_signers_wrong_answer_is_noticed_at_once() {
    let refused = patchproof_trust::sign(&patch(3), &[&Wrong(key("p"))]);
    assert_eq!(refused, Err(SignError::WrongSignature { key: id("p") }));
}

#[test]
fn signing_one_after_the_other_gives_the_bytes_of_signing_together() {
    let one = signed(&root(), &["b"]);
    assert_eq!(
        countersign::<Root>(&one, &key("a")).unwrap(),
        signed(&root(), &["a", "b"])
    );
}

#[test]
fn a_key_does_not_sign_the_same_document_twice() {
    let refused = countersign::<Root>(&signed(&root(), &["a"]), &key("a"));
    let expected = Refusal::DuplicateSigner {
        kind: Kind::Root,
        key: id("a"),
    };
    assert_eq!(refused, Err(SignError::Refused(expected)));
}

#[test]
fn a_secret_key_is_not_shown() {
    let seed = hex::encode(sha2::Digest::finalize(sha2::Digest::chain_update(
        <sha2::Sha256 as sha2::Digest>::new(),
        "patchproof test key a",
    )));
    assert!(!format!("{:?}", key("a")).contains(&seed));
    assert!(format!("{:?}", key("a")).contains(&hex::encode(key("a").public_key().bytes())));
}
