//! Changes a file many times and holds each result against what every reading must keep.

use libtest_mimic::Failed;
use patchproof_snapshot::{Engine, Named, Snapshot, compare, predict};
use patchproof_testkit::oracles;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestError, TestRng, TestRunner};

use crate::memory::bounded;
use crate::mutation::{Mutation, mutations};

/// Changes `file` in `cases` ways; `right` and `engine` are what the results are compared with.
pub(crate) fn hunt(file: &[u8], right: &[u8], engine: &[u8], cases: u32) -> Result<(), Failed> {
    let right = Snapshot::read(right)?;
    let engine = Engine::read(engine)?;
    let tables = oracles::tables(file);
    let changed = |mutations: &[Mutation]| {
        let mut bytes = file.to_vec();
        mutations
            .iter()
            .for_each(|mutation| mutation.apply(&mut bytes, &tables));
        bytes
    };
    let test = |mutations: Vec<Mutation>| {
        holds(&changed(&mutations), &right, &engine).map_err(TestCaseError::fail)
    };
    let found = runner(cases).run(&mutations(), test);
    found.map_err(|failure| match &failure {
        TestError::Fail(reason, mutations) => {
            let differences = differences(file, &changed(mutations));
            Failed::from(format!("{reason}\n{differences}\n{mutations:?}"))
        }
        TestError::Abort(_) => Failed::from(failure.to_string()),
    })
}

/// What was changed, for a person to look it up in the file.
fn differences(file: &[u8], changed: &[u8]) -> String {
    let lengths = format!("{} bytes, {} changed ones", file.len(), changed.len());
    let pairs = (0_u64..).zip(file.iter().zip(changed));
    let differ = pairs.filter(|(_, (old, new))| old != new).take(64);
    let lines = differ.map(|(at, (old, new))| format!("{at:#x}: {old:02x} -> {new:02x}"));
    std::iter::once(lengths)
        .chain(lines)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Everything that is true of whatever bytes.
pub(crate) fn holds(bytes: &[u8], right: &Snapshot, engine: &Engine<'_>) -> Result<(), String> {
    let snapshot = bounded("reading a snapshot", bytes, || Snapshot::read(bytes))?;
    let read_engine = bounded("reading an engine", bytes, || Engine::read(bytes))?;
    if let Ok(snapshot) = &snapshot {
        if let Some(second) = oracles::second_reading(bytes) {
            let disagreements = oracles::disagreements(snapshot, &second);
            if !disagreements.is_empty() {
                return Err(disagreements.join("\n"));
            }
        }
        let (right, engine) = (Named::new("right", right), Named::new("engine", engine));
        let changed = Named::new("changed", snapshot);
        bounded("comparing", bytes, || compare(right, changed, Some(engine)))?;
        bounded("comparing", bytes, || compare(changed, right, Some(engine)))?;
    }
    if let Ok(engine) = &read_engine {
        let engine = Named::new("engine", engine);
        bounded("predicting", bytes, || {
            predict(Named::new("right", right), engine)
        })?;
    }
    Ok(())
}

/// The same cases in every run, unless `PROPTEST_CASES` asks for more.
fn runner(cases: u32) -> TestRunner {
    let asked = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|cases| cases.parse().ok());
    let config = Config {
        cases: asked.unwrap_or(cases),
        failure_persistence: None,
        max_shrink_iters: 2000,
        ..Config::default()
    };
    if asked.is_some() {
        return TestRunner::new(config);
    }
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}
