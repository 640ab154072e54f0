//! The cache: files named by their SHA-256, trusted never, verified at every use.

use std::env;
use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use directories::BaseDirs;

use super::clients::Clients;
use super::content::{Found, PourError, pour};
use super::error::{CorporaError, io_error};
use super::fetch;
use super::manifest::{Artefact, Manifest};
use super::mode::set_mode;
use super::network::Network;
use super::progress::Voice;

/// The verified path of the artefact with this id, in the user's cache, fetched unless
/// `PATCHPROOF_OFFLINE` forbids it.
///
/// # Errors
/// See [`Cache::ensure`] and [`Manifest::find`].
pub fn path(id: &str) -> Result<PathBuf, CorporaError> {
    let manifest = Manifest::load()?;
    Cache::open()?.ensure(manifest.find(id)?, Network::from_env())
}

/// A folder of artefacts, shared by every process that names the same folder.
#[derive(Debug, Clone)]
pub struct Cache {
    folder: PathBuf,
    pub(super) clients: Clients,
    pub(super) voice: Voice,
}

/// What the cache holds of an artefact.
#[expect(clippy::exhaustive_enums, reason = "a file is absent, right or wrong")]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// Nothing.
    Missing,
    /// A file of its name with other bytes.
    Rotten(Found),
    /// The pinned bytes, just hashed.
    Verified,
}

impl Cache {
    /// The cache at `$PATCHPROOF_CORPORA`, else `patchproof/corpora` in the user's cache folder.
    /// Nothing is written before something is fetched.
    ///
    /// # Errors
    /// [`CorporaError::NoCacheFolder`]; [`CorporaError::Io`] when a relative folder is named and
    /// there is no working folder.
    pub fn open() -> Result<Self, CorporaError> {
        let user_cache = || BaseDirs::new().map(|folders| folders.cache_dir().to_owned());
        Self::at(folder_from(env::var_os("PATCHPROOF_CORPORA"), user_cache)?)
    }

    /// The cache at this folder, which need not exist.
    ///
    /// # Errors
    /// [`CorporaError::Io`] when the folder is relative and there is no working folder.
    pub fn at(folder: impl AsRef<Path>) -> Result<Self, CorporaError> {
        let folder = folder.as_ref();
        // Clients run in a folder of their own: a relative path would mean another place there.
        let folder = std::path::absolute(folder).map_err(io_error("locate", folder))?;
        Ok(Self {
            folder,
            clients: Clients::default(),
            voice: Voice::Stderr,
        })
    }

    /// The same cache saying nothing on standard error, for callers that speak for themselves.
    #[must_use]
    pub fn silent(mut self) -> Self {
        self.voice = Voice::Silent;
        self
    }

    /// One line on standard error, which leaves the spinners of fetches under way intact.
    pub fn say(&self, text: &str) {
        self.voice.say(text);
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A path whose bytes were hashed just now and are the pinned ones. A file that is missing or
    /// rotten is fetched first, with all others of its package. A runtime comes out executable.
    ///
    /// # Errors
    /// [`CorporaError::Offline`] where fetching is forbidden; else whatever kept it from being
    /// fetched, stored or read back.
    pub fn ensure(
        &self,
        artefact: Artefact<'_>,
        network: Network,
    ) -> Result<PathBuf, CorporaError> {
        let state = self.state(artefact)?;
        if state != State::Verified {
            if network == Network::Offline {
                return Err(self.offline(artefact, &state));
            }
            fetch::fetch(self, artefact)?;
            self.read_back(artefact)?;
        }
        let path = self.path_of(artefact);
        set_mode(&path, artefact.kind())?;
        Ok(path)
    }

    /// What it holds of this artefact, by reading all of it.
    ///
    /// # Errors
    /// [`CorporaError::Io`] when the file is there but cannot be read.
    pub fn state(&self, artefact: Artefact<'_>) -> Result<State, CorporaError> {
        let path = self.path_of(artefact);
        let mut file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(State::Missing),
            Err(error) => return Err(io_error("open", &path)(error)),
        };
        match pour(&mut file, &mut io::sink(), artefact.size_bytes()) {
            Ok(found) if found.is(artefact.content()) => Ok(State::Verified),
            Ok(found) => Ok(State::Rotten(found)),
            Err(PourError::Read(error) | PourError::Write(error)) => {
                Err(io_error("read", &path)(error))
            }
        }
    }

    /// Where an artefact is kept, whether or not it is there.
    pub(super) fn path_of(&self, artefact: Artefact<'_>) -> PathBuf {
        self.folder.join("sha256").join(artefact.sha256())
    }

    /// Writing can succeed on a disk that does not keep what it is given.
    fn read_back(&self, artefact: Artefact<'_>) -> Result<(), CorporaError> {
        let path = self.path_of(artefact);
        match self.state(artefact)? {
            State::Verified => Ok(()),
            State::Rotten(_) | State::Missing => {
                let lost = io::Error::other("the verified bytes just written are not there");
                Err(io_error("read back", &path)(lost))
            }
        }
    }

    fn offline(&self, artefact: Artefact<'_>, state: &State) -> CorporaError {
        let state = match state {
            State::Rotten(found) => format!("rotten ({found} instead of {})", artefact.content()),
            State::Missing | State::Verified => "missing".to_owned(),
        };
        CorporaError::Offline {
            id: artefact.id(),
            package: artefact.package().label(),
            state,
            folder: self.folder.clone(),
        }
    }
}

fn folder_from(
    named: Option<OsString>,
    user_cache: impl FnOnce() -> Option<PathBuf>,
) -> Result<PathBuf, CorporaError> {
    match named.filter(|folder| !folder.is_empty()) {
        Some(folder) => Ok(folder.into()),
        None => user_cache()
            .map(|folder| folder.join("patchproof").join("corpora"))
            .ok_or(CorporaError::NoCacheFolder),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_folder_goes_before_the_users_cache() {
        let folder = folder_from(Some("named".into()), || Some("user".into())).unwrap();
        assert_eq!(folder, Path::new("named"));
    }

    #[test]
    fn an_empty_name_is_as_good_as_none() {
        let folder = folder_from(Some("".into()), || Some("user".into())).unwrap();
        assert_eq!(folder, Path::new("user/patchproof/corpora"));
    }

    #[test]
    fn a_user_without_a_home_is_told_what_to_set() {
        let text = folder_from(None, || None).unwrap_err().to_string();
        assert!(text.contains("set PATCHPROOF_CORPORA"), "{text}");
    }

    #[test]
    fn a_relative_folder_becomes_absolute() {
        assert!(Cache::at("somewhere").unwrap().folder().is_absolute());
    }
}
