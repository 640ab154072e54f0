//! What it costs to patch from the release instead of from the patch before.

use patchproof_patch::{CodecChoice, MakeOptions, make_with};
use patchproof_testkit::pairs::Build;
use serde::Serialize;

use super::error::BenchError;
use super::statistics::wide;

/// The newest version of a chain, from one of its releases and from the version before it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Chain {
    pub(super) package: String,
    pub(super) release: String,
    pub(super) before: String,
    pub(super) newest: String,
    pub(super) container: &'static str,
    pub(super) from_release_bytes: u64,
    pub(super) from_before_bytes: u64,
}

/// Every chain, in both containers.
pub(super) fn measured(chains: &[Vec<Build>]) -> Result<Vec<Chain>, BenchError> {
    let mut rows = Vec::new();
    for (release, before, newest) in chains.iter().flat_map(|versions| triples(versions)) {
        let [release_bytes, before_bytes, newest_bytes] = [release, before, newest].map(read);
        let (release_bytes, before_bytes) = (release_bytes?, before_bytes?);
        let newest_bytes = newest_bytes?;
        for (container, options) in CONTAINERS {
            let size =
                |base: &[u8]| make_with(base, &newest_bytes, options).map(|it| wide(it.len()));
            rows.push(Chain {
                package: newest.package.clone(),
                release: release.version.clone(),
                before: before.version.clone(),
                newest: newest.version.clone(),
                container,
                from_release_bytes: size(&release_bytes)?,
                from_before_bytes: size(&before_bytes)?,
            });
        }
    }
    Ok(rows)
}

/// For each version with at least two before it: each earlier release, the one before, itself.
fn triples(versions: &[Build]) -> Vec<(&Build, &Build, &Build)> {
    let mut triples = Vec::new();
    for (at, window) in versions.windows(2).enumerate() {
        if let [before, newest] = window {
            let releases = versions.iter().take(at);
            triples.extend(releases.map(|release| (release, before, newest)));
        }
    }
    triples
}

fn read(build: &Build) -> Result<Vec<u8>, BenchError> {
    std::fs::read(&build.path).map_err(|error| BenchError::file("read", &build.path, error))
}

const CONTAINERS: [(&str, MakeOptions); 2] = [
    ("shorebird", MakeOptions::shorebird()),
    (
        "patchproof zstd",
        MakeOptions::patchproof(CodecChoice::Zstd),
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_is_compared_with_every_release_that_is_not_the_one_before() {
        let build = |version: &str| Build {
            package: "a".to_owned(),
            version: version.to_owned(),
            path: std::path::PathBuf::new(),
            size_bytes: 0,
            snapshot_version: String::new(),
            runtime: None,
        };
        let versions = ["1", "2", "3", "4"].map(build);
        let named = triples(&versions);
        let named: Vec<String> = named
            .iter()
            .map(|(release, before, newest)| {
                format!("{} {} {}", release.version, before.version, newest.version)
            })
            .collect();
        assert_eq!(named, ["1 2 3", "1 3 4", "2 3 4"]);
    }
}
