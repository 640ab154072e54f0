//! What differs between a release and its rebuild beside the Dart library: notes, since the
//! `rebuild` link is about the library, with the usual cause of each.

use patchproof_archive::{Part, Release, Role};
use patchproof_report::{Certainty, Finding, Rule};
use patchproof_snapshot::only_the_build_id_differs;

use super::ForAbi;
use super::parts::{Pair, Stand, differing, family, is_bare, pairs};

/// A note for each file that is not the same.
pub(super) fn findings(release: &Release, rebuilt: &Release) -> Vec<ForAbi> {
    if is_bare(release) || is_bare(rebuilt) || family(release) != family(rebuilt) {
        return Vec::new();
    }
    let pairs = pairs(release, rebuilt);
    let mut found = Vec::new();
    let mut total = 0_usize;
    for (pair, stand) in differing(&pairs, release, rebuilt) {
        total += 1;
        if total <= LISTED_MAX {
            found.extend(note(pair, &stand, release, rebuilt));
        }
    }
    if let Some(more) = total.checked_sub(LISTED_MAX).filter(|more| *more > 0) {
        let message = format!("{more} more files differ than are listed");
        found.push(for_all(Finding::new(Rule::OtherPartDiffers, message)));
    }
    found
}

fn note(pair: &Pair<'_>, stand: &Stand, release: &Release, rebuilt: &Release) -> Option<ForAbi> {
    let part = pair.part()?;
    let (rule, certainty) = cause(pair, stand, release, rebuilt, part);
    let verb = match stand {
        Stand::Same => return None,
        Stand::Came => "is only in the rebuild",
        Stand::Went => "is only in the release",
        Stand::Changed { .. } => "differs",
        Stand::Unreadable(_) => "cannot be read",
    };
    let (expected, found) = stand.sides(pair);
    let finding = Finding::new(rule, format!("{} {verb}", pair.path))
        .comparing(expected, found)
        .about(pair.path)
        .sure(certainty);
    Some(ForAbi {
        abi: part.abi.map(|abi| abi.name()),
        finding,
    })
}

fn cause(
    pair: &Pair<'_>,
    stand: &Stand,
    release: &Release,
    rebuilt: &Release,
    part: &Part,
) -> (Rule, Certainty) {
    let path = pair.path;
    match part.role {
        Role::NativeLibrary | Role::Engine if build_id_only(pair, stand, release, rebuilt) => {
            (Rule::OtherPartBuildId, Certainty::Certain)
        }
        Role::Signature => (Rule::OtherPartSignature, Certainty::Certain),
        Role::BuildRecord => (Rule::OtherPartBuildRecord, Certainty::Likely),
        Role::Dex => (Rule::OtherPartDex, Certainty::Possible),
        _ if path.ends_with("NativeAssetsManifest.json") => {
            (Rule::OtherPartNativeAssets, Certainty::Likely)
        }
        _ if path.contains("dexopt/baseline.prof") => (Rule::OtherPartProfile, Certainty::Likely),
        _ => (Rule::OtherPartDiffers, Certainty::Possible),
    }
}

fn build_id_only(pair: &Pair<'_>, stand: &Stand, release: &Release, rebuilt: &Release) -> bool {
    let (Stand::Changed { .. }, Some(a), Some(b)) = (stand, pair.released, pair.other) else {
        return false;
    };
    match (release.read(a), rebuilt.read(b)) {
        (Ok(a), Ok(b)) => only_the_build_id_differs(&a, &b),
        _ => false,
    }
}

fn for_all(finding: Finding) -> ForAbi {
    ForAbi { abi: None, finding }
}

const LISTED_MAX: usize = 50;
