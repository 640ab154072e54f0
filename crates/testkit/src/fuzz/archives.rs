//! Archives that an input makes: right ones in every form, and such with a few lies.

use std::ops::Range;

use super::choices::Choices;
use crate::made::{
    Content, Descriptor, EndLies, HeaderLies, MadeEntry, MadeZip, Padding, Zip64EndLies,
};

/// An archive, and whether anything about it is a lie.
pub(super) struct MadeArchive {
    pub(super) made: MadeZip,
    lies: usize,
}

impl MadeArchive {
    /// Whether every record of it says what is so, no entry is a link, and just what is called a
    /// folder is one. What reads as a second end record is none, wherever it stands.
    pub(super) fn is_right(&self, file: &[u8]) -> bool {
        let right = |entry: &MadeEntry| {
            let is_folder = entry.name.ends_with(b"/");
            let is_empty = match &entry.content {
                Content::Stored(content) | Content::Deflated(content) => content.is_empty(),
                _ => false,
            };
            let by_mode = match entry.attributes >> 28 {
                0 | 0o10 => true,
                0o04 => is_folder,
                _ => false,
            };
            by_mode && (is_empty || !is_folder)
        };
        let ends = file.windows(4).filter(|four| four == b"PK\x05\x06");
        self.lies == 0 && ends.count() == 1 && self.made.entries.iter().all(right)
    }
}

/// Makes the archive of an input: its form first, then its entries, then its lies.
pub(super) fn archive(choices: &mut Choices<'_>) -> MadeArchive {
    let lies = choices.pick(&[0, 0, 1, 1, 1, 2, 3]);
    let mut made = right(choices);
    for _ in 0..lies {
        tell(&mut made, choices);
    }
    MadeArchive { made, lies }
}

/// Makes a right archive, but that a link may be in it.
pub(super) fn right(choices: &mut Choices<'_>) -> MadeZip {
    // Which forms the entries may have is decided for all of them.
    let forms = choices.byte();
    let count = 1 + choices.below(ENTRIES_MAX);
    let mut entries: Vec<MadeEntry> = Vec::new();
    for _ in 0..count {
        let entry = entry(forms, choices);
        if entries.iter().all(|other| other.name != entry.name) {
            entries.push(entry);
        }
    }
    let mut made = MadeZip::new(entries);
    around(&mut made, choices);
    made
}

/// Seeds that pick each form and each lie.
pub(super) fn seeds() -> Vec<(String, Vec<u8>)> {
    let right = (0..16_u8).map(|forms| {
        let rest = (0..70).map(|at: u8| at.wrapping_mul(forms * 2 + 29) ^ forms);
        (
            format!("right-{forms}"),
            [0, forms * 17].into_iter().chain(rest).collect(),
        )
    });
    let lying = (0..48_u8).map(|lie| {
        let entry = [0, 3, 5, 4, b'a', b'b', b'c', b'd', 2, 0, 0, 0, 0];
        let head = [2, 0, 0].into_iter().chain(entry).chain([0; 4]);
        let tail = [lie, lie.wrapping_mul(5), lie % 16, lie / 3, lie];
        (format!("lie-{lie}"), head.chain(tail).collect())
    });
    right.chain(lying).collect()
}

/// Where the records of an archive lie: each signature, and some bytes behind it.
pub(super) fn records(file: &[u8]) -> Vec<Range<usize>> {
    let record = |(start, four): (usize, &[u8])| {
        let length = match four {
            b"PK\x03\x04" => 60,
            b"PK\x01\x02" => 80,
            b"PK\x05\x06" | b"PK\x06\x07" => 22,
            b"PK\x06\x06" => 56,
            _ => return None,
        };
        Some(start..(start + length).min(file.len()))
    };
    file.windows(4).enumerate().filter_map(record).collect()
}

fn entry(forms: u8, choices: &mut Choices<'_>) -> MadeEntry {
    let may = |bit: u8| forms >> bit & 1 == 1;
    let name = name(choices);
    let content = choices
        .bytes(120)
        .repeat(1 + choices.below(if may(0) { 40 } else { 1 }));
    let mut entry = match may(1) && choices.flag() {
        true => MadeEntry::deflated(&name, &content),
        false => MadeEntry::stored(&name, &content),
    };
    if may(2) {
        entry.alignment_bytes = choices.pick(&[1, 2, 4, 64, 4096]);
        entry.padding = choices.pick(&[Padding::Zeros, Padding::Field]);
    }
    if may(3) {
        let descriptors = [Descriptor::None, Descriptor::Signed, Descriptor::Unsigned];
        entry.descriptor = choices.pick(&descriptors);
    }
    entry.zip64 = may(4) && choices.flag();
    if may(5) {
        let extras: [&[u8]; 3] = [&[], &[0xfe, 0xca, 0, 0], &[0x55, 0x54, 5, 0, 3, 1, 2, 3, 4]];
        entry.extra = choices.pick(&extras).to_vec();
    }
    if may(6) {
        entry.comment = choices.bytes(8).to_vec();
    }
    if may(7) && choices.flag() {
        entry = entry.unix_mode(choices.pick(&[0o644, 0o100_755, 0, 0o040_755, 0o120_777]));
    }
    entry
}

/// What an app's files are called, or a few letters in a folder.
fn name(choices: &mut Choices<'_>) -> String {
    if choices.flag() {
        return choices.pick(&NAMES).to_owned();
    }
    let folder = choices.pick(&["", "assets/", "lib/arm64-v8a/", "res/a b/", "META-INF/"]);
    let letters = choices
        .bytes(6)
        .iter()
        .map(|byte| char::from(b'a' + byte % 26));
    format!("{folder}x{}", letters.collect::<String>())
}

