//! Inflates through both decoders; returns bytes only where they agree.

use crate::error::{InflateError, Malformed};
use crate::limits::Limits;
use crate::stream::{Inflation, StreamError};
use crate::{has_header, plain, reference};

/// Turns a base and a patch into the patched library.
///
/// The plain decoder goes first, and what it refuses is refused. The decoder that devices use must
/// then take it with the same bytes: Shorebird's for its container, the streaming one for ours.
///
/// # Errors
/// [`InflateError`], told apart by who is at fault: the patch, this base, or us.
pub fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let strict = plain::inflate(base, patch, limits)?;
    let device = if has_header(patch) {
        streamed(base, patch, limits)
    } else {
        reference(base, patch, limits)
    };
    let device = device.map_err(|error| match error {
        InflateError::Malformed(reason) => {
            InflateError::Malformed(Malformed::Reference(reason.to_string()))
        }
        other => other,
    })?;
    if strict == device {
        return Ok(strict);
    }
    let same = strict
        .iter()
        .zip(&device)
        .take_while(|(a, b)| a == b)
        .count();
    let first_difference = u64::try_from(same).unwrap_or(u64::MAX);
    Err(InflateError::DecodersDisagree { first_difference })
}

/// Inflates with the streaming decoder, in memory.
fn streamed(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let mut output = Vec::new();
    match Inflation::within(limits).run(&patch, &base, &mut output) {
        Ok(_) => Ok(output),
        Err(StreamError::Inflate(error)) => Err(error),
        // Slices are read and a vector is written without fail.
        Err(error) => Err(InflateError::Malformed(Malformed::Reference(
            error.to_string(),
        ))),
    }
}
