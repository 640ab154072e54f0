//! `diff`, `apply` and `explain`, and what every command's output has in common.

use patchproof_testkit::made::Shifted;
use patchproof_tests::bench::{Bench, Ran, check};

use crate::bench;

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
    check(&ran, 2, &["the shorebird container has zstd only"]);
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
        "rehearse",
        "explain",
    ] {
        pages.push_str(&format!(
            "\n=== {command}\n{}",
            bench.run(&[command, "--help"]).stdout
        ));
    }
    insta::assert_snapshot!(pages.replace("patchproof_under_test", "patchproof"));
}

/// `diff` into the `patchproof` container, with more arguments.
fn diff_into(bench: &Bench, base: &str, new: &str, patch: &str, more: &[&str]) -> Ran {
    let args = ["diff", base, new, "-o", patch, "--container", "patchproof"];
    bench.run(&[&args[..], more].concat())
}

#[test]
fn a_patch_in_our_container_goes_through_diff_inspect_and_apply_with_every_codec() {
    for codec in ["zstd", "brotli", "auto"] {
        let bench = bench();
        let made = diff_into(&bench, "release.so", "patched.so", "p", &["--codec", codec]);
        check(&made, 0, &["sha256"]);
        let ran = bench.run(&["inspect", "p", "--format", "json"]);
        check(
            &ran,
            0,
            &["\"container\":\"patchproof\"", "\"base_sha256\""],
        );
        check(
            &bench.run(&["apply", "release.so", "p", "-o", "out.so"]),
            0,
            &["sha256"],
        );
        assert_eq!(bench.get("out.so"), bench.get("patched.so"), "{codec}");
    }
}

#[test]
fn inspect_shows_a_person_where_the_bytes_of_a_patch_go() {
    let bench = bench();
    check(
        &diff_into(&bench, "release.so", "patched.so", "p", &[]),
        0,
        &[],
    );
    let ran = bench.run(&["inspect", "p"]);
    check(
        &ran,
        0,
        &[
            "container          patchproof",
            "where it goes",
            "literals",
            "#",
        ],
    );
}

/// A patch with the Dart-aware transform, and what `inspect` says of it.
fn inspected_with_the_transform(more: &[&str]) -> Ran {
    let bench = bench();
    bench.put("p", &Shifted::of_ids(20_000).patch);
    let ran = bench.run(&[&["inspect", "p"], more].concat());
    check(&ran, 0, &["references"]);
    ran
}

#[test]
fn inspect_shows_a_person_what_the_bytes_of_a_patch_with_the_transform_are_for() {
    insta::assert_snapshot!(inspected_with_the_transform(&[]).stdout);
}

#[test]
fn inspect_json_says_what_the_bytes_of_a_patch_with_the_transform_are_for() {
    let ran = inspected_with_the_transform(&["--format", "json"]);
    let facts: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    insta::assert_snapshot!(serde_json::to_string_pretty(&facts).unwrap());
    let sizes = facts["parts"].as_array().unwrap().iter();
    let told: u64 = sizes
        .map(|part| part["packed_size"].as_u64().unwrap())
        .sum();
    assert_eq!(facts["size"], told, "the parts are the patch");
}

#[test]
fn a_patch_with_the_transform_is_applied() {
    let bench = bench();
    let shifted = Shifted::of_ids(20_000);
    bench.put("base", &shifted.base);
    bench.put("p", &shifted.patch);
    check(&bench.run(&["apply", "base", "p", "-o", "out"]), 0, &[]);
    assert_eq!(bench.get("out"), shifted.new);
}

#[test]
fn a_patch_in_our_container_is_refused_over_another_base_before_it_is_followed() {
    let bench = bench();
    check(
        &diff_into(&bench, "release.so", "patched.so", "p", &[]),
        0,
        &[],
    );
    let ran = bench.run(&["apply", "engine.so", "p", "-o", "out.so"]);
    check(&ran, 5, &["the patch is for the base"]);
    assert!(!bench.path("out.so").exists());
}

#[test]
fn a_chain_gives_the_smaller_patch_and_says_against_what() {
    let bench = bench();
    let mut third = bench.get("patched.so");
    third.extend(b"one word more");
    bench.put("third.so", &third);
    check(
        &diff_into(&bench, "release.so", "patched.so", "first", &[]),
        0,
        &[],
    );
    let ran = diff_into(&bench, "release.so", "third.so", "p", &["--chain", "first"]);
    check(
        &ran,
        0,
        &["against what the chain gives; the other way takes"],
    );
    check(
        &bench.run(&["apply", "patched.so", "p", "-o", "out.so"]),
        0,
        &[],
    );
    assert_eq!(bench.get("out.so"), third);
}

#[test]
fn a_chain_that_does_not_follow_from_the_release_is_named() {
    let bench = bench();
    check(
        &diff_into(&bench, "patched.so", "release.so", "first", &[]),
        0,
        &[],
    );
    let ran = diff_into(
        &bench,
        "release.so",
        "patched.so",
        "p",
        &["--chain", "first"],
    );
    check(&ran, 2, &["first: the patch is for the base"]);
}

#[test]
fn a_new_file_that_has_nothing_of_its_base_is_held_whole_and_needs_none() {
    let bench = bench();
    bench.put("base", b"");
    check(&diff_into(&bench, "base", "patched.so", "p", &[]), 0, &[]);
    check(&bench.run(&["inspect", "p"]), 0, &["none is needed"]);
    check(
        &bench.run(&["apply", "engine.so", "p", "-o", "out.so"]),
        0,
        &[],
    );
    assert_eq!(bench.get("out.so"), bench.get("patched.so"));
}
