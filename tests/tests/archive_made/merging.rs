//! Several archives for one app, and one archive that is several things.

use patchproof_archive::{OpenError, Release, Shape, ZipFault};
use patchproof_testkit::made::{Files, MadeApp, MadeEntry, MadeZip, write_files};

fn opened(files: &Files) -> Result<Release, OpenError> {
    let folder = tempfile::tempdir().unwrap();
    write_files(folder.path(), files).unwrap();
    Release::open(folder.path())
}

fn splits() -> Files {
    MadeApp::new().split_apks().into_iter().collect()
}

/// A split with another `libapp.so` under the same name.
#[test]
fn two_splits_with_different_libraries_of_one_name_are_refused() {
    let mut files = splits();
    let split = files["split_config.arm64_v8a.apk"].clone();
    files.insert("split_config.arm64_v8a_2.apk".to_owned(), split);
    opened(&files).unwrap();
    let mut other = MadeApp::new();
    other.abis.get_mut("arm64-v8a").unwrap().dart.push(0);
    let other = other.split_apks().swap_remove(1);
    assert_eq!(other.0, "split_config.arm64_v8a.apk");
    files.insert("split_config.arm64_v8a_2.apk".to_owned(), other.1);
    let refused = opened(&files).unwrap_err();
    let OpenError::Conflict { first, second } = refused else {
        panic!("refused otherwise: {refused:?}");
    };
    assert!(first.ends_with("split_config.arm64_v8a.apk!/lib/arm64-v8a/libapp.so"));
    assert!(second.ends_with("split_config.arm64_v8a_2.apk!/lib/arm64-v8a/libapp.so"));
}

#[test]
fn splits_without_a_base_or_of_two_are_not_taken_in_silence() {
    let mut files = splits();
    let base = files["base.apk"].clone();
    files.insert("other.apk".to_owned(), base);
    assert!(matches!(opened(&files), Err(OpenError::ManyBuilds { .. })));
}

#[test]
fn two_apps_in_one_folder_are_named_and_none_is_taken() {
    let made = MadeApp::new();
    let files = [("a.apk", made.apk()), ("b.aab", made.aab())];
    let files = files.map(|(name, file)| (name.to_owned(), file)).into();
    let refused = opened(&files).unwrap_err();
    let OpenError::ManyBuilds { builds, .. } = refused else {
        panic!("refused otherwise: {refused:?}");
    };
    assert_eq!(builds.len(), 2);
}

#[test]
fn one_archive_in_a_folder_is_the_release() {
    let made = MadeApp::new();
    let files = [("outputs/app-release.apk".to_owned(), made.apk())].into();
    let release = opened(&files).unwrap();
    assert_eq!(release.shape(), Shape::GradleOutput);
    assert!(release.part("lib/arm64-v8a/libapp.so").is_some());
}

#[test]
fn an_archive_that_is_an_apk_and_a_bundle_is_refused() {
    let made = MadeApp::new();
    let mut zip = made.apk_zip();
    zip.entries.push(MadeEntry::stored("BundleConfig.pb", b""));
    let refused = Release::from_bytes("a", zip.build()).unwrap_err();
    assert!(
        matches!(refused, OpenError::TwoShapes { .. }),
        "{refused:?}"
    );
}

#[test]
fn a_hostile_apk_inside_a_set_is_refused_under_its_own_name() {
    let made = MadeApp::new();
    let mut inner = made.split_zips().swap_remove(1).1;
    inner.entries[1].local.crc32 = Some(1);
    let mut set = made.apks_zip();
    let path = "splits/base-arm64_v8a.apk";
    for entry in [
        MadeEntry::stored(path, &inner.build()),
        MadeEntry::deflated(path, &inner.build()),
    ] {
        *set.entry(path).unwrap() = entry;
        let refused = Release::from_bytes("x.apks", set.build()).unwrap_err();
        let OpenError::Refused { archive, why, .. } = refused else {
            panic!("refused otherwise: {refused:?}");
        };
        assert_eq!(archive, "x.apks!/splits/base-arm64_v8a.apk");
        assert!(matches!(why, ZipFault::HeadersDisagree { .. }));
    }
}

/// A set in a set in a set: no shape of a release, and not unpacked without end.
#[test]
fn sets_inside_sets_are_not_followed() {
    let made = MadeApp::new();
    let mut file = made.apks();
    for _ in 0..20 {
        file = MadeZip::new(vec![
            MadeEntry::stored("toc.pb", b""),
            MadeEntry::deflated("splits/base-master.apk", &file),
        ])
        .build();
    }
    let release = Release::from_bytes("x.apks", file).unwrap();
    assert_eq!(release.parts().len(), 2);
}

#[cfg(unix)]
#[test]
fn a_folder_of_a_link_to_the_outside_is_refused() {
    let outside = tempfile::tempdir().unwrap();
    std::fs::write(outside.path().join("secret"), "x").unwrap();
    let folder = tempfile::tempdir().unwrap();
    MadeApp::new().linux_bundle(folder.path()).unwrap();
    Release::open(folder.path()).unwrap();
    let link = folder.path().join("data/flutter_assets/link");
    std::os::unix::fs::symlink(outside.path().join("secret"), link).unwrap();
    let refused = Release::open(folder.path()).unwrap_err();
    assert!(matches!(refused, OpenError::Folder { .. }), "{refused:?}");
}

#[test]
fn a_file_that_changed_after_the_folder_was_opened_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    MadeApp::new().linux_bundle(folder.path()).unwrap();
    let release = Release::open(folder.path()).unwrap();
    let library = release.part("lib/libapp.so").unwrap();
    release.read(library).unwrap();
    std::fs::write(folder.path().join("lib/libapp.so"), "shorter").unwrap();
    let changed = release.read(library).unwrap_err();
    assert!(matches!(
        changed,
        patchproof_archive::PartError::Changed { .. }
    ));
}
