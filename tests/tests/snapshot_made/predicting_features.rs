//! What an engine is predicted to do with a library's feature words.

use patchproof_report::{EngineOutcome, Rule};
use patchproof_snapshot::Prediction;
use patchproof_testkit::made::MadeEngine;

use crate::making::{assert_answer, predicted, split};

/// What the right engine does with a library whose features were rewritten.
#[track_caller]
fn rewritten(from: &str, to: &str) -> Prediction {
    rewritten_for(from, to, |_| ())
}

/// The same, of an engine with a change.
#[track_caller]
fn rewritten_for(from: &str, to: &str, change: impl FnOnce(&mut MadeEngine)) -> Prediction {
    let features = String::from_utf8(split().isolate.features).unwrap();
    assert!(features.contains(from), "{features} has no `{from}`");
    let mut engine = MadeEngine::accepting(&split());
    change(&mut engine);
    predicted(&split().with_features(&features.replace(from, to)), &engine)
}

#[track_caller]
fn assert_refused(prediction: &Prediction) {
    assert_answer(
        prediction,
        EngineOutcome::RefusedForFeatures,
        &[Rule::EngineFeatures],
    );
}

#[track_caller]
fn assert_unsettled(prediction: &Prediction, words: &str) {
    assert_answer(
        prediction,
        EngineOutcome::Unsettled,
        &[Rule::EngineFeaturesUnsettled],
    );
    assert_eq!(prediction.findings[0].found.as_deref(), Some(words));
}

#[test]
fn a_word_whose_opposite_alone_stands_in_the_engine_is_refused() {
    let prediction = rewritten(" no-tsan", " tsan");
    assert_refused(&prediction);
    let finding = &prediction.findings[0];
    let shown = (finding.expected.as_deref(), finding.found.as_deref());
    assert_eq!(shown, (Some("no-tsan"), Some("tsan")));
}

#[test]
fn a_word_that_stands_nowhere_is_refused() {
    assert_refused(&rewritten(" no-tsan", " no-tsan zap"));
}

#[test]
fn a_word_of_which_both_forms_stand_there_is_undecided() {
    let prediction = rewritten_for(" no-tsan", " tsan", |engine| {
        engine.words.push(" tsan".into())
    });
    assert_unsettled(&prediction, "tsan");
}

#[test]
fn an_unknown_flag_of_which_both_forms_stand_there_is_undecided_in_each_form() {
    for word in ["zap", "no-zap"] {
        let both = |engine: &mut MadeEngine| engine.words.extend([" zap".into(), " no-zap".into()]);
        let prediction = rewritten_for(" no-tsan", &format!(" no-tsan {word}"), both);
        assert_unsettled(&prediction, word);
    }
}

#[test]
fn every_unsettled_word_is_named_in_one_finding() {
    let both = |engine: &mut MadeEngine| {
        engine
            .words
            .extend([" zap", " no-zap", " zip", " no-zip"].map(str::to_owned));
    };
    assert_unsettled(
        &rewritten_for(" no-tsan", " no-tsan zap no-zip", both),
        "zap no-zip",
    );
}

#[test]
fn a_flag_that_the_vm_takes_from_the_snapshot_is_taken_in_both_forms() {
    let prediction = rewritten("no-code_comments", "code_comments");
    assert_answer(&prediction, EngineOutcome::Runs, &[]);
}

#[test]
fn shared_data_is_refused_of_an_engine_started_without_it() {
    assert_refused(&rewritten("no-shared_data", "shared_data"));
}

#[test]
fn a_flag_of_which_the_engine_says_that_it_is_always_on_is_taken_and_its_opposite_refused() {
    let says = |engine: &mut MadeEngine| {
        engine.words.retain(|word| !word.ends_with("tsan"));
        let text = "Flag tsan is false in snapshot, but tsan is always true in this mode";
        engine.raw_extra.push(text.into());
    };
    assert_refused(&rewritten_for("no-tsan", "no-tsan", says));
    assert_answer(
        &rewritten_for("no-tsan", "tsan", says),
        EngineOutcome::Runs,
        &[],
    );
}

