//! Inflates through both decoders; returns bytes only where they agree.

use crate::error::{InflateError, Malformed};
use crate::limits::Limits;
use crate::stream::{Inflation, StreamError};
use crate::transform::Known;
use crate::{has_header, plain, reference};

/// Turns a base and a patch into the patched library.
///
/// The plain decoder goes first, and what it refuses is refused. The decoder that devices use must
/// then take it with the same bytes: Shorebird's for its container, the streaming one for ours.
///
/// # Errors
/// [`InflateError`], told apart by who is at fault: the patch, this base, or us.
pub fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    inflate_through(base, patch, limits, &[])
}

/// The same for a patch that may ask for a transform.
///
/// # Errors
/// As [`inflate`].
pub fn inflate_through(
    base: &[u8],
    patch: &[u8],
    limits: Limits,
    known: &[Known<'_>],
) -> Result<Vec<u8>, InflateError> {
    let plain: Vec<_> = known.iter().map(|known| known.plain).collect();
    let strict = plain::inflate_through(base, patch, limits, &plain)?;
    let device = if has_header(patch) {
        streamed(base, patch, limits, known)
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
fn streamed(
    base: &[u8],
    patch: &[u8],
    limits: Limits,
    known: &[Known<'_>],
) -> Result<Vec<u8>, InflateError> {
    let transforms: Vec<_> = known.iter().map(|known| known.streaming).collect();
    let mut output = Vec::new();
    let inflation = Inflation::within(limits).with_transforms(&transforms);
    match inflation.run(&patch, &base, &mut output) {
        Ok(_) => Ok(output),
        Err(StreamError::Inflate(error)) => Err(error),
        // Slices are read and a vector is written without fail.
        Err(error) => Err(InflateError::Malformed(Malformed::Reference(
            error.to_string(),
        ))),
    }
}
