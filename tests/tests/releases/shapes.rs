//! Every shape of a release goes through the whole chain.

use std::io;
use std::path::Path;

use patchproof_testkit::made::MadeApp;
use patchproof_tests::bench::{Ran, check, patch};

use crate::apps::{Apps, PATCHES};

/// Writes both apps under the two names by `lay`, and verifies them with these patches.
fn over(apps: &Apps, lay: impl Fn(&MadeApp, &Path) -> io::Result<()>, patches: &[&str]) -> Ran {
    for (app, name) in [(&apps.release, "release"), (&apps.patched, "patched")] {
        lay(app, &apps.bench.path(name)).expect("an empty folder can be written to");
    }
    let named = ["--release", "release", "--patched", "patched"];
    apps.verify_only(&[&named[..], patches].concat())
}

fn file(bytes: fn(&MadeApp) -> Vec<u8>) -> impl Fn(&MadeApp, &Path) -> io::Result<()> {
    move |app, path| std::fs::write(path, bytes(app))
}

#[test]
fn android_archives_are_verified() {
    let apps = Apps::new();
    apps.patches();
    type Bytes = fn(&MadeApp) -> Vec<u8>;
    let shapes: [(&str, Bytes); 4] = [
        ("apk", MadeApp::apk),
        ("aab", MadeApp::aab),
        ("apks", MadeApp::apks),
        ("aar", MadeApp::aar),
    ];
    for (shape, bytes) in shapes {
        let ran = over(&apps, file(bytes), &PATCHES);
        assert!(ran.stdout.contains("verified: 5 of 8"), "{shape}: {ran:?}");
        assert_eq!(ran.code, 0, "{shape}");
    }
}

#[test]
fn a_folder_of_split_apks_is_verified() {
    let apps = Apps::new();
    apps.patches();
    let lay = |app: &MadeApp, folder: &Path| {
        std::fs::create_dir_all(folder)?;
        let mut splits = app.split_apks().into_iter();
        splits.try_for_each(|(name, bytes)| std::fs::write(folder.join(name), bytes))
    };
    check(&over(&apps, lay, &PATCHES), 0, &["verified: 5 of 8"]);
}

#[test]
fn gradles_output_folder_is_verified() {
    let apps = Apps::new();
    apps.patches();
    let ran = over(&apps, MadeApp::gradle_output, &PATCHES);
    check(&ran, 0, &["verified: 5 of 8"]);
}

#[test]
fn desktop_and_apple_folders_are_verified() {
    type Lay = fn(&MadeApp, &Path) -> io::Result<()>;
    type Dart = fn(&MadeApp) -> &Vec<u8>;
    let shapes: [(&str, Lay, Dart); 4] = [
        ("linux", MadeApp::linux_bundle, |app| &app.linux.dart),
        ("windows", MadeApp::windows_folder, |app| &app.windows.dart),
        ("macos", MadeApp::macos_app, |app| &app.macos.dart),
        ("ios", MadeApp::ios_app, |app| &app.ios.dart),
    ];
    for (shape, lay, dart) in shapes {
        let apps = Apps::new();
        let bytes = patch(dart(&apps.release), dart(&apps.patched));
        apps.bench.put("one.patch", &bytes);
        let ran = over(&apps, lay, &["--patch", "one.patch"]);
        // A Windows engine is no container that can be read here, and says so.
        let expected = if shape == "windows" { 2 } else { 0 };
        assert_eq!(ran.code, expected, "{shape}: {ran:?}");
    }
}

#[test]
fn a_zip_of_a_bundle_is_verified() {
    let apps = Apps::new();
    let bytes = patch(&apps.release.linux.dart, &apps.patched.linux.dart);
    apps.bench.put("one.patch", &bytes);
    let ran = over(
        &apps,
        file(MadeApp::zip_of_bundle),
        &["--patch", "one.patch"],
    );
    check(&ran, 0, &["verified: 5 of 8"]);
}

#[test]
fn a_release_and_a_patched_build_of_different_shapes_are_undecided() {
    let apps = Apps::new();
    apps.patches();
    apps.bench.put("release.aab", &apps.release.aab());
    apps.bench.put("patched.apk", &apps.patched.apk());
    let named = ["--release", "release.aab", "--patched", "patched.apk"];
    let ran = apps.verify_only(&[&named[..], &PATCHES].concat());
    check(&ran, 2, &["undecided: surroundings", "PP511"]);
}

#[test]
fn a_bare_library_stands_for_its_abi_in_a_rebuild() {
    let apps = Apps::new();
    apps.bench.put("release.aab", &apps.release.aab());
    apps.bench
        .put("libapp.so", &apps.release.abis["x86_64"].dart);
    let args = [
        "--release",
        "release.aab",
        "--rebuilt",
        "libapp.so",
        "--abi",
        "x86_64",
    ];
    check(&apps.verify_only(&args), 0, &["verified: 2 of 8 links"]);
}
