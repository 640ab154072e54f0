//! What an engine is predicted to do with a library: machine, container, layout, version, header.

use patchproof_report::{EngineOutcome, Rule};
use patchproof_snapshot::{Engine, Named, predict};
use patchproof_testkit::made::{
    Container, Embedder, Layout, Machine, MadeEngine, MadeSnapshot, Os, example,
};

use crate::making::{assert_answer, read, unified};
use crate::making::{every_right_one, kind_of, macho, predicted, predicted_with, rules, split};

/// What the engine of a right snapshot does after one change, and why.
#[track_caller]
fn assert_predicted(
    (library, engine): (impl FnOnce(&mut MadeSnapshot), impl FnOnce(&mut MadeEngine)),
    outcome: EngineOutcome,
    expected: &[Rule],
) {
    assert_answer(&predicted_with(split(), library, engine), outcome, expected);
}

fn same(_: &mut MadeSnapshot) {}

#[test]
fn every_right_engine_runs_its_snapshot() {
    for made in every_right_one() {
        let prediction = predicted(&made, &MadeEngine::accepting(&made));
        let answer = (prediction.outcome, rules(&prediction.findings));
        assert_eq!(answer, (EngineOutcome::Runs, vec![]), "{}", kind_of(&made));
    }
}

#[test]
fn the_engine_of_the_example_runs_the_patched_build() {
    let example = example();
    let engine = Engine::read(&example.engine).unwrap();
    let patched = patchproof_snapshot::Snapshot::read(&example.patched).unwrap();
    let prediction = predict(Named::new("new", &patched), Named::new("engine", &engine));
    assert_eq!(prediction.outcome, EngineOutcome::Runs);
}

#[test]
fn an_engine_of_another_version_refuses() {
    let other = |engine: &mut MadeEngine| engine.versions = vec![OTHER_VERSION.into()];
    assert_predicted(
        (same, other),
        EngineOutcome::RefusedForVersion,
        &[Rule::EngineVersion],
    );
}

#[test]
fn a_refusal_for_the_version_shows_both() {
    let change = |engine: &mut MadeEngine| engine.versions = vec![OTHER_VERSION.into()];
    let finding = &predicted_with(split(), same, change).findings[0];
    let own = String::from_utf8(split().isolate.version).ok();
    assert_eq!(
        (finding.expected.as_deref(), &finding.found),
        (Some(OTHER_VERSION), &own)
    );
}

#[test]
fn the_vms_version_is_refused_as_the_apps_is() {
    let change = |made: &mut MadeSnapshot| made.vm.version = OTHER_VERSION.into();
    let prediction = predicted_with(split(), change, |_| ());
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForVersion);
}

#[test]
fn an_engine_of_two_candidates_is_undecided_where_one_is_the_librarys() {
    let both = |engine: &mut MadeEngine| engine.versions.push(OTHER_VERSION.into());
    assert_predicted(
        (same, both),
        EngineOutcome::Unsettled,
        &[Rule::EngineVersionUnsettled],
    );
}

#[test]
fn an_engine_of_two_candidates_refuses_where_none_is_the_librarys() {
    let others = |engine: &mut MadeEngine| {
        engine.versions = vec![OTHER_VERSION.into(), THIRD_VERSION.into()];
    };
    assert_predicted(
        (same, others),
        EngineOutcome::RefusedForVersion,
        &[Rule::EngineVersion],
    );
}

#[test]
fn an_engine_without_any_candidate_is_undecided() {
    let none = |engine: &mut MadeEngine| engine.versions.clear();
    assert_predicted(
        (same, none),
        EngineOutcome::Unsettled,
        &[Rule::EngineVersionUnsettled],
    );
}

#[test]
fn an_engine_whose_candidates_were_too_many_to_keep_never_refuses_for_the_version() {
    let many = |engine: &mut MadeEngine| {
        engine.versions = (0..64)
            .map(|n| format!("{n:02}51907c2eaa8467e848c0067bfe8ed4"))
            .collect();
        let own = String::from_utf8(split().isolate.version).unwrap();
        engine.versions.push(own);
    };
    let prediction = predicted_with(split(), same, many);
    assert_eq!(prediction.outcome, EngineOutcome::Unsettled);
}

#[test]
fn an_engine_for_another_machine_refuses() {
    let prediction = predicted_with(split(), same, |engine| engine.machine = Machine::Arm64);
    assert_eq!(
        prediction.outcome,
        EngineOutcome::RefusedForMachineOrContainer
    );
    assert!(rules(&prediction.findings).contains(&Rule::EngineMachine));
}

