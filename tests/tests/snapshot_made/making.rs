//! Right snapshots to start from, and the shortest ways to read them.

use patchproof_report::{Comparison, EngineOutcome, Finding, Rule};
use patchproof_snapshot::{Engine, Named, Prediction, ReadError, Snapshot, compare, predict};
use patchproof_testkit::made::{Container, Layout, Machine, MadeEngine, MadeSnapshot, NATURAL};
use patchproof_testkit::oracles;

/// A right snapshot of the split layout.
pub(crate) fn split() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

/// A right snapshot of the unified layout.
pub(crate) fn unified() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Unified)
}

/// A right snapshot in Mach-O.
pub(crate) fn macho() -> MadeSnapshot {
    MadeSnapshot::new(Container::Macho64, Machine::Arm64, Layout::Unified)
}

/// A right snapshot for 64-bit Android.
pub(crate) fn android() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split)
}

/// The same snapshot with something changed.
pub(crate) fn with(mut made: MadeSnapshot, change: impl FnOnce(&mut MadeSnapshot)) -> MadeSnapshot {
    change(&mut made);
    made
}

/// A right snapshot for every natural pair of container and machine, in both layouts.
pub(crate) fn every_right_one() -> impl Iterator<Item = MadeSnapshot> {
    let layouts = |(container, machine)| {
        [Layout::Split, Layout::Unified].map(|layout| MadeSnapshot::new(container, machine, layout))
    };
    NATURAL.into_iter().flat_map(layouts)
}

/// What kind of file it is, for messages.
pub(crate) fn kind_of(made: &MadeSnapshot) -> String {
    format!("{:?} {:?} {:?}", made.container, made.machine, made.layout)
}

#[track_caller]
pub(crate) fn read(made: &MadeSnapshot) -> Snapshot {
    Snapshot::read(&made.build()).unwrap()
}

#[track_caller]
pub(crate) fn error_of(made: &MadeSnapshot) -> ReadError {
    Snapshot::read(&made.build()).unwrap_err()
}

/// It is read, and the second reading has the same facts.
#[track_caller]
pub(crate) fn assert_agreed(made: &MadeSnapshot) {
    let bytes = made.build();
    let read = Snapshot::read(&bytes).unwrap();
    let second = oracles::second_reading(&bytes).unwrap();
    let disagreements = oracles::disagreements(&read, &second);
    assert!(
        disagreements.is_empty(),
        "{}: {disagreements:#?}",
        kind_of(made)
    );
}

/// Compares `patched` with `release`, called `NEW` and `OLD`.
#[track_caller]
pub(crate) fn compared(release: &MadeSnapshot, patched: &MadeSnapshot) -> Comparison {
    let (release, patched) = (read(release), read(patched));
    compare(
        Named::new("OLD", &release),
        Named::new("NEW", &patched),
        None,
    )
}

/// What `engine`, called `ENGINE`, does with `library`, called `LIB`.
#[track_caller]
pub(crate) fn predicted(library: &MadeSnapshot, engine: &MadeEngine) -> Prediction {
    let (library, engine) = (read(library), engine.build());
    let engine = Engine::read(&engine).unwrap();
    predict(Named::new("LIB", &library), Named::new("ENGINE", &engine))
}

/// What the engine that belongs to a snapshot does with it once both have been changed.
#[track_caller]
pub(crate) fn predicted_with(
    library: MadeSnapshot,
    change_library: impl FnOnce(&mut MadeSnapshot),
    change_engine: impl FnOnce(&mut MadeEngine),
) -> Prediction {
    let mut engine = MadeEngine::accepting(&library);
    change_engine(&mut engine);
    predicted(&with(library, change_library), &engine)
}

pub(crate) fn rules(findings: &[Finding]) -> Vec<Rule> {
    findings.iter().map(|finding| finding.rule).collect()
}

/// Checks what was predicted, and under which rules.
#[track_caller]
pub(crate) fn assert_answer(prediction: &Prediction, outcome: EngineOutcome, expected: &[Rule]) {
    assert_eq!(
        rules(&prediction.findings),
        expected,
        "{:#?}",
        prediction.findings
    );
    assert_eq!(prediction.outcome, outcome);
}
