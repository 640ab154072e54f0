//! `inspect` and `compare`: what a file is, and whether one may replace another.

use patchproof_testkit::made::{Container, Layout, Machine, MadeApp, MadeSnapshot};
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
fn inspect_json_of_an_archive_has_its_libraries_as_members() {
    let bench = bench();
    bench.put("app.apk", &MadeApp::new().apk());
    let ran = bench.run(&["inspect", "--format", "json", "app.apk"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    let facts: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(facts["kind"], "archive");
    assert_eq!(facts["app_id"], "dev.patchproof.made");
    let members = facts["members"].as_array().unwrap();
    let kinds: Vec<(&str, &str)> = members
        .iter()
        .map(|member| {
            (
                member["path"].as_str().unwrap(),
                member["kind"].as_str().unwrap(),
            )
        })
        .collect();
    let expected = ["arm64-v8a", "armeabi-v7a", "x86_64"].map(|abi| {
        [
            (format!("lib/{abi}/libapp.so"), "snapshot"),
            (format!("lib/{abi}/libflutter.so"), "engine"),
        ]
    });
    let expected = expected.concat();
    let expected: Vec<(&str, &str)> = expected
        .iter()
        .map(|(path, kind)| (path.as_str(), *kind))
        .collect();
    assert_eq!(kinds, expected);
}

#[test]
fn inspect_shows_an_app_folder_to_a_person() {
    let bench = bench();
    MadeApp::new().linux_bundle(&bench.path("bundle")).unwrap();
    let ran = bench.run(&["inspect", "bundle"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn inspect_of_an_archive_that_was_cut_short_is_undecided() {
    let bench = bench();
    bench.put("app.apk", b"PK\x03\x04 and so on");
    let ran = bench.run(&["inspect", "app.apk"]);
    check(&ran, 2, &["unreadable", "it has no end record"]);
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
