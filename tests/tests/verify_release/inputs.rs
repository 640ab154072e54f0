//! Each input missing, unreadable or for another ABI: never a zero, and always named.

use patchproof_tests::bench::check;

use crate::bench;

#[test]
fn a_good_release_is_verified() {
    let ran = bench().verify(&[]);
    check(
        &ran,
        0,
        &["verified: 4 of 8 links, not asked: rebuild, surroundings, statements, rehearsal"],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_engine_is_not_needed() {
    check(
        &bench().verify(&[("--engine", "")]),
        0,
        &["verified: 4 of 8 links"],
    );
}

#[test]
fn an_empty_call_says_what_is_needed() {
    check(
        &bench().run(&["verify-release"]),
        2,
        &["--release <BUILD>", "--help"],
    );
}

#[test]
fn without_a_release_nothing_is_decided() {
    check(&bench().verify(&[("--release", "")]), 2, &["--release"]);
}

#[test]
fn without_the_patched_build_nothing_is_decided() {
    let ran = bench().verify(&[("--patched", "")]);
    check(
        &ran,
        2,
        &[
            "missing: compatibility, base, inflate",
            "needs `--patched`",
            "PP301",
        ],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn without_a_patch_nothing_is_decided() {
    let ran = bench().verify(&[("--patch", "")]);
    check(
        &ran,
        2,
        &["missing: base, inflate", "`base` needs `--patch`", "PP301"],
    );
}

#[test]
fn each_file_that_is_not_there_is_named_and_undecided() {
    for option in ["--release", "--patched", "--patch", "--engine"] {
        let ran = bench().verify(&[(option, "not-there.so")]);
        check(&ran, 2, &["PP302", "not-there.so", "undecided (exit 2)"]);
    }
}

#[test]
fn each_library_that_is_none_is_named_and_undecided() {
    let bench = bench();
    bench.put("text.so", b"no library at all");
    for option in ["--release", "--patched", "--engine"] {
        let ran = bench.verify(&[(option, "text.so"), ("--patch", "")]);
        check(&ran, 2, &["PP302", "text.so", "it starts with 6e6f206c"]);
    }
}

#[test]
fn an_abi_that_the_release_is_not_for_is_undecided() {
    check(
        &bench().verify(&[("--abi", "arm64-v8a")]),
        2,
        &["PP303", "`--abi arm64-v8a`"],
    );
}

#[test]
fn the_abi_that_the_release_is_for_changes_nothing() {
    check(
        &bench().verify(&[("--abi", "x86_64")]),
        0,
        &["verified: 4 of 8"],
    );
}

#[test]
fn an_abi_that_nobody_has_is_a_usage_error() {
    check(
        &bench().verify(&[("--abi", "mips")]),
        2,
        &["invalid value 'mips'", "arm64-v8a"],
    );
}

#[test]
fn a_patch_with_the_label_of_another_abi_is_undecided() {
    let ran = bench().verify(&[("--patch", "arm64-v8a=good.patch")]);
    check(
        &ran,
        2,
        &[
            "PP303",
            "good.patch is given for arm64-v8a, and the release is for x86_64",
        ],
    );
}

#[test]
fn a_patch_with_the_label_of_the_release_is_taken() {
    check(
        &bench().verify(&[("--patch", "x86_64=good.patch")]),
        0,
        &["verified"],
    );
}

#[test]
fn two_patches_for_one_abi_are_undecided() {
    let ran = bench().run(&[
        "verify-release",
        "--release",
        "release.so",
        "--patched",
        "patched.so",
        "--patch",
        "good.patch",
        "--patch",
        "x86_64=good.patch",
    ]);
    check(&ran, 2, &["PP303", "a second patch for x86_64"]);
}

#[test]
fn a_required_link_without_input_is_undecided_and_named() {
    let ran = bench().verify(&[("--require", "statements")]);
    check(
        &ran,
        2,
        &["missing: statements", "`--require statements`", "PP301"],
    );
}

#[test]
fn a_required_link_that_held_is_verified() {
    check(
        &bench().verify(&[("--require", "inflate")]),
        0,
        &["verified"],
    );
}

#[test]
fn a_link_that_nobody_knows_is_a_usage_error() {
    check(
        &bench().verify(&[("--require", "luck")]),
        2,
        &["invalid value 'luck'", "statements"],
    );
}
