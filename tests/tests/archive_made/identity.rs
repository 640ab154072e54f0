//! Which app a release is: what its manifests say, in each form that they have.

use std::collections::BTreeSet;

use patchproof_archive::{AppIdentity, Release};
use patchproof_testkit::made::{MadeApp, MadeEntry, MadeProtoXml, Strings};

fn app(name: &str, file: Vec<u8>) -> AppIdentity {
    let release = Release::from_bytes(name, file).unwrap_or_else(|error| panic!("{error}"));
    release.app().clone()
}

/// What a right manifest says.
#[track_caller]
fn assert_is(found: &AppIdentity, made: &MadeApp) {
    assert_eq!(found.app_id.as_ref(), Some(&made.app_id));
    assert_eq!(found.version_name.as_ref(), Some(&made.version_name));
    assert_eq!(found.version_code, Some(made.version_code));
    assert_eq!(found.debuggable, Some(made.debuggable.unwrap_or(false)));
    let permissions: BTreeSet<String> = made.permissions.iter().cloned().collect();
    assert_eq!(found.permissions, permissions);
    assert_eq!(found.unreadable, [""; 0]);
    assert_eq!(found.disagreements, [""; 0]);
}

/// An app whose every field differs from the usual one.
fn unusual() -> MadeApp {
    let mut made = MadeApp::new();
    made.app_id = "org.example.\u{fc}ber".to_owned();
    made.version_name = "2026.1-\u{3b2}\u{1f600} ".repeat(30);
    made.version_code = (3 << 32) | 0x8000_0007;
    made.debuggable = Some(true);
    made.permissions = vec![
        "android.permission.CAMERA".to_owned(),
        "android.permission.INTERNET".to_owned(),
        "android.permission.CAMERA".to_owned(),
    ];
    made
}

#[test]
fn an_apk_tells_its_app_in_either_encoding_of_strings() {
    for strings in [Strings::Utf16, Strings::Utf8] {
        for mut made in [MadeApp::new(), unusual()] {
            made.strings = strings;
            assert_is(&app("a.apk", made.apk()), &made);
        }
    }
}

#[test]
fn an_apk_that_says_that_it_is_not_debuggable_is_not() {
    let mut made = MadeApp::new();
    made.debuggable = Some(false);
    assert_is(&app("a.apk", made.apk()), &made);
}

#[test]
fn an_app_bundle_tells_its_app() {
    for made in [MadeApp::new(), unusual()] {
        assert_is(&app("a.aab", made.aab()), &made);
    }
}

#[test]
fn a_bundles_values_are_told_compiled_or_as_text_alone() {
    let made = unusual();
    for (uncompiled, untold) in [(true, false), (false, true), (false, false)] {
        let mut xml = MadeProtoXml::new(made.manifest_element());
        xml.uncompiled = uncompiled;
        xml.untold = untold;
        let mut zip = made.aab_zip();
        let path = "base/manifest/AndroidManifest.xml";
        *zip.entry(path).unwrap() = MadeEntry::deflated(path, &xml.build());
        let found = app("a.aab", zip.build());
        assert_eq!(found.app_id.as_ref(), Some(&made.app_id));
        assert_eq!(found.debuggable, Some(true), "{uncompiled} {untold}");
        // As text alone it is the signed number of 32 bits, and negative, which no version is.
        let low_is_told = !uncompiled;
        assert_eq!(found.version_code, low_is_told.then_some(made.version_code));
    }
}

#[test]
fn an_android_library_tells_its_id() {
    let found = app("a.aar", MadeApp::new().aar());
    assert_eq!(found.app_id.as_deref(), Some("dev.patchproof.made"));
    assert_eq!((found.version_name, found.version_code), (None, None));
    assert_eq!(found.unreadable, [""; 0]);
}

#[test]
fn splits_that_agree_tell_one_app() {
    let made = MadeApp::new();
    assert_is(&app("a.apks", made.apks()), &made);
}

/// The splits of one build are signed and versioned together; a device refuses others.
#[test]
fn a_split_of_another_version_is_told() {
    let made = MadeApp::new();
    let mut other = made.clone();
    other.version_code = 46;
    let mut set = made.apks_zip();
    let path = "splits/base-x86_64.apk";
    *set.entry(path).unwrap() = MadeEntry::stored(path, &other.apks_zip().files()[path]);
    let found = app("a.apks", set.build());
    assert_eq!(found.version_code, Some(45), "the base's");
    assert_eq!(found.disagreements.len(), 1, "{:?}", found.disagreements);
    assert!(found.disagreements[0].contains("46"));
}

#[test]
fn a_bundle_of_linux_tells_its_version() {
    let found = app("a.zip", MadeApp::new().zip_of_bundle());
    assert_eq!(found.version_name.as_deref(), Some("1.2.3"));
    assert_eq!(found.version_code, Some(45));
    assert_eq!(found.debuggable, None);
}

#[test]
fn a_manifest_that_is_damaged_is_named_and_the_release_still_opens() {
    let mut zip = MadeApp::new().apk_zip();
    let entry = zip.entry("AndroidManifest.xml").unwrap();
    entry.local.crc32 = Some(1);
    entry.central.crc32 = Some(1);
    let found = app("a.apk", zip.build());
    assert_eq!(found.app_id, None);
    assert_eq!(found.unreadable.len(), 1);
    assert!(found.unreadable[0].contains("a.apk!/AndroidManifest.xml"));
}
