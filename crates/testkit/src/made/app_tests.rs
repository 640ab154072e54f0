//! The same app has the same contents in whatever it is packed as.

use std::fs;

use sha2::{Digest, Sha256};

use super::zip_tests::read;
use super::{Files, MadeApp, MadeProtoXml, Strings};

fn unzip(file: &[u8]) -> Files {
    read(file).into_iter().collect()
}

fn assert_has(files: &Files, path: &str, content: &[u8]) {
    assert_eq!(files.get(path).map(Vec::as_slice), Some(content), "{path}");
}

#[test]
fn every_archive_has_the_library_where_its_tools_put_it() {
    let made = MadeApp::new();
    let arm64 = &made.abis["arm64-v8a"].dart;
    assert_has(&unzip(&made.apk()), "lib/arm64-v8a/libapp.so", arm64);
    assert_has(&unzip(&made.aab()), "base/lib/arm64-v8a/libapp.so", arm64);
    assert_has(&unzip(&made.aar()), "jni/arm64-v8a/libapp.so", arm64);
    let linux = &made.linux.dart;
    assert_has(&unzip(&made.zip_of_bundle()), "lib/libapp.so", linux);
    let ios = "Payload/Runner.app/Frameworks/App.framework/App";
    assert_has(&unzip(&made.ipa()), ios, &made.ios.dart);
}

#[test]
fn the_splits_hold_together_what_the_apk_holds() {
    let made = MadeApp::new();
    let mut together = Files::new();
    for (name, split) in made.split_apks().into_iter().rev() {
        together.extend(unzip(&split));
        assert!(name == "base.apk" || !together.contains_key("classes.dex"));
    }
    assert_eq!(together, unzip(&made.apk()));
}

#[test]
fn the_set_holds_the_splits() {
    let made = MadeApp::new();
    let set = unzip(&made.apks());
    let splits = made.split_apks();
    assert_has(&set, "splits/base-master.apk", &splits[0].1);
    assert_has(&set, "splits/base-arm64_v8a.apk", &splits[1].1);
}

#[test]
fn every_folder_has_the_library_where_its_system_looks() {
    let made = MadeApp::new();
    let folder = tempfile::tempdir().unwrap();
    let at = |path: &str| fs::read(folder.path().join(path)).unwrap();
    made.linux_bundle(&folder.path().join("linux")).unwrap();
    assert_eq!(at("linux/lib/libapp.so"), made.linux.dart);
    made.windows_folder(&folder.path().join("windows")).unwrap();
    assert_eq!(at("windows/data/app.so"), made.windows.dart);
    made.macos_app(folder.path()).unwrap();
    let app = "made.app/Contents/Frameworks/App.framework";
    assert_eq!(at(&format!("{app}/Versions/A/App")), made.macos.dart);
    made.ios_app(folder.path()).unwrap();
    assert_eq!(at("Runner.app/Frameworks/App.framework/App"), made.ios.dart);
}

#[cfg(unix)]
#[test]
fn a_framework_of_macos_is_reached_by_its_links() {
    let made = MadeApp::new();
    let folder = tempfile::tempdir().unwrap();
    made.macos_app(folder.path()).unwrap();
    let link = "made.app/Contents/Frameworks/App.framework/App";
    let content = fs::read(folder.path().join(link)).unwrap();
    assert_eq!(content, made.macos.dart);
}

/// What `aapt`, `aapt2` and `pyaxmlparser` read, byte for byte; when it changes, ask them again.
#[test]
fn the_manifests_are_those_that_other_tools_read() {
    let mut made = MadeApp::new();
    let utf16 = made.axml(made.manifest_element());
    made.strings = Strings::Utf8;
    let utf8 = made.axml(made.manifest_element());
    let found = [utf16, utf8, made.proto_xml()].map(|file| hex::encode(Sha256::digest(file)));
    assert_eq!(found, MANIFESTS);
}

#[test]
fn a_manifest_without_the_texts_of_numbers_is_shorter() {
    let mut made = MadeProtoXml::new(MadeApp::new().manifest_element());
    let full = made.build();
    made.untold = true;
    assert!(made.build().len() < full.len());
}

const MANIFESTS: [&str; 3] = [
    "d726928f37519ee12e0cf92e32152469586fd1f88405a1586efc4f64291dde35",
    "352252d49a67666a6c18845bbecb5e7d9450b7bcf2559b23e0e598fb30e704c1",
    "61e79a166d5b233b5382e7e4d149ffebfdc9b45ec663b1aa06e2ac1b35557afe",
];
