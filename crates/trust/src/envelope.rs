//! The envelope: a payload's bytes as they are, their type, and signatures over both (DSSE v1).

use std::collections::{BTreeMap, BTreeSet};

use data_encoding::BASE64;
use serde::{Deserialize, Serialize};

use crate::canonical::{self, Unreadable};
use crate::digest::Digest;
use crate::flaw::Flaw;
use crate::key::{KeyId, PublicKey};
use crate::payload::{Kind, Payload, at_most};
use crate::refusal::Refusal;

/// What a signature is over: type and payload, each behind its length, so that neither can reach
/// into the other.
#[must_use]
pub fn pre_authentication_encoding(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let mut out = format!("DSSEv1 {} {payload_type} ", payload_type.len()).into_bytes();
    out.extend(format!("{} ", payload.len()).bytes());
    out.extend(payload);
    out
}

/// A payload that nobody believes yet, and its signatures in ascending order of key ids.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Envelope {
    pub(crate) kind: Kind,
    pub(crate) payload: Vec<u8>,
    pub(crate) signatures: BTreeMap<KeyId, [u8; 64]>,
}

impl Envelope {
    /// Reads an envelope of this kind: bounded, in its one form, and of its type.
    pub(crate) fn read(kind: Kind, bytes: &[u8]) -> Result<Self, Refusal> {
        let limit_bytes = kind.limit_bytes();
        if bytes.len() > limit_bytes {
            let found_bytes = bytes.len();
            return Err(Refusal::TooLarge {
                kind,
                found_bytes,
                limit_bytes,
            });
        }
        let wire = canonical::read(bytes).map_err(|unreadable| unreadable.of(kind))?;
        Self::of_wire(kind, wire)
    }

    /// The payload of an envelope that is read, not yet verified.
    pub(crate) fn of_wire(kind: Kind, wire: Wire) -> Result<Self, Refusal> {
        if wire.payload_type != kind.payload_type() {
            return Err(Refusal::WrongType {
                expected: kind,
                found: wire.payload_type,
            });
        }
        at_most("signatures", wire.signatures.len(), SIGNATURES)
            .map_err(|flaw| Refusal::Invalid { kind, flaw })?;
        Ok(Self {
            kind,
            payload: unbase64(kind, "payload", &wire.payload)?,
            signatures: signatures(kind, &wire.signatures)?,
        })
    }

    /// The one form of this envelope.
    pub(crate) fn write(&self) -> Vec<u8> {
        // It is ASCII by construction.
        canonical::write(&self.wire()).unwrap_or_default()
    }

    pub(crate) fn wire(&self) -> Wire {
        let signature = |(keyid, sig): (&KeyId, &[u8; 64])| WireSignature {
            keyid: *keyid,
            sig: BASE64.encode(sig),
        };
        Wire {
            payload: BASE64.encode(&self.payload),
            payload_type: self.kind.payload_type().into(),
            signatures: self.signatures.iter().map(signature).collect(),
        }
    }

    /// What its signatures are over.
    pub(crate) fn signed_bytes(&self) -> Vec<u8> {
        pre_authentication_encoding(self.kind.payload_type(), &self.payload)
    }

    /// The payload, in its one form and without a flaw.
    pub(crate) fn open<T: Payload>(&self) -> Result<(T, Digest), Refusal> {
        let kind = T::KIND;
        let payload: T = canonical::read(&self.payload).map_err(|error| error.of(kind))?;
        payload
            .check()
            .map_err(|flaw| Refusal::Invalid { kind, flaw })?;
        Ok((payload, Digest::of(&self.payload)))
    }

