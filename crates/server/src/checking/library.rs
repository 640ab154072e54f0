//! The library of a release or of a patch: its bytes, and the snapshot in them.

use std::path::Path;

use patchproof_report::{CompareVerdict, Severity};
use patchproof_snapshot::{Arch, Named, Snapshot, compare};
use sha2::{Digest as _, Sha256};

use super::unfit::Unfit;

/// A library that holds a snapshot.
#[derive(Debug)]
#[non_exhaustive]
pub struct Library {
    /// SHA-256 of its bytes, in hex.
    pub sha256: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// What is in it.
    pub snapshot: Snapshot,
}

impl Library {
    /// Reads a library; `what` is what messages call it.
    ///
    /// # Errors
    ///
    /// Where it is too large, or holds no snapshot that can be read.
    pub fn read(what: &str, bytes: Vec<u8>) -> Result<Self, Unfit> {
        within_limit(what, u64::try_from(bytes.len()).unwrap_or(u64::MAX))?;
        let snapshot = Snapshot::read(&bytes).map_err(|error| Unfit::NoSnapshot {
            what: what.to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self {
            sha256: hex::encode(Sha256::digest(&bytes)),
            bytes,
            snapshot,
        })
    }

    /// Reads a library from a file.
    ///
    /// # Errors
    ///
    /// As [`Library::read`], and where the file cannot be read.
    pub fn read_file(what: &str, file: &Path) -> Result<Self, Unfit> {
        let unreadable = |error: std::io::Error| Unfit::Archive {
            what: what.to_owned(),
            why: error.kind().to_string(),
        };
        // Looked at first: a file that is too large is not read.
        let found = std::fs::metadata(file).map_err(unreadable)?.len();
        within_limit(what, found)?;
        Self::read(what, std::fs::read(file).map_err(unreadable)?)
    }

    /// Whether this is for the machine that `arch` names.
    ///
    /// # Errors
    ///
    /// [`Unfit::Arch`] where it is for another.
    pub fn is_for(&self, what: &str, arch: &str) -> Result<(), Unfit> {
        let expected = match arch {
            "aarch64" => Arch::Arm64,
            "arm" => Arch::Arm,
            "x86_64" => Arch::X64,
            "x86" => Arch::X86,
            _ => return Ok(()),
        };
        if self.snapshot.arch == expected {
            return Ok(());
        }
        Err(Unfit::Arch {
            what: what.to_owned(),
            expected: arch.to_owned(),
            found: self.snapshot.arch.word(),
        })
    }

    /// Whether this may stand where `base` stood.
    ///
    /// # Errors
    ///
    /// [`Unfit::Snapshot`], with what stands against it; also where that cannot be settled.
    pub fn fits(&self, base: &Self) -> Result<(), Unfit> {
        let released = Named::new("the released library", &base.snapshot);
        let patched = Named::new("the patched library", &self.snapshot);
        let comparison = compare(released, patched, None);
        if matches!(
            comparison.verdict,
            CompareVerdict::Identical | CompareVerdict::Compatible
        ) {
            return Ok(());
        }
        let against: Vec<&str> = comparison
            .findings
            .iter()
            .filter(|finding| finding.severity >= Severity::Undecided)
            .map(|finding| &*finding.message)
            .collect();
        Err(Unfit::Snapshot {
            why: against.join("; "),
        })
    }
}

fn within_limit(what: &str, found: u64) -> Result<(), Unfit> {
    if found <= LIBRARY_BYTES_MAX {
        return Ok(());
    }
    Err(Unfit::LibraryTooLarge {
        what: what.to_owned(),
        found,
        limit: LIBRARY_BYTES_MAX,
    })
}

/// The largest library that is held in memory. The largest that are known have a fifth of it.
pub const LIBRARY_BYTES_MAX: u64 = 256 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_snapshot_is_refused_by_its_name() {
        let refused = Library::read("libapp.so", b"\x7fELF and nothing more".to_vec());
        let unfit = refused.expect_err("no library");
        assert_eq!(unfit.code(), "no_snapshot");
        assert!(
            unfit
                .to_string()
                .starts_with("libapp.so is no Dart library")
        );
    }
}
