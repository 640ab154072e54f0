//! Libraries that are small and real enough: ELF files with a unified snapshot each.

use patchproof_patch::{MakeOptions, make_with};

/// A machine's number in ELF and its word among a snapshot's features.
pub(super) const ARM64: (u16, &str) = (0xb7, "arm64");
pub(super) const X64: (u16, &str) = (0x3e, "x64");
pub(super) const VERSION: &str = "0123456789abcdef0123456789abcdef";

/// The library that every test's release is shipped with.
pub(super) fn base() -> Vec<u8> {
    library(ARM64, VERSION, b"the release as it was shipped")
}

/// A patched build of it.
pub(super) fn patched(what: &str) -> Vec<u8> {
    library(ARM64, VERSION, what.as_bytes())
}

/// A patch over [`base`], in Shorebird's container.
pub(super) fn patch_to(library: &[u8]) -> Vec<u8> {
    make_with(&base(), library, MakeOptions::shorebird()).unwrap()
}

/// An ELF library of one segment, with a snapshot in the unified layout.
pub(super) fn library(machine: (u16, &str), version: &str, payload: &[u8]) -> Vec<u8> {
    let data = data(version, &format!("product {} linux", machine.1), payload);
    let text_at = (DATA_AT + data.len()).next_multiple_of(64);
    let text = image(b"code");
    let end = text_at + text.len();
    let mut file = vec![0; end];
    put(
        &mut file,
        0,
        &[header(machine.0), load(end), dynamic_header()].concat(),
    );
    put(&mut file, DYNAMIC_AT, &dynamic());
    let symbols = [
        vec![0; 24],
        symbol(1, DATA_AT, data.len()),
        symbol(1 + DATA_NAME.len() + 1, text_at, text.len()),
    ];
    put(&mut file, SYMBOLS_AT, &symbols.concat());
    put(
        &mut file,
        STRINGS_AT,
        format!("\0{DATA_NAME}\0{TEXT_NAME}\0").as_bytes(),
    );
    // One bucket that leads to symbol 1, whose chain leads to symbol 2.
    let hash: Vec<u8> = [1_u32, 3, 1, 0, 2, 0]
        .into_iter()
        .flat_map(u32::to_le_bytes)
        .collect();
    put(&mut file, HASH_AT, &hash);
    put(&mut file, DATA_AT, &data);
    put(&mut file, text_at, &text);
    file
}

fn data(version: &str, features: &str, payload: &[u8]) -> Vec<u8> {
    let mut clustered = version.as_bytes().to_vec();
    clustered.extend(features.bytes().chain([0]).chain(payload.iter().copied()));
    let length = wide(8 + 8 + clustered.len());
    let mut data = vec![0xf5, 0xf5, 0xdc, 0xdc];
    data.extend(length.to_le_bytes().into_iter().chain(2_u64.to_le_bytes()));
    data.extend(clustered);
    data.resize(data.len().next_multiple_of(64), 0);
    data.extend(image(b"rodata"));
    data
}

fn image(content: &[u8]) -> Vec<u8> {
    let size = wide(8 + content.len());
    [size.to_le_bytes().as_slice(), content].concat()
}

fn header(machine: u16) -> Vec<u8> {
    let mut header = b"\x7fELF\x02\x01\x01".to_vec();
    header.resize(16, 0);
    for number in [3, machine] {
        header.extend(number.to_le_bytes());
    }
    header.extend(1_u32.to_le_bytes());
    header.extend([0_u64, 64, 0].into_iter().flat_map(u64::to_le_bytes));
    header.extend(0_u32.to_le_bytes());
    header.extend(
        [64_u16, 56, 2, 0, 0, 0]
            .into_iter()
            .flat_map(u16::to_le_bytes),
    );
    header
}

fn load(end: usize) -> Vec<u8> {
    program(1, 5, 0, end, 0x10000)
}

fn dynamic_header() -> Vec<u8> {
    program(2, 4, DYNAMIC_AT, dynamic().len(), 8)
}

fn program(kind: u32, flags: u32, at: usize, size: usize, align: u64) -> Vec<u8> {
    let (at, size) = (wide(at), wide(size));
    let words = [at, at, at, size, size, align]
        .into_iter()
        .flat_map(u64::to_le_bytes);
    kind.to_le_bytes()
        .into_iter()
        .chain(flags.to_le_bytes())
        .chain(words)
        .collect()
}

fn dynamic() -> Vec<u8> {
    let strings = wide(DATA_NAME.len() + TEXT_NAME.len() + 3);
    let entries = [
        (4, wide(HASH_AT)),
        (5, wide(STRINGS_AT)),
        (6, wide(SYMBOLS_AT)),
        (10, strings),
        (11, 24),
        (0, 0),
    ];
    let words = entries
        .into_iter()
        .flat_map(|(tag, value): (u64, u64)| [tag, value]);
    words.flat_map(u64::to_le_bytes).collect()
}

fn symbol(name_at: usize, at: usize, size: usize) -> Vec<u8> {
    let name_at = u32::try_from(name_at).unwrap();
    let place = [wide(at), wide(size)]
        .into_iter()
        .flat_map(u64::to_le_bytes);
    name_at
        .to_le_bytes()
        .into_iter()
        .chain([0x11, 0, 1, 0])
        .chain(place)
        .collect()
}

fn put(file: &mut [u8], at: usize, bytes: &[u8]) {
    file[at..at + bytes.len()].copy_from_slice(bytes);
}

fn wide(size: usize) -> u64 {
    u64::try_from(size).unwrap()
}

const DATA_NAME: &str = "_kDartSnapshotData";
const TEXT_NAME: &str = "_kDartSnapshotText";
const DYNAMIC_AT: usize = 0x100;
const SYMBOLS_AT: usize = 0x180;
const STRINGS_AT: usize = 0x1d0;
const HASH_AT: usize = 0x200;
const DATA_AT: usize = 0x240;

#[test]
fn a_made_library_is_a_snapshot_that_says_nothing_wrong() {
    use patchproof_snapshot::{Named, Snapshot, compare};
    let (base, patched) = (base(), patched("new"));
    let (base, patched) = (
        Snapshot::read(&base).unwrap(),
        Snapshot::read(&patched).unwrap(),
    );
    assert!(base.misfits.is_empty(), "{:?}", base.misfits);
    let compared = compare(
        Named::new("base", &base),
        Named::new("patched", &patched),
        None,
    );
    assert_eq!(
        compared.verdict,
        patchproof_report::CompareVerdict::Compatible
    );
}
