//! Making signed documents. What is signed here can be read there: it passes the same checks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ed25519_dalek::Signer as _;
use zeroize::Zeroizing;

use crate::canonical;
use crate::digest::Digest;
use crate::envelope::{Envelope, SIGNATURES};
use crate::key::{KeyId, PublicKey};
use crate::payload::{Payload, at_most};
use crate::refusal::Refusal;

/// Something that signs: a key in memory, or a command in front of an HSM.
pub trait Sign {
    /// Whose signatures it makes.
    fn public_key(&self) -> PublicKey;

    /// Ed25519 over these bytes, as they are.
    ///
    /// # Errors
    ///
    /// Why it did not sign; never a secret.
    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError>;
}

/// A secret key in memory. It is wiped when it is dropped, and never shown.
pub struct SigningKey(ed25519_dalek::SigningKey);

impl SigningKey {
    /// Of the 32 bytes of RFC 8032, which must come from the system's own randomness.
    #[must_use]
    pub fn from_seed(seed: &Zeroizing<[u8; 32]>) -> Self {
        Self(ed25519_dalek::SigningKey::from_bytes(seed))
    }

    /// The secret itself, for a key file.
    #[cfg(feature = "key-files")]
    pub(crate) fn seed(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "SigningKey({})",
            hex::encode(self.0.verifying_key().as_bytes())
        )
    }
}

impl Sign for SigningKey {
    fn public_key(&self) -> PublicKey {
        PublicKey::of_signer(self.0.verifying_key())
    }

    fn sign(&self, message: &[u8]) -> Result<[u8; 64], SignError> {
        Ok(self.0.sign(message).to_bytes())
    }
}

/// Why a document was not signed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SignError {
    /// No device would take it.
    #[error("nobody would believe it: {0}")]
    Refused(#[from] Refusal),
    /// The signer made something else than a signature of its key over these bytes.
    #[error(
        "the signer's answer is no signature of {key} over this document: check which key it uses"
    )]
    WrongSignature {
        /// The key it was asked for.
        key: KeyId,
    },
    /// The signer did not sign.
    #[error("the signer did not sign: {reason}")]
    Signer {
        /// Why, in its words.
        reason: String,
    },
}

/// The envelope of a payload, signed by each of these. Same payload and keys, same bytes.
///
/// # Errors
///
/// What is wrong with the payload or with a signer.
pub fn sign<T: Payload>(payload: &T, signers: &[&dyn Sign]) -> Result<Vec<u8>, SignError> {
    let kind = T::KIND;
    payload
        .check()
        .map_err(|flaw| Refusal::Invalid { kind, flaw })?;
    let payload = canonical::write(payload).map_err(|unwritable| Refusal::Malformed {
        kind,
        reason: unwritable.to_string(),
    })?;
    let mut envelope = Envelope {
        kind,
        payload,
        signatures: BTreeMap::new(),
    };
    for signer in signers {
        add(&mut envelope, *signer)?;
    }
    written(&envelope)
}

/// The same envelope with one more signature.
///
/// # Errors
///
/// What is wrong with the envelope or the signer. Signatures that it carries are not checked: the
/// keys for that are in the root.
pub fn countersign<T: Payload>(envelope: &[u8], signer: &dyn Sign) -> Result<Vec<u8>, SignError> {
    let mut envelope = Envelope::read(T::KIND, envelope)?;
    let _: (T, Digest) = envelope.open()?;
    add(&mut envelope, signer)?;
    written(&envelope)
}

/// The same envelope with the signatures of these keys only: a root's own ones, or what is left
/// after a key was replaced. A device refuses an envelope with a signature that it cannot check.
///
/// # Errors
///
/// What is wrong with the envelope.
pub fn without_strangers<T: Payload>(
    envelope: &[u8],
    known: &BTreeSet<KeyId>,
) -> Result<Vec<u8>, Refusal> {
    let envelope = Envelope::read(T::KIND, envelope)?;
    Ok(envelope.signed_by_only(known).write())
}

fn add(envelope: &mut Envelope, signer: &dyn Sign) -> Result<(), SignError> {
    let public = signer.public_key();
    let (key, kind) = (public.id(), envelope.kind);
    if envelope.signatures.contains_key(&key) {
        return Err(Refusal::DuplicateSigner { kind, key }.into());
    }
    let message = envelope.signed_bytes();
    let signature = signer.sign(&message)?;
    if !public.verifies(&message, &signature) {
        return Err(SignError::WrongSignature { key });
    }
    envelope.signatures.insert(key, signature);
    Ok(())
}

fn written(envelope: &Envelope) -> Result<Vec<u8>, SignError> {
    let kind = envelope.kind;
    at_most("signatures", envelope.signatures.len(), SIGNATURES)
        .map_err(|flaw| Refusal::Invalid { kind, flaw })?;
    let bytes = envelope.write();
    let (found_bytes, limit_bytes) = (bytes.len(), kind.limit_bytes());
    if found_bytes > limit_bytes {
        return Err(Refusal::TooLarge {
            kind,
            found_bytes,
            limit_bytes,
        }
        .into());
    }
    Ok(bytes)
}
