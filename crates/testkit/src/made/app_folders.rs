//! Lays a made app out as a folder: Linux, Windows, macOS, iOS, and what Gradle leaves behind.

use std::fs;
use std::io;
use std::path::Path;

use super::app::{Files, MadeApp, MadeLibraries};
use super::app_android::deflated;
use super::payload;
use super::plist;
use super::zip::MadeZip;

impl MadeApp {
    /// Writes the bundle of Linux into `folder`.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn linux_bundle(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.linux_files())
    }

    /// Writes the app of Windows into `folder`.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn windows_folder(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.windows_files())
    }

    /// Writes `made.app` of macOS into `folder`, with the links that its frameworks have.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn macos_app(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.macos_files())?;
        for framework in ["App", "FlutterMacOS"] {
            let folder = folder
                .join("made.app/Contents/Frameworks")
                .join(format!("{framework}.framework"));
            link("A", &folder.join("Versions/Current"))?;
            for name in [framework, "Resources"] {
                link(&format!("Versions/Current/{name}"), &folder.join(name))?;
            }
        }
        Ok(())
    }

    /// Writes `Runner.app` of iOS into `folder`.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn ios_app(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.ios_files())
    }

    /// Writes what Gradle leaves of the native libraries into `folder`.
    ///
    /// # Errors
    ///
    /// The folder cannot be written.
    pub fn gradle_output(&self, folder: &Path) -> io::Result<()> {
        write_files(folder, &self.gradle_files())
    }

    /// The bundle of Linux in an archive, its files at the top.
    #[must_use]
    pub fn zip_of_bundle(&self) -> Vec<u8> {
        self.zip_of_bundle_zip().build()
    }

    /// The bundle of Linux in an archive.
    #[must_use]
    pub fn zip_of_bundle_zip(&self) -> MadeZip {
        deflated(&self.linux_files())
    }

    /// The app of iOS in an archive, as it is submitted.
    #[must_use]
    pub fn ipa(&self) -> Vec<u8> {
        let files = self.ios_files();
        let in_payload = |(path, bytes)| (format!("Payload/{path}"), bytes);
        deflated(&files.into_iter().map(in_payload).collect()).build()
    }

    /// The bundle of Linux by its paths.
    #[must_use]
    pub fn linux_files(&self) -> Files {
        let mut files = self.desktop_files("data/flutter_assets");
        let engine = "lib/libflutter_linux_gtk.so";
        put_libraries(&mut files, "lib", "lib/libapp.so", engine, &self.linux);
        files.insert("made".to_owned(), program(b"\x7fELF"));
        files
    }

    /// The app of Windows by its paths.
    #[must_use]
    pub fn windows_files(&self) -> Files {
        let mut files = self.desktop_files("data/flutter_assets");
        let engine = "flutter_windows.dll";
        put_libraries(&mut files, ".", "data/app.so", engine, &self.windows);
        files.insert("made.exe".to_owned(), program(b"MZ"));
        files
    }

    /// The app of macOS by its paths, without its links.
    #[must_use]
    pub fn macos_files(&self) -> Files {
        let frameworks = "made.app/Contents/Frameworks";
        let app = format!("{frameworks}/App.framework/Versions/A");
        let engine = format!("{frameworks}/FlutterMacOS.framework/Versions/A");
        let mut files = self.asset_files(&format!("{app}/Resources/flutter_assets"));
        let (dart, engine_file) = (format!("{app}/App"), format!("{engine}/FlutterMacOS"));
        put_libraries(&mut files, frameworks, &dart, &engine_file, &self.macos);
        let mut put = |path: String, bytes| files.insert(path, bytes);
        put(
            format!("{app}/Resources/Info.plist"),
            plist::framework("App"),
        );
        put(
            format!("{engine}/Resources/Info.plist"),
            plist::framework("FlutterMacOS"),
        );
        put("made.app/Contents/Info.plist".to_owned(), self.info().xml());
        put("made.app/Contents/MacOS/made".to_owned(), program(MACH_O));
        files
    }

    /// The app of iOS by its paths.
    #[must_use]
    pub fn ios_files(&self) -> Files {
        let app = "Runner.app/Frameworks/App.framework";
        let engine = "Runner.app/Frameworks/Flutter.framework";
        let mut files = self.asset_files(&format!("{app}/flutter_assets"));
        let (dart, engine_file) = (format!("{app}/App"), format!("{engine}/Flutter"));
        put_libraries(
            &mut files,
            "Runner.app/Frameworks",
            &dart,
            &engine_file,
            &self.ios,
        );
        let mut put = |path: String, bytes| files.insert(path, bytes);
        put(format!("{app}/Info.plist"), plist::framework("App"));
        put(format!("{engine}/Info.plist"), plist::framework("Flutter"));
        put("Runner.app/Info.plist".to_owned(), self.info().binary());
        put("Runner.app/Runner".to_owned(), program(MACH_O));
        files
    }

    /// What `Info.plist` says of the app.
    #[must_use]
    pub fn info(&self) -> plist::MadeInfo {
        plist::MadeInfo::new(&self.app_id, &self.version_name, self.version_code)
    }

    /// `version.json`, which Linux and Windows have among the assets.
    #[must_use]
    pub fn version_json(&self) -> Vec<u8> {
        let (name, code) = (&self.version_name, self.version_code);
        format!(
            "{{\"app_name\":\"made\",\"version\":\"{name}\",\"build_number\":\"{code}\",\
             \"package_name\":\"made\"}}"
        )
        .into_bytes()
    }

    fn desktop_files(&self, assets: &str) -> Files {
        let mut files = self.asset_files(assets);
        files.insert(format!("{assets}/version.json"), self.version_json());
        files.insert("data/icudtl.dat".to_owned(), payload::noise(ICU, 1000));
        files
    }

    fn asset_files(&self, folder: &str) -> Files {
        let path = |(name, bytes): (&String, &Vec<u8>)| (format!("{folder}/{name}"), bytes.clone());
        self.assets.iter().map(path).collect()
    }
}

/// Writes files into a folder, and the folders that they are in.
///
/// # Errors
///
/// One of them cannot be written.
pub fn write_files(folder: &Path, files: &Files) -> io::Result<()> {
    for (path, bytes) in files {
        let path = folder.join(path);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// An empty library is not there; further ones go into `folder`, where `.` is the top.
fn put_libraries(
    files: &mut Files,
    folder: &str,
    dart: &str,
    engine: &str,
    libraries: &MadeLibraries,
) {
    for (path, bytes) in [(dart, &libraries.dart), (engine, &libraries.engine)] {
        if !bytes.is_empty() {
            files.insert(path.to_owned(), bytes.clone());
        }
    }
    for (name, bytes) in &libraries.others {
        let path = match folder {
            "." => name.clone(),
            _ => format!("{folder}/{name}"),
        };
        files.insert(path, bytes.clone());
    }
}

fn program(magic: &[u8]) -> Vec<u8> {
    [magic, &payload::noise(PROGRAM, 1200)].concat()
}

#[cfg(unix)]
fn link(target: &str, path: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, path)
}

/// Only where links need no permission.
#[cfg(not(unix))]
fn link(_: &str, _: &Path) -> io::Result<()> {
    Ok(())
}

const MACH_O: &[u8] = &[0xcf, 0xfa, 0xed, 0xfe];
const PROGRAM: u64 = 0x9406;
const ICU: u64 = 0x1c0d;
