//! That a release holds what was put in: shape, paths, roles, machines, contents.

use std::path::Path;

use patchproof_archive::{Abi, Release, Role, Shape};
use patchproof_testkit::made::Files;
use sha2::{Digest, Sha256};

use crate::common::files_of;

/// Asserts shape, paths and contents; contents by `read` and by `sha256`.
#[track_caller]
pub(crate) fn assert_holds(release: &Release, shape: Shape, expected: &Files) {
    assert_eq!(release.shape(), shape);
    let found = files_of(release);
    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(expected));
    for part in release.parts() {
        let content = &expected[&part.path];
        assert!(found[&part.path] == *content, "{}", part.path);
        let hash: [u8; 32] = Sha256::digest(content).into();
        assert_eq!(release.sha256(part), Ok(hash), "{}", part.path);
        let size_bytes = u64::try_from(content.len()).unwrap();
        assert_eq!(part.size_bytes, size_bytes, "{}", part.path);
    }
}

/// Asserts the role of each path, and the machine that it names.
#[track_caller]
pub(crate) fn assert_roles(release: &Release, expected: &[(&str, Role, Option<Abi>)]) {
    for (path, role, abi) in expected {
        let part = release.part(path).unwrap_or_else(|| panic!("no {path}"));
        assert_eq!((part.role, part.abi), (*role, *abi), "{path}");
    }
}

pub(crate) fn from_bytes(name: &str, file: Vec<u8>) -> Release {
    Release::from_bytes(name, file).unwrap_or_else(|error| panic!("{error}"))
}

/// Opens what `write` leaves in a folder.
pub(crate) fn of_folder(
    write: impl FnOnce(&Path) -> std::io::Result<()>,
) -> (Release, tempfile::TempDir) {
    let folder = tempfile::tempdir().unwrap();
    write(folder.path()).unwrap();
    let release = Release::open(folder.path()).unwrap_or_else(|error| panic!("{error}"));
    (release, folder)
}
