//! The library that a release was shipped with, read where it lies.

mod stored_entry;

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use patchproof_patch::ReadAt;
use patchproof_storage::Stamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::compatible;
use crate::stamped::Stamped;

/// Where the bundled library lies. It is never copied.
#[expect(clippy::exhaustive_enums, reason = "an embedder says which it is")]
pub enum BaseLibrary {
    /// A file of its own.
    File(PathBuf),
    /// A stored entry of an APK or a split, read in place. Where the entry is compressed, the
    /// system has extracted it: name that file instead.
    ApkEntry {
        /// The APK.
        apk: PathBuf,
        /// Such as `lib/arm64-v8a/libapp.so`.
        entry: String,
    },
    /// Bytes that the embedder reads. They are hashed each time an updater is configured.
    Callbacks(Box<dyn ReadAt + Send + Sync>),
}

impl std::fmt::Debug for BaseLibrary {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.place())
    }
}

/// Why the bundled library cannot be a base.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaseError {
    /// It cannot be read.
    #[error(
        "the bundled library {place} cannot be read: {source}; is it the path of this install?"
    )]
    Unreadable {
        /// Where it should be.
        place: String,
        /// What the system says.
        #[source]
        source: io::Error,
    },
    /// It is nothing that signed statements could be held against.
    #[error("the bundled library {place} is no Dart snapshot: {reason}")]
    NoSnapshot {
        /// Where it lies.
        place: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The APK is none, or has several readings.
    #[error("{apk} cannot be read as an APK: {reason}")]
    Apk {
        /// Which file.
        apk: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The APK has no such entry.
    #[error("{apk} has no entry {entry}; on devices with split APKs it is in the split of the ABI")]
    NoEntry {
        /// Which file.
        apk: String,
        /// What it should have.
        entry: String,
    },
    /// The entry is compressed.
    #[error(
        "{entry} is compressed in {apk}, and the system loads the file that it extracted: name \
         {extracted} in the app's native library folder as the base instead"
    )]
    Compressed {
        /// Which file.
        apk: String,
        /// Which entry.
        entry: String,
        /// The name of the extracted file.
        extracted: String,
    },
}

impl BaseLibrary {
    fn place(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::ApkEntry { apk, entry } => format!("{}!/{entry}", apk.display()),
            Self::Callbacks(_) => "(callbacks)".to_owned(),
        }
    }
}

/// The bundled library, opened. An open file stays the same file when an update of the app replaces
/// it.
pub(crate) struct Base {
    bytes: Box<dyn ReadAt + Send + Sync>,
    place: String,
    stamp: Option<Stamped>,
}

/// A bundled library whose hash was taken.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct BaseSeen {
    place: String,
    stamp: Stamped,
    #[serde(with = "crate::hex_bytes")]
    sha256: [u8; 32],
    /// Known only where signed statements ask for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    snapshot: Option<SnapshotSeen>,
}

/// Which snapshots this app's engine takes: those like the bundled one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SnapshotSeen {
    pub(crate) version: String,
    pub(crate) features: Vec<String>,
}

#[cfg(test)]
impl BaseSeen {
    /// A path as long as systems have them, and as many features as a snapshot's 1024 bytes hold.
    pub(crate) fn largest() -> Self {
        Self {
            place: "\"".repeat(4096),
            stamp: Stamped::from(&Stamp {
                inode: u64::MAX,
                length_bytes: u64::MAX,
                modified_ns: u64::MAX,
            }),
            sha256: [0xff; 32],
            snapshot: Some(SnapshotSeen {
                version: "v".repeat(128),
                features: vec!["\"".to_owned(); 512],
            }),
        }
    }
}

impl Base {
    pub(crate) fn open(library: BaseLibrary) -> Result<Self, BaseError> {
        let place = library.place();
        let unreadable = |source| BaseError::Unreadable {
            place: place.clone(),
            source,
        };
        match library {
            BaseLibrary::File(path) => {
                let (file, stamp) = open(&path).map_err(unreadable)?;
                Ok(Self {
                    bytes: Box::new(file),
                    place,
                    stamp: Some(stamp),
                })
            }
            BaseLibrary::ApkEntry { apk, entry } => {
                let (file, stamp) = open(&apk).map_err(unreadable)?;
                let apk = apk.display().to_string();
                Ok(Self {
                    bytes: Box::new(stored_entry::open(file, &apk, &entry)?),
                    place,
                    stamp: Some(stamp),
                })
            }
            BaseLibrary::Callbacks(bytes) => Ok(Self {
                bytes,
                place,
                stamp: None,
            }),
        }
    }

    pub(crate) fn bytes(&self) -> &dyn ReadAt {
        &*self.bytes
    }

    /// Its hash, taken unless it was for this very file; and what to remember of it.
    pub(crate) fn sha256(
        &self,
        seen: Option<&BaseSeen>,
    ) -> Result<([u8; 32], Option<BaseSeen>), BaseError> {
        let same = |seen: &&BaseSeen| seen.place == self.place && Some(seen.stamp) == self.stamp;
        if let Some(seen) = seen.filter(same) {
            return Ok((seen.sha256, Some(seen.clone())));
        }
        let sha256 = hash(self.bytes()).map_err(|source| BaseError::Unreadable {
            place: self.place.clone(),
            source,
        })?;
        let seen = self.stamp.map(|stamp| BaseSeen {
            place: self.place.clone(),
            stamp,
            sha256,
            snapshot: None,
        });
        Ok((sha256, seen))
    }

    /// Its snapshot's facts, read unless they are known; and what to remember of them.
    pub(crate) fn snapshot(
        &self,
        seen: &mut Option<BaseSeen>,
        bytes_max: u64,
    ) -> Result<SnapshotSeen, BaseError> {
        if let Some(known) = seen.as_ref().and_then(|seen| seen.snapshot.clone()) {
            return Ok(known);
        }
        let facts = compatible::facts(self.bytes(), bytes_max);
        let facts = facts.map_err(|reason| BaseError::NoSnapshot {
            place: self.place.clone(),
            reason,
        })?;
        if let Some(seen) = seen {
            seen.snapshot = Some(facts.clone());
        }
        Ok(facts)
    }

    pub(crate) fn length(&self) -> Result<u64, BaseError> {
        self.bytes()
            .length()
            .map_err(|source| BaseError::Unreadable {
                place: self.place.clone(),
                source,
            })
    }

    pub(crate) fn place(&self) -> &str {
        &self.place
    }
}

fn open(path: &Path) -> io::Result<(File, Stamped)> {
    let file = File::open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is no plain file"));
    }
    Ok((file, Stamped::from(&Stamp::of(&metadata))))
}

/// The SHA-256 of bytes that are read by position, through a small buffer.
pub(crate) fn hash(bytes: &dyn ReadAt) -> io::Result<[u8; 32]> {
    let length = bytes.length()?;
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; CHUNK_BYTES];
    let mut offset = 0;
    while offset < length {
        let left = usize::try_from(length - offset).unwrap_or(usize::MAX);
        let count = left.min(buffer.len());
        let chunk = buffer.get_mut(..count).unwrap_or_default();
        bytes.read_exact_at(chunk, offset)?;
        hasher.update(&*chunk);
        offset += u64::try_from(count).unwrap_or(u64::MAX);
    }
    Ok(hasher.finalize().into())
}

const CHUNK_BYTES: usize = 64 << 10;
