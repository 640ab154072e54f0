//! `artefact`: what is wrong with a release before any patch is looked at.

use patchproof_testkit::made::{Content, MadeApp};
use patchproof_tests::bench::{Ran, check};

use crate::apps::{Apps, android};

/// Changes the release and its patched build alike, and answers the run over them.
fn both(change: impl Fn(&mut MadeApp)) -> Ran {
    let mut apps = Apps::new();
    change(&mut apps.release);
    change(&mut apps.patched);
    apps.in_apks().verify(&[])
}

#[test]
fn a_library_in_the_folder_of_another_abi_breaks() {
    let ran = both(|app| {
        let other = app.abis["x86_64"].dart.clone();
        app.abis.get_mut("arm64-v8a").unwrap().dart = other;
    });
    check(&ran, 1, &["broken at artefact", "PP306"]);
}

#[test]
fn an_app_without_a_dart_library_is_undecided_and_says_so() {
    let apps = Apps::new();
    let mut release = apps.release.clone();
    release.abis.clear();
    apps.bench.put("release.apk", &release.apk());
    apps.bench.put("patched.apk", &apps.patched.apk());
    apps.patches();
    check(
        &apps.verify(&[]),
        2,
        &["PP307", "release.apk (apk) holds no libapp.so"],
    );
}

#[test]
fn a_debug_build_is_told_apart_from_an_app_without_dart() {
    let apps = Apps::new();
    let mut release = apps.release.clone();
    release.abis.clear();
    release
        .assets
        .insert("kernel_blob.bin".to_owned(), vec![0x90, 0xab, 0xcd, 0xef]);
    apps.bench.put("release.apk", &release.apk());
    apps.bench.put("patched.apk", &apps.patched.apk());
    apps.patches();
    check(&apps.verify(&[]), 2, &["PP307", "is a debug build"]);
}

#[test]
fn a_debuggable_app_is_warned_of() {
    let ran = both(|app| app.debuggable = Some(true));
    check(&ran, 0, &["PP308", "debuggable"]);
}

#[test]
fn a_profile_build_is_warned_of() {
    let profile = |snapshot: patchproof_testkit::made::MadeSnapshot| {
        let features = String::from_utf8(snapshot.isolate.features.clone()).unwrap();
        snapshot.with_features(&features.replacen("product", "release", 1))
    };
    let mut apps = Apps::new();
    for (app, edited) in [(&mut apps.release, false), (&mut apps.patched, true)] {
        for (abi, libraries) in &mut app.abis {
            let snapshot = profile(android(abi));
            libraries.engine = patchproof_testkit::made::MadeEngine::accepting(&snapshot).build();
            let snapshot = if edited { snapshot.edited(7) } else { snapshot };
            libraries.dart = snapshot.build();
        }
    }
    check(
        &apps.in_apks().verify(&[]),
        0,
        &["PP308", "not built in product mode"],
    );
}

#[test]
fn splits_of_two_versions_break() {
    let apps = Apps::new();
    apps.patches();
    let mut other = apps.release.clone();
    other.version_code = 46;
    for (app, folder) in [(&apps.release, "release"), (&apps.patched, "patched")] {
        std::fs::create_dir(apps.bench.path(folder)).unwrap();
        for (name, bytes) in app.split_apks() {
            apps.bench.put(&format!("{folder}/{name}"), &bytes);
        }
    }
    let (name, bytes) = other.split_apks().pop().unwrap();
    apps.bench.put(&format!("release/{name}"), &bytes);
    let named = ["--release", "release", "--patched", "patched"];
    let ran = apps.verify_only(&[&named[..], &crate::apps::PATCHES].concat());
    check(&ran, 1, &["broken at artefact", "PP309", "46"]);
}

#[test]
fn a_release_that_is_stripped_beside_a_build_that_is_not_is_warned_of() {
    let mut apps = Apps::new();
    for (abi, libraries) in &mut apps.release.abis {
        let mut snapshot = android(abi);
        snapshot.stripped = true;
        libraries.dart = snapshot.build();
    }
    check(&apps.in_apks().verify(&[]), 0, &["PP310", "not stripped"]);
}

#[test]
fn an_archive_with_two_readings_is_refused_with_the_reason() {
    let apps = Apps::new().in_apks();
    let mut zip = apps.release.apk_zip();
    let first = zip.entries[0].clone();
    zip.entries.push(first);
    apps.bench.put("release.apk", &zip.build());
    check(&apps.verify(&[]), 2, &["PP311", "undecided: artefact"]);
}

#[test]
fn a_manifest_that_cannot_be_read_is_warned_of() {
    let mut apps = Apps::new();
    apps.release.strings = patchproof_testkit::made::Strings::Utf8;
    let apps = apps.in_apks();
    for name in ["release.apk", "patched.apk"] {
        let app = if name == "release.apk" {
            &apps.release
        } else {
            &apps.patched
        };
        let mut zip = app.apk_zip();
        for entry in &mut zip.entries {
            if entry.name == b"AndroidManifest.xml" {
                entry.content = Content::Stored(b"no manifest".to_vec());
            }
        }
        apps.bench.put(name, &zip.build());
    }
    check(&apps.verify(&[]), 0, &["PP312"]);
}

#[test]
fn a_folder_with_two_builds_is_not_guessed_at() {
    let apps = Apps::new().in_apks();
    std::fs::create_dir(apps.bench.path("out")).unwrap();
    apps.bench.put("out/app-release.apk", &apps.release.apk());
    apps.bench
        .put("out/app-staging-release.apk", &apps.patched.apk());
    let args = ["--release", "out", "--patched", "patched.apk"];
    let ran = apps.verify_only(&[&args[..], &crate::apps::PATCHES].concat());
    check(&ran, 2, &["PP313", "app-staging-release.apk"]);
}
