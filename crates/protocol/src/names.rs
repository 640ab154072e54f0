//! What platforms, architectures and clients are called on the wire.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A platform, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Platform {
    /// `android`
    Android,
    /// `ios`
    Ios,
    /// `macos`
    Macos,
    /// `linux`
    Linux,
    /// `windows`
    Windows,
}

impl Platform {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Android => "android",
            Self::Ios => "ios",
            Self::Macos => "macos",
            Self::Linux => "linux",
            Self::Windows => "windows",
        }
    }
}

/// An architecture, by its name on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Arch {
    /// `aarch64`
    Aarch64,
    /// `arm`
    Arm,
    /// `x86_64`
    #[serde(rename = "x86_64")]
    X64,
    /// `x86`
    X86,
}

impl Arch {
    /// The name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Aarch64 => "aarch64",
            Self::Arm => "arm",
            Self::X64 => "x86_64",
            Self::X86 => "x86",
        }
    }

    /// What the ABI of a release is called in signed statements: Android's own word there, the name
    /// on the wire elsewhere.
    #[must_use]
    pub const fn abi(self, platform: Platform) -> &'static str {
        match (platform, self) {
            (Platform::Android, Self::Aarch64) => "arm64-v8a",
            (Platform::Android, Self::Arm) => "armeabi-v7a",
            _ => self.name(),
        }
    }
}

impl fmt::Display for Platform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for Arch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What an installation calls itself: a random UUID, made once.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClientId([u8; 16]);

impl ClientId {
    /// Of 16 random bytes; 6 of their bits give way to the marks of a version 4 UUID.
    #[must_use]
    pub const fn of_random(bytes: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(bytes);
        let number = number & !(0xf << 76) | (4 << 76);
        let number = number & !(0b11 << 62) | (0b10 << 62);
        Self(number.to_be_bytes())
    }
}

impl fmt::Display for ClientId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, byte) in self.0.iter().enumerate() {
            if matches!(index, 4 | 6 | 8 | 10) {
                f.write_str("-")?;
            }
            write!(f, "{byte:02x}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_the_same_by_serde_and_by_hand() {
        let platforms = ["android", "ios", "macos", "linux", "windows"];
        for name in platforms {
            let platform: Platform = serde_json::from_value(name.into()).expect("a known name");
            assert_eq!(platform.name(), name);
        }
        for name in ["aarch64", "arm", "x86_64", "x86"] {
            let arch: Arch = serde_json::from_value(name.into()).expect("a known name");
            assert_eq!(arch.name(), name);
        }
        assert!(serde_json::from_value::<Arch>("arm64".into()).is_err());
    }

    #[test]
    fn a_client_is_a_version_4_uuid_whatever_the_random_bytes() {
        let zeros = ClientId::of_random([0; 16]).to_string();
        assert_eq!(zeros, "00000000-0000-4000-8000-000000000000");
        let ones = ClientId::of_random([0xff; 16]).to_string();
        assert_eq!(ones, "ffffffff-ffff-4fff-bfff-ffffffffffff");
    }

    #[test]
    fn making_a_client_of_its_own_bytes_changes_nothing() {
        let once = ClientId::of_random(*b"0123456789abcdef");
        assert_eq!(ClientId::of_random(once.0), once);
    }
}
