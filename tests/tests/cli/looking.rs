//! `inspect` and `compare`: what a file is, and whether one may replace another.

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::bench::check;
use serde_json::Value;

use crate::bench;

#[test]
fn inspect_tells_each_kind_of_file_apart() {
    let bench = bench();
    bench.put("text.so", b"no library at all");
    let ran = bench.run(&[
        "inspect",
        "release.so",
        "engine.so",
        "good.patch",
        "text.so",
    ]);
    check(&ran, 2, &[]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn inspect_json_is_a_line_a_file_in_the_order_given() {
    let bench = bench();
    let ran = bench.run(&[
        "inspect",
        "--format",
        "json",
        "good.patch",
        "not-there",
        "release.so",
        "engine.so",
    ]);
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let of = |name: &str| -> Vec<&str> {
        lines
            .iter()
            .map(|line| line[name].as_str().unwrap_or_default())
            .collect()
    };
    assert_eq!(
        of("path"),
        ["good.patch", "not-there", "release.so", "engine.so"]
    );
    assert_eq!(of("kind"), ["patch", "unreadable", "snapshot", "engine"]);
    assert!(lines[1]["error"].as_str().unwrap().contains("No such file"));
    assert_eq!(ran.code, 2);
}

#[test]
fn inspect_json_of_a_snapshot_has_every_fact_by_its_fixed_name() {
    let ran = bench().run(&["inspect", "--format", "json", "release.so"]);
    let facts: Value = serde_json::from_str(&ran.stdout).unwrap();
    insta::assert_json_snapshot!(facts);
}

#[test]
fn inspect_without_a_file_is_a_usage_error() {
    check(&bench().run(&["inspect"]), 2, &["<FILE>"]);
}

#[test]
fn inspect_names_an_archive_for_what_it_is() {
    let bench = bench();
    bench.put("app.apk", b"PK\x03\x04 and so on");
    check(
        &bench.run(&["inspect", "app.apk"]),
        2,
        &["a zip archive", "unzip"],
    );
}

#[test]
fn compare_finds_a_file_identical_to_itself() {
    check(
        &bench().run(&["compare", "release.so", "release.so"]),
        0,
        &["identical"],
    );
}

#[test]
fn compare_finds_neighbouring_builds_compatible() {
    let ran = bench().run(&[
        "compare",
        "release.so",
        "patched.so",
        "--engine",
        "engine.so",
    ]);
    check(&ran, 0, &["compatible"]);
}

#[test]
fn compare_finds_another_compiler_incompatible() {
    let bench = bench();
    let other = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Unified);
    bench.put("other.so", &other.build());
    let ran = bench.run(&["compare", "release.so", "other.so", "--engine", "engine.so"]);
    check(&ran, 6, &["incompatible", "PP115", "PP111", "PP125"]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn compare_json_has_the_verdict_and_whole_findings() {
    let bench = bench();
    let other = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split);
    bench.put("other.so", &other.build());
    let ran = bench.run(&["compare", "--format", "json", "release.so", "other.so"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, answer["verdict"].as_str()),
        (6, Some("incompatible"))
    );
    for field in ["rule", "severity", "message", "expected", "found", "remedy"] {
        assert!(answer["findings"][0].get(field).is_some(), "{field}");
    }
}

#[test]
fn compare_cannot_decide_over_a_file_that_is_no_snapshot() {
    let bench = bench();
    bench.put("text.so", b"no library at all");
    check(
        &bench.run(&["compare", "release.so", "text.so"]),
        2,
        &["PP302", "text.so cannot be read: not an ELF", "undecided"],
    );
    check(
        &bench.run(&["compare", "release.so", "not-there.so"]),
        2,
        &["not-there.so"],
    );
    let ran = bench.run(&["compare", "release.so", "patched.so", "--engine", "text.so"]);
    check(
        &ran,
        2,
        &["PP302", "text.so cannot be read: not an ELF", "undecided"],
    );
}

#[test]
fn compare_json_is_json_even_where_nothing_can_be_decided() {
    let ran = bench().run(&["compare", "release.so", "not-there.so", "--format", "json"]);
    let answer: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.code, answer["verdict"].as_str()),
        (2, Some("undecided"))
    );
    assert_eq!(answer["findings"][0]["rule"], "PP302");
}
