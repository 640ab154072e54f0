//! `surroundings`: each part that a code patch cannot carry, changed once.

use patchproof_testkit::made::{MadeApp, MadeLibraries};
use patchproof_tests::bench::check;

use crate::apps::Apps;

/// Changes the patched build, and answers the run over it.
fn changed(change: impl FnOnce(&mut MadeApp)) -> patchproof_tests::bench::Ran {
    let mut apps = Apps::new();
    change(&mut apps.patched);
    apps.in_apks().verify(&[])
}

#[test]
fn each_change_that_a_patch_cannot_carry_breaks_and_names_the_file() {
    type Change = fn(&mut MadeApp);
    let changes: [(&str, &str, Change); 9] = [
        ("PP501", "classes.dex", |app| app.dex[0].push(0)),
        ("PP501", "classes2.dex", |app| {
            app.dex.push(app.dex[0].clone())
        }),
        ("PP502", "lib/x86_64/libsqlite3.so", |app| {
            let libraries = app.abis.get_mut("x86_64").unwrap();
            libraries.others.get_mut("libsqlite3.so").unwrap().push(0);
        }),
        ("PP503", "lib/arm64-v8a/libflutter.so", |app| {
            app.abis.get_mut("arm64-v8a").unwrap().engine.push(0);
        }),
        ("PP504", "assets/flutter_assets/new.png", |app| {
            app.assets.insert("new.png".to_owned(), vec![1]);
        }),
        ("PP506", "AndroidManifest.xml", |app| {
            app.strings = patchproof_testkit::made::Strings::Utf8;
        }),
        ("PP507", "android.permission.CAMERA", |app| {
            app.permissions.push("android.permission.CAMERA".to_owned());
        }),
        ("PP508", "resources.arsc", |app| app.resources.push(0)),
        ("PP512", "46", |app| app.version_code = 46),
    ];
    for (rule, named, change) in changes {
        let ran = changed(change);
        check(&ran, 1, &["broken at surroundings (exit 1)", rule, named]);
    }
}

#[test]
fn an_asset_that_went_is_a_note() {
    let mut apps = Apps::new();
    apps.release.assets.insert("old.png".to_owned(), vec![1]);
    let ran = apps.in_apks().verify(&[]);
    check(&ran, 0, &["PP505", "assets/flutter_assets/old.png"]);
}

#[test]
fn what_no_device_reads_may_differ_and_is_listed_with_its_reason() {
    let ran = changed(|app| {
        app.meta_inf
            .insert("CERT.SF".to_owned(), b"another signature".to_vec());
        app.assets
            .insert("NOTICES.Z".to_owned(), b"other licences".to_vec());
    });
    check(
        &ran,
        0,
        &["PP510", "META-INF/CERT.SF", "NOTICES.Z", "licence texts"],
    );
}

#[test]
fn a_finding_about_one_abi_stands_beside_that_abi_only() {
    let ran = {
        let mut apps = Apps::new();
        apps.patched.abis.get_mut("x86_64").unwrap().engine.push(0);
        apps.in_apks().verify(&["--format", "json"])
    };
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = report["links"].as_array().unwrap();
    let surroundings = rows.iter().filter(|row| row["id"] == "surroundings");
    let states: Vec<(&str, &str)> = surroundings
        .map(|row| (row["abi"].as_str().unwrap(), row["state"].as_str().unwrap()))
        .collect();
    let expected = [
        ("arm64-v8a", "held"),
        ("armeabi-v7a", "held"),
        ("x86_64", "broken"),
    ];
    assert_eq!(states, expected);
}

/// Such an ABI has no row of its own.
#[test]
fn a_changed_library_of_an_abi_with_no_dart_library_is_told_for_all() {
    let mut apps = Apps::new();
    for (app, byte) in [(&mut apps.release, 1), (&mut apps.patched, 2)] {
        let mut libraries = MadeLibraries::default();
        libraries.others.insert("libx.so".to_owned(), vec![byte]);
        app.abis.insert("x86".to_owned(), libraries);
    }
    let ran = apps.in_apks().verify(&[]);
    check(&ran, 1, &["PP502", "lib/x86/libx.so changed"]);
}

#[test]
fn a_library_that_came_for_one_more_abi_is_told() {
    let ran = changed(|app| {
        let mut libraries = MadeLibraries::default();
        libraries.others.insert("libx.so".to_owned(), vec![1]);
        app.abis.insert("x86".to_owned(), libraries);
    });
    check(&ran, 1, &["PP502", "lib/x86/libx.so came"]);
}

#[test]
fn a_thousand_changed_assets_are_counted_and_a_hundred_listed() {
    let ran = changed(|app| {
        for number in 0..1000 {
            app.assets.insert(format!("a{number}.png"), vec![1]);
        }
    });
    check(&ran, 1, &["900 more files differ than are listed"]);
    assert_eq!(
        ran.stdout.matches("PP504").count(),
        100,
        "once for all ABIs"
    );
}
