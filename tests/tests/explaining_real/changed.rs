//! One real library beside a copy of it that something was done to.

use std::fs;

use libtest_mimic::{Failed, Trial};
use patchproof_report::Certainty::{Certain, Likely, Possible};
use patchproof_report::{RegionKind, Rule};
use patchproof_snapshot::{Equivalence, Snapshot};
use patchproof_testkit::corpora;

use crate::edits::{put, replaced, stripped};
use patchproof_tests::trials::same;

use crate::{Answer, Pair};

pub(crate) fn trials() -> Vec<Trial> {
    vec![
        of("a_stripped_copy_is_told_as_stripped", LINUX, strip),
        of("another_build_id_is_equivalent", LINUX, build_id),
        of(
            "another_build_id_of_a_flutter_app_is_equivalent",
            FLUTTER,
            build_id,
        ),
        of("another_build_id_of_32_bits_is_equivalent", ARM, build_id),
        of("no_byte_outside_the_build_id_is_covered", LINUX, outside),
        of("another_folder_is_the_cause_where_it_is_all", LINUX, folder),
        of(
            "another_folder_is_likely_a_cause_where_it_is_not_all",
            LINUX,
            folder_and_more,
        ),
        of("a_copy_cut_short_is_told_as_such", LINUX, cut),
        of(
            "any_byte_of_an_elf_files_headers_may_be_anything",
            LINUX,
            headers,
        ),
        of(
            "any_byte_of_a_mach_o_files_headers_may_be_anything",
            MACOS,
            headers,
        ),
        of(
            "a_byte_changed_after_the_build_has_no_known_cause",
            LINUX,
            one_byte,
        ),
        of(
            "a_byte_changed_in_a_mach_o_file_has_no_known_cause",
            MACOS,
            one_byte,
        ),
        of("another_uuid_is_not_equivalent", MACOS, uuid),
        both(
            "two_builds_of_one_source_without_names_leave_other_sources_possible",
            unnamed,
        ),
    ]
}

fn of(name: &str, id: &str, claim: fn(Vec<u8>) -> Answer) -> Trial {
    corpora::trial(name, &[id], move |paths| {
        claim(fs::read(paths.first().ok_or("no path")?)?)
    })
}

fn both(name: &str, claim: fn(Vec<u8>, Vec<u8>) -> Answer) -> Trial {
    corpora::trial(name, &[LINUX, MUSL], move |paths| {
        let read = |at: usize| Ok::<_, Failed>(fs::read(paths.get(at).ok_or("no path")?)?);
        claim(read(0)?, read(1)?)
    })
}

fn strip(library: Vec<u8>) -> Answer {
    let copy = stripped(&library).ok_or("no sections")?;
    Snapshot::read(&copy)?;
    let pair = Pair::of(library, copy);
    pair.has(&[(Rule::CauseStripping, Certain)])?;
    let kinds = pair.difference().differing().map(|region| region.kind);
    let code = kinds.filter(|kind| [RegionKind::Code, RegionKind::Data].contains(kind));
    same(code.count(), 0)
}

fn unnamed(glibc: Vec<u8>, musl: Vec<u8>) -> Answer {
    let (a, b) = (
        stripped(&glibc).ok_or("no sections")?,
        stripped(&musl).ok_or("no sections")?,
    );
    Pair::of(a, b).has(&[
        (Rule::CauseNotDeterministic, Likely),
        (Rule::CauseOtherSources, Possible),
    ])
}

/// Another id in the place of the one there is.
fn build_id(library: Vec<u8>) -> Answer {
    let id = id_of(&library)?;
    let copy = replaced(&library, &id, &vec![0x5a; id.len()]).ok_or("no id")?;
    let pair = Pair::of(library, copy);
    same(pair.explanation.equivalence, Some(Equivalence::BuildId))?;
    pair.has(&[])?;
    pair.differs_in(&["build id note"])?;
    same(pair.difference().differing_bytes() > 0, true)
}

