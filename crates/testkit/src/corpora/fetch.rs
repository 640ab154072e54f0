//! Brings a package's artefacts into the cache, once, however many ask at the same time.
//!
//! A lock file per package makes the others wait. Under the lock, everything happens in a workroom
//! of the package's own in the cache's folder, so that a finished file is renamed into its place;
//! what a dead process left there is swept away by the next.
//!
//! An executable that anybody has open for writing cannot be started, and a process that another
//! thread starts inherits our open files for the moment before it becomes its own program. So a
//! file is written, synced and closed under a name that nobody starts; the hashing that follows
//! before anybody learns its final name outlasts that moment by far.

use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

use super::cache::{Cache, State};
use super::content::{Found, PourError, pour};
use super::error::{CorporaError, io_error};
use super::extract::extract;
use super::manifest::Artefact;
use super::mode::set_mode;
use super::room::{Workroom, lock};

/// Makes sure that `artefact` has been fetched, together with all others of its package.
///
/// # Errors
/// Any of [`CorporaError`] but those of the list and of [`CorporaError::Offline`].
pub(super) fn fetch(cache: &Cache, artefact: Artefact<'_>) -> Result<(), CorporaError> {
    let package = artefact.package();
    let _lock = lock(cache, package)?;
    match cache.state(artefact)? {
        State::Verified => return Ok(()),
        State::Rotten(found) => cache.voice.say(&format!(
            "the cached {} has rotted (expected {}, found {found}): fetching it again",
            artefact.id(),
            artefact.content(),
        )),
        State::Missing => {}
    }
    let activity = cache.voice.start(&format!("fetching {}", package.label()));
    let room = Workroom::open(cache, package)?;
    let archive = cache.clients.download(package, room.folder(), &activity)?;
    activity.step("unpacking");
    extract(&archive, package, &mut |artefact, bytes| {
        store(cache, &room, artefact, bytes)
    })
}

/// Writes what streams out of the archive under the artefact's final name, if it is what is pinned.
fn store(
    cache: &Cache,
    room: &Workroom,
    artefact: Artefact<'_>,
    bytes: &mut dyn Read,
) -> Result<(), CorporaError> {
    let part = room.folder().join(artefact.sha256());
    let found = write(&part, artefact, bytes)?;
    if !found.is(artefact.content()) {
        let (id, expected) = (artefact.id(), artefact.content().clone());
        return Err(CorporaError::WrongContent {
            id,
            expected,
            found,
        });
    }
    set_mode(&part, artefact.kind())?;
    let path = cache.path_of(artefact);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(io_error("create", folder))?;
    }
    fs::rename(&part, &path).map_err(io_error("move a verified file to", &path))
}

