//! An archive that is taken has one reading: three other ways to read it see the same files, and
//! each of them what was put in.

mod streamed;

use std::collections::BTreeMap;

use patchproof_archive::{OpenError, Release, Shape};
use sha2::{Digest, Sha256};

use self::streamed::{Streamed, streamed};
use super::choices::Choices;
use super::edits::edit_all;
use super::{Reached, Target, archives};
use crate::made::MadeZip;
use crate::oracles::zip_disagreement;

/// Legal differences: `is_none_to_compare`, `cannot_be_streamed`,
/// `bytes_between_entries_end_a_stream` and `rawzip_lists_nothing_of_it`; inside
/// `zip_disagreement`, what of an archive is damaged.
pub static TARGET: Target = Target {
    name: "archive_differential",
    about: "an archive that is taken reads alike by its directory, by its headers and as made",
    depth: "it was taken, and its files were compared",
    run,
    seeds,
    dictionary: archives::DICTIONARY,
    bytes_max: 16 << 10,
};

fn run(data: &[u8]) -> Reached {
    if data.starts_with(b"PK") {
        return hold(data);
    }
    let mut choices = Choices::new(data);
    match choices.below(8) {
        0 => hold(&edited(&mut choices)),
        1 => two(&mut choices),
        _ => made(&mut choices),
    }
}

/// Any bytes: whoever takes them sees the same.
fn hold(file: &[u8]) -> Reached {
    agree(zip_disagreement(file).filter(|_| !rawzip_lists_nothing_of_it(file)));
    let Ok(release) = Release::from_bytes(NAME, file.to_vec()) else {
        return Reached::Surface;
    };
    if is_none_to_compare(&release) {
        return Reached::Surface;
    }
    let Some(ours) = contents(&release) else {
        return Reached::Surface;
    };
    match streamed(file) {
        Streamed::Files {
            files,
            at_directory,
        } => {
            if !at_directory && bytes_between_entries_end_a_stream(&ours, &files) {
                return Reached::Surface;
            }
            same(&ours, &files, "a reader of streams");
        }
        Streamed::Cannot => assert!(cannot_be_streamed(file), "a reader of streams is lost"),
    }
    Reached::Depth
}

fn agree(disagreement: Option<String>) {
    assert_eq!(disagreement, None, "a second reader sees something else");
}

fn same(ours: &Contents, theirs: &Contents, who: &str) {
    assert_eq!(ours, theirs, "{who} sees other files");
}

/// A made archive with lies or without: what is taken of it is what was put in.
fn made(choices: &mut Choices<'_>) -> Reached {
    let archive = archives::archive(choices);
    let file = archive.made.build();
    let opened = Release::from_bytes(NAME, file.clone());
    if archive.is_right(&file) {
        let refused = opened.as_ref().err();
        assert!(
            refused.is_none_or(is_no_zip_fault),
            "a right archive: {refused:?}"
        );
    }
    if let Ok(release) = opened {
        put_in(&release, &archive.made);
    }
    hold(&file)
}

/// What is read of each part is what stands in the archive under its name.
fn put_in(release: &Release, made: &MadeZip) {
    if is_none_to_compare(release) {
        return;
    }
    let expected = made.files();
    for part in release.parts() {
        let name = part.location.strip_prefix(INSIDE).unwrap_or(&part.path);
        if let Ok(content) = release.read(part) {
            assert_eq!(
                Some(&content),
                expected.get(name),
                "{name} is not what was put in"
            );
        }
    }
}

/// A made archive with edits where its records lie.
fn edited(choices: &mut Choices<'_>) -> Vec<u8> {
    let mut file = archives::archive(choices).made.build();
    let records = archives::records(&file);
    edit_all(&mut file, &records, choices);
    file
}

/// Two right archives in one file, each with an end record of its own: an attack.
fn two(choices: &mut Choices<'_>) -> Reached {
    let [one, other] = [archives::right(choices), archives::right(choices)];
    let mut file = one.build();
    match choices.below(3) {
        0 => file.extend(other.build()),
        1 => {
            let mut second = other;
            second.prepended = file;
            second.prepended_uncounted = choices.flag();
            file = second.build();
        }
        _ => {
            let mut first = one;
            first.comment = other.build();
            file = first.build();
        }
    }
    let opened = Release::from_bytes(NAME, file);
    assert!(
        opened.is_err(),
        "two archives in one file are taken for one"
    );
    Reached::Depth
}

