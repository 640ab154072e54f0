//! Why fuzzing ended early, told apart by what to do.

use std::io;
use std::path::PathBuf;

use patchproof_testkit::corpora::{CorporaError, ManifestError};

use crate::coverage::CoverageError;
use crate::figures::FiguresError;
use crate::tidy::TidyError;

/// Why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FuzzError {
    #[error(
        "{target} failed; the input is {}\nto see it again: cargo xtask fuzz replay {target} {}\n\
         to make it smaller: cargo xtask fuzz minimise {target} {}",
        file.display(), file.display(), file.display()
    )]
    Found { target: String, file: PathBuf },
    #[error("{failed} of {targets} targets failed; the table says which")]
    Smoke { failed: usize, targets: usize },
    #[error("{failed} of {inputs} inputs break what their target claims")]
    Replay { failed: usize, inputs: usize },
    #[error("there is no target {0:?}; `cargo xtask fuzz list` prints them")]
    NoTarget(String),
    #[error("{what} could not be built; to repeat it: {command}")]
    NotBuilt { what: &'static str, command: String },
    #[error("{what} is missing; {remedy}")]
    Missing {
        what: &'static str,
        remedy: &'static str,
    },
    #[error("cannot start {program}: {source}")]
    NotStarted { program: String, source: io::Error },
    #[error("{program} ended with {status}")]
    Ended { program: String, status: String },
    #[error("the input does not fail {0}: there is nothing to make smaller")]
    DoesNotFail(String),
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {why}", path.display())]
    Malformed { path: PathBuf, why: String },
    #[error("the system does not say how much time processes took: {0}")]
    NoTimes(io::Error),
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    #[error(transparent)]
    Figures(#[from] FiguresError),
    #[error(transparent)]
    Corpora(#[from] CorporaError),
    #[error(transparent)]
    Manifest(#[from] ManifestError),
    #[error(transparent)]
    Metadata(#[from] cargo_metadata::Error),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

/// The error of a file's path.
pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> FuzzError {
    let path = path.into();
    |source| FuzzError::File { path, source }
}
