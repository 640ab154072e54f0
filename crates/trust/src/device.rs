//! What runs on a device: the one thing that statements must be for.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::canonical;
use crate::digest::Digest;
use crate::refusal::Refusal;
use crate::word::{Text, Word};

/// A release of one app for one platform and ABI. Lists are in the order of these fields.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "publishers and devices fill it in"
)]
pub struct Release {
    /// The instruction set, as the platform calls it: `arm64-v8a`.
    pub abi: Word,
    /// SHA-256 of the library that it was shipped with.
    pub base_sha256: Digest,
    /// The operating system: `android`.
    pub platform: Word,
    /// Its version: `1.2.3+45`.
    pub version: Word,
}

/// Which Dart snapshots an engine can run.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "publishers and devices fill it in"
)]
pub struct Snapshot {
    /// In the order in which the snapshot has them. At most 128.
    pub features: Vec<Text>,
    /// The version that the engine compares, in hex.
    pub version: Word,
}

/// What runs here, taken from the bundled files and not from anything that was served.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "devices fill it in")]
pub struct Device {
    /// The app's id.
    pub app: Word,
    /// Its release.
    pub release: Release,
    /// The size of the library that it was shipped with.
    pub base_size_bytes: u64,
    /// What its engine can run.
    pub snapshot: Snapshot,
}

impl Release {
    /// What documents about this release are called where they lie: the SHA-256 of its canonical
    /// form.
    #[must_use]
    pub fn sha256(&self) -> Digest {
        // What was read, or filled in with words, can be written.
        Digest::of(&canonical::write(self).unwrap_or_default())
    }
}

impl Device {
    /// Whether this is the app that a document is for.
    pub(crate) fn is_app(&self, app: &Word) -> Result<(), Refusal> {
        if cfg!(patchproof_without = "app") {
            return Ok(());
        }
        same(Field::App, &self.app, app)
    }

    /// Whether this is the release that a document is for.
    pub(crate) fn is_release(&self, release: &Release) -> Result<(), Refusal> {
        if cfg!(patchproof_without = "release") {
            return Ok(());
        }
        let ours = &self.release;
        same(Field::Platform, &ours.platform, &release.platform)?;
        same(Field::Abi, &ours.abi, &release.abi)?;
        same(Field::Version, &ours.version, &release.version)?;
        same(Field::Base, &ours.base_sha256, &release.base_sha256)
    }

    /// Whether this is the base that a patch is made against.
    pub(crate) fn has_base(&self, size_bytes: u64) -> Result<(), Refusal> {
        if cfg!(patchproof_without = "base_size") {
            return Ok(());
        }
        same(Field::BaseSize, &self.base_size_bytes, &size_bytes)
    }

    /// Whether the engine here can run a patch.
    pub(crate) fn can_run(&self, snapshot: &Snapshot) -> Result<(), Refusal> {
        if cfg!(patchproof_without = "snapshot") {
            return Ok(());
        }
        let ours = &self.snapshot;
        same(Field::SnapshotVersion, &ours.version, &snapshot.version)?;
        if ours.features == snapshot.features {
            return Ok(());
        }
        let line = |features: &[Text]| {
            features
                .iter()
                .map(Text::as_str)
                .collect::<Vec<_>>()
                .join(" ")
        };
        let (expected, found) = (line(&ours.features), line(&snapshot.features));
        Err(Refusal::WrongTarget {
            field: Field::SnapshotFeatures,
            expected,
            found,
        })
    }
}

/// What ties a statement to one device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Field {
    /// The app's id.
    App,
    /// The operating system.
    Platform,
    /// The instruction set.
    Abi,
    /// The release's version.
    Version,
    /// The SHA-256 of the library in the release.
    Base,
    /// Its size.
    BaseSize,
    /// The Dart snapshot's version.
    SnapshotVersion,
    /// The Dart snapshot's features.
    SnapshotFeatures,
    /// The channel.
    Channel,
}

impl fmt::Display for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::App => "app",
            Self::Platform => "platform",
            Self::Abi => "ABI",
            Self::Version => "release",
            Self::Base => "base",
            Self::BaseSize => "base size in bytes",
            Self::SnapshotVersion => "snapshot version",
            Self::SnapshotFeatures => "snapshot features",
            Self::Channel => "channel",
        })
    }
}

/// Refuses what is not for us, and says for what it is.
pub(crate) fn same<T: PartialEq + ToString>(
    field: Field,
    expected: &T,
    found: &T,
) -> Result<(), Refusal> {
    if expected == found {
        return Ok(());
    }
    let (expected, found) = (expected.to_string(), found.to_string());
    Err(Refusal::WrongTarget {
        field,
        expected,
        found,
    })
}
