//! The registries' own clients, run as processes: `npm pack` and `pip download`.
//!
//! Using them, and naming no host, means that a user's mirrors, proxies and credentials are obeyed
//! without a line here about any of them.

use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::thread;
use std::time::Duration;

use super::commands;
use super::error::{CorporaError, io_error};
use super::failure::{ClientFailure, end_of};
use super::manifest::{Package, Registry};
use super::progress::Activity;

/// How each registry's client is started, and how patient we are with it.
#[derive(Debug, Clone)]
pub(super) struct Clients {
    npm: Vec<Launcher>,
    pip: Vec<Launcher>,
    /// Between attempts, so there is one attempt more.
    pauses: Vec<Duration>,
}

/// A program and its leading arguments.
pub(super) type Launcher = Vec<OsString>;

impl Default for Clients {
    fn default() -> Self {
        let launchers = |registry| {
            let words = |launcher: &&[&str]| launcher.iter().map(OsString::from).collect();
            commands::launchers(registry).iter().map(words).collect()
        };
        Self {
            npm: launchers(Registry::Npm),
            pip: launchers(Registry::Pypi),
            pauses: PAUSES.to_vec(),
        }
    }
}

impl Clients {
    /// Downloads the archive of `package` below `room`, an existing folder of our own.
    ///
    /// # Errors
    /// [`CorporaError::ClientMissing`], [`CorporaError::ClientNotStarted`],
    /// [`CorporaError::ClientFailed`], [`CorporaError::ArchiveCount`], [`CorporaError::Io`].
    pub(super) fn download(
        &self,
        package: &Package,
        room: &Path,
        activity: &Activity,
    ) -> Result<PathBuf, CorporaError> {
        let mut pauses = self.pauses.iter();
        let mut attempt: usize = 1;
        loop {
            activity.step(&format!("asking the registry, attempt {attempt}"));
            let (status, said) = match self.run(package, room)? {
                Ran::Done(downloads) => return sole_archive(package, &downloads),
                Ran::Failed { status, said } => (status, said),
            };
            let Some(pause) = pauses.next() else {
                let failure = ClientFailure::new(package, status, &said, attempt);
                return Err(CorporaError::ClientFailed(Box::new(failure)));
            };
            thread::sleep(*pause);
            attempt = attempt.saturating_add(1);
        }
    }

    /// One attempt, in an empty folder, with the first of the client's launchers that is installed.
    fn run(&self, package: &Package, room: &Path) -> Result<Ran, CorporaError> {
        let downloads = room.join("downloads");
        if downloads.exists() {
            fs::remove_dir_all(&downloads).map_err(io_error("empty", &downloads))?;
        }
        fs::create_dir(&downloads).map_err(io_error("create", &downloads))?;
        let launchers = match package.registry() {
            Registry::Npm => &self.npm,
            Registry::Pypi => &self.pip,
        };
        for launcher in launchers {
            if let Some(ran) = launch(launcher, package, &downloads, &room.join("stderr"))? {
                return Ok(ran);
            }
        }
        Err(CorporaError::ClientMissing {
            client: commands::client_name(package.registry()),
            package: package.label(),
            install: commands::how_to_install(package.registry()),
        })
    }
}

#[cfg(test)]
impl Clients {
    /// Both clients started in these ways, with no pause between three attempts.
    pub(super) fn fake(launchers: Vec<Launcher>) -> Self {
        Self {
            npm: launchers.clone(),
            pip: launchers,
            pauses: vec![Duration::ZERO; 2],
        }
    }
}

/// How a client that is installed ended.
enum Ran {
    Done(PathBuf),
    Failed { status: ExitStatus, said: String },
}

/// `None` when there is no such client here.
fn launch(
    launcher: &Launcher,
    package: &Package,
    downloads: &Path,
    stderr: &Path,
) -> Result<Option<Ran>, CorporaError> {
    let Some((program, leading)) = launcher.split_first() else {
        return Ok(None);
    };
    // Into a file: a pipe would have to be emptied, and could outlive the client.
    let log = File::create(stderr).map_err(io_error("create", stderr))?;
    let status = Command::new(program)
        .args(leading)
        .args(commands::arguments(package))
        .args(commands::manners(package.registry()))
        .current_dir(downloads)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(log)
        .status();
    let status = match status {
        Ok(status) => status,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(source) => {
            let (client, package) = (program.to_string_lossy().into_owned(), package.label());
            return Err(CorporaError::ClientNotStarted {
                client,
                package,
                source,
            });
        }
    };
    if status.success() {
        return Ok(Some(Ran::Done(downloads.to_owned())));
    }
    let said = end_of(stderr).map_err(io_error("read", stderr))?;
    let installed = !commands::is_stand_in(status.code(), &said);
    Ok(installed.then_some(Ran::Failed { status, said }))
}

