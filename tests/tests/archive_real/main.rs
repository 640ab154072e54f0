//! Releases as they are published, read whole: by the product, and by what is known of them.
//!
//! What a manifest has to say was taken from `aapt dump badging` and `aapt dump permissions`, how
//! many files there are from `unzip -l` and `tar -t`. The heap is counted for the whole process, so
//! the trials run one by one.

#[path = "../snapshot_hostile/mutation.rs"]
mod mutation;

mod hunt;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use libtest_mimic::{Failed, Trial};
use patchproof_archive::{Abi, Release, Role, Shape};
use patchproof_testkit::{corpora, oracles};
use patchproof_tests::trials::{held, one_by_one, same};

#[global_allocator]
static HEAP: peak_alloc::PeakAlloc = peak_alloc::PeakAlloc;

fn main() -> std::process::ExitCode {
    one_by_one(trials())
}

type Claim = fn(&Path) -> Answer;
type Answer = Result<(), Failed>;

/// Claims about an artefact, under their own names.
macro_rules! claims {
    ($artefact:expr; $($claim:ident)*) => {
        [$(trial(stringify!($claim), $artefact, $claim)),*]
    };
}

fn trials() -> Vec<Trial> {
    let settings = claims![SETTINGS;
        an_apk_is_read_whole
        an_apk_tells_what_aapt_tells
        an_apk_without_dart_code_has_none
        an_apk_is_read_alike_from_disk_and_from_memory
    ];
    let server = claims![SERVER;
        an_apk_of_thousands_of_files_is_read_whole
        an_apk_of_thousands_of_files_tells_what_aapt_tells
    ];
    let library = claims![LIBRARY;
        an_android_library_is_read_whole
        an_android_library_has_its_libraries_machines
        an_android_library_tells_what_its_manifest_says
        no_part_is_held_in_memory_to_be_hashed
    ];
    let bundle = claims![BUNDLE;
        a_bundle_of_linux_is_read_whole
        a_bundle_of_linux_has_every_role
        a_bundle_of_linux_tells_its_version
        a_bundle_of_linux_is_the_same_in_an_archive
    ];
    let hunted = claims![SETTINGS; a_changed_apk_is_refused_or_read_alike_by_both_readers];
    let groups = [
        settings.into(),
        server.into(),
        library.into(),
        bundle.into(),
        Vec::from(hunted),
    ];
    groups.into_iter().flatten().collect()
}

fn trial(name: &str, artefact: &str, claim: Claim) -> Trial {
    corpora::trial(name, &[artefact], move |paths: &[PathBuf]| {
        claim(paths.first().ok_or("no artefact")?)
    })
}

const SETTINGS: &str = "io.appium.settings@8.0.10/settings_apk-debug.apk";
const SERVER: &str = "appium-uiautomator2-server@10.6.6/appium-uiautomator2-server-v10.6.6.apk";
const LIBRARY: &str = "jsc-android@294992.0.0/android-jsc-intl-r294992.aar";
const BUNDLE: &str = "flet-desktop@0.28.2/flet-linux-amd64.tar.gz";

fn an_apk_is_read_whole(path: &Path) -> Answer {
    read_whole(path, Shape::Apk, 121)
}

fn an_apk_tells_what_aapt_tells(path: &Path) -> Answer {
    let release = Release::open(path)?;
    let app = release.app();
    same(app.app_id.as_deref(), Some("io.appium.settings"))?;
    same(app.version_name.as_deref(), Some("8.0.10"))?;
    same(app.version_code, Some(192))?;
    same(app.debuggable, Some(true))?;
    same(app.permissions.len(), 27)?;
    let own = "io.appium.settings.DYNAMIC_RECEIVER_NOT_EXPORTED_PERMISSION";
    same(app.permissions.contains(own), true)?;
    same(app.unreadable.len(), 0)
}

fn an_apk_without_dart_code_has_none(path: &Path) -> Answer {
    let release = Release::open(path)?;
    same(release.of_role(Role::DartLibrary).count(), 0)?;
    same(release.of_role(Role::Engine).count(), 0)?;
    same(release.of_role(Role::Dex).count(), 9)?;
    same(release.abis().len(), 0)
}

fn an_apk_is_read_alike_from_disk_and_from_memory(path: &Path) -> Answer {
    let on_disk = Release::open(path)?;
    let in_memory = Release::from_bytes(on_disk.name(), fs::read(path)?)?;
    same(hashes(&on_disk)?, hashes(&in_memory)?)?;
    same(on_disk.app(), in_memory.app())
}

fn an_apk_of_thousands_of_files_is_read_whole(path: &Path) -> Answer {
    read_whole(path, Shape::Apk, 3841)
}

fn an_apk_of_thousands_of_files_tells_what_aapt_tells(path: &Path) -> Answer {
    let release = Release::open(path)?;
    let app = release.app();
    same(app.app_id.as_deref(), Some("io.appium.uiautomator2.server"))?;
    same(app.version_name.as_deref(), Some("10.6.6"))?;
    same(app.version_code, Some(278))?;
    same(app.debuggable, Some(true))?;
    same(app.permissions.len(), 9)
}

