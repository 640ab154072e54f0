//! Files in which a reader without bounds would drown: in names, paths, digits, words, headers.
//!
//! Each is read within the same bound of memory, and as what it is. How long it takes is not asked
//! here, and the list of trials shows it: a reading that is not linear takes minutes.

use libtest_mimic::{Failed, Trial};
use patchproof_snapshot::{Engine, Snapshot};
use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot, example};

use crate::drowning_files as raw;
use crate::hunt::holds;

pub(crate) fn trials() -> Vec<Trial> {
    [
        trial("dart_names", raw::dart_names, MANY_NAMES, MANY_NAMES),
        trial(
            "overlapping_dart_names",
            raw::overlapping,
            MANY_NAMES,
            MANY_NAMES,
        ),
        trial(
            "one_dart_name_many_times",
            raw::one_name,
            MANY_NAMES,
            MANY_NAMES,
        ),
        trial(
            "one_endless_name",
            raw::endless_name,
            NO_SNAPSHOT,
            NO_ENGINE,
        ),
        trial("paths", paths, READ, A_SNAPSHOT),
        trial("one_endless_path", endless_path, READ, A_SNAPSHOT),
        trial("features", features, READ, A_SNAPSHOT),
        trial("versions", versions, NO_SNAPSHOT, READ),
        trial("one_endless_version", endless_version, NO_SNAPSHOT, READ),
        trial("dart_versions", dart_versions, NO_SNAPSHOT, READ),
        trial(
            "section_headers",
            raw::section_headers,
            NO_SNAPSHOT,
            NO_ENGINE,
        ),
        trial(
            "too_many_sections",
            raw::too_many,
            MANY_SECTIONS,
            MANY_SECTIONS,
        ),
        trial("notes", raw::notes, NO_SNAPSHOT, NO_ENGINE),
        trial("segments_over_one_range", raw::segments, NO_SNAPSHOT, READ),
        trial(
            "dynamic_entries",
            raw::dynamic_entries,
            NO_SNAPSHOT,
            NO_ENGINE,
        ),
        trial("load_commands", raw::load_commands, NO_SNAPSHOT, NO_ENGINE),
        trial(
            "mach_o_sections",
            raw::sections,
            "256 sections",
            "256 sections",
        ),
        trial(
            "mach_o_dart_names",
            raw::mach_o_names,
            MANY_NAMES,
            MANY_NAMES,
        ),
        trial("mach_o_stabs", raw::stabs, NO_SNAPSHOT, NO_ENGINE),
    ]
    .into()
}

/// A trial over a file, with what is to be said of it as a snapshot and as an engine.
fn trial(
    what: &str,
    build: fn() -> Vec<u8>,
    as_snapshot: &'static str,
    as_engine: &'static str,
) -> Trial {
    Trial::test(
        format!("a_file_full_of_them_is_read_within_bounds::{what}"),
        move || {
            let file = build();
            let right = example();
            holds(
                &file,
                &Snapshot::read(&right.release)?,
                &Engine::read(&right.engine)?,
            )?;
            let said = |error: Option<String>| error.unwrap_or_else(|| READ.to_owned());
            let snapshot = said(Snapshot::read(&file).err().map(|error| error.to_string()));
            let engine = said(Engine::read(&file).err().map(|error| error.to_string()));
            if snapshot.contains(as_snapshot) && engine.contains(as_engine) {
                Ok(())
            } else {
                Err(Failed::from(format!(
                    "as a snapshot: {snapshot}\nas an engine: {engine}"
                )))
            }
        },
    )
}

fn snapshot() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

fn paths() -> Vec<u8> {
    let mut made = snapshot();
    made.extra_strings = (0..MANY)
        .map(|n| format!("file:///home/{n}").into_bytes())
        .collect();
    made.extra_strings
        .extend(vec![b"file:///".to_vec(); 100_000]);
    made.build()
}

fn endless_path() -> Vec<u8> {
    let mut made = snapshot();
    made.extra_strings = vec![b"file:///".repeat(500_000), vec![b'/'; 1 << 20]];
    made.build()
}

fn features() -> Vec<u8> {
    let letters = || ('a'..='z').chain('0'..='9');
    let words = letters().flat_map(|a| letters().map(move |b| format!("{a}{b}")));
    let words: Vec<String> = words.take(320).collect();
    let features = format!(
        "product {} x64 linux no-compressed-pointers",
        words.join(" ")
    );
    let mut made = snapshot().with_features(&features);
    made.vm.features.extend(b" zz");
    made.build()
}

fn engine() -> MadeEngine {
    MadeEngine::accepting(&snapshot())
}

fn versions() -> Vec<u8> {
    let mut made = engine();
    made.versions = (0..MANY)
        .map(|n| format!("{n:08x}2eaa8467e848c0067bfe8ed4"))
        .collect();
    made.build()
}

fn endless_version() -> Vec<u8> {
    let mut made = engine();
    made.raw_extra
        .push(b"0451907c2eaa8467e848c0067bfe8ed4".repeat(100_000));
    made.build()
}

fn dart_versions() -> Vec<u8> {
    let mut made = engine();
    made.dart_version = None;
    made.raw_extra.push(b"3 (stable) (".repeat(300_000));
    made.raw_extra.push(b" (stable) (\n".repeat(300_000));
    made.build()
}

const READ: &str = "(it is read)";
const A_SNAPSHOT: &str = "a Dart snapshot, where an engine";
const NO_SNAPSHOT: &str = "without a Dart snapshot";
const NO_ENGINE: &str = "that is no Dart runtime";
const MANY_NAMES: &str = "declares 65 symbols named _kDart";
const MANY_SECTIONS: &str = "declares 65535 section headers";
const MANY: u64 = 100_000;