/// The archive a client left. Looked for on the disk: what clients print also holds warnings.
fn sole_archive(package: &Package, downloads: &Path) -> Result<PathBuf, CorporaError> {
    let extension = commands::archive_extension(package.registry());
    let entries = fs::read_dir(downloads).map_err(io_error("list", downloads))?;
    let mut archives = Vec::new();
    for entry in entries {
        let path = entry.map_err(io_error("list", downloads))?.path();
        if path.extension().is_some_and(|found| found == extension) {
            archives.push(path);
        }
    }
    match <[PathBuf; 1]>::try_from(archives) {
        Ok([archive]) => Ok(archive),
        Err(archives) => Err(CorporaError::ArchiveCount {
            by_hand: commands::by_hand(package),
            extension,
            found: archives.len(),
        }),
    }
}

const PAUSES: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(3)];

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::super::fixtures::{self, FakeClient};
    use super::super::progress::Voice;
    use super::*;

    fn downloaded(launchers: Vec<Launcher>) -> Result<Vec<u8>, CorporaError> {
        let manifest = fixtures::npm(&[("package/a.so", b"aaa")]);
        let room = tempfile::tempdir().unwrap();
        let activity = Voice::Silent.start("");
        let package = &manifest.packages()[0];
        let archive = Clients::fake(launchers).download(package, room.path(), &activity)?;
        Ok(fs::read(archive).unwrap())
    }

    #[test]
    fn the_archive_is_found_by_its_ending_whatever_the_client_prints() {
        let client = FakeClient::serving("whatever-1.tgz", b"an archive");
        assert_eq!(downloaded(vec![client.launcher()]).unwrap(), b"an archive");
    }

    #[test]
    fn a_missing_client_is_named_with_how_to_get_it() {
        let error = downloaded(vec![vec!["no-such-client-of-ours".into()]]).unwrap_err();
        let text = error.to_string();
        assert!(
            text.contains("npm was not found on PATH") && text.contains("Node.js"),
            "{text}"
        );
    }

    #[test]
    fn a_stand_in_with_nothing_behind_it_gives_way_to_the_next_launcher() {
        let stand_in = FakeClient::running("exit 127", b"");
        let real = FakeClient::serving("a.tgz", b"an archive");
        let got = downloaded(vec![stand_in.launcher(), real.launcher()]).unwrap();
        assert_eq!((got, stand_in.runs()), (b"an archive".to_vec(), 1));
    }

    #[test]
    fn a_client_that_fails_twice_is_asked_a_third_time() {
        let script = "[ $(wc -l < \"$HERE/runs\") -ge 3 ] && cp \"$HERE/archive\" a.tgz";
        let client = FakeClient::running(script, b"an archive");
        assert_eq!(downloaded(vec![client.launcher()]).unwrap(), b"an archive");
    }

    #[test]
    fn a_client_that_keeps_failing_is_asked_three_times_and_quoted() {
        let client = FakeClient::running("echo 'npm error code E404' >&2; exit 1", b"");
        let error = downloaded(vec![client.launcher()]).unwrap_err();
        let text = error.to_string();
        assert_eq!(client.runs(), 3);
        assert!(
            text.contains("npm pack pack@1.0.0") && text.contains("E404"),
            "{text}"
        );
    }

    #[test]
    fn a_clients_endless_complaint_is_cut_to_its_last_lines() {
        let client = FakeClient::running("seq 1 100000 >&2; exit 1", b"");
        let error = downloaded(vec![client.launcher()]).unwrap_err();
        let CorporaError::ClientFailed(failure) = error else {
            panic!("{error:?}")
        };
        let last_words: Vec<_> = failure.last_words().lines().collect();
        assert_eq!(
            last_words.first().zip(last_words.last()),
            Some((&"99986", &"100000"))
        );
    }

    #[test]
    fn an_unreachable_registry_is_taken_for_a_missing_network() {
        let client = FakeClient::running("echo 'npm error code EAI_AGAIN' >&2; exit 1", b"");
        let text = downloaded(vec![client.launcher()]).unwrap_err().to_string();
        assert!(text.contains("is there a network?"), "{text}");
    }

    #[test]
    fn a_client_that_leaves_nothing_is_an_error() {
        let client = FakeClient::running("exit 0", b"");
        let error = downloaded(vec![client.launcher()]).unwrap_err();
        assert!(
            matches!(error, CorporaError::ArchiveCount { found: 0, .. }),
            "{error:?}"
        );
    }
}
