//! The same app in every shape of Android, and alone: each part has its role, its machine and the
//! bytes that were put in.

use std::collections::BTreeSet;

use patchproof_archive::{Abi, OpenError, Release, Role, Shape};
use patchproof_testkit::made::{Files, MadeApp, MadeEntry, dex, write_files};

use crate::common::files_of;
use crate::holding::{assert_holds, assert_roles, from_bytes, of_folder};

fn three_abis() -> BTreeSet<Abi> {
    BTreeSet::from([Abi::Arm64V8a, Abi::ArmeabiV7a, Abi::X86_64])
}

const ARM64: Option<Abi> = Some(Abi::Arm64V8a);

#[test]
fn an_apk_is_read_stored_and_deflated() {
    for deflated in [false, true] {
        let mut made = MadeApp::new();
        made.libraries_deflated = deflated;
        let release = from_bytes("app.apk", made.apk());
        assert_holds(&release, Shape::Apk, &made.apk_zip().files());
        assert_eq!(release.abis(), three_abis());
    }
}

#[test]
fn every_file_of_an_apk_has_its_role() {
    let mut made = MadeApp::new();
    made.dex.push(dex(2));
    let release = from_bytes("app.apk", made.apk());
    let metadata = "META-INF/com/android/build/gradle/app-metadata.properties";
    assert_roles(
        &release,
        &[
            ("AndroidManifest.xml", Role::Manifest, None),
            ("META-INF/CERT.RSA", Role::Signature, None),
            ("META-INF/CERT.SF", Role::Signature, None),
            ("META-INF/MANIFEST.MF", Role::Signature, None),
            (metadata, Role::BuildRecord, None),
            (
                "META-INF/version-control-info.textproto",
                Role::BuildRecord,
                None,
            ),
            ("assets/flutter_assets/AssetManifest.bin", Role::Asset, None),
            ("assets/flutter_assets/shorebird.yaml", Role::Asset, None),
            ("classes.dex", Role::Dex, None),
            ("classes2.dex", Role::Dex, None),
            ("lib/arm64-v8a/libapp.so", Role::DartLibrary, ARM64),
            ("lib/arm64-v8a/libflutter.so", Role::Engine, ARM64),
            ("lib/arm64-v8a/libsqlite3.so", Role::NativeLibrary, ARM64),
            (
                "lib/armeabi-v7a/libapp.so",
                Role::DartLibrary,
                Some(Abi::ArmeabiV7a),
            ),
            ("lib/x86_64/libapp.so", Role::DartLibrary, Some(Abi::X86_64)),
            ("res/mipmap-hdpi-v4/ic_launcher.png", Role::Resource, None),
            ("resources.arsc", Role::Resource, None),
        ],
    );
}

#[test]
fn every_abi_that_there_is_a_name_for_is_told() {
    let mut made = MadeApp::new();
    let libraries = made.abis["arm64-v8a"].clone();
    for abi in Abi::ALL {
        made.abis.insert(abi.name().to_owned(), libraries.clone());
    }
    let release = from_bytes("app.apk", made.apk());
    assert_eq!(release.abis(), BTreeSet::from(Abi::ALL));
}

#[test]
fn a_part_tells_where_it_really_lies() {
    let made = MadeApp::new();
    let location = |file: Vec<u8>, name: &str, path: &str| {
        let release = from_bytes(name, file);
        release.part(path).unwrap().location.clone()
    };
    let library = "lib/arm64-v8a/libapp.so";
    let in_apk = location(made.apk(), "app.apk", library);
    assert_eq!(in_apk, "app.apk!/lib/arm64-v8a/libapp.so");
    let in_set = location(made.apks(), "x.apks", library);
    assert_eq!(
        in_set,
        "x.apks!/splits/base-arm64_v8a.apk!/lib/arm64-v8a/libapp.so"
    );
}

#[test]
fn an_app_bundle_is_read() {
    let made = MadeApp::new();
    let release = from_bytes("app.aab", made.aab());
    assert_holds(&release, Shape::Aab, &made.aab_zip().files());
    assert_eq!(release.abis(), three_abis());
    let dependencies = "BUNDLE-METADATA/com.android.tools.build.libraries/dependencies.pb";
    assert_roles(
        &release,
        &[
            (dependencies, Role::BuildRecord, None),
            ("BundleConfig.pb", Role::BuildRecord, None),
            ("META-INF/CERT.RSA", Role::Signature, None),
            ("base/assets/flutter_assets/NOTICES.Z", Role::Asset, None),
            ("base/dex/classes.dex", Role::Dex, None),
            ("base/lib/arm64-v8a/libapp.so", Role::DartLibrary, ARM64),
            ("base/lib/arm64-v8a/libflutter.so", Role::Engine, ARM64),
            (
                "base/lib/arm64-v8a/libsqlite3.so",
                Role::NativeLibrary,
                ARM64,
            ),
            ("base/manifest/AndroidManifest.xml", Role::Manifest, None),
            (
                "base/res/mipmap-hdpi-v4/ic_launcher.png",
                Role::Resource,
                None,
            ),
            ("base/resources.pb", Role::Resource, None),
        ],
    );
}

