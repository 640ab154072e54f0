//! ELF and Mach-O files with more of one thing than a reader may believe in.

use crate::files::{BODY_AT, Elf, Macho, Numbers, PT_DYNAMIC, PT_LOAD, PT_NOTE, length};

pub(crate) fn dart_names() -> Vec<u8> {
    let names: Vec<u8> = (0..MANY)
        .flat_map(|n| format!("_kDart{n:07}\0").into_bytes())
        .collect();
    let positions: Vec<u64> = (0..MANY).map(|n| n * 14).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
}

pub(crate) fn overlapping() -> Vec<u8> {
    let names: Vec<u8> = (0..MANY / 8)
        .flat_map(|n| format!("{}{n:07}\0", "_kDart".repeat(8)).into_bytes())
        .collect();
    let positions: Vec<u64> = (0..MANY).map(|n| n / 8 * 56 + n % 8 * 6).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
}

pub(crate) fn one_name() -> Vec<u8> {
    let positions = vec![0; usize::try_from(MANY).unwrap_or(0)];
    Elf::default()
        .with_symbols(b"_kDartSnapshotData\0", &positions)
        .mapped_whole()
        .build()
}

pub(crate) fn endless_name() -> Vec<u8> {
    let names = [b"_kDart".repeat(200_000), vec![0]].concat();
    let positions: Vec<u64> = (0..MANY).map(|n| n % 1000 * 6).collect();
    Elf::default()
        .with_symbols(&names, &positions)
        .mapped_whole()
        .build()
}

pub(crate) fn section_headers() -> Vec<u8> {
    Elf {
        sections: vec![[1, 0, 64, 0, 0]; 4096],
        ..Elf::default()
    }
    .build()
}

pub(crate) fn too_many() -> Vec<u8> {
    Elf {
        sections: vec![[11, 0, 64, 0, 24]; 65_535],
        ..Elf::default()
    }
    .build()
}

pub(crate) fn notes() -> Vec<u8> {
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
pub(crate) fn segments() -> Vec<u8> {
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

pub(crate) fn dynamic_entries() -> Vec<u8> {
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

pub(crate) fn load_commands() -> Vec<u8> {
    Macho {
        commands: vec![(0x33, vec![0; 8]); 1024],
        body: vec![],
    }
    .build()
}

/// One that has so many bytes of the file.
fn segment(sections: u64, file_bytes: u64) -> (u64, Vec<u8>) {
    let mut contents = Numbers::default();
    contents.bytes.extend(b"__TEXT\0\0\0\0\0\0\0\0\0\0");
    contents.u64s(&[0, 1 << 30, 0, file_bytes]);
    contents.u32s(&[7, 7, sections, 0]);
    for _ in 0..sections {
        contents.bytes.extend([0; 32]);
        contents.u64s(&[0, 1 << 30]);
        contents.bytes.extend([0; 32]);
    }
    (0x19, contents.bytes)
}

pub(crate) fn sections() -> Vec<u8> {
    Macho {
        commands: vec![segment(128, 0), segment(128, 0)],
        body: vec![],
    }
    .build()
}

pub(crate) fn mach_o_names() -> Vec<u8> {
    mach_o_symbols(0x0f)
}

pub(crate) fn stabs() -> Vec<u8> {
    mach_o_symbols(0x20)
}

fn mach_o_symbols(kind: u8) -> Vec<u8> {
    let mut file = Macho {
        commands: vec![segment(1, 0), (2, vec![0; 16])],
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
    let file_bytes = names_at + MANY * 14;
    file.commands = vec![segment(1, file_bytes), (2, table.bytes)];
    file.body = body.bytes;
    file.build()
}

const MANY: u64 = 100_000;
