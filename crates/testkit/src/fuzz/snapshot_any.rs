//! Whatever the bytes, a library is read as a snapshot, as an engine or not at all, and what was
//! read of it hangs together.

use std::sync::LazyLock;

use patchproof_report::{CompareVerdict, Difference};
use patchproof_snapshot::{
    Engine, EngineFacts, Library, Named, Snapshot, SnapshotFacts, compare, explain, predict,
};
use sha2::{Digest, Sha256};

use super::{Reached, Target, libraries};
use crate::made::{Container, Layout, Machine, MadeEngine};

/// The target.
pub static TARGET: Target = Target {
    name: "snapshot_any",
    about: "any bytes are read as a snapshot, as an engine or as neither, and what is read is so",
    depth: "it was read as a snapshot or as an engine",
    run,
    seeds: libraries::seeds,
    dictionary: DICTIONARY,
    bytes_max: 64 << 10,
};

fn run(data: &[u8]) -> Reached {
    let file = libraries::file(data);
    let (snapshot, engine) = (Snapshot::read(&file), Engine::read(&file));
    match (&snapshot, &engine) {
        (Ok(_), Ok(_)) => unreachable!("it is a snapshot and an engine at once"),
        (Ok(snapshot), Err(_)) => check_snapshot(snapshot, &file),
        (Err(_), Ok(engine)) => check_engine(engine, &file),
        (Err(as_snapshot), Err(as_engine)) => {
            let told = as_snapshot
                .to_string()
                .len()
                .min(as_engine.to_string().len());
            assert!(told > 0, "a refusal says nothing");
            return Reached::Surface;
        }
    }
    Reached::Depth
}

fn check_snapshot(snapshot: &Snapshot, file: &[u8]) {
    let size = u64::try_from(file.len()).unwrap_or(u64::MAX);
    assert_eq!(snapshot.sha256, <[u8; 32]>::from(Sha256::digest(file)));
    assert_eq!(snapshot.size, size);
    for symbol in &snapshot.symbols {
        let end = symbol.offset.checked_add(symbol.size);
        assert!(
            end.is_some_and(|end| end <= size),
            "{symbol:?} leaves a file of {size} bytes"
        );
    }
    for name in snapshot.layout.symbols() {
        let has = snapshot.symbols.iter().any(|symbol| symbol.name == *name);
        assert!(has, "it has no {name}");
    }
    assert!(snapshot.absolute_paths.len() <= PATHS_MAX);
    let facts = serde_json::to_value(SnapshotFacts::from(snapshot));
    assert!(facts.is_ok(), "its facts cannot be written");
    check_comparisons(snapshot, file);
    check_explanation(snapshot, file);
}

/// What `compare` says of it, beside itself and beside another.
fn check_comparisons(snapshot: &Snapshot, file: &[u8]) {
    let other = &RIGHT.snapshot;
    let (it, right) = (Named::new("it", snapshot), Named::new("right", other));
    let engine = Engine::read(&RIGHT.engine).expect("a made engine");
    let engine = Named::new("engine", &engine);
    let alone = compare(it, it, None).verdict;
    assert_ne!(alone, CompareVerdict::Compatible, "it differs from itself");
    let verdicts = [(it, right), (right, it)].map(|(base, candidate)| {
        let asked = compare(base, candidate, Some(engine)).verdict;
        let verdict = compare(base, candidate, None).verdict;
        let refused = CompareVerdict::Incompatible;
        assert!(
            verdict != refused || asked == refused,
            "an engine mends a difference"
        );
        verdict
    });
    let [there, back] = verdicts;
    assert_eq!(
        there, back,
        "the verdict depends on which of the two came first"
    );
    let is_right = *RIGHT.file == *file;
    assert!(
        is_right || there != CompareVerdict::Identical,
        "other bytes are identical"
    );
}