#[test]
fn an_android_library_is_read() {
    let made = MadeApp::new();
    let release = from_bytes("flutter_release.aar", made.aar());
    assert_holds(&release, Shape::Aar, &made.aar_zip().files());
    assert_eq!(release.abis(), three_abis());
    assert_roles(
        &release,
        &[
            ("AndroidManifest.xml", Role::Manifest, None),
            ("assets/flutter_assets/NOTICES.Z", Role::Asset, None),
            ("jni/arm64-v8a/libapp.so", Role::DartLibrary, ARM64),
        ],
    );
}

/// Paths and contents of the one APK, the manifests of the splits apart.
fn merged(made: &MadeApp, splits: &[(String, Vec<u8>)]) -> Files {
    let mut files = made.apk_zip().files();
    for ((_, zip), (label, _)) in made.split_zips().into_iter().zip(splits).skip(1) {
        let manifest = zip.files()["AndroidManifest.xml"].clone();
        files.insert(format!("{label}/AndroidManifest.xml"), manifest);
    }
    files
}

#[test]
fn split_apks_in_a_folder_are_one_app() {
    let made = MadeApp::new();
    let splits = made.split_apks();
    let files = splits.iter().cloned().collect();
    let (release, _held) = of_folder(|folder| write_files(folder, &files));
    assert_holds(&release, Shape::SplitApks, &merged(&made, &splits));
    assert_eq!(release.abis(), three_abis());
}

#[test]
fn a_set_of_apks_is_one_app_stored_and_deflated() {
    let made = MadeApp::new();
    let name =
        |(name, file): (String, Vec<u8>)| (name.replace("split_config.", "splits/base-"), file);
    let labels: Vec<_> = made.split_apks().into_iter().map(name).collect();
    let expected = merged(&made, &labels);
    let mut set = made.apks_zip();
    assert_holds(&from_bytes("x.apks", set.build()), Shape::ApkSet, &expected);
    for entry in &mut set.entries {
        let name = String::from_utf8(entry.name.clone()).unwrap();
        *entry = MadeEntry::deflated(&name, &made.apks_zip().files()[&name]);
    }
    assert_holds(&from_bytes("x.apks", set.build()), Shape::ApkSet, &expected);
}

#[test]
fn what_gradle_leaves_of_the_libraries_is_read() {
    let made = MadeApp::new();
    let (release, _held) = of_folder(|folder| made.gradle_output(folder));
    assert_eq!(release.shape(), Shape::GradleOutput);
    assert_eq!(release.abis(), three_abis());
    for part in release.of_role(Role::DartLibrary) {
        let abi = part.abi.unwrap().name();
        assert_eq!(release.read(part), Ok(made.abis[abi].dart.clone()));
    }
}

#[test]
fn a_bare_library_is_one_part() {
    let made = MadeApp::new();
    for (name, file, role) in [
        ("build/libapp.so", &made.linux.dart, Role::DartLibrary),
        ("App", &made.macos.dart, Role::DartLibrary),
        ("x/libflutter.so", &made.linux.engine, Role::Engine),
    ] {
        let release = from_bytes(name, file.clone());
        assert_eq!(release.shape(), Shape::Library);
        let [part] = release.parts() else {
            panic!("{} parts", release.parts().len());
        };
        assert_eq!(part.role, role, "{name}");
        assert_eq!(release.read(part).as_ref(), Ok(file));
    }
}

#[test]
fn a_file_that_is_none_is_refused_as_none() {
    for file in [&b""[..], b"P", b"text and no more", &[0; 4096]] {
        let refused = Release::from_bytes("a", file.to_vec()).unwrap_err();
        let found = matches!(refused, OpenError::NotARelease { .. });
        assert!(found, "{refused:?}");
    }
}

#[test]
fn one_release_is_read_by_several_threads_at_once() {
    let made = MadeApp::new();
    let release = from_bytes("app.apk", made.apk());
    let expected = made.apk_zip().files();
    std::thread::scope(|scope| {
        let read = || scope.spawn(|| files_of(&release) == expected);
        let threads: Vec<_> = (0..4).map(|_| read()).collect();
        assert!(threads.into_iter().all(|thread| thread.join().unwrap()));
    });
}

/// From a file, not from memory: the parts are read by position.
#[test]
fn an_archive_on_disk_reads_as_one_in_memory() {
    let made = MadeApp::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("app.apk");
    std::fs::write(&path, made.apk()).unwrap();
    let release = Release::open(&path).unwrap();
    assert_holds(&release, Shape::Apk, &made.apk_zip().files());
}
