//! What an envelope says before anyone believes it: for tools that show, count and countersign.

use std::collections::{BTreeMap, BTreeSet};

use crate::digest::Digest;
use crate::envelope::Envelope;
use crate::key::{KeyId, PublicKey};
use crate::payload::{Kind, Payload};
use crate::refusal::Refusal;

/// A document that could be read. Whoever acts on it asks a [`Verifier`](crate::Verifier) first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unverified<T> {
    statement: T,
    sha256: Digest,
    envelope: Envelope,
}

impl<T: Payload> Unverified<T> {
    /// Reads an envelope of this kind, in its one form and without a flaw.
    ///
    /// # Errors
    ///
    /// Why it is none.
    pub fn read(envelope: &[u8]) -> Result<Self, Refusal> {
        let envelope = Envelope::read(T::KIND, envelope)?;
        let (statement, sha256) = envelope.open()?;
        Ok(Self {
            statement,
            sha256,
            envelope,
        })
    }

    /// What it says.
    #[must_use]
    pub const fn statement(&self) -> &T {
        &self.statement
    }

    /// What it is called.
    #[must_use]
    pub const fn sha256(&self) -> Digest {
        self.sha256
    }

    /// Whose signatures stand on it, right or wrong.
    #[must_use]
    pub fn claimed_signers(&self) -> BTreeSet<KeyId> {
        self.envelope.signatures.keys().copied().collect()
    }

    /// Which of these keys really signed it.
    #[must_use]
    pub fn signed_by(&self, keys: &BTreeMap<KeyId, PublicKey>) -> BTreeSet<KeyId> {
        let message = self.envelope.signed_bytes();
        let signatures = self.envelope.signatures.iter();
        let right = signatures.filter(|(id, signature)| {
            keys.get(id)
                .is_some_and(|key| key.verifies(&message, signature))
        });
        right.map(|(id, _)| *id).collect()
    }
}

/// Which kind of document an envelope holds, by its payload type. Nothing else of it is believed.
///
/// # Errors
///
/// Why it is no envelope, or of a type that is not known here.
pub fn kind_of(envelope: &[u8]) -> Result<Kind, Refusal> {
    // The kind with the largest limit: each is held to its own when it is read.
    match Envelope::read(Kind::Patch, envelope) {
        Ok(_) => Ok(Kind::Patch),
        Err(Refusal::WrongType { expected, found }) => [Kind::Root, Kind::Channel]
            .into_iter()
            .find(|kind| kind.payload_type() == found)
            .ok_or(Refusal::WrongType { expected, found }),
        Err(refusal) => Err(refusal),
    }
}
