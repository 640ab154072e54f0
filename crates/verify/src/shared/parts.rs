//! The parts of two builds, paired by path, and whether they are the same bytes.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_archive::{Part, PartError, Release, Role, Shape};

use crate::parallel::in_parallel;

/// A path of one build or both.
pub(super) struct Pair<'a> {
    pub(super) path: &'a str,
    pub(super) released: Option<&'a Part>,
    pub(super) other: Option<&'a Part>,
}

/// How the two sides of a pair stand to each other.
#[derive(Debug)]
pub(super) enum Stand {
    Same,
    /// Only the other build has it.
    Came,
    /// Only the release has it.
    Went,
    /// SHA-256 of both, in hex.
    Changed {
        released: String,
        other: String,
    },
    Unreadable(PartError),
}

/// What kind of archive a build is, as far as file names and forms go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// What is installed on Android: one APK or several.
    Apk,
    Aab,
    Other(Shape),
}

/// Everything but the Dart libraries, paired.
pub(super) fn pairs<'a>(release: &'a Release, other: &'a Release) -> Vec<Pair<'a>> {
    let by_path = |release: &'a Release| -> BTreeMap<&'a str, &'a Part> {
        let parts = release.parts().iter();
        let beside = parts.filter(|part| part.role != Role::DartLibrary);
        beside.map(|part| (part.path.as_str(), part)).collect()
    };
    let (released, others) = (by_path(release), by_path(other));
    let paths: BTreeSet<&str> = released.keys().chain(others.keys()).copied().collect();
    let pair = |path| Pair {
        path,
        released: released.get(path).copied(),
        other: others.get(path).copied(),
    };
    paths.into_iter().map(pair).collect()
}

impl Pair<'_> {
    /// The side there is.
    pub(super) fn part(&self) -> Option<&Part> {
        self.released.or(self.other)
    }

    /// Compares size, checksum and at last the bytes: a checksum alone can be forged.
    pub(super) fn stand(&self, release: &Release, other: &Release) -> Stand {
        let (a, b) = match (self.released, self.other) {
            (Some(a), Some(b)) => (a, b),
            (None, _) => return Stand::Came,
            (_, None) => return Stand::Went,
        };
        match (release.sha256(a), other.sha256(b)) {
            (Ok(a), Ok(b)) if a == b => Stand::Same,
            (Ok(a), Ok(b)) => Stand::Changed {
                released: hex::encode(a),
                other: hex::encode(b),
            },
            (Err(error), _) | (_, Err(error)) => Stand::Unreadable(error),
        }
    }
}

/// Whether a build is a library and nothing around it.
pub(super) fn is_bare(release: &Release) -> bool {
    release.shape() == Shape::Library
}

impl Stand {
    /// What a report shows of the release and of the other build.
    pub(super) fn sides(&self, pair: &Pair<'_>) -> (String, String) {
        let size = |part: Option<&Part>| {
            part.map_or_else(
                || "absent".to_owned(),
                |part| format!("{} bytes", part.size_bytes),
            )
        };
        match self {
            Self::Changed { released, other } => (released.clone(), other.clone()),
            Self::Unreadable(error) => (size(pair.released), error.to_string()),
            Self::Same | Self::Came | Self::Went => (size(pair.released), size(pair.other)),
        }
    }
}

/// Compares every pair that counts; answers those that are not the same, in the order of paths.
pub(super) fn differing<'a>(
    pairs: &'a [Pair<'a>],
    release: &Release,
    other: &Release,
) -> Vec<(&'a Pair<'a>, Stand)> {
    let stands = in_parallel(pairs, |pair| pair.stand(release, other));
    let with_stands = pairs.iter().zip(stands);
    with_stands
        .filter(|(_, stand)| !matches!(stand, Stand::Same))
        .collect()
}

/// What two builds must have in common to be compared file by file.
pub(super) fn family(release: &Release) -> Family {
    let has = |path: &str| release.part(path).is_some();
    if has("base/manifest/AndroidManifest.xml") {
        return Family::Aab;
    }
    match release.shape() {
        Shape::Apk | Shape::SplitApks | Shape::ApkSet => Family::Apk,
        Shape::GradleOutput if has("AndroidManifest.xml") => Family::Apk,
        // A folder is as good as the zip of it.
        Shape::Zip => Family::Other(Shape::Folder),
        shape => Family::Other(shape),
    }
}