/// Where it differs from another, every byte of both is in one region, counted once.
fn check_explanation(snapshot: &Snapshot, file: &[u8]) {
    let right = Library::known("right", &RIGHT.file, &RIGHT.snapshot);
    let it = Library::known("it", file, snapshot);
    whole(
        &explain(&right, &it).difference,
        RIGHT.file.len(),
        file.len(),
    );
}

fn whole(difference: &Difference, expected: usize, found: usize) {
    let (ours, theirs): (Vec<_>, Vec<_>) = difference
        .regions
        .iter()
        .map(|region| (region.expected, region.found))
        .unzip();
    for (extents, size) in [(ours, expected), (theirs, found)] {
        let mut extents: Vec<_> = extents.into_iter().flatten().collect();
        extents.sort_by_key(|extent| (extent.offset, extent.size_bytes));
        let mut at = 0;
        for extent in extents {
            assert_eq!(extent.offset, at, "a byte is in no region, or in two");
            at += extent.size_bytes;
        }
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        assert_eq!(at, size, "a byte is in no region, or in two");
    }
}

fn check_engine(engine: &Engine<'_>, file: &[u8]) {
    assert_eq!(engine.sha256, <[u8; 32]>::from(Sha256::digest(file)));
    assert!(engine.versions.len() <= VERSIONS_MAX);
    assert!(
        engine.versions.is_sorted_by(|a, b| a < b),
        "a version is there twice"
    );
    let facts = serde_json::to_value(EngineFacts::from(engine));
    assert!(facts.is_ok(), "its facts cannot be written");
    let (right, engine) = (
        Named::new("right", &RIGHT.snapshot),
        Named::new("it", engine),
    );
    let first = predict(right, engine);
    assert_eq!(
        first,
        predict(right, engine),
        "a prediction differs from itself"
    );
}

/// A right snapshot and its engine.
struct Right {
    file: Vec<u8>,
    snapshot: Snapshot,
    engine: Vec<u8>,
}

static RIGHT: LazyLock<Right> = LazyLock::new(|| {
    let made = libraries::small(Container::Elf64, Machine::X64, Layout::Split);
    let file = made.build();
    Right {
        snapshot: Snapshot::read(&file).expect("a right snapshot"),
        engine: MadeEngine::accepting(&made).build(),
        file,
    }
});

/// What a library's tables are made of.
pub(super) const DICTIONARY: &[&[u8]] = &[
    b"\x7fELF\x02\x01\x01",
    b"\x7fELF\x01\x01\x01",
    b"\xcf\xfa\xed\xfe",
    b"\xf5\xf5\xdc\xdc",
    b"_kDartVmSnapshotData\0",
    b"_kDartVmSnapshotInstructions\0",
    b"_kDartIsolateSnapshotData\0",
    b"_kDartIsolateSnapshotInstructions\0",
    b"_kDartSnapshotData\0",
    b"_kDartSnapshotText\0",
    b"_kDartSnapshotBuildId\0",
    b"file:///",
    b"dart:ui",
    b"dart:_builtin",
    b"GNU\0",
    b"__TEXT\0",
    b"__LINKEDIT\0",
];

const PATHS_MAX: usize = 32;
const VERSIONS_MAX: usize = 17;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = libraries::seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 20);
    }

    #[test]
    #[should_panic(expected = "leaves a file")]
    fn a_symbol_outside_the_file_would_be_found() {
        let mut snapshot = RIGHT.snapshot.clone();
        snapshot.symbols[0].size = u64::MAX / 2;
        check_snapshot(&snapshot, &RIGHT.file);
    }

    #[test]
    #[should_panic(expected = "in no region")]
    fn a_byte_that_no_region_counts_would_be_found() {
        let right = Library::known("right", &RIGHT.file, &RIGHT.snapshot);
        let difference = explain(&right, &right).difference;
        whole(&difference, RIGHT.file.len() + 1, RIGHT.file.len());
    }
}
