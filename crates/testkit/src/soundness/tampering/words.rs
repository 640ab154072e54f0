//! A patch statement that says something else than what is given, signed as if it were true.

use patchproof_trust::{Digest, PatchStatement};

use super::super::chance::Chance;
use super::super::keys::{download, file_name, text, word};
use super::super::kind::{Family, How, Kind};
use super::super::stories::Story::{self, RealApp, RealLibrary, Signed};
use super::super::world::Documents;

pub(crate) const WORDS: Family = Family {
    name: "a signed statement about something else",
    kinds: &[
        says("for another app", |it, chance| {
            it.app = word(&format!("dev.{}", chance.name(9)))
        }),
        says("for another platform", |it, chance| {
            it.release.platform = word(&chance.name(7));
        }),
        says("for another ABI", |it, chance| {
            it.release.abi = word(&chance.name(9))
        }),
        Kind::new(
            "for another version",
            How::Documents(|documents, chance| {
                let version = format!("1.2.{}+45", 4 + chance.below(9000));
                documents.statement.release.version = word(&version);
            }),
            // A bare library shows no version.
            &[(Signed, 6), (RealApp, 1)],
            ENDS,
        ),
        says("for another base", |it, chance| {
            it.release.base_sha256 = Digest::of(&chance.bytes(9));
        }),
        says("for a base of another size", |it, chance| {
            it.base_size_bytes ^= 1 + chance.below_wide(4095);
        }),
        says("for another snapshot version", |it, chance| {
            it.snapshot.version = word(&chance.name(32));
        }),
        says("with a feature more", |it, chance| {
            it.snapshot.features.push(text(&chance.name(9)));
        }),
        says("with a feature less", |it, chance| {
            let which = chance.below(it.snapshot.features.len());
            it.snapshot.features.remove(which);
        }),
        says("with features in another order", |it, chance| {
            let count = it.snapshot.features.len();
            it.snapshot
                .features
                .rotate_left(1 + chance.pick(count.saturating_sub(1)));
        }),
        says("for another download", |it, chance| {
            for download in &mut it.downloads {
                download.sha256 = Digest::of(&chance.bytes(9));
            }
        }),
        says("for a download of another size", |it, chance| {
            for download in &mut it.downloads {
                download.size_bytes += 1 + chance.below_wide(999);
            }
        }),
        says("for another container", |it, chance| {
            for download in &mut it.downloads {
                download.container = word(&chance.name(9));
            }
        }),
        says("for another codec", |it, chance| {
            for download in &mut it.downloads {
                download.codec = word(&chance.name(6));
            }
        }),
        says("for a delta of something else", |it, chance| {
            for download in &mut it.downloads {
                download.from_sha256 = Some(Digest::of(&chance.bytes(9)));
            }
        }),
        Kind::new(
            "for a download that is the whole file",
            How::Documents(|documents, _| {
                for download in &mut documents.statement.downloads {
                    download.from_sha256 = None;
                }
            }),
            &[(Signed, 2), (RealLibrary, 1)],
            ENDS,
        ),
        says("for another output", |it, chance| {
            for file in &mut it.files {
                file.sha256 = Digest::of(&chance.bytes(9));
            }
        }),
        says("for an output of another size", |it, chance| {
            for file in &mut it.files {
                file.size_bytes ^= 1 + chance.below_wide(999);
            }
        }),
        says("for an output by another name", |it, chance| {
            let name = file_name(&format!("lib{}.so", chance.name(5)));
            for file in &mut it.files {
                file.name = name.clone();
            }
            for download in &mut it.downloads {
                download.makes = name.clone();
            }
        }),
        says("of an older patch", |it, chance| {
            it.downloads = vec![download(&chance.bytes(40), &chance.bytes(40))];
        }),
        Kind::new(
            "a number that was there before",
            How::Documents(|documents, chance| {
                let number = 1 + u64::try_from(chance.pick(6)).unwrap_or_default();
                renumber(documents, number);
            }),
            &[(Signed, 12), (RealApp, 1), (RealLibrary, 1)],
            ENDS,
        ),
    ],
};

const fn says(name: &'static str, change: fn(&mut PatchStatement, &mut Chance)) -> Kind {
    Kind::new(name, How::Statement(change), ON, ENDS)
}

/// The number in the statement and in the channel that offers it.
pub(crate) fn renumber(documents: &mut Documents, number: u64) {
    documents.statement.number = number;
    let channel = documents.channel.iter_mut();
    for selected in channel.flat_map(|channel| &mut channel.selected) {
        selected.number = number;
    }
}

const ON: &[(Story, usize)] = &[(Signed, 6), (RealLibrary, 1)];
const ENDS: &[&str] = &["statements 4"];
