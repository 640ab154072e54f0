//! Libraries and patches that are real and small: made once, the same every time.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use patchproof_lifecycle::GenerationId;
use patchproof_patch::{MakeOptions, ReadAt, make_with};
use sha2::{Digest as _, Sha256};

use crate::made::{Blob, Container, Embedder, Layout, Machine, MadeSnapshot};

/// A library of the app, and the patch that gives it over its release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests take it apart")]
pub struct Library {
    /// The release that the patch is made for.
    pub release: u8,
    /// All of it.
    pub bytes: Arc<[u8]>,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// What it becomes once installed.
    pub id: GenerationId,
    /// The patch, in Shorebird's container; empty for the bundled library itself.
    pub patch: Arc<[u8]>,
}

impl Library {
    /// The library that a release was shipped with.
    #[must_use]
    pub fn base(release: u8) -> Self {
        made(release, None)
    }

    /// A patched build of a release's library; `content` tells them apart.
    #[must_use]
    pub fn patched(release: u8, content: u8) -> Self {
        made(release, Some(content))
    }

    /// The patch that gives it over another library than the release's, in Shorebird's container.
    ///
    /// # Panics
    /// Never: libraries are small.
    #[must_use]
    pub fn delta_from(&self, from: &Self) -> Arc<[u8]> {
        let key = (from.sha256, self.sha256);
        let there = || DELTAS.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(delta) = there().get(&key) {
            return Arc::clone(delta);
        }
        let delta = make_with(&from.bytes, &self.bytes, MakeOptions::shorebird());
        let delta: Arc<[u8]> = delta.expect("a small patch is made").into();
        there().insert(key, Arc::clone(&delta));
        delta
    }

    /// Reads it by position.
    #[must_use]
    pub fn reader(&self) -> impl ReadAt + Send + use<> {
        Arc::clone(&self.bytes)
    }
}

/// A library by release and content.
type Made = BTreeMap<(u8, Option<u8>), Library>;

/// A patch by what it is made against and what it gives.
type Deltas = BTreeMap<([u8; 32], [u8; 32]), Arc<[u8]>>;

static DELTAS: Mutex<Deltas> = Mutex::new(Deltas::new());

/// Patches take a while to make, and tests ask for the same few a million times.
static MADE: Mutex<Made> = Mutex::new(Made::new());

fn made(release: u8, content: Option<u8>) -> Library {
    let key = (release, content);
    let there = || MADE.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(library) = there().get(&key) {
        return library.clone();
    }
    let library = make(release, content);
    there().insert(key, library.clone());
    library
}

fn make(release: u8, content: Option<u8>) -> Library {
    let bytes = build(release, content);
    let sha256 = Sha256::digest(&bytes).into();
    let patch = content.map(|_| {
        let base = build(release, None);
        make_with(&base, &bytes, MakeOptions::shorebird()).expect("a small patch is made")
    });
    Library {
        release,
        id: GenerationId::of_files([("libapp.so", &sha256)]),
        sha256,
        bytes: bytes.into(),
        patch: patch.unwrap_or_default().into(),
    }
}

/// The smallest snapshot that has everything: about 1.5 KiB.
fn build(release: u8, content: Option<u8>) -> Vec<u8> {
    let mut made = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Unified);
    let features = made.isolate.features.clone();
    let version = made.isolate.version.clone();
    let (features, version) = (
        String::from_utf8_lossy(&features).into_owned(),
        String::from_utf8_lossy(&version).into_owned(),
    );
    made.isolate = Blob::new(Layout::Unified, &version, &features, 0, PAYLOAD_BYTES);
    made.text = vec![0; PAYLOAD_BYTES];
    made.embedder = Some(Embedder::Flutter);
    made.load_alignment_bytes = 64;
    made.section_headers = false;
    made.stripped = true;
    let seed = 256 * u64::from(release) + content.map_or(0, |content| 1 + u64::from(content));
    let mut made = made.with_payload_seed(seed);
    made.build_id = None;
    made.build()
}

const PAYLOAD_BYTES: usize = 64;

#[cfg(test)]
mod tests {
    use patchproof_snapshot::{Named, Snapshot, compare};

    use super::*;

    #[test]
    fn a_made_library_fits_in_one_block_and_its_engine_takes_it() {
        let (base, patched) = (Library::base(0), Library::patched(0, 1));
        assert!(patched.bytes.len() < 4096, "{}", patched.bytes.len());
        let (base, patched) = (
            Snapshot::read(&base.bytes).unwrap(),
            Snapshot::read(&patched.bytes).unwrap(),
        );
        let compared = compare(Named::new("base", &base), Named::new("new", &patched), None);
        assert_eq!(
            compared.verdict,
            patchproof_report::CompareVerdict::Compatible,
            "{:?}",
            compared.findings
        );
    }

    #[test]
    fn no_two_libraries_are_equal() {
        let all = (0..2).flat_map(|release| {
            let patched = (0..4).map(move |content| Library::patched(release, content));
            patched.chain([Library::base(release)])
        });
        let ids: std::collections::BTreeSet<_> = all.map(|library| library.id).collect();
        assert_eq!(ids.len(), 10);
    }
}
