//! The strings of a snapshot, read out of its data blobs.
//!
//! Two forms are known. Without compressed pointers a string is an object of the read-only image:
//! tags, twice its length in a word as wide as an address, its characters, zeros up to a multiple
//! of eight. With compressed pointers strings stand packed in the clustered part
//! ([`packed`]). Only strings of one byte per character are read. Measured on the
//! corpus: this finds every string that a search for printable bytes does, and no code among them.

use std::collections::HashSet;

use patchproof_report::RegionKind;
use scroll::Pread as _;

use super::claims::Region;
use super::packed;
use crate::container::Container;
use crate::image::slice;
use crate::snapshot::Snapshot;

/// Strings as they are read, each once.
#[derive(Debug)]
pub(super) struct Texts<'a> {
    order: Vec<&'a [u8]>,
    seen: HashSet<&'a [u8]>,
    room: usize,
    too_many: bool,
}

impl<'a> Texts<'a> {
    /// For data of so many bytes. In more strings than data has room for beside them, something
    /// else was taken for strings.
    pub(super) fn of(data_bytes: usize) -> Self {
        Self {
            order: Vec::new(),
            seen: HashSet::new(),
            room: data_bytes / BYTES_PER_TEXT_MIN,
            too_many: false,
        }
    }

    /// Adds those that are new.
    pub(super) fn extend(&mut self, texts: impl IntoIterator<Item = &'a [u8]>) {
        for text in texts {
            if self.order.len() >= self.room {
                self.too_many = true;
            } else if self.seen.insert(text) {
                self.order.push(text);
            }
        }
    }

    /// All, in the order of the file; none if there are too many.
    pub(super) fn in_order(self) -> Vec<&'a [u8]> {
        if self.too_many { vec![] } else { self.order }
    }
}

/// The distinct strings of all data blobs, in the order of the file.
pub(super) fn read<'a>(bytes: &'a [u8], regions: &[Region], snapshot: &Snapshot) -> Vec<&'a [u8]> {
    let compressed = snapshot
        .features()
        .any(|word| word == "compressed-pointers");
    let names = snapshot.layout.symbols();
    let blobs = regions
        .iter()
        .filter(|region| region.kind == RegionKind::Data && names.contains(&&*region.name));
    let blobs = blobs.filter_map(|it| slice(bytes, it.extent.offset, it.extent.size_bytes));
    let blobs: Vec<&[u8]> = blobs.collect();
    let mut texts = Texts::of(blobs.iter().map(|blob| blob.len()).sum());
    for blob in blobs {
        if compressed {
            packed::read(blob, &mut texts);
        }
        objects(blob, snapshot.container, &mut texts);
    }
    texts.in_order()
}

/// Strings that are objects. Each length has a zero byte in it and no string has one, so that no
/// text is walked twice however many lengths stand in it.
fn objects<'a>(blob: &'a [u8], container: Container, texts: &mut Texts<'a>) {
    let width = match container {
        Container::Elf32 => 4,
        Container::Elf64 | Container::Macho64 => 8,
    };
    let mut found: Vec<(&[u8], u32)> = Vec::new();
    let mut at = width;
    while at < blob.len() {
        let end = object(blob, at, width).map(|text| {
            found.push((text, class(blob, at)));
            at.saturating_add(width).saturating_add(text.len())
        });
        at = end.unwrap_or(at).saturating_add(1).next_multiple_of(width);
    }
    // Other tables of bytes have the same form, and their bytes are letters of Latin-1 by chance.
    let class = commonest_class(&found);
    found.retain(|(text, other)| text.is_ascii() || Some(*other) == class);
    texts.extend(found.into_iter().map(|(text, _)| text));
}

/// The string whose length stands here.
fn object(blob: &[u8], at: usize, width: usize) -> Option<&[u8]> {
    let twice = match width {
        4 => u64::from(blob.pread_with::<u32>(at, scroll::LE).ok()?),
        _ => blob.pread_with::<u64>(at, scroll::LE).ok()?,
    };
    if twice == 0 || twice % 2 == 1 || twice > 2 * LENGTH_MAX {
        return None;
    }
    let start = at.checked_add(width)?;
    let end = start.checked_add(usize::try_from(twice / 2).ok()?)?;
    let text = blob.get(start..end)?;
    let padding = blob.get(end..end.checked_next_multiple_of(8)?);
    let is_string = text.iter().all(|byte| is_text(*byte))
        && padding.unwrap_or_default().iter().all(|pad| *pad == 0);
    is_string.then_some(text)
}

