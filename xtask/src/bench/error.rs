//! Why nothing could be measured at all; what one tool does wrong is its cell's to say.

use std::io;
use std::path::{Path, PathBuf};

use patchproof_patch::{InflateError, MakeError};
use patchproof_testkit::pairs::PairsError;

use crate::tidy::TidyError;

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub(super) enum BenchError {
    #[error("no pair has `{text}` in its name; without --pairs all are measured and named")]
    NoPair { text: String },
    #[error("cannot {what} {}: {source}", path.display())]
    File {
        what: &'static str,
        path: PathBuf,
        source: io::Error,
    },
    #[error("a patch could not be made: {0}")]
    Make(#[from] MakeError),
    #[error("a patch that was just made could not be read: {0}")]
    Inflate(#[from] InflateError),
    #[error("a stream could not be packed or unpacked: {0}")]
    Codec(#[source] io::Error),
    #[error("the plot {name} could not be drawn: {detail}")]
    Plot { name: &'static str, detail: String },
    #[error("the report could not be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
    #[error(transparent)]
    Pairs(#[from] PairsError),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

impl BenchError {
    pub(super) fn file(what: &'static str, path: &Path, source: io::Error) -> Self {
        let path = path.to_owned();
        Self::File { what, path, source }
    }
}
