//! The tools that are set beside each other, all driven in one way.

use std::path::{Path, PathBuf};
use std::time::Duration;

use patchproof_patch::{CodecChoice, DEFAULT_LEVEL, MakeOptions};
use patchproof_testkit::pairs::Pair;
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;

use super::error::BenchError;
use super::ours::Ours;
use super::outside::Outside;
use super::shorebird::Shorebird;
use super::tools::Tools;

/// A way to make a patch and to inflate it.
pub(super) trait Contestant {
    fn name(&self) -> String;

    /// Writes the patch to `job.patch()`; answers how long that took. An error is the reason that
    /// stands in the table instead.
    fn make(&self, job: &Job) -> Result<Duration, String>;

    /// Writes the new file to `job.output()` and verifies it by its SHA-256; answers how long both
    /// took.
    fn inflate(&self, job: &Job) -> Result<Duration, String>;
}

/// A pair, read, with a folder to work in.
pub(super) struct Job {
    pub(super) base_path: PathBuf,
    pub(super) new_path: PathBuf,
    pub(super) base: Vec<u8>,
    pub(super) new: Vec<u8>,
    pub(super) base_sha256: [u8; 32],
    pub(super) new_sha256: [u8; 32],
    folder: TempDir,
}

impl Job {
    pub(super) fn of(pair: &Pair) -> Result<Self, BenchError> {
        let read = |path: &Path| {
            std::fs::read(path).map_err(|error| BenchError::file("read", path, error))
        };
        let (base, new) = (read(&pair.base.path)?, read(&pair.new.path)?);
        let folder = tempfile::tempdir();
        let folder =
            folder.map_err(|error| BenchError::file("make", &std::env::temp_dir(), error))?;
        Ok(Self {
            base_path: pair.base.path.clone(),
            new_path: pair.new.path.clone(),
            base_sha256: Sha256::digest(&base).into(),
            new_sha256: Sha256::digest(&new).into(),
            base,
            new,
            folder,
        })
    }

    pub(super) fn patch(&self) -> PathBuf {
        self.folder.path().join("patch")
    }

    pub(super) fn output(&self) -> PathBuf {
        self.folder.path().join("output")
    }
}

/// All of them; the first is what the others are measured against.
pub(super) fn all(tools: &Tools) -> Vec<Box<dyn Contestant>> {
    let ours = |name: String, options| -> Box<dyn Contestant> { Box::new(Ours { name, options }) };
    let shorebird = |level| {
        let options = MakeOptions::shorebird().at_level(level);
        ours(format!("{SHOREBIRD_CONTAINER}, level {level}"), options)
    };
    let mut all: Vec<Box<dyn Contestant>> = vec![
        Box::new(Shorebird),
        shorebird(DEFAULT_LEVEL),
        shorebird(LOW_LEVEL),
    ];
    for (name, codec) in [
        (PATCHPROOF_ZSTD, CodecChoice::Zstd),
        (PATCHPROOF_BROTLI, CodecChoice::Brotli),
        (PATCHPROOF_AUTO, CodecChoice::Auto),
    ] {
        all.push(ours(name.to_owned(), MakeOptions::patchproof(codec)));
    }
    all.extend(
        Outside::all(tools)
            .into_iter()
            .map(|it| -> Box<dyn Contestant> { Box::new(it) }),
    );
    all
}

/// The name of our `shorebird` container at its default level.
pub(super) fn shorebird_default() -> String {
    format!("{SHOREBIRD_CONTAINER}, level {DEFAULT_LEVEL}")
}

/// The name of what everything is measured against.
pub(super) const REFERENCE: &str = "Shorebird's pipeline";
pub(super) const PATCHPROOF_ZSTD: &str = "patchproof zstd";
pub(super) const PATCHPROOF_BROTLI: &str = "patchproof brotli";
pub(super) const PATCHPROOF_AUTO: &str = "patchproof auto";
const SHOREBIRD_CONTAINER: &str = "shorebird";
/// For those who wait for the patch.
const LOW_LEVEL: i32 = 12;