/// What may rightly stand around the entries.
fn around(made: &mut MadeZip, choices: &mut Choices<'_>) {
    made.zip64 = choices.one_in(4);
    if choices.one_in(4) {
        let pair = (choices.odd_number(), choices.bytes(24).to_vec());
        let id = u32::try_from(pair.0 & 0xffff_ffff).unwrap_or_default();
        made.signing_block = Some(vec![(id, pair.1)]);
    }
    if choices.one_in(4) {
        let comment = choices.bytes(16).iter().map(|byte| b' ' + byte % 95);
        made.comment = comment.collect();
    }
    if choices.one_in(4) {
        let count = made.entries.len();
        made.directory = Some((0..count).rev().collect());
    }
}

/// One thing that is not so.
fn tell(made: &mut MadeZip, choices: &mut Choices<'_>) {
    let kind = choices.below(16);
    let index = choices.below(made.entries.len());
    let field = choices.below(FIELDS);
    let value = choices.odd_number();
    let bytes = choices.bytes(48).to_vec();
    let all: Vec<usize> = (0..made.entries.len()).collect();
    let Some(entry) = made.entries.get_mut(index) else {
        return;
    };
    match kind {
        0 | 1 => tell_header(&mut entry.local, field, value, bytes),
        2 | 3 => tell_header(&mut entry.central, field, value, bytes),
        4 => tell_header(&mut entry.described, field, value, bytes),
        5 => tell_end(&mut made.end, field, value),
        6 => tell_zip64_end(&mut made.zip64_end, field, value),
        7 => made.directory = Some(all.into_iter().filter(|other| *other != index).collect()),
        8 => made.directory = Some(all.into_iter().chain([index]).collect()),
        9 => made.prepended = bytes,
        10 => (made.prepended, made.prepended_uncounted) = (bytes, true),
        11 => made.behind = bytes,
        12 => made.before_directory = bytes,
        13 => made.behind_directory = bytes,
        14 => entry.local_absent = true,
        // Another archive where a comment is: the oldest way to two readings.
        _ => made.comment = inner(bytes),
    }
}

/// A whole archive of one file.
pub(super) fn inner(content: Vec<u8>) -> Vec<u8> {
    let name = NAMES.first().copied().unwrap_or_default();
    MadeZip::new(vec![MadeEntry::stored(name, &content)]).build()
}

fn tell_header(lies: &mut HeaderLies, field: usize, value: u64, bytes: Vec<u8>) {
    let (short, long) = (low_16(value), low_32(value));
    match field {
        0 => lies.signature = Some(long),
        1 => lies.version = Some(short),
        2 => lies.flags = Some(short),
        3 => lies.method = Some(short % 16),
        4 => lies.crc32 = Some(long),
        5 => lies.packed_bytes = Some(long),
        6 => lies.size_bytes = Some(long),
        7 => lies.name = Some(bytes),
        8 => lies.name_bytes = Some(short),
        9 => lies.extra = Some(bytes),
        10 => lies.extra_bytes = Some(short),
        11 => lies.wide_packed_bytes = Some(value),
        12 => lies.wide_size_bytes = Some(value),
        13 => lies.wide_offset = Some(value),
        14 => lies.offset = Some(long),
        15 => lies.disk = Some(short),
        _ => lies.comment_bytes = Some(short),
    }
}

fn tell_end(end: &mut EndLies, field: usize, value: u64) {
    let (short, long) = (low_16(value), low_32(value));
    match field % 8 {
        0 => end.signature = Some(long),
        1 => end.disk = Some(short),
        2 => end.directory_disk = Some(short),
        3 => end.entries_here = Some(short),
        4 => end.entries = Some(short),
        5 => end.directory_bytes = Some(long),
        6 => end.directory_offset = Some(long),
        _ => end.comment_bytes = Some(short),
    }
}

fn tell_zip64_end(end: &mut Zip64EndLies, field: usize, value: u64) {
    match field % 9 {
        0 => end.signature = Some(low_32(value)),
        1 => end.record_bytes = Some(value),
        2 => end.entries_here = Some(value),
        3 => end.entries = Some(value),
        4 => end.directory_bytes = Some(value),
        5 => end.directory_offset = Some(value),
        6 => end.locator_signature = Some(low_32(value)),
        7 => end.record_offset = Some(value),
        _ => end.disks = Some(low_32(value)),
    }
}

fn low_16(value: u64) -> u16 {
    u16::try_from(value & 0xffff).unwrap_or_default()
}

fn low_32(value: u64) -> u32 {
    u32::try_from(value & 0xffff_ffff).unwrap_or_default()
}

const ENTRIES_MAX: usize = 5;
const FIELDS: usize = 17;
const NAMES: [&str; 8] = [
    "AndroidManifest.xml",
    "classes.dex",
    "lib/arm64-v8a/libapp.so",
    "base.apk",
    "assets/flutter_assets/AssetManifest.json",
    "META-INF/MANIFEST.MF",
    "BundleConfig.pb",
    "r\u{e9}s/",
];

/// What the records of an archive begin with.
pub(super) const DICTIONARY: &[&[u8]] = &[
    b"PK\x01\x02",
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"PK\x07\x08",
    b"APK Sig Block 42",
    b"AndroidManifest.xml",
    b"\xff\xff\xff\xff",
    b"\x01\x00\x10\x00",
];
