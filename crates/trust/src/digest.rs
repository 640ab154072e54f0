//! Fixed runs of bytes that statements write as lower-case hex.

use std::fmt;

use sha2::{Digest as _, Sha256};

macro_rules! hex_bytes {
    ($(#[$doc:meta])* $name:ident, $pattern:literal) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 32]);

        impl $name {
            /// Of these bytes.
            #[must_use]
            pub const fn of_bytes(bytes: [u8; 32]) -> Self {
                Self(bytes)
            }

            /// The bytes.
            #[must_use]
            pub const fn bytes(&self) -> &[u8; 32] {
                &self.0
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.write_str(&::hex::encode(self.0))
            }
        }

        impl ::std::fmt::Debug for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                let hex = ::hex::encode(self.0);
                write!(f, "{}:{}", stringify!($name), hex.get(..8).unwrap_or(&hex))
            }
        }

        impl ::serde::Serialize for $name {
            fn serialize<S: ::serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&::hex::encode(self.0))
            }
        }

        impl<'de> ::serde::Deserialize<'de> for $name {
            fn deserialize<D: ::serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = <String as ::serde::Deserialize>::deserialize(from)?;
                $crate::digest::lower_hex(&text)
                    .map(Self)
                    .map_err(::serde::de::Error::custom)
            }
        }

        #[cfg(test)]
        impl ::schemars::JsonSchema for $name {
            fn schema_name() -> ::std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut ::schemars::SchemaGenerator) -> ::schemars::Schema {
                ::schemars::json_schema!({ "type": "string", "pattern": $pattern })
            }
        }
    };
}

pub(crate) use hex_bytes;

hex_bytes! {
    /// A SHA-256. A statement's is that of its payload's bytes.
    Digest, "^[0-9a-f]{64}$"
}

hex_bytes! {
    /// A device's own random number, which a live server's answer repeats.
    Nonce, "^[0-9a-f]{64}$"
}

impl Digest {
    /// Of these bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

/// 64 lower-case hex digits; upper-case ones would be a second form of the same bytes.
pub(crate) fn lower_hex(text: &str) -> Result<[u8; 32], NotHex> {
    let mut bytes = [0; 32];
    let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    match hex::decode_to_slice(text, &mut bytes) {
        Ok(()) if lower => Ok(bytes),
        _ => Err(NotHex),
    }
}

/// Expected 64 lower-case hex digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NotHex;

impl fmt::Display for NotHex {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("expected 64 lower-case hex digits")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_in_upper_case_is_no_digest() {
        let text = format!("\"{}\"", "AB".repeat(32));
        assert!(serde_json::from_str::<Digest>(&text).is_err());
    }

    #[test]
    fn a_digest_of_the_empty_input_is_the_published_one() {
        let published = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
        assert_eq!(Digest::of(b"").to_string(), published);
    }
}
