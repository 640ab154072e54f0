//! A small archive to make wrong, and what is asked of it.

use std::fmt::Debug;

use patchproof_archive::{DataFault, OpenError, PartError, Release, ZipFault};
use patchproof_testkit::made::{Files, MadeApp, MadeEntry, MadeZip};

/// An APK of five entries: deflated and stored, the library aligned; it has no signing block.
pub(crate) fn small() -> MadeZip {
    let made = MadeApp::new();
    let manifest = made.axml(made.manifest_element());
    MadeZip::new(vec![
        MadeEntry::deflated("AndroidManifest.xml", &manifest),
        MadeEntry::deflated("classes.dex", &made.dex[0]),
        MadeEntry::stored(LIBRARY, b"\x7fELF and no more").aligned(4096),
        MadeEntry::deflated(ASSET, &b"an asset ".repeat(40)),
        MadeEntry::stored("resources.arsc", &made.resources).aligned(4),
    ])
}

/// `small()` with one thing made wrong.
pub(crate) fn spoiled(spoil: impl FnOnce(&mut MadeZip)) -> MadeZip {
    let mut made = small();
    spoil(&mut made);
    made
}

/// `small()` with something wrong about one entry.
pub(crate) fn spoiled_entry(name: &str, spoil: impl FnOnce(&mut MadeEntry)) -> MadeZip {
    spoiled(|made| spoil(made.entry(name).unwrap()))
}

/// Reads every part of the archive.
pub(crate) fn files_of(release: &Release) -> Files {
    let content = |part| (part, release.read(part).unwrap());
    let files = release.parts().iter().map(content);
    files
        .map(|(part, bytes)| (part.path.clone(), bytes))
        .collect()
}

/// Asserts that the archive is read, and holds what was put in.
#[track_caller]
pub(crate) fn assert_read(made: &MadeZip) {
    let release = open(made.build()).unwrap_or_else(|error| panic!("{error}"));
    let found = files_of(&release);
    let expected = made.files();
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&expected));
    assert!(found == expected, "contents differ");
}

pub(crate) fn open(file: Vec<u8>) -> Result<Release, OpenError> {
    Release::from_bytes("made.apk", file)
}

/// Why the archive is refused, and for which entry.
#[track_caller]
pub(crate) fn refusal(made: &MadeZip) -> (Option<String>, ZipFault) {
    match open(made.build()) {
        Err(OpenError::Refused { entry, why, .. }) => (entry, why),
        Err(other) => panic!("refused otherwise: {other:?}"),
        Ok(release) => panic!("it is read: {:?}", release.parts()),
    }
}

#[track_caller]
pub(crate) fn assert_refused(made: &MadeZip, expected: &ZipFault) {
    assert_eq!(refusal(made).1, *expected);
}

/// Asserts that it is refused for the entry of this name.
#[track_caller]
pub(crate) fn assert_entry_refused(made: &MadeZip, name: &str, expected: &ZipFault) {
    assert_eq!(refusal(made), (Some(name.to_owned()), expected.clone()));
}

/// Why a part of an archive that opens cannot be read.
#[track_caller]
pub(crate) fn damage(made: &MadeZip, path: &str) -> DataFault {
    let release = open(made.build()).unwrap_or_else(|error| panic!("{error}"));
    match release.read(release.part(path).unwrap()) {
        Err(PartError::Damaged { why, .. }) => why,
        other => panic!("{}", shown(&other.map(|bytes| bytes.len()))),
    }
}

fn shown(value: &impl Debug) -> String {
    format!("not damaged: {value:?}")
}

pub(crate) const LIBRARY: &str = "lib/arm64-v8a/libapp.so";
pub(crate) const ASSET: &str = "assets/flutter_assets/text";
