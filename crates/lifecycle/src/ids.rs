//! What releases, generations and processes are called.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

macro_rules! digest {
    ($(#[$doc:meta])* $name:ident) => {
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

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&hex::encode(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                let hex = hex::encode(self.0);
                write!(f, "{}:{}", stringify!($name), hex.get(..8).unwrap_or(&hex))
            }
        }

        impl Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
                to.serialize_str(&hex::encode(self.0))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                let text = String::deserialize(from)?;
                let lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
                let mut bytes = [0; 32];
                match hex::decode_to_slice(&text, &mut bytes) {
                    Ok(()) if lower => Ok(Self(bytes)),
                    _ => Err(serde::de::Error::custom("expected 64 lower-case hex digits")),
                }
            }
        }
    };
}

digest! {
    /// One release on one device: app, platform, ABI, version, and the SHA-256 of the library that
    /// it was shipped with, in one hash.
    ReleaseKey
}

digest! {
    /// What a generation is: the names of its files and the SHA-256 of each, in one hash. Numbers
    /// and labels are no part of it: the same bytes under another number are the same generation.
    GenerationId
}

impl ReleaseKey {
    /// Of the release's identity; each part is length-prefixed, so that no two identities meet.
    #[must_use]
    pub fn of(app: &str, platform: &str, abi: &str, version: &str, base_sha256: &[u8; 32]) -> Self {
        let parts = [
            app.as_bytes(),
            platform.as_bytes(),
            abi.as_bytes(),
            version.as_bytes(),
        ];
        let parts = parts.into_iter().chain([base_sha256.as_slice()]);
        Self(hash("patchproof-release-1", parts))
    }
}

impl GenerationId {
    /// Of its files: name and SHA-256 of each, in ascending order of names.
    #[must_use]
    pub fn of_files<'a>(files: impl IntoIterator<Item = (&'a str, &'a [u8; 32])>) -> Self {
        let parts = files
            .into_iter()
            .flat_map(|(name, sha256)| [name.as_bytes(), sha256.as_slice()]);
        Self(hash("patchproof-generation-1", parts))
    }
}

fn hash<'a>(domain: &'a str, parts: impl IntoIterator<Item = &'a [u8]>) -> [u8; 32] {
    let mut hasher = Sha256::new();
    for part in std::iter::once(domain.as_bytes()).chain(parts) {
        hasher.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize().into()
}

/// One of the few places that live processes of one app take, each by a lock that ends with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
#[expect(clippy::exhaustive_structs, reason = "the device numbers its slots")]
pub struct ProcessSlot(pub u8);

#[cfg(test)]
mod tests {
    use super::*;

    /// Devices keep these for as long as they live. By another implementation, Python's hashlib:
    /// the length of each part as eight little-endian bytes and the part, the domain first.
    #[test]
    fn the_names_of_releases_and_generations_are_what_they_always_were() {
        let release = ReleaseKey::of("com.example", "android", "arm64-v8a", "1.2.3+4", &[7; 32]);
        assert_eq!(
            release.to_string(),
            "57965aeb7c5c889b68749aa16640aa2b451fb02a1107e80e4f24476a40edb6c8"
        );
        let files = [("libapp.so", &[7; 32]), ("manifest", &[8; 32])];
        assert_eq!(
            GenerationId::of_files(files).to_string(),
            "71a360c1b4990074d00a75a46f7f95866be04866a6729c9f94c444f4ed7d6207"
        );
    }

    #[test]
    fn a_byte_that_moves_from_one_part_to_the_next_makes_another_release() {
        let of = |app, version| ReleaseKey::of(app, "android", "x86_64", version, &[7; 32]);
        assert_ne!(of("com.example", ".1"), of("com.example.", "1"));
        let keys = [
            ReleaseKey::of("a", "bc", "", "1", &[7; 32]),
            ReleaseKey::of("ab", "c", "", "1", &[7; 32]),
            ReleaseKey::of("abc", "", "", "1", &[7; 32]),
            ReleaseKey::of("", "abc", "", "1", &[7; 32]),
            ReleaseKey::of("", "", "abc", "1", &[7; 32]),
            ReleaseKey::of("", "", "abc1", "", &[7; 32]),
        ];
        let different: std::collections::BTreeSet<_> = keys.iter().collect();
        assert_eq!(different.len(), keys.len());
    }
}
