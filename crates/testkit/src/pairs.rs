//! Which builds are set against each other: consecutive versions that one engine runs.

mod error;

use std::collections::BTreeMap;
use std::path::PathBuf;

use patchproof_snapshot::Snapshot;

use crate::corpora::{Artefact, Cache, Kind, Manifest, Network};

pub use error::PairsError;

/// One build of one package.
#[expect(
    clippy::exhaustive_structs,
    reason = "whoever measures pairs tests that over pairs of its own"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Build {
    /// The name in its registry.
    pub package: String,
    /// The version in its registry.
    pub version: String,
    /// The library in the cache, verified.
    pub path: PathBuf,
    /// Its length.
    pub size_bytes: u64,
    /// Of the snapshot's header: builds with another one are never patched into each other.
    pub snapshot_version: String,
    /// The hash of the runtime of the same release, where any package of the family carries one.
    pub runtime: Option<String>,
}

/// Two builds, the older first.
#[expect(
    clippy::exhaustive_structs,
    reason = "whoever measures pairs tests that over pairs of its own"
)]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    /// What is shipped.
    pub base: Build,
    /// What it becomes.
    pub new: Build,
}

impl Pair {
    /// `PACKAGE FROM -> TO`.
    #[must_use]
    pub fn name(&self) -> String {
        format!(
            "{} {} -> {}",
            self.base.package, self.base.version, self.new.version
        )
    }

    fn of_one_compiler(&self) -> bool {
        match (&self.base.runtime, &self.new.runtime) {
            (Some(base), Some(new)) => base == new,
            _ => true,
        }
    }
}

/// The pairs of the corpus.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Pairs {
    /// By one compiler, as far as the runtimes show.
    pub neighbours: Vec<Pair>,
    /// By two compilers that write the same snapshot version.
    pub cross_compiler: Vec<Pair>,
    /// Three versions and more with one snapshot version, in order.
    pub chains: Vec<Vec<Build>>,
}

impl Pairs {
    /// The pairs of the corpus, fetched where they are missing.
    ///
    /// # Errors
    /// [`PairsError`].
    pub fn of_corpus() -> Result<Self, PairsError> {
        let manifest = Manifest::load()?;
        let cache = Cache::open()?;
        let runtimes = runtimes(&manifest);
        let snapshots = manifest
            .artefacts()
            .filter(|it| it.kind() == Kind::Snapshot);
        let builds = snapshots
            .map(|artefact| build(&cache, artefact, &runtimes))
            .collect::<Result<Vec<_>, _>>()?;
        Ok(Self::among(builds))
    }

    fn among(builds: Vec<Build>) -> Self {
        let mut packages: BTreeMap<String, Vec<Build>> = BTreeMap::new();
        for build in builds {
            packages
                .entry(build.package.clone())
                .or_default()
                .push(build);
        }
        let mut pairs = Self::default();
        for mut versions in packages.into_values() {
            versions.sort_by_key(|build| numbers(&build.version));
            for run in versions.chunk_by(|a, b| a.snapshot_version == b.snapshot_version) {
                pairs.add(run);
            }
        }
        pairs
    }

    fn add(&mut self, run: &[Build]) {
        for (base, new) in run.iter().zip(run.iter().skip(1)) {
            let pair = Pair {
                base: base.clone(),
                new: new.clone(),
            };
            if pair.of_one_compiler() {
                self.neighbours.push(pair);
            } else {
                self.cross_compiler.push(pair);
            }
        }
        if run.len() > 2 {
            self.chains.push(run.to_vec());
        }
    }

    /// All pairs, those of one compiler first.
    pub fn all(&self) -> impl Iterator<Item = &Pair> {
        self.neighbours.iter().chain(&self.cross_compiler)
    }

    /// Leaves those that are wanted; chains stay.
    pub fn keep(&mut self, wanted: impl Fn(&Pair) -> bool) {
        self.neighbours.retain(&wanted);
        self.cross_compiler.retain(&wanted);
    }

    /// How many pairs there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.neighbours.len() + self.cross_compiler.len()
    }

    /// The pair of one compiler with the largest new file.
    #[must_use]
    pub fn largest(&self) -> Option<&Pair> {
        self.neighbours
            .iter()
            .max_by_key(|pair| pair.new.size_bytes)
    }

    /// The pair of one compiler with the smallest new file.
    #[must_use]
    pub fn smallest(&self) -> Option<&Pair> {
        self.neighbours
            .iter()
            .min_by_key(|pair| pair.new.size_bytes)
    }
}

