//! Why nothing was measured, or what is wrong with what was.

use std::io;
use std::path::PathBuf;

use crate::coverage::CoverageError;
use crate::fuzz::FuzzError;
use crate::tidy::TidyError;

/// Why.
#[derive(Debug, thiserror::Error)]
pub(crate) enum FiguresError {
    #[error("there is no area {0:?}; `cargo xtask figures --areas` prints them")]
    NoArea(String),
    #[error(
        "{area}: {per_mille} of a thousand changes are caught, and {floor_per_mille} have to be; \
         what was missed is in {}: a test is needed, or a line in .cargo/mutants.toml that says \
         why none can be",
        missed.display()
    )]
    BelowFloor {
        area: &'static str,
        per_mille: u64,
        floor_per_mille: u64,
        missed: PathBuf,
    },
    #[error(
        "{per_mille} of a thousand regions are reached by {what}, and {floor_per_mille} have to be"
    )]
    ReachedBelowFloor {
        what: &'static str,
        per_mille: u64,
        floor_per_mille: u64,
    },
    #[error("{what} is missing; {remedy}")]
    Missing {
        what: &'static str,
        remedy: &'static str,
    },
    #[error("cannot start {program}: {source}")]
    NotStarted {
        program: &'static str,
        source: io::Error,
    },
    #[error("{program} ended with {status}; what it said is in {}", said.display())]
    Ended {
        program: &'static str,
        status: String,
        said: PathBuf,
    },
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: {why}", path.display())]
    Malformed { path: PathBuf, why: String },
    #[error(transparent)]
    Coverage(#[from] CoverageError),
    /// The fuzz targets could not be run.
    #[error(transparent)]
    Fuzz(Box<FuzzError>),
    #[error(transparent)]
    Repository(#[from] TidyError),
}

/// The error of a file's path.
pub(super) fn file(path: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> FiguresError {
    let path = path.into();
    |source| FiguresError::File { path, source }
}

/// The error of a file that does not say what it should.
pub(super) fn malformed<E: ToString>(path: impl Into<PathBuf>) -> impl FnOnce(E) -> FiguresError {
    let path = path.into();
    move |error| FiguresError::Malformed {
        path,
        why: error.to_string(),
    }
}
