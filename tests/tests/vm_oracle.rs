//! The real Dart VM against `compare --engine`: every runtime of the corpus over every snapshot.
//!
//! Each pair is a trial of its own: what the VM does must be what was predicted, without a list of
//! exceptions. A second set rewrites the headers of real snapshots, field by field, and asks again.
//! Runs where the runtimes run (Linux on x86-64); elsewhere the trials are listed as ignored.

use std::fs;
use std::path::Path;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_report::{CompareVerdict, EngineOutcome};
use patchproof_snapshot::{Engine, Named, Prediction, Snapshot, compare, predict};
use patchproof_testkit::corpora::{self, Kind, Manifest};
use patchproof_testkit::vm;
use patchproof_tests::headers::{self, Edit, Expected};

fn main() -> std::process::ExitCode {
    let manifest = Manifest::load().expect("a test of testkit's shows that the manifest is valid");
    let ids_of = |kind: Kind| -> Vec<String> {
        let of_kind = manifest
            .artefacts()
            .filter(|artefact| artefact.kind() == kind);
        of_kind.map(|artefact| artefact.id()).collect()
    };
    let (runtimes, snapshots) = (ids_of(Kind::Runtime), ids_of(Kind::Snapshot));
    let mut trials = Vec::new();
    for runtime in &runtimes {
        for snapshot in &snapshots {
            trials.push(pair(runtime, snapshot));
        }
        for edit in headers::edits() {
            trials.push(edited(runtime, edit));
        }
    }
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn pair(runtime: &str, snapshot: &str) -> Trial {
    let name = format!("the_vm_does_what_was_predicted::{runtime}::{snapshot}");
    let trial = corpora::trial(name, &[runtime, snapshot], |paths| {
        let [runtime, snapshot] = paths else {
            return Err("two paths were asked for".into());
        };
        let library = fs::read(snapshot)?;
        holds(runtime, &library, snapshot)
    });
    where_it_runs(trial)
}

fn holds(runtime: &Path, library: &[u8], library_at: &Path) -> Result<(), Failed> {
    let engine_bytes = fs::read(runtime)?;
    let engine = Engine::read(&engine_bytes)?;
    let snapshot = Snapshot::read(library)?;
    let (library, engine) = (
        Named::new("library", &snapshot),
        Named::new("engine", &engine),
    );
    let comparison = compare(library, library, Some(engine));
    let answer = vm::run(runtime, library_at)?;
    if comparison.engine_outcome != answer.outcome {
        return Err(format!("predicted {comparison:#?}\nthe VM: {answer:#?}").into());
    }
    let runs = answer.outcome == Some(EngineOutcome::Runs);
    let expected = if runs {
        CompareVerdict::Identical
    } else {
        CompareVerdict::Incompatible
    };
    if comparison.verdict != expected {
        return Err(format!("the VM: {:?}; verdict {comparison:#?}", answer.outcome).into());
    }
    Ok(())
}

/// A runtime's own snapshot, which it runs, with one field of a header rewritten.
fn edited(runtime: &str, edit: Edit) -> Trial {
    let own = runtime.replace("/dart", "/sass.snapshot");
    let name = format!(
        "the_vm_does_what_was_predicted_of_an_edit::{runtime}::{}",
        edit.name()
    );
    let trial = corpora::trial(name, &[runtime, &own], move |paths| {
        let [runtime, own] = paths else {
            return Err("two paths were asked for".into());
        };
        let library = fs::read(own)?;
        let snapshot = Snapshot::read(&library)?;
        for (blob, library) in edit.apply(&library, &snapshot) {
            one_edit(runtime, &edit, &library)
                .map_err(|failed| format!("{blob}: {}", failed.message().unwrap_or_default()))?;
        }
        Ok(())
    });
    where_it_runs(trial)
}

fn one_edit(runtime: &Path, edit: &Edit, library: &[u8]) -> Result<(), Failed> {
    let file = tempfile::NamedTempFile::new()?;
    fs::write(file.path(), library)?;
    let answer = vm::run(runtime, file.path())?;
    let Ok(snapshot) = Snapshot::read(library) else {
        let runs = answer.outcome == Some(EngineOutcome::Runs);
        return if runs {
            Err("it was refused, and the VM runs it".into())
        } else {
            Ok(())
        };
    };
    let engine_bytes = fs::read(runtime)?;
    let engine = Engine::read(&engine_bytes)?;
    let prediction = predict(
        Named::new("library", &snapshot),
        Named::new("engine", &engine),
    );
    let agrees = match edit.expected() {
        Expected::SameEnd => end(Some(prediction.outcome)) == end(answer.outcome),
        Expected::SameAnswerOnFeatures => {
            refuses_features(Some(prediction.outcome)) == refuses_features(answer.outcome)
        }
    };
    if agrees {
        Ok(())
    } else {
        Err(disagreement(&prediction, &answer))
    }
}

/// How the process ends: this is what a user sees; for one edit the VM may name another reason.
fn end(outcome: Option<EngineOutcome>) -> Option<&'static str> {
    Some(match outcome? {
        EngineOutcome::Runs => "runs",
        EngineOutcome::Aborts => "aborts",
        EngineOutcome::Unsettled => "unsettled",
        _ => "refused",
    })
}

fn refuses_features(outcome: Option<EngineOutcome>) -> bool {
    outcome == Some(EngineOutcome::RefusedForFeatures)
}

fn disagreement(prediction: &Prediction, answer: &vm::VmAnswer) -> Failed {
    format!("predicted {prediction:#?}\nthe VM: {answer:#?}").into()
}

fn where_it_runs(trial: Trial) -> Trial {
    if vm::runs_here() {
        trial
    } else {
        trial.with_ignored_flag(true)
    }
}
