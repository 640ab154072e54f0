//! Pages and schemas that are generated from code: what is checked in is what the code says.
//!
//! To renew them after a change: `PATCHPROOF_BLESS=1 cargo test -p patchproof-tests --test
//! generated`, then read the difference.

use std::fs;
use std::path::Path;

use patchproof_report::{comparison_schema, report_schema, rules_page};
use patchproof_testkit::{figures, soundness};
use patchproof_tests::bench::Bench;
use serde_json::Value;

/// Compares a checked-in file with what the code says; with `PATCHPROOF_BLESS=1` writes it.
fn same_as_checked_in(path: &str, now: &str) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("this package lies in a folder of the repository");
    let path = root.join(path);
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        fs::write(&path, now).expect("a file of the repository can be written");
    }
    let checked_in = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == now,
        "{} is not what the code says; see the top of this test",
        path.display()
    );
}

fn pretty(schema: &schemars::Schema) -> String {
    serde_json::to_string_pretty(schema).expect("a schema is JSON") + "\n"
}

#[test]
fn the_rules_page_is_the_catalogue() {
    same_as_checked_in("docs/rules.md", &rules_page());
}

#[test]
fn the_readmes_figures_are_the_pinned_ones() {
    let shown = shown_in_the_readme("<!-- figures -->\n", "<!-- figures: end -->");
    let pinned = figures::pinned().expect("docs/figures.toml is a table of numbers");
    assert_eq!(shown, figures::table(&pinned).trim());
}

/// What stands in the README between two markers.
fn shown_in_the_readme(start: &str, end: &str) -> String {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let readme = fs::read_to_string(root.join("README.md")).expect("the README is there");
    let (_, rest) = readme.split_once(start).expect("its marker is there");
    let (shown, _) = rest.split_once(end).expect("its end is there");
    shown.trim().to_owned()
}

#[test]
fn the_readmes_confusion_matrix_is_the_pinned_one() {
    let shown = shown_in_the_readme("<!-- soundness -->\n", "<!-- soundness: end -->");
    let pinned = soundness::pinned().expect("docs/soundness.toml is a table of numbers");
    assert_eq!(shown, soundness::table(&pinned).trim());
}

#[test]
fn the_page_of_soundness_is_the_pinned_one() {
    let pinned = soundness::pinned().expect("docs/soundness.toml is a table of numbers");
    same_as_checked_in("docs/soundness.md", &soundness::page(&pinned));
}

#[test]
fn the_reports_schema_is_the_one_checked_in() {
    same_as_checked_in("docs/schemas/report.schema.json", &pretty(&report_schema()));
}

#[test]
fn the_comparisons_schema_is_the_one_checked_in() {
    same_as_checked_in(
        "docs/schemas/comparison.schema.json",
        &pretty(&comparison_schema()),
    );
}

/// What a validator that knows nothing of our types says of our output.
fn check_against(schema: &schemars::Schema, printed: &str) {
    let schema = serde_json::to_value(schema).expect("a schema is JSON");
    let validator = jsonschema::validator_for(&schema).expect("our schema is one");
    let value: Value = serde_json::from_str(printed).expect("JSON was asked for");
    let problems: Vec<String> = validator
        .iter_errors(&value)
        .map(|e| e.to_string())
        .collect();
    assert!(problems.is_empty(), "{problems:#?}\n{printed}");
    let empty = serde_json::json!({});
    assert!(!validator.is_valid(&empty), "the schema takes anything");
}

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}

#[test]
fn every_state_of_a_report_is_of_its_schema() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    for (option, value) in [
        ("--patch", "good.patch"),
        ("--patch", "text.patch"),
        ("--patch", ""),
        ("--release", "not-there"),
        ("--patched", "engine.so"),
        ("--patched", "release.so"),
    ] {
        let ran = bench.verify(&[(option, value), ("--format", "json")]);
        check_against(&report_schema(), &ran.stdout);
    }
}

#[test]
fn every_comparison_is_of_its_schema() {
    let bench = bench();
    for args in [
        &["compare", "release.so", "patched.so", "--format", "json"][..],
        &[
            "compare",
            "release.so",
            "patched.so",
            "--engine",
            "engine.so",
            "--format",
            "json",
        ],
    ] {
        check_against(&comparison_schema(), &bench.run(args).stdout);
    }
}
