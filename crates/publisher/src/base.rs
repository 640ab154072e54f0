//! The release that a patch is for, had back from the server.

use std::path::{Path, PathBuf};

use patchproof_archive::{Release as Build, Shape};
use patchproof_protocol::developer::ReleaseArtifact;
use patchproof_trust::Word;
use tempfile::TempDir;

use crate::builds::{Libraries, is_library, whole};
use crate::client::Client;
use crate::error::{ClientError, PublishError};
use crate::http::Wanted;
use crate::watch::{Step, Watch};

/// A release's build, in a folder of its own that goes with it.
pub(crate) struct Base {
    pub(crate) path: PathBuf,
    pub(crate) libraries: Libraries,
    _folder: TempDir,
}

/// Which file of a release a patch is made against: the whole build, of the same kind as the
/// patched one where there are several; a library only where there is nothing else.
pub(crate) fn base_artifact<'a>(
    artifacts: &'a [ReleaseArtifact],
    patched: &Libraries,
    shape: Shape,
) -> Option<&'a ReleaseArtifact> {
    let here = |it: &&ReleaseArtifact| it.platform == patched.platform.name();
    let like = whole(shape, patched.platform);
    let of_kind = |kind: &str| artifacts.iter().filter(here).find(|it| it.arch == kind);
    like.and_then(of_kind)
        .or_else(|| {
            let mut whole = artifacts.iter().filter(here);
            whole.find(|it| ORDER.contains(&it.arch.as_str()))
        })
        .or_else(|| {
            let mut libraries = artifacts.iter().filter(here);
            libraries.find(|it| {
                is_library(&it.arch) && patched.all.iter().any(|own| own.arch.name() == it.arch)
            })
        })
}

impl Base {
    /// Downloads it, and holds it against its hash and against the other files of the release.
    pub(crate) fn download(
        client: &Client,
        app: &Word,
        version: &Word,
        (artifact, all): (&ReleaseArtifact, &[ReleaseArtifact]),
        watch: &dyn Watch,
    ) -> Result<Self, PublishError> {
        let folder = tempfile::tempdir().map_err(|error| ClientError::File {
            path: "the folder for temporary files".to_owned(),
            error,
        })?;
        let path = folder.path().join(file_name(version, &artifact.arch));
        watch.at(Step::Downloading, 0, artifact.size);
        let wanted = Wanted {
            sha256: &artifact.hash,
            size_bytes: artifact.size,
        };
        client.blob_to_file(app, wanted, &path, watch)?;
        let libraries = Libraries::of(&Build::open(&path)?)?;
        belong_together(version, &artifact.platform, &libraries, all)?;
        Ok(Self {
            path,
            libraries,
            _folder: folder,
        })
    }
}

/// The server holds patches against its libraries, devices apply them to those of the build.
fn belong_together(
    version: &Word,
    platform: &str,
    libraries: &Libraries,
    all: &[ReleaseArtifact],
) -> Result<(), PublishError> {
    for library in &libraries.all {
        let known = all
            .iter()
            .find(|it| it.platform == platform && it.arch == library.arch.name());
        let Some(known) = known else {
            return Err(PublishError::NotThere {
                what: format!("the library for {} of release {version}", library.arch),
                remedy: "its `patchproof release` did not end; run it again".to_owned(),
            });
        };
        if known.hash != library.sha256() {
            return Err(PublishError::OtherBuild {
                version: version.to_string(),
                what: library.arch.name().to_owned(),
                on_server: known.hash.clone(),
                here: library.sha256(),
            });
        }
    }
    Ok(())
}

/// What reports call it.
fn file_name(version: &Word, arch: &str) -> PathBuf {
    let safe = |letter: char| letter.is_ascii_alphanumeric() || "._+-".contains(letter);
    let arch: String = arch.chars().filter(|letter| safe(*letter)).collect();
    Path::new(&format!("release-{version}.{arch}")).to_owned()
}

/// Kinds of whole builds; what shows more of the app goes first.
const ORDER: [&str; 8] = [
    "aab",
    "apks",
    "apk",
    "aar",
    "bundle",
    "win_archive",
    "app",
    "xcarchive",
];

#[cfg(test)]
mod tests {
    use patchproof_protocol::Platform;

    use super::*;

    fn artifact(arch: &str, platform: &str) -> ReleaseArtifact {
        ReleaseArtifact {
            id: 1,
            release_id: 1,
            arch: arch.to_owned(),
            platform: platform.to_owned(),
            hash: String::new(),
            size: 1,
            url: String::new(),
            podfile_lock_hash: None,
            can_sideload: false,
        }
    }

    fn chosen(artifacts: &[ReleaseArtifact], shape: Shape) -> Option<&str> {
        let patched = Libraries {
            platform: Platform::Android,
            all: Vec::new(),
        };
        base_artifact(artifacts, &patched, shape).map(|it| it.arch.as_str())
    }

    #[test]
    fn a_build_of_the_same_kind_goes_before_a_bundle_and_that_before_a_supplement() {
        let all = ["android_supplement", "aab", "apk"].map(|arch| artifact(arch, "android"));
        assert_eq!(chosen(&all, Shape::Apk), Some("apk"));
        assert_eq!(chosen(&all[..2], Shape::Apk), Some("aab"));
        assert_eq!(chosen(&all[..1], Shape::Apk), None);
    }

    #[test]
    fn a_build_for_another_platform_is_no_base() {
        assert_eq!(chosen(&[artifact("aab", "linux")], Shape::Aab), None);
    }
}
