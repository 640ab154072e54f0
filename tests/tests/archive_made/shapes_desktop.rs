//! The same app as a folder of Linux, Windows, macOS and iOS.

use patchproof_archive::{Release, Role, Shape};
use patchproof_testkit::made::MadeApp;

use crate::holding::{assert_holds, assert_roles, from_bytes, of_folder};

#[test]
fn a_bundle_of_linux_is_read() {
    let made = MadeApp::new();
    let (release, _held) = of_folder(|folder| made.linux_bundle(folder));
    assert_holds(&release, Shape::LinuxBundle, &made.linux_files());
    assert_roles(
        &release,
        &[
            ("made", Role::Program, None),
            ("lib/libapp.so", Role::DartLibrary, None),
            ("lib/libflutter_linux_gtk.so", Role::Engine, None),
            ("lib/libplugin.so", Role::NativeLibrary, None),
            ("data/flutter_assets/AssetManifest.bin", Role::Asset, None),
        ],
    );
}

#[test]
fn a_bundle_of_linux_in_an_archive_is_read_with_and_without_a_folder_above() {
    let made = MadeApp::new();
    for above in ["", "app-1.2.3/"] {
        let mut zip = made.zip_of_bundle_zip();
        for entry in &mut zip.entries {
            entry.name = [above.as_bytes(), &entry.name].concat();
        }
        let release = from_bytes("app.zip", zip.build());
        assert_holds(&release, Shape::Zip, &made.linux_files());
        let library = release.part("lib/libapp.so").unwrap();
        assert_eq!(library.role, Role::DartLibrary);
    }
}

#[test]
fn an_app_of_windows_is_read() {
    let made = MadeApp::new();
    let (release, _held) = of_folder(|folder| made.windows_folder(folder));
    assert_holds(&release, Shape::WindowsFolder, &made.windows_files());
    assert_roles(
        &release,
        &[
            ("made.exe", Role::Program, None),
            ("data/app.so", Role::DartLibrary, None),
            ("flutter_windows.dll", Role::Engine, None),
            ("plugin.dll", Role::NativeLibrary, None),
            ("data/flutter_assets/AssetManifest.bin", Role::Asset, None),
        ],
    );
}

#[test]
fn an_app_of_macos_is_read_each_file_once() {
    let made = MadeApp::new();
    let (release, _held) = of_folder(|folder| made.macos_app(folder));
    let frameworks = "made.app/Contents/Frameworks";
    assert_eq!(release.shape(), Shape::MacosApp);
    let libraries: Vec<_> = release.of_role(Role::DartLibrary).collect();
    assert_eq!(libraries.len(), 1);
    assert_eq!(release.read(libraries[0]), Ok(made.macos.dart.clone()));
    let engines: Vec<_> = release.of_role(Role::Engine).collect();
    assert_eq!(engines.len(), 1);
    assert!(engines[0].location.contains(frameworks));
    assert_eq!(release.read(engines[0]), Ok(made.macos.engine.clone()));
    assert_eq!(release.of_role(Role::Program).count(), 1);
    assert_eq!(release.parts().len(), made.macos_files().len());
}

#[test]
fn an_app_of_macos_is_read_by_its_own_folder_too() {
    let made = MadeApp::new();
    let folder = tempfile::tempdir().unwrap();
    made.macos_app(folder.path()).unwrap();
    let release = Release::open(&folder.path().join("made.app")).unwrap();
    assert_eq!(release.shape(), Shape::MacosApp);
    let library = release.of_role(Role::DartLibrary).next().unwrap();
    assert_eq!(release.read(library), Ok(made.macos.dart));
}

#[test]
fn an_app_of_ios_is_read_as_a_folder_and_as_it_is_submitted() {
    let made = MadeApp::new();
    let (folder, _held) = of_folder(|folder| made.ios_app(folder));
    let archive = from_bytes("app.ipa", made.ipa());
    for release in [folder, archive] {
        assert_eq!(release.shape(), Shape::IosApp);
        let library = release.of_role(Role::DartLibrary).next().unwrap();
        assert_eq!(release.read(library), Ok(made.ios.dart.clone()));
        let engine = release.of_role(Role::Engine).next().unwrap();
        assert_eq!(release.read(engine), Ok(made.ios.engine.clone()));
        assert_eq!(release.parts().len(), made.ios_files().len());
    }
}
