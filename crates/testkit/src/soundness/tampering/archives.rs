//! Archives that two readers would read as two, that hide a file, or whose bytes are others.

use super::super::chance::Chance;
use super::super::kind::{Family, How, Kind, is_compared, is_library};
use super::super::stories::Story::{RealApp, Signed};
use crate::made::{Content, MadeEntry, MadeZip};

pub(crate) const ARCHIVES: Family = Family {
    name: "the archive around a build",
    kinds: &[
        Kind::new(
            "a byte of a file as it lies in the archive",
            How::Files(super::super::limits::flip_content),
            &[(Signed, 40), (RealApp, 4)],
            ENDS,
        ),
        zip("an entry twice, with other content", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                if let Some(mut twin) = zip.entries.get(at).cloned() {
                    twin.content = Content::Stored(chance.bytes(50));
                    let place = if chance.coin() { zip.entries.len() } else { 0 };
                    zip.entries.insert(place, twin);
                }
            });
        }),
        once("an entry twice, the same", |zip, at, _| {
            let twin = zip.entries.get(at).cloned();
            zip.entries.extend(twin);
        }),
        zip("an entry renamed", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                if let Some(entry) = zip.entries.get_mut(at) {
                    entry.name.extend(chance.name(3).into_bytes());
                }
            });
        }),
        cased("a library in another letter case", |zip, chance| {
            with_library(zip, chance, |zip, at, _| {
                if let Some(mut twin) = zip.entries.get(at).cloned() {
                    twin.name = twin.name.to_ascii_uppercase();
                    zip.entries.push(twin);
                }
            });
        }),
        once("an entry out of the directory", |zip, at, _| {
            zip.directory = Some((0..zip.entries.len()).filter(|it| *it != at).collect());
        }),
        once("an entry that only the directory has", |zip, at, _| {
            if let Some(entry) = zip.entries.get_mut(at) {
                entry.local_absent = true;
            }
        }),
        zip("an entry under two names", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                let name = chance.name(9).into_bytes();
                if let Some(entry) = zip.entries.get_mut(at) {
                    entry.local.name = Some(name);
                }
            });
        }),
        zip("an entry with another checksum", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                let crc32 = u32::try_from(chance.below(usize::MAX) & 0xffff_ffff).ok();
                if let Some(entry) = zip.entries.get_mut(at) {
                    entry.local.crc32 = crc32;
                    entry.central.crc32 = crc32;
                }
            });
        }),
        zip("an entry with two sizes", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                let size = u32::try_from(chance.below(9999)).ok();
                if let Some(entry) = zip.entries.get_mut(at) {
                    entry.central.size_bytes = size;
                }
            });
        }),
        zip("an entry with another method", |zip, chance| {
            with_entry(zip, chance, |zip, at, chance| {
                let methods = [1, 9, 12, 14, 93, 99];
                let method = chance.pick_of(&methods).copied();
                if let Some(entry) = zip.entries.get_mut(at) {
                    entry.local.method = method;
                    entry.central.method = method;
                }
            });
        }),
        once("an encrypted entry", |zip, at, _| {
            if let Some(entry) = zip.entries.get_mut(at) {
                entry.flags |= 1;
            }
        }),
        zip("a name that leaves the archive", |zip, chance| {
            let names = ["../", "/", "a/../../", "./", "a//"];
            let before = chance.pick_of(&names).copied().unwrap_or_default();
            let name = format!("{before}{}.so", chance.name(5));
            zip.entries.push(MadeEntry::stored(&name, b"1"));
        }),
        zip("a link in place of a file", |zip, chance| {
            let name = format!("assets/{}", chance.name(6));
            let link = MadeEntry::stored(&name, b"../lib/x").unix_mode(0o120_777);
            zip.entries.push(link);
        }),
        zip("a file that came", |zip, chance| {
            let name = format!("res/raw/{}.bin", chance.name(6));
            zip.entries
                .push(MadeEntry::deflated(&name, &chance.bytes(30)));
        }),
        zip("a library for one more ABI, in silence", |zip, chance| {
            let name = format!("lib/armeabi-v7a/lib{}.so", chance.name(5));
            zip.entries
                .push(MadeEntry::stored(&name, &chance.bytes(30)));
        }),
        zip("a directory that counts otherwise", |zip, chance| {
            let count = u16::try_from(chance.below(999)).ok();
            zip.end.entries = count;
        }),
        zip("a directory that lies elsewhere", |zip, chance| {
            zip.end.directory_offset = u32::try_from(chance.below(9999)).ok();
        }),
        zip("bytes behind the end", |zip, chance| {
            let count = 1 + chance.below(60);
            zip.behind = chance.bytes(count);
        }),
        zip("an archive behind another's bytes", |zip, chance| {
            let count = 1 + chance.below(60);
            zip.prepended = chance.bytes(count);
            zip.prepended_uncounted = true;
        }),
        Kind::new(
            "an archive cut short",
            How::Files(|bundle, chance| {
                let build = match chance.pick(2) {
                    0 => &mut bundle.release,
                    _ => &mut bundle.patched,
                };
                let mut bytes = build.bytes();
                bytes.truncate(chance.below(bytes.len()));
                *build = super::super::bundle::Packed::File(bytes);
            }),
            &[(Signed, 12), (RealApp, 1)],
            ENDS,
        ),
    ],
};

/// Each entry of each build at most once.
const fn once(name: &'static str, change: fn(&mut MadeZip, usize, &mut Chance)) -> Kind {
    Kind::new(name, How::Entry(change), &[(Signed, 6), (RealApp, 1)], ENDS)
}

/// Each library of each build, once.
const fn cased(name: &'static str, change: fn(&mut MadeZip, &mut Chance)) -> Kind {
    Kind::new(
        name,
        How::Archive(change),
        &[(Signed, 4), (RealApp, 2)],
        ENDS,
    )
}

const fn zip(name: &'static str, change: fn(&mut MadeZip, &mut Chance)) -> Kind {
    Kind::new(
        name,
        How::Archive(change),
        &[(Signed, 6), (RealApp, 1)],
        ENDS,
    )
}

fn with_entry(
    zip: &mut MadeZip,
    chance: &mut Chance,
    change: fn(&mut MadeZip, usize, &mut Chance),
) {
    let names = zip.entries.iter().enumerate();
    let names = names.filter(|(_, it)| is_compared(&String::from_utf8_lossy(&it.name)));
    let places: Vec<usize> = names.map(|(at, _)| at).collect();
    if let Some(at) = chance.among(&places).copied() {
        change(zip, at, chance);
    }
}

fn with_library(
    zip: &mut MadeZip,
    chance: &mut Chance,
    change: fn(&mut MadeZip, usize, &mut Chance),
) {
    let names = zip.entries.iter().enumerate();
    let names = names.filter(|(_, it)| is_library(&String::from_utf8_lossy(&it.name)));
    let places: Vec<usize> = names.map(|(at, _)| at).collect();
    if let Some(at) = chance.pick_of(&places).copied() {
        change(zip, at, chance);
    }
}

/// The archive is refused, one of its files is, or a file is another.
const ENDS: &[&str] = &[
    "artefact 2",
    "compatibility 2",
    "surroundings 1",
    "surroundings 2",
];