fn build(
    cache: &Cache,
    artefact: Artefact<'_>,
    runtimes: &BTreeMap<(String, String), String>,
) -> Result<Build, PairsError> {
    let path = cache.ensure(artefact, Network::from_env())?;
    let bytes = std::fs::read(&path).map_err(|source| PairsError::Read {
        path: path.clone(),
        source,
    })?;
    let snapshot = Snapshot::read(&bytes).map_err(|error| PairsError::NoSnapshot {
        id: artefact.id(),
        detail: error.to_string(),
    })?;
    let package = artefact.package();
    let release = (family(package.name()), package.version().to_owned());
    Ok(Build {
        package: package.name().to_owned(),
        version: package.version().to_owned(),
        path,
        size_bytes: artefact.size_bytes(),
        snapshot_version: snapshot.data.header.version.clone(),
        runtime: runtimes.get(&release).cloned(),
    })
}

/// The runtime of each release: one compiler makes the packages of all its platforms, and only
/// some of them carry the runtime that tells which it was.
fn runtimes(manifest: &Manifest) -> BTreeMap<(String, String), String> {
    let carried = manifest
        .artefacts()
        .filter(|it| matches!(it.kind(), Kind::Runtime | Kind::Engine));
    carried
        .map(|it| {
            let package = it.package();
            let release = (family(package.name()), package.version().to_owned());
            (release, it.sha256().to_owned())
        })
        .collect()
}

/// The name of a package without its platform: its first two words.
fn family(package: &str) -> String {
    let words: Vec<&str> = package.split('-').take(2).collect();
    words.join("-")
}

/// A version's numbers, so that 1.104 stands behind 1.97.
fn numbers(version: &str) -> Vec<u64> {
    let parts = version.split(|character: char| !character.is_ascii_digit());
    parts.filter_map(|part| part.parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(package: &str, version: &str, snapshot: &str, runtime: Option<&str>) -> Build {
        Build {
            package: package.to_owned(),
            version: version.to_owned(),
            path: PathBuf::new(),
            size_bytes: 1,
            snapshot_version: snapshot.to_owned(),
            runtime: runtime.map(ToOwned::to_owned),
        }
    }

    fn names(pairs: &[Pair]) -> Vec<String> {
        pairs.iter().map(Pair::name).collect()
    }

    #[test]
    fn versions_are_ordered_by_number_and_not_by_letter() {
        let builds = ["1.104.0", "1.97.2", "1.97.10"].map(|version| build("a", version, "s", None));
        let pairs = Pairs::among(builds.to_vec());
        assert_eq!(
            names(&pairs.neighbours),
            ["a 1.97.2 -> 1.97.10", "a 1.97.10 -> 1.104.0"]
        );
    }

    #[test]
    fn builds_of_two_snapshot_versions_are_no_pair() {
        let builds = vec![build("a", "1", "s", None), build("a", "2", "t", None)];
        assert_eq!(Pairs::among(builds).count(), 0);
    }

    #[test]
    fn builds_of_two_packages_are_no_pair() {
        let builds = vec![build("a", "1", "s", None), build("b", "2", "s", None)];
        assert_eq!(Pairs::among(builds).count(), 0);
    }

    #[test]
    fn another_runtime_puts_a_pair_apart() {
        let builds = ["x", "x", "y"].iter().zip(["1", "2", "3"]);
        let builds = builds.map(|(runtime, version)| build("a", version, "s", Some(runtime)));
        let pairs = Pairs::among(builds.collect());
        assert_eq!(names(&pairs.neighbours), ["a 1 -> 2"]);
        assert_eq!(names(&pairs.cross_compiler), ["a 2 -> 3"]);
    }

    #[test]
    fn three_versions_of_one_snapshot_version_are_a_chain() {
        let three = ["1", "2", "3"].map(|version| build("a", version, "s", None));
        let two = ["1", "2"].map(|version| build("b", version, "s", None));
        let pairs = Pairs::among([&three[..], &two[..]].concat());
        assert_eq!(pairs.chains, [three.to_vec()]);
    }

    #[test]
    fn a_package_without_a_runtime_has_that_of_its_family() {
        let manifest = Manifest::load().unwrap();
        let of = |version: &str| {
            let release = (family("sass-embedded-android-arm64"), version.to_owned());
            runtimes(&manifest).get(&release).cloned()
        };
        assert_ne!(of("1.97.1"), of("1.97.2"));
        assert_eq!(of("1.97.2"), of("1.97.3"));
    }
}