fn an_android_library_is_read_whole(path: &Path) -> Answer {
    read_whole(path, Shape::Aar, 7)
}

fn an_android_library_has_its_libraries_machines(path: &Path) -> Answer {
    let release = Release::open(path)?;
    let libraries = release.of_role(Role::NativeLibrary);
    let machines: Vec<_> = libraries.filter_map(|part| part.abi).collect();
    let expected = [Abi::Arm64V8a, Abi::ArmeabiV7a, Abi::X86, Abi::X86_64];
    same(machines, expected.to_vec())?;
    same(release.abis().len(), 0) // none of them is Dart code
}

fn an_android_library_tells_what_its_manifest_says(path: &Path) -> Answer {
    let release = Release::open(path)?;
    let app = release.app();
    same(app.app_id.as_deref(), Some("org.webkit.androidjsc"))?;
    same(app.version_name.as_deref(), Some("1.0"))?;
    same(app.version_code, Some(1))
}

/// It unpacks to more than 80 MB, the largest file to more than 20.
fn no_part_is_held_in_memory_to_be_hashed(path: &Path) -> Answer {
    let (hashed, most_bytes) = held(&HEAP, || hashes(&Release::open(path)?));
    hashed?;
    match most_bytes {
        0..HEAP_BYTES_MAX => Ok(()),
        _ => Err(format!("{most_bytes} bytes of heap").into()),
    }
}

fn a_bundle_of_linux_is_read_whole(path: &Path) -> Answer {
    let folder = unpacked(path)?;
    let release = Release::open(&folder.path().join("flet"))?;
    same(release.shape(), Shape::LinuxBundle)?;
    same(release.parts().len(), 28)?;
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(path)?));
    for entry in archive.entries()? {
        let entry = entry?;
        let path = entry.path()?.to_string_lossy().into_owned();
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = path.trim_start_matches("./").trim_start_matches("flet/");
        let part = release.part(path).ok_or_else(|| format!("no {path}"))?;
        same(part.size_bytes, entry.size())?;
        release.sha256(part)?;
    }
    Ok(())
}

fn a_bundle_of_linux_has_every_role(path: &Path) -> Answer {
    let folder = unpacked(path)?;
    let release = Release::open(&folder.path().join("flet"))?;
    let of_role = |role| -> Vec<&str> { release.of_role(role).map(|part| &*part.path).collect() };
    same(of_role(Role::DartLibrary), vec!["lib/libapp.so"])?;
    same(of_role(Role::Engine), vec!["lib/libflutter_linux_gtk.so"])?;
    same(of_role(Role::Program), vec!["flet"])?;
    same(of_role(Role::NativeLibrary).len(), 10)?;
    same(of_role(Role::Asset).contains(&"data/icudtl.dat"), true)?;
    same(of_role(Role::Asset).len(), 15)
}

fn a_bundle_of_linux_tells_its_version(path: &Path) -> Answer {
    let folder = unpacked(path)?;
    let release = Release::open(&folder.path().join("flet"))?;
    let app = release.app();
    same(app.app_id.as_deref(), Some("flet_client"))?;
    same(app.version_name.as_deref(), Some("1.0.0"))?;
    same((app.version_code, app.debuggable), (Some(1), None))
}

fn a_bundle_of_linux_is_the_same_in_an_archive(path: &Path) -> Answer {
    let folder = unpacked(path)?;
    let release = Release::open(&folder.path().join("flet"))?;
    let mut zip = patchproof_testkit::made::MadeZip::new(Vec::new());
    for part in release.parts() {
        let entry = patchproof_testkit::made::MadeEntry::stored(
            &format!("flet/{}", part.path),
            &release.read(part)?,
        );
        zip.entries.push(entry);
    }
    let packed = Release::from_bytes("flet.zip", zip.build())?;
    same(packed.shape(), Shape::Zip)?;
    same(hashes(&packed)?, hashes(&release)?)?;
    same(packed.app(), release.app())
}

fn a_changed_apk_is_refused_or_read_alike_by_both_readers(path: &Path) -> Answer {
    hunt::hunt(&fs::read(path)?)
}

/// Asserts shape and number of files, and that the second reader sees the same.
fn read_whole(path: &Path, shape: Shape, files: usize) -> Answer {
    let release = Release::open(path)?;
    same(release.shape(), shape)?;
    same(release.parts().len(), files)?;
    let bytes = fs::read(path)?;
    same(oracles::zip_disagreement(&bytes), None)?;
    same(oracles::second_zip(&bytes)?, hashes(&release)?)
}

fn hashes(release: &Release) -> Result<BTreeMap<String, [u8; 32]>, Failed> {
    let parts = release.parts().iter();
    parts
        .map(|part| Ok((part.path.clone(), release.sha256(part)?)))
        .collect()
}

fn unpacked(archive: &Path) -> Result<tempfile::TempDir, Failed> {
    let folder = tempfile::tempdir()?;
    let mut archive = tar::Archive::new(GzDecoder::new(File::open(archive)?));
    archive.unpack(folder.path())?;
    Ok(folder)
}

/// Two buffers, the list of parts, and what inflating keeps.
const HEAP_BYTES_MAX: usize = 1 << 20;
