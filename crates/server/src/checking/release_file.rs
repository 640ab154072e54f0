//! Whether a file of a release is one: a bare library has a snapshot, a package has one reading.

use std::path::Path;

use patchproof_archive::{OpenError, Release};

use super::library::Library;
use super::unfit::Unfit;

/// Whether an artifact of this arch is a bare library, that patches are made against.
#[must_use]
pub fn is_bare_library(arch: &str) -> bool {
    BARE_LIBRARIES.contains(&arch)
}

/// Looks at a file of a release, called `filename` by its developer.
///
/// # Errors
///
/// Where a bare library holds no snapshot, or a package is none or has no single reading.
/// Supplements are looked at by nobody: no device gets them.
pub fn release_file(file: &Path, arch: &str, filename: &str) -> Result<(), Unfit> {
    if is_bare_library(arch) {
        return Library::read_file(filename, file)?.is_for(filename, arch);
    }
    if arch.ends_with("_supplement") {
        return Ok(());
    }
    Release::open(file)
        .map(drop)
        .map_err(|error| Unfit::Archive {
            what: filename.to_owned(),
            why: why(&error, file),
        })
}

/// What stands in the way, without where this server keeps what it looks at.
fn why(error: &OpenError, file: &Path) -> String {
    error.to_string().replace(&file.display().to_string(), "it")
}

const BARE_LIBRARIES: [&str; 4] = ["aarch64", "arm", "x86_64", "x86"];

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    fn file(bytes: &[u8]) -> tempfile::NamedTempFile {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(bytes).expect("written");
        file
    }

    #[test]
    fn a_bare_library_without_a_snapshot_is_refused() {
        let unfit = release_file(file(b"no library").path(), "aarch64", "libapp.so");
        assert_eq!(unfit.expect_err("refused").code(), "no_snapshot");
    }

    #[test]
    fn a_bundle_that_is_no_zip_is_refused_without_a_path_of_this_server() {
        let file = file(b"no zip");
        let unfit = release_file(file.path(), "aab", "app.aab").expect_err("refused");
        assert_eq!(unfit.code(), "archive_refused");
        assert!(
            !unfit
                .to_string()
                .contains(&file.path().display().to_string())
        );
    }

    #[test]
    fn a_supplement_may_be_anything() {
        assert_eq!(
            release_file(file(b"x").path(), "android_supplement", "x.zip"),
            Ok(())
        );
    }
}
