//! A report as a signed attestation: an in-toto statement with SLSA's verification summary, in a
//! DSSE envelope.
//!
//! Tools that know these formats and nothing of ours read who verified what, when, by which policy
//! and with which result. The report itself stands beside that, under a name of ours, which such
//! tools pass over. `docs/attestation.md` has every field.

mod envelope;
mod summary;

use patchproof_report::Report;
use patchproof_trust::{Sign, SignError};

use crate::inputs::Inputs;

/// Attests a report of these inputs, as of this moment in seconds since 1970. Same input and keys,
/// same bytes.
///
/// # Errors
///
/// [`AttestError`]: nothing to be named, a moment that no calendar has, or a signer that did not.
pub fn attest(
    report: &Report,
    inputs: &Inputs,
    verified_s: u64,
    signers: &[&dyn Sign],
) -> Result<Vec<u8>, AttestError> {
    if signers.is_empty() {
        return Err(AttestError::NoSigner);
    }
    let statement = summary::statement(report, inputs, verified_s)?;
    let payload = serde_json::to_vec(&statement).map_err(|error| AttestError::Unwritable {
        reason: error.to_string(),
    })?;
    envelope::signed(&payload, signers)
}

/// Why there is no attestation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AttestError {
    /// An attestation is about files, and none was read.
    #[error("neither the released library nor a patch could be read: there is nothing to attest")]
    NoSubject,
    /// A moment that no calendar has.
    #[error("{seconds} seconds since 1970 is no date: name the moment again, or mend the clock")]
    NoDate {
        /// What was said.
        seconds: u64,
    },
    /// Unsigned it would say nothing.
    #[error("nobody was named to sign the attestation: name a key")]
    NoSigner,
    /// A signer that did not sign.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The statement could not be written as JSON.
    #[error("the attestation could not be written: {reason}; report it")]
    Unwritable {
        /// What stands in the way.
        reason: String,
    },
}
