//! Why a command around keys and statements ends early, with its exit code; and files on the way.

use std::path::Path;

use patchproof_report::ExitCode;
use patchproof_trust::{Refusal, Remembered, SignError};

use crate::files::{read_file, write_file};
use crate::moment::ClockError;
use crate::output::{say, shown};
use crate::signer::SignerError;

/// Why a command ends early. Words and code are for the person and the pipeline; no secret.
#[derive(Debug)]
pub(crate) struct Stopped {
    pub(crate) code: ExitCode,
    pub(crate) why: String,
}

impl Stopped {
    /// Nothing could be decided.
    pub(crate) fn undecided(why: impl Into<String>) -> Self {
        Self {
            code: ExitCode::Undecided,
            why: why.into(),
        }
    }

    /// A document is not believed.
    pub(crate) fn refused(path: &Path, refusal: &Refusal) -> Self {
        Self {
            code: ExitCode::StatementInvalid,
            why: format!("{}: {refusal}", shown(path)),
        }
    }

    /// Something about a file.
    pub(crate) fn at(path: &Path, why: impl std::fmt::Display) -> Self {
        Self::undecided(format!("{}: {why}", shown(path)))
    }
}

impl From<ClockError> for Stopped {
    fn from(error: ClockError) -> Self {
        Self::undecided(error.to_string())
    }
}

impl From<SignerError> for Stopped {
    fn from(error: SignerError) -> Self {
        Self::undecided(error.to_string())
    }
}

impl From<SignError> for Stopped {
    fn from(error: SignError) -> Self {
        let code = match error {
            SignError::WrongSignature { .. } => ExitCode::StatementInvalid,
            _ => ExitCode::Undecided,
        };
        Self {
            code,
            why: format!("{error}; nothing was written"),
        }
    }
}

/// Says why a command ended early, if it did.
pub(crate) fn ended(result: Result<ExitCode, Stopped>) -> ExitCode {
    result.unwrap_or_else(|stopped| {
        say(&stopped.why);
        stopped.code
    })
}

/// A whole file.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, Stopped> {
    read_file(path).map_err(|error| Stopped::at(path, error))
}

/// A root that enough of its own keys signed.
pub(crate) fn read_root(path: &Path) -> Result<Remembered, Stopped> {
    Remembered::from_embedded(&read(path)?).map_err(|refusal| Stopped::refused(path, &refusal))
}

/// Writes a document, never over one of `inputs`.
pub(crate) fn write(path: &Path, bytes: &[u8], inputs: &[&Path]) -> Result<(), Stopped> {
    write_file(path, bytes, inputs).map_err(|error| Stopped::at(path, error))
}

/// Refuses to go on where a file is there already. It is asked before any work is done.
pub(crate) fn must_be_new(path: &Path, why: &str) -> Result<(), Stopped> {
    match std::fs::symlink_metadata(path) {
        Ok(_) => Err(Stopped::at(path, format!("it is there already, {why}"))),
        Err(_) => Ok(()),
    }
}
