//! The same files in an archive that is written otherwise.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::DeflateEncoder;

use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{RealApp, Signed};
use super::ENDS;
use crate::made::{Content, Descriptor, MadeEntry, MadeZip, Padding};

pub(crate) const ZIPS: Family = Family {
    name: "an archive written otherwise",
    kinds: &[
        zip("entries in another order", |zip, chance| {
            chance.shuffle(&mut zip.entries)
        }),
        each("stored and deflated at random", |entry, chance| {
            let (Content::Stored(bytes) | Content::Deflated(bytes)) = &entry.content else {
                return;
            };
            entry.content = match chance.coin() {
                true => Content::Stored(bytes.clone()),
                false => Content::Deflated(bytes.clone()),
            };
        }),
        each("deflated at other levels", |entry, chance| {
            let level = u32::try_from(chance.below(10)).unwrap_or(6);
            let (Content::Stored(bytes) | Content::Deflated(bytes)) = &entry.content else {
                return;
            };
            entry.content = deflated(bytes, level);
        }),
        each("other times", |entry, chance| {
            entry.time = u16::try_from(chance.below(0xbf7d)).unwrap_or(0);
            entry.date = u16::try_from(0x21 + chance.below(0x7000)).unwrap_or(0x21);
        }),
        each("other alignments", |entry, chance| {
            let alignments = [1, 4, 8, 4096, 16384];
            entry.alignment_bytes = chance.among(&alignments).copied().unwrap_or(4);
            entry.padding = if chance.coin() {
                Padding::Zeros
            } else {
                Padding::Field
            };
        }),
        each("sizes behind the data", |entry, chance| {
            let deflated = matches!(entry.content, Content::Deflated(_));
            if deflated && chance.coin() {
                entry.descriptor = Descriptor::Signed;
            }
        }),
        each("a mode as Unix writes it", |entry, chance| {
            let mode = [0o100_644, 0o100_755, 0o100_600];
            let mode = chance.among(&mode).copied().unwrap_or(0o100_644);
            *entry = entry.clone().unix_mode(mode);
        }),
        zip("another signing block", |zip, chance| {
            let count = 1 + chance.below(900);
            zip.signing_block = Some(vec![(0x7109_871a, chance.bytes(count))]);
        }),
        Kind::new(
            "no signing block",
            How::Archive(|zip, _| zip.signing_block = None),
            &[(Signed, 2), (RealApp, 2)],
            ENDS,
        ),
        zip("a comment", |zip, chance| {
            zip.comment = chance.name(20).into_bytes()
        }),
    ],
};

const fn zip(name: &'static str, change: fn(&mut MadeZip, &mut Chance)) -> Kind {
    Kind::new(
        name,
        How::Archive(change),
        &[(Signed, 6), (RealApp, 1)],
        ENDS,
    )
}

const fn each(name: &'static str, change: fn(&mut MadeEntry, &mut Chance)) -> Kind {
    Kind::new(
        name,
        How::Entries(change),
        &[(Signed, 6), (RealApp, 1)],
        ENDS,
    )
}

fn deflated(bytes: &[u8], level: u32) -> Content {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(level));
    let written = encoder.write_all(bytes);
    let packed = written.and_then(|()| encoder.finish());
    Content::Raw {
        method: 8,
        packed: packed.expect("memory takes what is written"),
        crc32: crc.sum(),
        size_bytes: u64::try_from(bytes.len()).unwrap_or(0),
    }
}