fn uuid(library: Vec<u8>) -> Answer {
    let id = id_of(&library)?;
    let copy = replaced(&library, &id, &vec![0x5a; id.len()]).ok_or("no id")?;
    let pair = Pair::of(library, copy);
    same(pair.explanation.equivalence, None)?;
    pair.differs_in(&["UUID"])?;
    pair.has(&[(Rule::CauseOtherLinking, Certain)])
}

/// Places all over the file; every byte of a small one is tried in `explaining`.
fn outside(library: Vec<u8>) -> Answer {
    let touched = |other: &[u8]| Equivalence::BuildId.touched(&library, other);
    let covered = touched(&library).ok_or("no plain build id")?;
    let inside = |at: usize| {
        covered
            .iter()
            .any(|it| it.contains(&u64::try_from(at).unwrap_or(0)))
    };
    let mut other = library.clone();
    let spread = (0..library.len()).step_by(library.len() / 150);
    for at in (440..500).chain(spread) {
        let byte = other.get_mut(at).ok_or("a short file")?;
        *byte ^= 1;
        same((at, touched(&other).is_some()), (at, inside(at)))?;
        put(&mut other, at, library.get(at..=at).ok_or("a short file")?);
    }
    Ok(())
}

fn folder(library: Vec<u8>) -> Answer {
    let copy = replaced(&library, b"file:///home/runner/", b"file:///home/gunner/");
    let pair = Pair::of(library, copy.ok_or("no path")?);
    pair.has(&[(Rule::CauseOtherPath, Certain)])?;
    pair.differs_in(&["_kDartIsolateSnapshotData", ".debug_line"])
}

fn folder_and_more(library: Vec<u8>) -> Answer {
    let copy = replaced(&library, b"file:///home/runner/", b"file:///home/gunner/");
    let copy = replaced(&copy.ok_or("no path")?, b"1.97.1", b"1.97.9");
    let pair = Pair::of(library, copy.ok_or("no version")?);
    pair.has(&[
        (Rule::CauseOtherPath, Likely),
        (Rule::CauseOtherSources, Likely),
    ])
}

fn cut(library: Vec<u8>) -> Answer {
    let copy = library.get(..library.len() / 3).ok_or("a short file")?;
    let copy = copy.to_vec();
    Pair::of(library, copy).has(&[(Rule::CauseCutShort, Certain)])
}

/// Bytes of both ends, where the headers and tables are; in small files, `explaining` tries each.
fn headers(library: Vec<u8>) -> Answer {
    let end = library.len().saturating_sub(1100);
    for at in (0..1100).chain(end..library.len()).step_by(37) {
        let mut other = library.clone();
        *other.get_mut(at).ok_or("a short file")? ^= 0xc3;
        Pair::of(library.clone(), other).is_whole()?;
    }
    Ok(())
}

fn one_byte(library: Vec<u8>) -> Answer {
    let mut copy = library.clone();
    *copy.get_mut(library.len() / 4).ok_or("a short file")? ^= 1;
    let pair = Pair::of(library, copy);
    same(pair.difference().differing_bytes(), 1)?;
    let [cause] = &*pair.explanation.causes else {
        return Err("not one cause".into());
    };
    same((cause.rule, cause.certainty), (Rule::CauseUnknown, None))?;
    same(cause.message.contains("carry the same build id"), true)
}

fn id_of(library: &[u8]) -> Result<Vec<u8>, Failed> {
    let snapshot = Snapshot::read(library)?;
    let id = snapshot.build_id.ok_or("no build id")?;
    let digits = id.as_bytes().chunks(2).map(|pair| {
        let digits = std::str::from_utf8(pair).ok()?;
        u8::from_str_radix(digits, 16).ok()
    });
    digits
        .collect::<Option<Vec<u8>>>()
        .ok_or_else(|| "no hex digits".into())
}

const LINUX: &str = "sass-embedded-linux-x64@1.97.1/sass.snapshot";
const MUSL: &str = "sass-embedded-linux-musl-x64@1.97.1/sass.snapshot";
const ARM: &str = "sass-embedded-android-arm@1.93.2/sass.snapshot";
const FLUTTER: &str = "flet-desktop@0.28.2/libapp.so";
const MACOS: &str = "sass-embedded-darwin-arm64@1.104.1/sass.snapshot";
