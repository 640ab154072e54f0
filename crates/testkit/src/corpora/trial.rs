//! A corpus test as a libtest-mimic trial: named in the list even where it cannot run.

use std::path::PathBuf;

use libtest_mimic::{Failed, Trial};

use super::cache::Cache;
use super::error::CorporaError;
use super::manifest::Manifest;
use super::network::Network;

/// A trial over the artefacts with these ids, whose verified paths `body` gets in the same order.
///
/// They are fetched when the trial first runs, not when it is listed. Where `PATCHPROOF_OFFLINE`
/// forbids fetching, the trial is listed as ignored; run with `--include-ignored`, it still uses
/// what the cache has.
pub fn trial<F>(name: impl Into<String>, ids: &[&str], body: F) -> Trial
where
    F: FnOnce(&[PathBuf]) -> Result<(), Failed> + Send + 'static,
{
    trial_with(Network::from_env(), name.into(), ids, body)
}

fn trial_with<F>(network: Network, name: String, ids: &[&str], body: F) -> Trial
where
    F: FnOnce(&[PathBuf]) -> Result<(), Failed> + Send + 'static,
{
    let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
    let runner = move || {
        body(&verified(
            &Manifest::load()?,
            &Cache::open()?,
            &ids,
            network,
        )?)
    };
    Trial::test(name, runner).with_ignored_flag(network == Network::Offline)
}

fn verified(
    manifest: &Manifest,
    cache: &Cache,
    ids: &[String],
    network: Network,
) -> Result<Vec<PathBuf>, CorporaError> {
    let ensure = |id: &String| cache.ensure(manifest.find(id)?, network);
    ids.iter().map(ensure).collect()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::fixtures;
    use super::*;

    #[test]
    fn a_trial_is_ignored_exactly_where_fetching_is_forbidden() {
        let ignored = |network| trial_with(network, "t".to_owned(), &[], |_| Ok(()));
        let flags = [Network::Offline, Network::Allowed].map(|n| ignored(n).has_ignored_flag());
        assert_eq!(flags, [true, false]);
    }

    #[test]
    fn paths_come_in_the_order_of_the_ids() {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa"), ("package/b.so", b"bb")]);
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        for (artefact, bytes) in manifest.artefacts().zip(["aaa", "bb"]) {
            let path = cache.path_of(artefact);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, bytes).unwrap();
        }
        let ids = ["pack@1.0.0/b.so", "pack@1.0.0/a.so"].map(str::to_owned);
        let paths = verified(&manifest, &cache, &ids, Network::Offline).unwrap();
        let contents: Vec<_> = paths.iter().map(|path| fs::read(path).unwrap()).collect();
        assert_eq!(contents, [b"bb".to_vec(), b"aaa".to_vec()]);
    }

    #[test]
    fn an_artefact_that_cannot_be_had_fails_the_trial_by_its_id() {
        let folder = tempfile::tempdir().unwrap();
        let cache = Cache::at(folder.path()).unwrap();
        let id = "pack@1.0.0/a.so".to_owned();
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let error = verified(&manifest, &cache, &[id], Network::Offline).unwrap_err();
        let failed = Failed::from(error);
        assert!(
            failed
                .message()
                .unwrap()
                .contains("`pack@1.0.0/a.so` is missing")
        );
    }
}
