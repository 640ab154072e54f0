//! Why the pairs of the corpus are not known.

use std::io;
use std::path::PathBuf;

use crate::corpora::{CorporaError, ManifestError};

/// Why the pairs are not known.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PairsError {
    /// A verified file of the cache could not be read.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The list calls something a snapshot that is none.
    #[error("corpora/manifest.toml calls {id} a snapshot, and it is none: {detail}")]
    NoSnapshot {
        /// The artefact.
        id: String,
        /// Why it is none.
        detail: String,
    },
    /// An artefact could not be had.
    #[error(transparent)]
    Corpora(#[from] CorporaError),
    /// The list is wrong.
    #[error(transparent)]
    Manifest(#[from] ManifestError),
}
