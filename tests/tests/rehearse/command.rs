//! The command as a process.

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::bench::{Bench, check};
use serde_json::Value;

use crate::bench;

/// A bench with a second patch of the same release.
fn with_two_patches() -> Bench {
    let bench = bench();
    let release = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split);
    bench.put("third.so", &release.edited(2).build());
    make(&bench, "third.so", "third.patch");
    bench
}

fn make(bench: &Bench, new: &str, patch: &str) {
    check(
        &bench.run(&["diff", "release.so", new, "-o", patch]),
        0,
        &[],
    );
}

fn json(bench: &Bench, args: &[&str]) -> (i32, Value) {
    let mut all = vec!["rehearse", "--format", "json"];
    all.extend(args);
    let ran = bench.run(&all);
    (ran.code, serde_json::from_str(&ran.stdout).unwrap())
}

#[test]
fn two_patches_are_rehearsed_and_shown_to_a_person() {
    let bench = with_two_patches();
    let ran = bench.run(&["rehearse", "release.so", "good.patch", "third.patch"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn every_disk_is_counted_under_what_booted_on_it() {
    let (code, answer) = json(&bench(), &["release.so", "good.patch"]);
    assert_eq!((code, answer["verdict"].as_str()), (0, Some("held")));
    let booted = ["bundled", "earlier", "newest", "other"].map(|it| answer["booted"][it].as_u64());
    let [bundled, earlier, newest, other] = booted.map(Option::unwrap);
    assert_eq!((earlier, other), (0, 0));
    assert!(bundled > 0 && newest > 0);
    assert_eq!(answer["totals"]["images"].as_u64(), Some(bundled + newest));
}

#[test]
fn before_an_install_is_acknowledged_the_release_may_boot_and_after_it_only_the_patch() {
    let (_, answer) = json(&bench(), &["release.so", "good.patch"]);
    let points = answer["crash_points"].as_array().unwrap();
    let of = |scene: u64| {
        let all = points.iter().filter(move |point| point["scene"] == scene);
        all.map(|point| {
            (
                point["booted"]["bundled"].as_u64(),
                point["booted"]["newest"].as_u64(),
            )
        })
    };
    assert!(of(2).any(|(bundled, newest)| bundled > Some(0) && newest > Some(0)));
    assert!(of(5).count() > 0);
    assert!(of(5).all(|(bundled, newest)| bundled == Some(0) && newest > Some(0)));
}

#[test]
fn the_same_files_give_the_same_answer() {
    let bench = bench();
    let args = ["release.so", "good.patch"];
    assert_eq!(json(&bench, &args), json(&bench, &args));
}

#[test]
fn a_malformed_patch_is_a_real_difference() {
    let bench = bench();
    bench.put("text.patch", b"no patch at all");
    check(
        &bench.run(&["rehearse", "release.so", "text.patch"]),
        1,
        &["PP202", "broken"],
    );
}

#[test]
fn a_patch_over_another_base_is_told_as_such() {
    let bench = bench();
    let other = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split);
    bench.put("other.so", &other.build());
    let made = [
        "diff",
        "other.so",
        "patched.so",
        "-o",
        "x",
        "--container",
        "patchproof",
    ];
    check(&bench.run(&made), 0, &[]);
    check(
        &bench.run(&["rehearse", "release.so", "x"]),
        5,
        &["PP201", "broken"],
    );
}

#[test]
fn a_patch_to_a_library_that_the_engine_refuses_is_incompatible() {
    let bench = bench();
    let other = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Unified);
    bench.put("other.so", &other.build());
    make(&bench, "other.so", "x");
    check(
        &bench.run(&["rehearse", "release.so", "x"]),
        6,
        &["PP115", "broken"],
    );
}

#[test]
fn two_patches_with_one_result_cannot_be_rehearsed() {
    let ran = bench().run(&["rehearse", "release.so", "good.patch", "good.patch"]);
    check(&ran, 2, &["PP608", "give the same library", "undecided"]);
}

#[test]
fn an_abi_that_is_not_there_is_undecided_and_named() {
    let ran = bench().run(&["rehearse", "release.so", "good.patch", "--abi", "arm64-v8a"]);
    check(
        &ran,
        2,
        &["arm64-v8a is to be rehearsed, and the release is for x86_64"],
    );
}

#[test]
fn a_patch_that_cannot_be_read_is_undecided() {
    let ran = bench().run(&["rehearse", "release.so", "nothing.patch"]);
    check(&ran, 2, &["nothing.patch cannot be read", "undecided"]);
}