#[test]
fn a_machine_that_no_compiler_writes_for_is_refused_even_where_both_name_it() {
    let prediction = predicted_with(
        split(),
        |made| made.machine_override = Some(2),
        |engine| engine.machine_override = Some(2),
    );
    assert_eq!(
        prediction.outcome,
        EngineOutcome::RefusedForMachineOrContainer
    );
}

#[test]
fn an_engine_in_another_container_without_a_loader_of_its_own_refuses() {
    let elf = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Unified);
    let elf = elf.for_target(Os::Macos, Embedder::Flutter);
    let prediction = predicted(&elf, &MadeEngine::accepting(&macho()));
    assert_eq!(rules(&prediction.findings), [Rule::EngineContainer]);
    assert_eq!(
        prediction.outcome,
        EngineOutcome::RefusedForMachineOrContainer
    );
}

#[test]
fn an_engine_of_the_other_layout_aborts() {
    let other = |engine: &mut MadeEngine| {
        engine.symbol_names = vec!["_kDartSnapshotData".into(), "_kDartSnapshotText".into()];
    };
    assert_predicted((same, other), EngineOutcome::Aborts, &[Rule::EngineLayout]);
}

#[test]
fn an_engine_that_names_no_layout_is_undecided() {
    let none = |engine: &mut MadeEngine| engine.symbol_names.clear();
    assert_predicted(
        (same, none),
        EngineOutcome::Unsettled,
        &[Rule::EngineLayoutUnsettled],
    );
}

#[test]
fn an_engine_that_names_both_layouts_is_undecided() {
    let both = |engine: &mut MadeEngine| engine.symbol_names.push("_kDartSnapshotData".into());
    assert_predicted(
        (same, both),
        EngineOutcome::Unsettled,
        &[Rule::EngineLayoutUnsettled],
    );
}

#[test]
fn an_engine_of_the_other_embedder_ends_after_the_vm_took_it() {
    let other = |engine: &mut MadeEngine| engine.embedder = Some(Embedder::Standalone);
    assert_predicted(
        (same, other),
        EngineOutcome::RefusedByEmbedder,
        &[Rule::EngineEmbedder],
    );
}

#[test]
fn an_engine_that_does_not_show_its_embedder_is_not_said_to_refuse() {
    let none = |engine: &mut MadeEngine| engine.embedder = None;
    assert_predicted((same, none), EngineOutcome::Runs, &[]);
}

#[test]
fn a_wrong_kind_is_refused_in_the_split_layout() {
    let wrong = |made: &mut MadeSnapshot| made.isolate.kind = 2;
    assert_predicted(
        (wrong, |_| ()),
        EngineOutcome::RefusedForHeader,
        &[Rule::KindUnexpected],
    );
}

#[test]
fn a_wrong_kind_aborts_in_the_unified_layout() {
    let prediction = predicted_with(unified(), |made| made.isolate.kind = 3, |_| ());
    assert_eq!(prediction.outcome, EngineOutcome::Aborts);
}

#[test]
fn a_length_without_room_for_the_header_is_refused() {
    let wrong = |made: &mut MadeSnapshot| made.isolate.length = Some(0);
    assert_predicted(
        (wrong, |_| ()),
        EngineOutcome::RefusedForHeader,
        &[Rule::BlobLength],
    );
}

#[test]
fn blobs_that_disagree_are_refused_for_their_features() {
    let wrong = |made: &mut MadeSnapshot| {
        made.vm.features = features_without(&made.vm.features, " no-tsan");
    };
    let prediction = predicted_with(split(), wrong, |_| ());
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForFeatures);
}

#[test]
fn the_first_reason_in_the_vms_order_decides() {
    let prediction = predicted_with(
        split(),
        |made| made.isolate.kind = 7,
        |engine| {
            engine.versions = vec![OTHER_VERSION.into()];
            engine.embedder = Some(Embedder::Standalone);
        },
    );
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForVersion);
}

#[test]
fn findings_call_library_and_engine_by_their_names() {
    let library = read(&split());
    let engine = MadeEngine::accepting(&unified()).build();
    let engine = Engine::read(&engine).unwrap();
    let found = predict(
        Named::new("libapp.so", &library),
        Named::new("libflutter.so", &engine),
    );
    for finding in &found.findings {
        let message = &finding.message;
        assert!(
            message.contains("libapp.so") && message.contains("libflutter.so"),
            "{message}"
        );
    }
    assert_eq!(found.findings.len(), 2);
}

fn features_without(features: &[u8], word: &str) -> Vec<u8> {
    String::from_utf8_lossy(features)
        .replace(word, "")
        .into_bytes()
}

const OTHER_VERSION: &str = "0451907c2eaa8467e848c0067bfe8ed4";
const THIRD_VERSION: &str = "d91c0e6f35f0eb2e44124e8f42aa44a7";
