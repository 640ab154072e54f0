//! One field of an archive at random that says something else than what is so.

use patchproof_testkit::made::{HeaderLies, MadeZip};
use proptest::prelude::*;
use proptest::sample::select;

/// A field that says something else than what is so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Lie {
    Local(Field, u64),
    Central(Field, u64),
    Described(Field, u64),
    End(Field, u64),
    Zip64End(Field, u64),
    Unlisted,
    ListedTwice,
    Prepended(u64),
    Behind(u64),
    Uncounted,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Field {
    Signature,
    Flags,
    Method,
    Crc,
    Packed,
    Size,
    NameLength,
    ExtraLength,
    CommentLength,
    WidePacked,
    WideSize,
    Offset,
    WideOffset,
    Entries,
}

const FIELDS: [Field; 14] = [
    Field::Signature,
    Field::Flags,
    Field::Method,
    Field::Crc,
    Field::Packed,
    Field::Size,
    Field::NameLength,
    Field::ExtraLength,
    Field::CommentLength,
    Field::WidePacked,
    Field::WideSize,
    Field::Offset,
    Field::WideOffset,
    Field::Entries,
];

pub(crate) fn lie() -> impl Strategy<Value = Lie> {
    let value = prop_oneof![
        0..70_u64,
        0..5000_u64,
        select(vec![
            0xffff,
            0xfffe,
            0xffff_ffff,
            0x8000_0000,
            u64::MAX,
            1 << 63
        ]),
        any::<u64>(),
    ];
    (0..14_usize, select(FIELDS.to_vec()), value).prop_map(|(kind, field, value)| match kind {
        0..=2 => Lie::Local(field, value),
        3..=5 => Lie::Central(field, value),
        6 => Lie::Described(field, value),
        7 | 8 => Lie::End(field, value),
        9 => Lie::Zip64End(field, value),
        10 => Lie::Unlisted,
        11 => Lie::ListedTwice,
        12 => Lie::Prepended(value),
        _ if value % 2 == 0 => Lie::Behind(value),
        _ => Lie::Uncounted,
    })
}

impl Lie {
    pub(crate) fn tell(self, made: &mut MadeZip, at: usize) {
        let index = at % made.entries.len();
        let entry = &mut made.entries[index];
        let bytes = |value: u64| vec![b'P'; usize::try_from(value % 200).unwrap()];
        match self {
            Self::Local(field, value) => tell_header(&mut entry.local, field, value),
            Self::Central(field, value) => tell_header(&mut entry.central, field, value),
            Self::Described(field, value) => tell_header(&mut entry.described, field, value),
            Self::End(field, value) => tell_end(made, field, value),
            Self::Zip64End(field, value) => tell_zip64_end(made, field, value),
            Self::Unlisted => made.directory.iter_mut().for_each(|order| {
                order.pop();
            }),
            Self::ListedTwice => made
                .directory
                .iter_mut()
                .for_each(|order| order.push(index)),
            Self::Prepended(value) => made.prepended = bytes(value),
            Self::Behind(value) => made.behind = bytes(value),
            Self::Uncounted => {
                made.prepended = bytes(at.try_into().unwrap());
                made.prepended_uncounted = true;
            }
        }
    }
}

fn tell_header(lies: &mut HeaderLies, field: Field, value: u64) {
    let (short, long) = (narrow_16(value), narrow_32(value));
    match field {
        Field::Signature => lies.signature = Some(long),
        Field::Flags => lies.flags = Some(short),
        Field::Method => lies.method = Some(short % 16),
        Field::Crc => lies.crc32 = Some(long),
        Field::Packed => lies.packed_bytes = Some(long),
        Field::Size => lies.size_bytes = Some(long),
        Field::NameLength => lies.name_bytes = Some(short),
        Field::ExtraLength => lies.extra_bytes = Some(short),
        Field::CommentLength => lies.comment_bytes = Some(short),
        Field::WidePacked => lies.wide_packed_bytes = Some(value),
        Field::WideSize => lies.wide_size_bytes = Some(value),
        Field::Offset => lies.offset = Some(long),
        Field::WideOffset => lies.wide_offset = Some(value),
        Field::Entries => lies.disk = Some(short),
    }
}

fn tell_end(made: &mut MadeZip, field: Field, value: u64) {
    let (short, long) = (narrow_16(value), narrow_32(value));
    let end = &mut made.end;
    match field {
        Field::Signature => end.signature = Some(long),
        Field::Flags | Field::Method => end.disk = Some(short),
        Field::Size | Field::Packed | Field::WideSize => end.directory_bytes = Some(long),
        Field::Offset | Field::WideOffset => end.directory_offset = Some(long),
        Field::CommentLength | Field::ExtraLength => end.comment_bytes = Some(short),
        _ => {
            end.entries = Some(short);
            end.entries_here = Some(short);
        }
    }
}

fn tell_zip64_end(made: &mut MadeZip, field: Field, value: u64) {
    let end = &mut made.zip64_end;
    match field {
        Field::Signature => end.signature = Some(narrow_32(value)),
        Field::Flags => end.locator_signature = Some(narrow_32(value)),
        Field::Method => end.disks = Some(narrow_32(value)),
        Field::Size | Field::WideSize => end.directory_bytes = Some(value),
        Field::Packed | Field::WidePacked => end.record_bytes = Some(value),
        Field::Offset => end.directory_offset = Some(value),
        Field::WideOffset => end.record_offset = Some(value),
        _ => {
            end.entries = Some(value);
            end.entries_here = Some(value);
        }
    }
}

fn narrow_16(value: u64) -> u16 {
    u16::try_from(value & 0xffff).unwrap()
}

fn narrow_32(value: u64) -> u32 {
    u32::try_from(value & 0xffff_ffff).unwrap()
}
