//! The patch statement: what one patch is, signed offline and never changed.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::device::{Release, Snapshot};
use crate::digest::Digest;
use crate::flaw::Flaw;
use crate::measure::Measure;
use crate::payload::{EXTENSIONS, Extensions, Kind, Payload, ascending, at_most, sealed};
use crate::word::{FileName, Word};

/// What one patch is. Its name is the SHA-256 of its bytes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct PatchStatement {
    /// The app's id.
    pub app: Word,
    /// The size of the library that the release was shipped with.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub base_size_bytes: u64,
    /// When it was made, for people: nothing is decided by it. Seconds since 1970.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub created_s: u64,
    /// The epoch of the data that it writes.
    pub data_epoch: u32,
    /// The ways to get its files, in ascending order of SHA-256. 1 to 64.
    pub downloads: Vec<Download>,
    /// What devices may pass over.
    #[serde(default, skip_serializing_if = "Extensions::is_empty")]
    pub extensions: Extensions,
    /// The generation that it becomes, in ascending order of names. 1 to 4096.
    pub files: Vec<OutputFile>,
    /// Where this patch is known, no lower number runs. At most its own number.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub minimum_number: u64,
    /// The publisher's number within the release; never 0.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub number: u64,
    /// The newest epoch of data that it can read; at least `data_epoch`.
    pub reads_data_epoch: u32,
    /// The release that it is for.
    pub release: Release,
    /// What an engine must be able to run.
    pub snapshot: Snapshot,
}

/// One way to get one file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct Download {
    /// How it is compressed: `zstd`, `brotli`.
    pub codec: Word,
    /// How it is packed: `shorebird`, `patchproof`.
    pub container: Word,
    /// SHA-256 of what it is applied to; none if it holds the whole file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_sha256: Option<Digest>,
    /// Which of the files it becomes.
    pub makes: FileName,
    /// Of what is downloaded.
    pub sha256: Digest,
    /// Of what is downloaded; never 0.
    #[cfg_attr(test, schemars(range(min = 1, max = 9_007_199_254_740_991_u64)))]
    pub size_bytes: u64,
}

/// One file of the generation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[expect(clippy::exhaustive_structs, reason = "publishers fill it in")]
pub struct OutputFile {
    /// Where it lies in the generation.
    pub name: FileName,
    /// Of its bytes.
    pub sha256: Digest,
    /// Of its bytes.
    #[cfg_attr(test, schemars(range(max = 9_007_199_254_740_991_u64)))]
    pub size_bytes: u64,
}

impl Download {
    /// Holds bytes that come against what was signed, as they come.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure::new(self.size_bytes, self.sha256)
    }
}

impl OutputFile {
    /// Holds bytes that come out against what was signed, as they come.
    #[must_use]
    pub fn measure(&self) -> Measure {
        Measure::new(self.size_bytes, self.sha256)
    }
}

impl PatchStatement {
    fn check_files(&self) -> Result<(), Flaw> {
        if self.files.is_empty() {
            return Err(Flaw::None { what: "files" });
        }
        at_most("files", self.files.len(), FILES)?;
        ascending("files", self.files.iter().map(|file| &file.name))?;
        // As the coarsest file system sees them: `A` is `a`, and a file is no folder.
        let mut taken = BTreeSet::new();
        let mut folders = BTreeSet::new();
        for file in &self.files {
            let name = file.name.as_str().to_ascii_lowercase();
            for (at, _) in name.match_indices('/') {
                folders.insert(name.get(..at).unwrap_or_default().to_owned());
            }
            if !taken.insert(name.clone()) {
                return Err(Flaw::Collision {
                    one: name,
                    other: file.name.to_string(),
                });
            }
        }
        taken.intersection(&folders).next().map_or(Ok(()), |name| {
            Err(Flaw::Collision {
                one: name.clone(),
                other: format!("{name}/"),
            })
        })
    }

    fn check_downloads(&self) -> Result<(), Flaw> {
        if self.downloads.is_empty() {
            return Err(Flaw::None { what: "downloads" });
        }
        at_most("downloads", self.downloads.len(), DOWNLOADS)?;
        ascending(
            "downloads",
            self.downloads.iter().map(|download| download.sha256),
        )?;
        for download in &self.downloads {
            if download.size_bytes == 0 {
                return Err(Flaw::Zero {
                    what: "download's size",
                });
            }
            if !self.files.iter().any(|file| file.name == download.makes) {
                return Err(Flaw::UnknownFile {
                    name: download.makes.to_string(),
                });
            }
        }
        Ok(())
    }
}

impl sealed::Sealed for PatchStatement {}

impl Payload for PatchStatement {
    const KIND: Kind = Kind::Patch;

    fn check(&self) -> Result<(), Flaw> {
        if self.number == 0 {
            return Err(Flaw::Zero { what: "number" });
        }
        not_above(
            ("minimum_number", self.minimum_number),
            ("number", self.number),
        )?;
        not_above(
            ("data_epoch", u64::from(self.data_epoch)),
            ("reads_data_epoch", u64::from(self.reads_data_epoch)),
        )?;
        at_most("extensions", self.extensions.len(), EXTENSIONS)?;
        at_most("features", self.snapshot.features.len(), FEATURES)?;
        self.check_files()?;
        self.check_downloads()
    }
}

const fn not_above(
    (low, low_value): (&'static str, u64),
    (high, high_value): (&'static str, u64),
) -> Result<(), Flaw> {
    if low_value > high_value {
        return Err(Flaw::Above {
            low,
            low_value,
            high,
            high_value,
        });
    }
    Ok(())
}

const DOWNLOADS: usize = 64;
const FEATURES: usize = 128;
const FILES: usize = 4096;