fn write(part: &Path, artefact: Artefact<'_>, bytes: &mut dyn Read) -> Result<Found, CorporaError> {
    let mut file = File::create_new(part).map_err(io_error("create", part))?;
    let found = pour(bytes, &mut file, artefact.size_bytes()).map_err(|error| match error {
        PourError::Read(source) => CorporaError::ArchiveUnreadable {
            package: artefact.package().label(),
            source,
        },
        PourError::Write(source) => io_error("write", part)(source),
    })?;
    file.sync_all().map_err(io_error("sync", part))?;
    Ok(found)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;

    use super::super::clients::Clients;
    use super::super::fixtures::{self, FakeClient};
    use super::super::network::Network;
    use super::*;
    use crate::corpora::Manifest;

    /// A list of one package, a client that hands out the package, and an empty cache using it.
    struct Bench {
        manifest: Manifest,
        client: FakeClient,
        cache: Cache,
        _folder: tempfile::TempDir,
    }

    fn bench(manifest: Manifest, client: FakeClient) -> Bench {
        let folder = tempfile::tempdir().unwrap();
        let mut cache = Cache::at(folder.path()).unwrap().silent();
        cache.clients = Clients::fake(vec![client.launcher()]);
        Bench {
            manifest,
            client,
            cache,
            _folder: folder,
        }
    }

    const FILES: [(&str, &[u8]); 2] = [("package/a.so", b"aaa"), ("package/b.so", b"bb")];

    /// A package of two files whose client hands out exactly what is pinned.
    fn honest() -> Bench {
        let client = FakeClient::serving("pack.tgz", &fixtures::tar_gz(&FILES));
        bench(fixtures::npm(&FILES), client)
    }

    impl Bench {
        fn ensure(&self, id: &str, network: Network) -> Result<PathBuf, CorporaError> {
            self.cache.ensure(self.manifest.find(id).unwrap(), network)
        }
    }

    #[test]
    fn one_fetch_stores_every_artefact_of_its_package() {
        let bench = honest();
        bench.ensure("pack@1.0.0/a.so", Network::Allowed).unwrap();
        let b = bench.ensure("pack@1.0.0/b.so", Network::Offline).unwrap();
        assert_eq!(fs::read(b).unwrap(), b"bb");
    }

    #[test]
    fn what_is_cached_is_not_fetched_again() {
        let bench = honest();
        for _ in 0..3 {
            bench.ensure("pack@1.0.0/a.so", Network::Allowed).unwrap();
        }
        assert_eq!(bench.client.runs(), 1);
    }

    #[test]
    fn a_rotten_file_is_fetched_again() {
        let bench = honest();
        let path = bench.ensure("pack@1.0.0/a.so", Network::Allowed).unwrap();
        fs::write(&path, b"aab").unwrap();
        let again = bench.ensure("pack@1.0.0/a.so", Network::Allowed).unwrap();
        assert_eq!(
            (fs::read(again).unwrap(), bench.client.runs()),
            (b"aaa".to_vec(), 2)
        );
    }

    #[test]
    fn a_rotten_file_is_never_handed_out_offline() {
        let bench = honest();
        let path = bench.ensure("pack@1.0.0/a.so", Network::Allowed).unwrap();
        fs::write(&path, b"aab").unwrap();
        let text = bench
            .ensure("pack@1.0.0/a.so", Network::Offline)
            .unwrap_err()
            .to_string();
        assert!(text.contains("is rotten (3 bytes with SHA-256"), "{text}");
    }

    #[test]
    fn offline_the_missing_package_is_named_with_how_to_get_it() {
        let text = honest()
            .ensure("pack@1.0.0/a.so", Network::Offline)
            .unwrap_err()
            .to_string();
        assert!(
            text.contains("`cargo xtask corpora fetch pack@1.0.0`"),
            "{text}"
        );
    }

    #[test]
    fn two_threads_that_ask_at_once_fetch_once() {
        let archive = fixtures::tar_gz(&FILES);
        let slow = FakeClient::running("sleep 0.2; cp \"$HERE/archive\" a.tgz", &archive);
        let bench = bench(fixtures::npm(&FILES), slow);
        let bench = &bench;
        std::thread::scope(|scope| {
            let ask = |id| scope.spawn(move || bench.ensure(id, Network::Allowed));
            let asked = [ask("pack@1.0.0/a.so"), ask("pack@1.0.0/b.so")];
            assert!(
                asked
                    .into_iter()
                    .all(|thread| thread.join().unwrap().is_ok())
            );
        });
        assert_eq!(bench.client.runs(), 1);
    }

    #[test]
    fn other_bytes_than_the_pinned_ones_are_refused_with_both() {
        let archive = fixtures::tar_gz(&[("package/a.so", b"aab"), ("package/b.so", b"bb")]);
        let bench = bench(
            fixtures::npm(&FILES),
            FakeClient::serving("pack.tgz", &archive),
        );
        let text = bench
            .ensure("pack@1.0.0/a.so", Network::Allowed)
            .unwrap_err()
            .to_string();
        let pinned = bench
            .manifest
            .find("pack@1.0.0/a.so")
            .unwrap()
            .content()
            .to_string();
        assert!(
            text.contains(&format!("pins {pinned}, the package has 3 bytes")),
            "{text}"
        );
    }

    #[test]
    fn a_longer_file_is_cut_off_and_refused() {
        let archive = fixtures::tar_gz(&[("package/a.so", &[7; 100_000])]);
        let files: &[(&str, &[u8])] = &[("package/a.so", b"aaa")];
        let bench = bench(
            fixtures::npm(files),
            FakeClient::serving("pack.tgz", &archive),
        );
        let error = bench
            .ensure("pack@1.0.0/a.so", Network::Allowed)
            .unwrap_err();
        let longer = Found::Longer { expected_bytes: 3 };
        assert!(
            matches!(&error, CorporaError::WrongContent { found, .. } if *found == longer),
            "{error:?}"
        );
    }

    #[test]
    fn a_refused_file_leaves_nothing_behind() {
        let archive = fixtures::tar_gz(&[("package/a.so", b"aab")]);
        let bench = bench(
            fixtures::npm(&FILES),
            FakeClient::serving("pack.tgz", &archive),
        );
        bench
            .ensure("pack@1.0.0/a.so", Network::Allowed)
            .unwrap_err();
        let left = fs::read_dir(bench.cache.folder().join("fetching"))
            .unwrap()
            .count();
        assert_eq!(
            (left, bench.cache.folder().join("sha256").exists()),
            (0, false)
        );
    }

    #[test]
    fn what_a_dead_process_left_does_not_disturb() {
        let bench = honest();
        let left = bench.cache.folder().join("fetching/pack@1.0.0/downloads");
        fs::create_dir_all(&left).unwrap();
        fs::write(left.join("half.tgz"), b"half").unwrap();
        assert!(bench.ensure("pack@1.0.0/a.so", Network::Allowed).is_ok());
    }

    #[test]
    fn a_runtime_comes_out_executable_even_when_its_mode_was_lost() {
        let files: &[(&str, &[u8])] = &[("package/dart", b"aaa")];
        let client = FakeClient::serving("pack.tgz", &fixtures::tar_gz(files));
        let bench = bench(fixtures::npm_runtimes(files), client);
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        let path = bench.ensure("pack@1.0.0/dart", Network::Allowed).unwrap();
        assert_eq!(mode(&path), 0o755);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        let path = bench.ensure("pack@1.0.0/dart", Network::Offline).unwrap();
        assert_eq!(mode(&path), 0o755);
    }
}