#[test]
fn another_build_mode_is_refused() {
    let prediction = rewritten("product", "debug");
    assert_refused(&prediction);
    assert_eq!(prediction.findings[0].expected.as_deref(), Some("product"));
}

#[test]
fn a_mode_is_undecided_where_the_engine_shows_several() {
    let several = |engine: &mut MadeEngine| engine.words.push("release".into());
    assert_unsettled(&rewritten_for("product", "product", several), "product");
}

#[test]
fn a_mode_is_settled_by_the_message_that_only_a_product_vm_has() {
    let says = |engine: &mut MadeEngine| {
        engine.words.push("release".into());
        engine.raw_extra.push(b"Not there in product mode".into());
    };
    assert_answer(
        &rewritten_for("product", "product", says),
        EngineOutcome::Runs,
        &[],
    );
}

#[test]
fn another_system_is_refused() {
    assert_refused(&rewritten(" linux", " android"));
}

#[test]
fn features_without_a_machine_are_refused() {
    let prediction = rewritten(" x64", "");
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForFeatures);
}

#[test]
fn features_with_two_machines_are_refused() {
    let prediction = rewritten(" x64", " x64 arm64");
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForFeatures);
}

#[test]
fn features_without_a_system_are_refused() {
    assert_refused(&rewritten(" linux", ""));
}

#[test]
fn features_without_a_pointer_size_are_refused() {
    assert_refused(&rewritten(" no-compressed-pointers", ""));
}

#[test]
fn features_that_do_not_start_with_the_mode_are_refused() {
    assert_refused(&rewritten(
        "product no-code_comments",
        "no-code_comments product",
    ));
}

#[test]
fn features_with_two_spaces_are_refused() {
    assert_refused(&rewritten(" x64", "  x64"));
}

#[test]
fn features_with_a_word_twice_are_refused() {
    assert_refused(&rewritten(" no-tsan", " no-tsan no-tsan"));
}

#[test]
fn features_of_more_words_than_any_compiler_writes_are_refused() {
    let words: String = (0..100).map(|n| format!(" f{n}")).collect();
    assert_refused(&rewritten(" no-tsan", &words));
}

/// What an engine of Dart 2.17's time does with a library of its time.
#[track_caller]
fn older(features: &str, change: impl FnOnce(&mut MadeEngine)) -> Prediction {
    let library = split().with_features(features);
    let mut engine = MadeEngine::accepting(&library);
    change(&mut engine);
    predicted(&library, &engine)
}

#[test]
fn an_older_word_for_the_machine_stands_for_the_system_too() {
    let features =
        "product no-code_comments no-asserts x64-sysv no-compressed-pointers null-safety";
    assert_answer(&older(features, |_| ()), EngineOutcome::Runs, &[]);
}

#[test]
fn an_older_word_for_the_machine_is_undecided_where_no_literal_can_be_seen() {
    let hidden = |engine: &mut MadeEngine| engine.words.retain(|word| word != " x64-sysv");
    let prediction = older("product x64-sysv no-compressed-pointers", hidden);
    assert_unsettled(&prediction, "x64-sysv");
}

#[test]
fn todays_word_for_the_machine_is_refused_of_an_engine_that_has_the_older_one() {
    let older = |engine: &mut MadeEngine| {
        engine.words.retain(|word| word != " x64");
        engine.words.push(" x64-sysv".into());
    };
    let prediction = rewritten_for("product", "product", older);
    assert_refused(&prediction);
    assert_eq!(prediction.findings[0].expected.as_deref(), Some("x64-sysv"));
}

#[test]
fn an_older_word_for_another_machine_is_refused() {
    let prediction = older("product x64-sysv arm64-sysv", |_| ());
    assert_eq!(prediction.outcome, EngineOutcome::RefusedForFeatures);
}

#[test]
fn an_engine_whose_literals_cannot_be_seen_is_undecided_about_a_flag() {
    let hidden = |engine: &mut MadeEngine| {
        engine
            .words
            .retain(|word| !word.ends_with("x64") && !word.ends_with("tsan"));
    };
    assert_unsettled(&rewritten_for("no-tsan", "no-tsan", hidden), "no-tsan");
}
