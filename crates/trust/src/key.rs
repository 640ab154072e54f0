//! Ed25519 keys, of which only good ones exist, and the names they have.

use std::fmt;

use ed25519_dalek::{Signature, VerifyingKey};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::digest::hex_bytes;

hex_bytes! {
    /// What a key is called: SHA-256 of `patchproof-key-ed25519-v1`, a zero byte, and the public
    /// key.
    KeyId, "^[0-9a-f]{64}$"
}

/// A public key. It is written in its one form, is on the curve and is not of small order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct PublicKey(VerifyingKey);

impl PublicKey {
    /// Of its 32 bytes, as RFC 8032 writes them.
    ///
    /// # Errors
    ///
    /// Why these bytes are no key that anything may rest on.
    pub fn from_bytes(bytes: &[u8; 32]) -> Result<Self, KeyError> {
        if is_reduced_later(bytes) {
            return Err(KeyError::NotCanonical);
        }
        let key = VerifyingKey::from_bytes(bytes).map_err(|_| KeyError::NotOnTheCurve)?;
        if key.is_weak() {
            return Err(KeyError::SmallOrder);
        }
        Ok(Self(key))
    }

    /// Of a secret key, which makes good ones only.
    pub(crate) const fn of_signer(key: VerifyingKey) -> Self {
        Self(key)
    }

    /// Its 32 bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8; 32] {
        self.0.as_bytes()
    }

    /// What it is called.
    #[must_use]
    pub fn id(&self) -> KeyId {
        let hasher = Sha256::new()
            .chain_update(KEY_DOMAIN)
            .chain_update(self.bytes());
        KeyId::of_bytes(hasher.finalize().into())
    }

    /// Whether this key signed this message, by the strict rules: no small order, one form of each
    /// number, no cofactor.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        let signature = Signature::from_bytes(signature);
        self.0.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({})", hex::encode(self.bytes()))
    }
}

impl Serialize for PublicKey {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&hex::encode(self.bytes()))
    }
}

impl<'de> Deserialize<'de> for PublicKey {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        let bytes = crate::digest::lower_hex(&text).map_err(serde::de::Error::custom)?;
        Self::from_bytes(&bytes).map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
impl schemars::JsonSchema for PublicKey {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "PublicKey".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "pattern": "^[0-9a-f]{64}$" })
    }
}

/// A key as a root lists it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct Key {
    /// How it signs.
    pub algorithm: Algorithm,
    /// The public key.
    pub public: PublicKey,
}

/// The ways to sign. There is one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "a second one is a new format")]
pub enum Algorithm {
    /// RFC 8032, verified strictly.
    Ed25519,
}

/// Why 32 bytes are no key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyError {
    /// No point has these bytes.
    #[error("the public key is no point of the curve: it was cut or mistyped")]
    NotOnTheCurve,
    /// One of eight points for which signatures over anything can be made up.
    #[error("the public key is of small order: signatures for it can be made up by anyone")]
    SmallOrder,
    /// A second way to write another key.
    #[error("the public key is not written in its one form")]
    NotCanonical,
}

/// Whether the number in these bytes is at or above 2^255 - 19: it would be reduced, and so be a
/// second form of another one.
fn is_reduced_later(bytes: &[u8; 32]) -> bool {
    let [first, middle @ .., last] = bytes;
    *first >= 0xed && middle.iter().all(|byte| *byte == 0xff) && last & 0x7f == 0x7f
}

const KEY_DOMAIN: &[u8] = b"patchproof-key-ed25519-v1\0";

#[cfg(test)]
mod tests {
    use curve25519_dalek::constants::EIGHT_TORSION;
    use curve25519_dalek::edwards::CompressedEdwardsY;

    use super::*;

    #[test]
    fn each_point_of_small_order_is_refused() {
        for point in EIGHT_TORSION {
            let refused = PublicKey::from_bytes(&point.compress().to_bytes());
            assert_eq!(refused, Err(KeyError::SmallOrder));
        }
    }

    #[test]
    fn each_number_that_is_reduced_later_is_refused_and_some_of_them_are_points() {
        let mut points = 0;
        for above in 0..19 {
            for sign in [0x7f, 0xff] {
                let mut bytes = [0xff; 32];
                bytes[0] = 0xed + above;
                bytes[31] = sign;
                points += usize::from(CompressedEdwardsY(bytes).decompress().is_some());
                assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NotCanonical));
            }
        }
        assert!(points > 8, "a library that reduces takes {points} of them");
    }

    #[test]
    fn the_largest_number_that_is_not_reduced_is_looked_at() {
        let mut bytes = [0xff; 32];
        bytes[0] = 0xec;
        bytes[31] = 0x7f;
        assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::SmallOrder));
    }

    #[test]
    fn bytes_that_are_no_point_are_no_key() {
        let mut bytes = [0; 32];
        bytes[0] = 2;
        assert_eq!(PublicKey::from_bytes(&bytes), Err(KeyError::NotOnTheCurve));
    }
}
