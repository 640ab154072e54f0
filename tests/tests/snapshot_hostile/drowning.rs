//! Files in which a reader without bounds would drown: in names, paths, digits, words, headers.
//!
//! Each is read within the same bound of memory, and as what it is. How long it takes is not asked
//! here, and the list of trials shows it: a reading that is not linear takes minutes.

use libtest_mimic::{Failed, Trial};
use patchproof_snapshot::{Engine, Snapshot};
use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot, example};

use crate::files::{BODY_AT, Elf, Macho, Numbers, PT_DYNAMIC, PT_LOAD, PT_NOTE, length};
use crate::hunt::holds;

pub(crate) fn trials() -> Vec<Trial> {
    [
        trial(
            "dart_names",
            dart_names,
            "declares 65 symbols named _kDart",
            "declares 65",
        ),
        trial(
            "overlapping_dart_names",
            overlapping_names,
            "declares 65",
            "declares 65",
        ),
        trial(
            "one_dart_name_many_times",
            one_name,
            "declares 65",
            "declares 65",
        ),
        trial(
            "one_endless_name",
            endless_name,
            "without a Dart snapshot",
            "no Dart runtime",
        ),
        trial("paths", paths, READ, "a Dart snapshot, where an engine"),
        trial(
            "one_endless_path",
            endless_path,
            READ,
            "a Dart snapshot, where an engine",
        ),
        trial(
            "features",
            features,
            READ,
            "a Dart snapshot, where an engine",
        ),
        trial("versions", versions, "without a Dart snapshot", READ),
        trial(
            "one_endless_version",
            endless_version,
            "without a Dart snapshot",
            READ,
        ),
        trial(
            "dart_versions",
            dart_versions,
            "without a Dart snapshot",
            READ,
        ),
        trial(
            "section_headers",
            section_headers,
            "without a Dart snapshot",
            "no Dart runtime",
        ),
        trial(
            "too_many_section_headers",
            too_many,
            "declares 65535 section",
            "declares 65535",
        ),
        trial("notes", notes, "without a Dart snapshot", "no Dart runtime"),
        trial(
            "segments_over_one_range",
            segments,
            "without a Dart snapshot",
            READ,
        ),
        trial(
            "dynamic_entries",
            dynamic_entries,
            "without a Dart snapshot",
            "no Dart runtime",
        ),
        trial(
            "load_commands",
            load_commands,
            "without a Dart snapshot",
            "no Dart runtime",
        ),
        trial(
            "mach_o_sections",
            sections,
            "declares 256 sections",
            "declares 256 sections",
        ),
        trial(
            "mach_o_dart_names",
            mach_o_names,
            "declares 65",
            "declares 65",
        ),
        trial(
            "mach_o_stabs",
            stabs,
            "without a Dart snapshot",
            "no Dart runtime",
        ),
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

fn dart_names() -> Vec<u8> {
    let names: Vec<u8> = (0..MANY)
        .flat_map(|n| format!("_kDart{n:07}\0").into_bytes())
        .collect();
    let positions: Vec<u64> = (0..MANY).map(|n| n * 14).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
}

fn overlapping_names() -> Vec<u8> {
    let names: Vec<u8> = (0..MANY / 8)
        .flat_map(|n| format!("{}{n:07}\0", "_kDart".repeat(8)).into_bytes())
        .collect();
    let positions: Vec<u64> = (0..MANY).map(|n| n / 8 * 56 + n % 8 * 6).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
}

fn one_name() -> Vec<u8> {
    let positions = vec![0; usize::try_from(MANY).unwrap_or(0)];
    Elf::default()
        .with_symbols(b"_kDartSnapshotData\0", &positions)
        .mapped_whole()
        .build()
}

fn endless_name() -> Vec<u8> {
    let names = [b"_kDart".repeat(200_000), vec![0]].concat();
    let positions: Vec<u64> = (0..MANY).map(|n| n % 1000 * 6).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
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

fn section_headers() -> Vec<u8> {
    Elf {
        sections: vec![[1, 0, 64, 0, 0]; 4096],
        ..Elf::default()
    }
    .build()
}

fn too_many() -> Vec<u8> {
    Elf {
        sections: vec![[11, 0, 64, 0, 24]; 65_535],
        ..Elf::default()
    }
    .build()
}

fn notes() -> Vec<u8> {
    let mut note = Numbers::default();
    note.u32s(&[4, 0, 1]);
    note.bytes.extend(b"Foo\0");
    let body = note.bytes.repeat(200_000);
    let programs = vec![[PT_NOTE, BODY_AT, BODY_AT, length(&body), 4]; 255];
    Elf {
        programs,
        body,
        ..Elf::default()
    }
    .mapped_whole()
    .build()
}

/// The file a hundred times in memory, each time at another address.
fn segments() -> Vec<u8> {
    let body = [b"\0_kDartSnapshotData\0".to_vec(), vec![b' '; 8 << 20]].concat();
    let size = length(&body) + BODY_AT;
    let programs = (0..256)
        .map(|n| [PT_LOAD, 0, n << 24, size, 0x4000])
        .collect();
    Elf {
        programs,
        body,
        ..Elf::default()
    }
    .build()
}

fn dynamic_entries() -> Vec<u8> {
    let mut body = Numbers::default();
    body.u64s(&[1, 0].repeat(4095));
    body.u64s(&[0, 0]);
    let size = length(&body.bytes);
    let programs = vec![[PT_DYNAMIC, BODY_AT, BODY_AT, size, 8]];
    Elf {
        programs,
        body: body.bytes,
        ..Elf::default()
    }
    .mapped_whole()
    .build()
}

fn load_commands() -> Vec<u8> {
    Macho {
        commands: vec![(0x33, vec![0; 8]); 1024],
        body: vec![],
    }
    .build()
}

fn segment(sections: u64) -> (u64, Vec<u8>) {
    let mut contents = Numbers::default();
    contents.bytes.extend(b"__TEXT\0\0\0\0\0\0\0\0\0\0");
    contents.u64s(&[0, 1 << 30, 0, 1 << 30]);
    contents.u32s(&[7, 7, sections, 0]);
    for _ in 0..sections {
        contents.bytes.extend([0; 32]);
        contents.u64s(&[0, 1 << 30]);
        contents.bytes.extend([0; 32]);
    }
    (0x19, contents.bytes)
}

fn sections() -> Vec<u8> {
    Macho {
        commands: vec![segment(128), segment(128)],
        body: vec![],
    }
    .build()
}

fn mach_o_names() -> Vec<u8> {
    mach_o_symbols(0x0f)
}

fn stabs() -> Vec<u8> {
    mach_o_symbols(0x20)
}

fn mach_o_symbols(kind: u8) -> Vec<u8> {
    let mut file = Macho {
        commands: vec![segment(1), (2, vec![0; 16])],
        body: vec![],
    };
    let symbols_at = file.body_at();
    let mut body = Numbers::default();
    for n in 0..MANY {
        body.u32s(&[n * 14]);
        body.bytes.extend([kind, 1, 0, 0]);
        body.u64s(&[n]);
    }
    let names_at = symbols_at + length(&body.bytes);
    body.bytes
        .extend((0..MANY).flat_map(|n| format!("_kDart{n:07}\0").into_bytes()));
    let mut table = Numbers::default();
    table.u32s(&[symbols_at, MANY, names_at, MANY * 14]);
    file.commands = vec![segment(1), (2, table.bytes)];
    file.body = body.bytes;
    file.build()
}

const READ: &str = "(it is read)";
const MANY: u64 = 100_000;
