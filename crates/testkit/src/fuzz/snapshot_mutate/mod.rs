//! One field of a right snapshot after the other is made something else: the verdict of `compare`
//! changes exactly when it must.

mod edit;
mod expected;

use patchproof_report::{CompareVerdict, EngineOutcome};
use patchproof_snapshot::{Engine, Named, Snapshot, compare};

use self::edit::{edit, kinds};
use self::expected::{Expected, expected};
use super::choices::Choices;
use super::{Reached, Target, libraries};
use crate::made::{Embedder, Layout, MadeEngine, MadeSnapshot, NATURAL, Os};

/// The target.
pub static TARGET: Target = Target {
    name: "snapshot_mutate",
    about: "the verdict on a snapshot with other fields is the one that these fields ask for",
    depth: "the edited snapshot was read and compared",
    run,
    seeds,
    dictionary: &[
        b"product",
        b" x64",
        b"file://",
        b"dart:ui",
        b"dart:_builtin",
    ],
    bytes_max: 512,
};

fn run(data: &[u8]) -> Reached {
    let mut choices = Choices::new(data);
    let base = base(&mut choices);
    let allowed = kinds(&mut choices);
    let mut candidate = base.clone();
    for _ in 0..EDITS_MAX {
        if choices.is_empty() {
            break;
        }
        edit(choices.pick(&allowed), &mut candidate, &mut choices);
    }
    let base_file = base.build();
    let mut file = candidate.build();
    let cut = choices.one_in(16).then(|| choices.below(file.len()));
    if let Some(cut) = cut {
        file.truncate(cut);
    }
    let wanted = match cut {
        _ if file == base_file => same_file(&base, &candidate),
        Some(_) => Expected::NoReplacement,
        None => expected(&base, &candidate),
    };
    let found = verdict(&base, &base_file, &file);
    let found = found.map(|(verdict, runs)| {
        let runs_or_not = verdict != CompareVerdict::Compatible || shows_less(&candidate) || runs;
        assert!(
            runs_or_not,
            "the engine of the base does not take it: {candidate:?}"
        );
        verdict
    });
    assert!(
        wanted.allows(found),
        "expected {wanted:?}, found {found:?}: {candidate:?}"
    );
    match found {
        Some(_) => Reached::Depth,
        None => Reached::Surface,
    }
}

/// A file that is the base's is identical, and so nothing about it may have asked for more.
fn same_file(base: &MadeSnapshot, candidate: &MadeSnapshot) -> Expected {
    let wanted = expected(base, candidate);
    assert_eq!(
        wanted,
        Expected::Compatible,
        "a field does not show in the file"
    );
    Expected::Identical
}

/// Whether it names no library that an embedder looks up: then no engine is settled for it.
const fn shows_less(candidate: &MadeSnapshot) -> bool {
    candidate.embedder.is_none()
}

/// What is said of a file beside the base, and whether the base's engine is to run it; `None` where
/// it is not read.
fn verdict(base: &MadeSnapshot, base_file: &[u8], file: &[u8]) -> Option<(CompareVerdict, bool)> {
    let right = Snapshot::read(base_file).expect("the base is a right snapshot");
    let read = Snapshot::read(file).ok()?;
    let (right, read) = (Named::new("base", &right), Named::new("it", &read));
    let verdict = compare(right, read, None).verdict;
    let back = compare(read, right, None).verdict;
    assert_eq!(
        verdict, back,
        "the verdict depends on which of the two came first"
    );
    let engine = MadeEngine::accepting(base).build();
    let engine = Engine::read(&engine).expect("a made engine");
    let with_engine = compare(right, read, Some(Named::new("engine", &engine)));
    let refused = CompareVerdict::Incompatible;
    let mended = verdict == refused && with_engine.verdict != refused;
    assert!(!mended, "an engine mends a difference: {with_engine:?}");
    Some((
        verdict,
        with_engine.engine_outcome == Some(EngineOutcome::Runs),
    ))
}

/// A right snapshot for one of all targets.
fn base(choices: &mut Choices<'_>) -> MadeSnapshot {
    let (container, machine) = choices.pick(&NATURAL);
    let layout = choices.pick(&[Layout::Split, Layout::Unified]);
    let mut made = libraries::small(container, machine, layout);
    if choices.flag() {
        let os = choices.pick(&[Os::Linux, Os::Android, Os::Macos, Os::Ios]);
        let embedder = choices.pick(&[Embedder::Standalone, Embedder::Flutter]);
        made = made.for_target(os, embedder);
    }
    made
}

/// For each kind of edit one input that has it alone, and some that have all of them.
fn seeds() -> Vec<(String, Vec<u8>)> {
    let alone = (0..edit::KINDS).map(|kind| {
        let mask = (1_u32 << kind).to_be_bytes();
        let base = u8::try_from(kind % NATURAL.len()).unwrap_or(0);
        let head = [base, base & 1, 0];
        let rest: Vec<u8> = (1..40)
            .map(|byte: u8| byte.wrapping_mul(base + 5))
            .collect();
        (format!("only-{kind}"), [&head[..], &mask, &rest].concat())
    });
    let all = (0..8_u8).map(|at| {
        let rest = (0..60).map(|byte: u8| byte.wrapping_mul(37).wrapping_add(at * 11));
        (
            format!("all-{at}"),
            [at, 0, 0].into_iter().chain(rest).collect(),
        )
    });
    alone.chain(all).collect()
}

const EDITS_MAX: usize = 6;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn its_seeds_hold_and_reach_the_depth() {
        let reached = seeds();
        let reached = reached
            .iter()
            .filter(|(_, seed)| run(seed) == Reached::Depth);
        assert!(reached.count() > edit::KINDS / 2);
    }

    #[test]
    fn a_wrong_verdict_is_none_that_is_allowed() {
        assert!(!Expected::Compatible.allows(Some(CompareVerdict::Incompatible)));
        assert!(!Expected::Incompatible.allows(Some(CompareVerdict::Compatible)));
        assert!(!Expected::Incompatible.allows(None));
        assert!(!Expected::Refused.allows(Some(CompareVerdict::Undecided)));
        assert!(!Expected::NoReplacement.allows(Some(CompareVerdict::Identical)));
    }

    #[test]
    #[should_panic(expected = "a field does not show")]
    fn a_field_that_the_file_does_not_have_would_be_found() {
        let base = base(&mut Choices::new(&[]));
        let mut candidate = base.clone();
        candidate.isolate.kind = 9;
        same_file(&base, &candidate);
    }
}