/// The class of the object with its length here. Its tags stand eight bytes before: next to it in
/// a 64-bit snapshot, with a hash between in a 32-bit one.
fn class(blob: &[u8], length_at: usize) -> u32 {
    let tags_at = length_at.checked_sub(TAGS_BEFORE_LENGTH_BYTES);
    let tags = tags_at.and_then(|at| blob.pread_with::<u32>(at, scroll::LE).ok());
    tags.unwrap_or_default() >> CLASS_BIT
}

/// The class that most texts have of which each byte is ASCII.
fn commonest_class(found: &[(&[u8], u32)]) -> Option<u32> {
    let ascii = found.iter().filter(|(text, _)| text.is_ascii());
    let mut classes: Vec<u32> = ascii.map(|(_, class)| *class).collect();
    classes.sort_unstable();
    let groups = classes.chunk_by(|a, b| a == b);
    let largest = groups.max_by_key(|group| group.len());
    largest.and_then(|group| group.first()).copied()
}

/// What a person could have written, in Latin-1.
const fn is_text(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r' | 0xa0..)
}

/// In the corpus there are 150 bytes of data to each string, all of them objects.
const BYTES_PER_TEXT_MIN: usize = 16;
const TAGS_BEFORE_LENGTH_BYTES: usize = 8;
/// Below it are size and marks of the garbage collector.
const CLASS_BIT: u32 = 12;
/// Longer than any literal, and so short that its double has a zero byte as a word of 32 bits.
const LENGTH_MAX: u64 = 1 << 22;

#[cfg(test)]
mod tests {
    use super::*;

    fn object_of(text: &[u8], width: usize) -> Vec<u8> {
        let mut bytes = vec![0x32; width];
        let twice = u64::try_from(2 * text.len()).unwrap().to_le_bytes();
        bytes.extend(&twice[..width]);
        bytes.extend(text);
        bytes.resize(bytes.len().next_multiple_of(16), 0);
        bytes
    }

    fn read_objects(blob: &[u8], container: Container) -> Vec<&[u8]> {
        let mut texts = Texts::of(1000);
        objects(blob, container, &mut texts);
        texts.in_order()
    }

    #[test]
    fn a_string_ends_where_its_length_says_also_before_printable_tags() {
        let blob = [object_of(b"sixteen byte tex", 8), object_of(b"b", 8)].concat();
        let expected: [&[u8]; 2] = [b"sixteen byte tex", b"b"];
        assert_eq!(read_objects(&blob, Container::Elf64), expected);
    }

    #[test]
    fn a_string_of_a_32_bit_snapshot_has_a_short_length() {
        let blob = [object_of(b"first", 4), object_of(b"second", 4)].concat();
        let expected: [&[u8]; 2] = [b"first", b"second"];
        assert_eq!(read_objects(&blob, Container::Elf32), expected);
    }

    #[test]
    fn printable_bytes_without_their_length_are_no_string() {
        let blob = b"printable code that nobody wrote as a string at all".repeat(9);
        assert!(read_objects(&blob, Container::Elf64).is_empty());
    }

    #[test]
    fn a_table_of_bytes_that_are_letters_by_chance_is_no_string() {
        let mut table = object_of(b"caf\xe9s", 8);
        table[1] = 0x77;
        let blob = [object_of(b"plain", 8), table, object_of(b"caf\xe9", 8)].concat();
        let expected: [&[u8]; 2] = [b"plain", b"caf\xe9"];
        assert_eq!(read_objects(&blob, Container::Elf64), expected);
    }

    #[test]
    fn of_more_strings_than_there_is_room_for_none_is_told() {
        let texts: [&[u8]; 3] = [b"a", b"b", b"c"];
        let read = |data_bytes| {
            let mut found = Texts::of(data_bytes);
            found.extend(texts);
            found.in_order().len()
        };
        assert_eq!((read(47), read(48)), (0, 3));
    }

    #[test]
    fn a_text_with_something_behind_it_in_its_padding_is_no_string() {
        let mut blob = object_of(b"abc", 8);
        blob[16 + 3] = 1;
        assert!(read_objects(&blob, Container::Elf64).is_empty());
    }
}
