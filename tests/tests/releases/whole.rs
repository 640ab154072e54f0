//! A release of three ABIs: what each of them needs, and whose patch is whose.

use patchproof_testkit::made::MadeApp;
use patchproof_tests::bench::{check, patch};

use crate::apps::Apps;

#[test]
fn a_release_of_three_abis_is_verified_with_its_surroundings() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify(&[]);
    check(
        &ran,
        0,
        &["verified: 5 of 8 links, not asked: rebuild, statements, rehearsal"],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_abi_without_a_patch_is_named_and_undecided() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify_apks(&["--patch", "arm64-v8a=arm64-v8a.patch"]);
    check(&ran, 2, &["PP305", "armeabi-v7a", "x86_64", "missing"]);
}

#[test]
fn an_abi_without_a_patched_build_is_named_and_undecided() {
    let mut apps = Apps::new();
    apps.patched.abis.remove("armeabi-v7a");
    let apps = apps.in_apks();
    let args = [
        "--patch",
        "arm64-v8a=arm64-v8a.patch",
        "--patch",
        "x86_64=x86_64.patch",
    ];
    let ran = apps.verify_apks(&args);
    check(
        &ran,
        2,
        &[
            "PP305",
            "what --patched names has no library for armeabi-v7a",
        ],
    );
}

#[test]
fn an_abi_that_was_left_out_on_purpose_is_not_asked_for() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify_apks(&["--abi", "arm64-v8a", "--patch", "arm64-v8a.patch"]);
    check(&ran, 0, &["verified"]);
    assert!(!ran.stdout.contains("x86_64"), "{}", ran.stdout);
}

#[test]
fn a_patch_without_a_label_is_not_guessed_to_an_abi() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify_apks(&["--patch", "arm64-v8a.patch"]);
    check(&ran, 2, &["PP303", "--patch arm64-v8a=FILE"]);
}

#[test]
fn a_patch_for_an_abi_that_the_release_does_not_have_is_named() {
    let apps = Apps::new().in_apks();
    let ran = apps.verify(&["--patch", "riscv64=arm64-v8a.patch"]);
    check(&ran, 2, &["PP303", "arm64-v8a.patch is given for riscv64"]);
}

#[test]
fn the_patch_of_another_abi_is_recognised() {
    let apps = Apps::new().in_apks();
    let swapped = apps.bench.get("x86_64.patch");
    apps.bench.put("arm64-v8a.patch", &swapped);
    let ran = apps.verify(&[]);
    check(
        &ran,
        5,
        &[
            "PP201",
            "it is the patch for x86_64: it fits release.apk!/lib/x86_64",
        ],
    );
}

#[test]
fn a_patch_made_against_the_rebuild_is_recognised() {
    let apps = Apps::new().in_apks();
    let mut rebuilt = apps.release.clone();
    for (abi, libraries) in &mut rebuilt.abis {
        libraries.dart = crate::apps::android(abi).edited(3).build();
        let bytes = patch(&libraries.dart, &apps.patched.abis[abi].dart);
        apps.bench.put(&format!("{abi}.patch"), &bytes);
    }
    apps.bench.put("rebuilt.apk", &rebuilt.apk());
    let ran = apps.verify(&["--rebuilt", "rebuilt.apk"]);
    // The rebuild comes first in the chain and is a real difference.
    check(
        &ran,
        1,
        &[
            "broken at rebuild, base",
            "it was made against rebuilt.apk!/lib/arm64-v8a",
        ],
    );
}

#[test]
fn the_engine_beside_the_library_counts() {
    let mut apps = Apps::new();
    for app in [&mut apps.release, &mut apps.patched] {
        let other = MadeApp::new().abis["x86_64"].engine.clone();
        app.abis.get_mut("arm64-v8a").unwrap().engine = other;
    }
    let ran = apps.in_apks().verify(&[]);
    check(&ran, 6, &["broken at compatibility", "PP123"]);
}

#[test]
fn required_statements_are_still_undecided() {
    let ran = Apps::new().in_apks().verify(&["--require", "statements"]);
    check(&ran, 2, &["missing: statements"]);
}

#[test]
fn required_surroundings_of_bare_libraries_are_missing_and_say_what_helps() {
    let apps = Apps::new();
    let ran = apps.bench.verify(&[("--require", "surroundings")]);
    check(&ran, 2, &["missing: surroundings", "Name whole builds"]);
}
