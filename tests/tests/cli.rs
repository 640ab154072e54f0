//! `inspect`, `compare`, `diff`, `apply` and `explain` as processes, over made files.

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::bench::{Bench, Ran};
use serde_json::Value;

fn bench() -> Bench {
    Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"))
}

fn check(ran: &Ran, code: i32, words: &[&str]) {
    let all = format!("{}\n{}", ran.stdout, ran.stderr);
    assert_eq!(ran.code, code, "{all}");
    for word in words {
        assert!(all.contains(word), "`{word}` is not in:\n{all}");
    }
}

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
        &["text.so: not an ELF"],
    );
    check(
        &bench.run(&["compare", "release.so", "not-there.so"]),
        2,
        &["not-there.so"],
    );
    let ran = bench.run(&["compare", "release.so", "patched.so", "--engine", "text.so"]);
    check(&ran, 2, &["text.so: not an ELF"]);
}

#[test]
fn diff_and_apply_give_the_new_file_again() {
    let bench = bench();
    check(
        &bench.run(&["diff", "release.so", "patched.so", "-o", "made.patch"]),
        0,
        &["sha256"],
    );
    check(
        &bench.run(&["apply", "release.so", "made.patch", "-o", "again.so"]),
        0,
        &["sha256"],
    );
    assert_eq!(bench.get("again.so"), bench.get("patched.so"));
}

#[test]
fn diff_gives_the_same_bytes_every_time() {
    let bench = bench();
    for name in ["one.patch", "two.patch"] {
        check(
            &bench.run(&["diff", "release.so", "patched.so", "-o", name]),
            0,
            &[],
        );
    }
    assert_eq!(bench.get("one.patch"), bench.get("two.patch"));
}

#[test]
fn another_codec_than_zstd_is_a_usage_error_in_the_shorebird_container() {
    let ran = bench().run(&[
        "diff",
        "release.so",
        "patched.so",
        "-o",
        "x",
        "--container",
        "shorebird",
        "--codec",
        "brotli",
    ]);
    check(&ran, 2, &["brotli"]);
}

#[test]
fn a_level_that_zstd_does_not_have_is_a_usage_error() {
    let ran = bench().run(&[
        "diff",
        "release.so",
        "patched.so",
        "-o",
        "x",
        "--level",
        "23",
    ]);
    check(&ran, 2, &["23"]);
}

#[test]
fn apply_writes_nothing_for_a_malformed_patch() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    let ran = bench.run(&["apply", "release.so", "text.patch", "-o", "out.so"]);
    check(
        &ran,
        1,
        &["text.patch: the patch is malformed", "nothing was written"],
    );
    assert!(!bench.path("out.so").exists());
}

#[test]
fn apply_says_that_a_base_is_too_short_for_its_patch() {
    let bench = bench();
    bench.put("short.so", &bench.get("release.so")[..100]);
    let ran = bench.run(&["apply", "short.so", "good.patch", "-o", "out.so"]);
    check(&ran, 5, &["the base has 100", "nothing was written"]);
}

#[test]
fn an_output_that_cannot_be_written_is_named() {
    let ran = bench().run(&[
        "apply",
        "release.so",
        "good.patch",
        "-o",
        "no/such/folder/out.so",
    ]);
    check(&ran, 2, &["no/such/folder/out.so"]);
}

#[test]
fn explain_prints_the_page_of_a_rule() {
    let ran = bench().run(&["explain", "pp201"]);
    check(&ran, 0, &["PP201", "Symptom", "Cause", "Remedy"]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn explain_lists_what_it_knows_for_an_unknown_rule() {
    check(
        &bench().run(&["explain", "PP999"]),
        2,
        &["PP999", "PP101", "PP304"],
    );
}

#[test]
fn output_that_is_no_terminal_has_no_escape_codes() {
    let bench = bench();
    for args in [
        &["explain", "PP111"][..],
        &["inspect", "release.so"],
        &["--help"],
    ] {
        assert!(!bench.run(args).stdout.contains('\u{1b}'), "{args:?}");
    }
}

#[test]
fn every_help_page_is_as_it_was_read_last() {
    let bench = bench();
    let mut pages = bench.run(&["--help"]).stdout;
    for command in [
        "inspect",
        "compare",
        "diff",
        "apply",
        "verify-release",
        "explain",
    ] {
        pages.push_str(&format!(
            "\n=== {command}\n{}",
            bench.run(&[command, "--help"]).stdout
        ));
    }
    insta::assert_snapshot!(pages.replace("patchproof_under_test", "patchproof"));
}
