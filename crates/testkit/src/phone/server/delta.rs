//! Patches against the library that a phone says it runs.

use std::sync::Arc;

use super::Deltas;
use crate::phone::Library;

/// What an answer says of a patch against the library that a question names: where it lies, and
/// what it is made of; none where there is no such patch.
pub(super) fn offered(deltas: Deltas, library: &Library, question: &str) -> Option<String> {
    if deltas == Deltas::None {
        return None;
    }
    let question: serde_json::Value = serde_json::from_str(question).ok()?;
    let runs = question.get("patchproof_runs_sha256")?.as_str()?;
    let from = known(runs).filter(|from| from.release == library.release)?;
    let said = match deltas {
        Deltas::OverAnother => "00".repeat(32),
        _ => runs.to_owned(),
    };
    let hash = hex::encode(library.sha256);
    let size_bytes = library.delta_from(&from).len();
    let made = format!(r#"{{"from_sha256":"{said}","size_bytes":{size_bytes}}}"#);
    Some(format!(
        r#""download_url":"{CDN}{hash}-over-{runs}","patchproof":{made}"#
    ))
}

/// What lies at the address of such a patch, and its tag; the inner one is none where nothing does,
/// the outer one where it is no such address.
pub(super) fn found(url: &str, deltas: Deltas) -> Option<Option<(Arc<[u8]>, String)>> {
    let (hash, runs) = url.strip_prefix(CDN)?.split_once("-over-")?;
    let (library, from) = (known(hash)?, known(runs)?);
    let delta = library.delta_from(&from);
    let bytes = match deltas {
        Deltas::None | Deltas::Missing => return Some(None),
        Deltas::Good | Deltas::OverAnother => delta,
        Deltas::Garbage => vec![0; delta.len()].into(),
        // Not longer than was said, so that all of it arrives.
        Deltas::OfAnother => match from.delta_from(&from) {
            same if same.len() <= delta.len() => same,
            _ => vec![1; delta.len()].into(),
        },
    };
    let etag = format!("\"{hash}-{runs}-{deltas:?}\"");
    Some(Some((bytes, etag)))
}

/// A library of the few that there are.
fn known(sha256: &str) -> Option<Library> {
    let all = (0..RELEASES).flat_map(|release| {
        let patched = (0..CONTENTS).map(move |content| Library::patched(release, content));
        patched.chain([Library::base(release)])
    });
    all.into_iter()
        .find(|library| hex::encode(library.sha256) == sha256)
}

const CDN: &str = "https://cdn.example/";
const RELEASES: u8 = 2;
/// As many as any test has.
const CONTENTS: u8 = 8;