    /// Who signed it. Every signature counts: a stranger's or a wrong one refuses the document, so
    /// that no byte of it goes unchecked.
    pub(crate) fn signers(
        &self,
        known: &BTreeMap<KeyId, PublicKey>,
    ) -> Result<BTreeSet<KeyId>, Refusal> {
        let kind = self.kind;
        if self.signatures.is_empty() {
            return Err(Refusal::Unsigned { kind });
        }
        let message = self.signed_bytes();
        for (key, signature) in &self.signatures {
            let public = known
                .get(key)
                .ok_or(Refusal::UnknownKey { kind, key: *key })?;
            let verifies = public.verifies(&message, signature);
            if !verifies && !cfg!(patchproof_without = "signature") {
                return Err(Refusal::BadSignature { kind, key: *key });
            }
        }
        Ok(self.signatures.keys().copied().collect())
    }

    /// The same without the signatures of keys that are not among these.
    pub(crate) fn signed_by_only(mut self, known: &BTreeSet<KeyId>) -> Self {
        self.signatures.retain(|key, _| known.contains(key));
        self
    }
}

impl Unreadable {
    pub(crate) fn of(self, kind: Kind) -> Refusal {
        match self {
            Self::Malformed { reason } => Refusal::Malformed { kind, reason },
            Self::NotCanonical { at_byte } => Refusal::NotCanonical { kind, at_byte },
        }
    }
}

/// An envelope as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(crate) struct Wire {
    /// Base64 (RFC 4648, section 4, with padding) of the payload's bytes.
    payload: String,
    /// Which kind of payload.
    payload_type: String,
    /// In ascending order of key ids.
    signatures: Vec<WireSignature>,
}

/// One signature as JSON has it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct WireSignature {
    /// Whose.
    keyid: KeyId,
    /// Base64 of its 64 bytes.
    sig: String,
}

fn signatures(kind: Kind, wire: &[WireSignature]) -> Result<BTreeMap<KeyId, [u8; 64]>, Refusal> {
    let mut signatures: BTreeMap<KeyId, [u8; 64]> = BTreeMap::new();
    for WireSignature { keyid: key, sig } in wire {
        if signatures.contains_key(key) {
            return Err(Refusal::DuplicateSigner { kind, key: *key });
        }
        if signatures
            .last_key_value()
            .is_some_and(|(last, _)| last > key)
        {
            let flaw = Flaw::NotAscending { what: "signatures" };
            return Err(Refusal::Invalid { kind, flaw });
        }
        let bytes = unbase64(kind, "signature", sig)?;
        let bytes = <[u8; 64]>::try_from(bytes).map_err(|bytes| Refusal::Malformed {
            kind,
            reason: format!(
                "a signature has {} bytes, and Ed25519's has 64",
                bytes.len()
            ),
        })?;
        signatures.insert(*key, bytes);
    }
    Ok(signatures)
}

/// Of the one form only: padded, without line ends, unused bits zero.
fn unbase64(kind: Kind, what: &str, text: &str) -> Result<Vec<u8>, Refusal> {
    BASE64
        .decode(text.as_bytes())
        .map_err(|error| Refusal::Malformed {
            kind,
            reason: format!("its {what} is no base64: {error}"),
        })
}

pub(crate) const SIGNATURES: usize = 32;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_under_a_signature_is_the_one_that_dsse_publishes() {
        let encoded = pre_authentication_encoding("http://example.com/HelloWorld", b"hello world");
        let published = b"DSSEv1 29 http://example.com/HelloWorld 11 hello world";
        assert_eq!(encoded, published);
    }

    #[test]
    fn base64_with_unused_bits_set_is_refused() {
        assert!(unbase64(Kind::Root, "payload", "YQ==").is_ok());
        for text in ["YR==", "YQ", "YQ==\n", "YQ= =", "YQ"] {
            assert!(unbase64(Kind::Root, "payload", text).is_err(), "{text:?}");
        }
    }

    #[test]
    fn type_and_payload_cannot_reach_into_each_other() {
        let one = pre_authentication_encoding("a", b"b c");
        let other = pre_authentication_encoding("a 3 b", b"c");
        assert_ne!(one, other);
    }
}