/// Whether a refusal is about what the app is, not about the zip.
fn is_no_zip_fault(refused: &OpenError) -> bool {
    !matches!(refused, OpenError::Refused { .. }) || is_of_an_inner_apk(refused)
}

/// A made file called `base.apk` is no archive, and a set of APKs is opened with its APKs.
fn is_of_an_inner_apk(refused: &OpenError) -> bool {
    matches!(refused, OpenError::Refused { archive, .. } if archive != NAME)
}

/// A bare library has no zip; a set is a merge of archives, which `zip_disagreement` compares one
/// after the other.
fn is_none_to_compare(release: &Release) -> bool {
    matches!(release.shape(), Shape::Library | Shape::ApkSet)
}

/// Whether an archive of ZIP64 has no entries and nothing else: rawzip takes its end record for a
/// broken entry.
fn rawzip_lists_nothing_of_it(file: &[u8]) -> bool {
    file.starts_with(b"PK\x06\x06")
}

/// Whether a stored entry's size stands behind its data alone, so that whoever has not seen the
/// directory cannot know where it ends.
fn cannot_be_streamed(file: &[u8]) -> bool {
    let deferred = |header: &[u8]| {
        let number = |at: usize| header.get(at..at + 2).map(|two| two == [0, 0]);
        header.starts_with(b"PK\x03\x04")
            && header.get(6).is_some_and(|flags| flags & 8 != 0)
            && number(8) == Some(true)
    };
    file.windows(30).any(deferred)
}

/// Whether a reader that stopped at bytes which begin no record, or in those of a folder, saw
/// nothing else than we did, and maybe less. Tools leave bytes between entries; what a folder has,
/// nobody who reads the directory looks at.
fn bytes_between_entries_end_a_stream(ours: &Contents, theirs: &Contents) -> bool {
    let as_ours = |(name, hash)| ours.get(name) == Some(hash);
    theirs.iter().all(as_ours)
}

type Contents = BTreeMap<String, [u8; 32]>;

fn contents(release: &Release) -> Option<Contents> {
    let file = |part| {
        let part: &patchproof_archive::Part = part;
        let name = part.location.strip_prefix(INSIDE)?;
        Some((name.to_owned(), release.sha256(part).ok()?))
    };
    release.parts().iter().map(file).collect()
}

fn hash(content: &[u8]) -> [u8; 32] {
    Sha256::digest(content).into()
}

fn seeds() -> Vec<(String, Vec<u8>)> {
    let prefixed = archives::seeds().into_iter().zip(0_u8..);
    let mut seeds: Vec<_> = prefixed
        .map(|((name, seed), index)| (name, [&[2 + index % 6], &*seed].concat()))
        .collect();
    for how in 0..3_u8 {
        let choices = [[1, 0, 0, 1, 2, 3, 4].as_slice(), &[how; 30]].concat();
        seeds.push((format!("two-{how}"), choices));
    }
    seeds.push(("edited".to_owned(), (0..60).collect()));
    seeds.push(("raw.zip".to_owned(), archives::inner(b"raw".to_vec())));
    seeds
}

const NAME: &str = "it";
const INSIDE: &str = "it!/";

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made::MadeEntry;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > 12);
    }

    #[test]
    #[should_panic(expected = "sees other files")]
    fn another_file_by_another_reader_would_be_found() {
        let one = BTreeMap::from([("a".to_owned(), [0; 32])]);
        same(&one, &BTreeMap::new(), "a reader of streams");
    }

    #[test]
    #[should_panic(expected = "is not what was put in")]
    fn another_content_than_was_put_in_would_be_found() {
        let release = Release::from_bytes(NAME, archives::inner(b"one".to_vec())).unwrap();
        put_in(&release, &MadeZip::default());
    }

    #[test]
    fn a_reader_of_streams_sees_what_the_directory_hides() {
        let entries = ["a", "b"].map(|name| MadeEntry::deflated(name, b"content"));
        let made = MadeZip::new(entries.into());
        let mut hidden = made.clone();
        hidden.directory = Some(vec![]);
        let Streamed::Files { files, .. } = streamed(&hidden.build()) else {
            panic!("it can be streamed");
        };
        assert_eq!(files.len(), made.entries.len());
    }
}
