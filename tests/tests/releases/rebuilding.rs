//! `rebuild` over whole builds: identical, equivalent, different, and what differs beside it.

use patchproof_testkit::made::{MadeApp, MadeSnapshot};
use patchproof_tests::bench::{Ran, check};

use crate::apps::{Apps, android};

/// A release whose libraries have build ids, and the run over it and a rebuild of it.
fn rebuilt(change: impl FnOnce(&mut MadeApp), more: &[&str]) -> Ran {
    let apps = Apps::new();
    let mut release = apps.release.clone();
    for (abi, libraries) in &mut release.abis {
        libraries.dart = with_build_id(abi, 1).build();
    }
    let mut rebuilt = release.clone();
    change(&mut rebuilt);
    apps.bench.put("release.apk", &release.apk());
    apps.bench.put("rebuilt.apk", &rebuilt.apk());
    let named = ["--release", "release.apk", "--rebuilt", "rebuilt.apk"];
    apps.verify_only(&[&named[..], more].concat())
}

fn with_build_id(abi: &str, byte: u8) -> MadeSnapshot {
    let mut snapshot = android(abi);
    snapshot.build_id = Some(vec![byte; 16]);
    snapshot
}

#[test]
fn a_release_and_its_rebuild_alone_need_two_links() {
    check(&rebuilt(|_| (), &[]), 0, &["verified: 2 of 8 links"]);
}

#[test]
fn a_rebuild_with_another_build_id_is_equivalent_only() {
    let ran = rebuilt(other_build_ids, &[]);
    check(&ran, 3, &["PP402", "--accept build-id"]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn an_accepted_equivalence_is_verified_and_noted() {
    let ran = rebuilt(other_build_ids, &["--accept", "build-id"]);
    check(&ran, 0, &["PP403", "verified: 2 of 8 links"]);
}

fn other_build_ids(app: &mut MadeApp) {
    for (abi, libraries) in &mut app.abis {
        libraries.dart = with_build_id(abi, 2).build();
    }
}

#[test]
fn one_abi_that_really_differs_outweighs_the_equivalent_ones() {
    let ran = rebuilt(
        |app| {
            other_build_ids(app);
            app.abis.get_mut("x86_64").unwrap().dart =
                with_build_id("x86_64", 2).with_payload_seed(9).build();
        },
        &[],
    );
    check(&ran, 1, &["PP401", "PP402"]);
}

#[test]
fn an_equivalence_that_nobody_knows_is_a_usage_error() {
    check(
        &rebuilt(|_| (), &["--accept", "timestamps"]),
        2,
        &["build-id"],
    );
}

#[test]
fn a_rebuild_without_an_abi_is_undecided() {
    let ran = rebuilt(|app| drop(app.abis.remove("x86_64")), &[]);
    check(&ran, 2, &["undecided: rebuild", "PP305"]);
}

#[test]
fn the_patched_build_named_as_the_rebuild_is_recognised() {
    let apps = Apps::new().in_apks();
    check(&apps.verify(&["--rebuilt", "patched.apk"]), 1, &["PP419"]);
}

#[test]
fn a_required_rebuild_that_was_not_given_is_missing() {
    let apps = Apps::new().in_apks();
    check(
        &apps.verify(&["--require", "rebuild"]),
        2,
        &["missing: rebuild", "--rebuilt"],
    );
}

#[test]
fn what_differs_beside_the_library_is_noted_with_its_usual_cause() {
    type Change = fn(&mut MadeApp);
    let changes: [(&str, &str, Change); 6] = [
        ("PP432", "NativeAssetsManifest.json", |app| {
            app.assets
                .insert("NativeAssetsManifest.json".to_owned(), b"{}".to_vec());
        }),
        ("PP433", "META-INF/version-control-info.textproto", |app| {
            let name = "version-control-info.textproto".to_owned();
            app.meta_inf.insert(name, b"revision".to_vec());
        }),
        ("PP435", "classes.dex", |app| app.dex[0].push(0)),
        ("PP437", "assets/flutter_assets/new.png", |app| {
            app.assets.insert("new.png".to_owned(), vec![1]);
        }),
        ("PP438", "META-INF/CERT.SF", |app| {
            app.meta_inf.insert("CERT.SF".to_owned(), b"other".to_vec());
        }),
        ("PP431", "lib/x86_64/libdartjni.so", |app| {
            let jni = with_build_id("x86_64", 3).build();
            let libraries = app.abis.get_mut("x86_64").unwrap();
            libraries.others.insert("libdartjni.so".to_owned(), jni);
        }),
    ];
    for (rule, path, change) in changes {
        let apps = Apps::new();
        let mut release = apps.release.clone();
        let jni = with_build_id("x86_64", 1).build();
        let libraries = release.abis.get_mut("x86_64").unwrap();
        libraries.others.insert("libdartjni.so".to_owned(), jni);
        let mut rebuilt = release.clone();
        change(&mut rebuilt);
        apps.bench.put("release.apk", &release.apk());
        apps.bench.put("rebuilt.apk", &rebuilt.apk());
        let ran = apps.verify_only(&["--release", "release.apk", "--rebuilt", "rebuilt.apk"]);
        check(&ran, 0, &[rule, path]);
    }
}
