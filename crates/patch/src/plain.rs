//! The second decoder: whole files, strict, written from the format pages over other libraries.
//!
//! It shares no code with the streaming one or with the one on devices, and it refuses what the
//! latter lets pass: numbers that are not in their one form, a second frame or bytes behind the
//! first, a stream that ends inside a record. The list is in `docs/divergences.md`.

mod columns;
mod fields;
mod frame;
mod one_frame;
mod reserved_bits;
mod unpack;

use crate::error::InflateError;
use crate::limits::Limits;
use crate::transform::PlainTransform;

pub(crate) use columns::columns_of;
pub(crate) use one_frame::{decompress, records};

/// Inflates strictly: either container, as its first bytes say.
///
/// # Errors
/// [`InflateError`]; never [`InflateError::DecodersDisagree`].
pub fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    inflate_through(base, patch, limits, &[])
}

/// The same with the transforms that a patch may ask for.
///
/// # Errors
/// As [`inflate`].
pub fn inflate_through(
    base: &[u8],
    patch: &[u8],
    limits: Limits,
    transforms: &[&dyn PlainTransform],
) -> Result<Vec<u8>, InflateError> {
    if columns::is_one(patch) {
        columns::inflate(base, patch, limits, transforms)
    } else {
        one_frame::inflate(base, patch, limits)
    }
}
