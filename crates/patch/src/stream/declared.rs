//! What a patch declares, and whether what came out is that.

use super::apply::{Base, sha256_of};
use crate::error::{InflateError, Limit, Malformed};
use crate::header::{DeclaredBase, HEADER_BYTES, Header, MAGIC};
use crate::source::ReadAt;
use crate::stream::{Inflated, StreamError};

/// The header, where the patch has one; a `shorebird` patch has none.
pub(super) fn header(patch: &dyn ReadAt, length: u64) -> Result<Option<Header>, StreamError> {
    let mut magic = [0; MAGIC.len()];
    let read = |buffer: &mut [u8]| patch.read_exact_at(buffer, 0);
    if length < u64::try_from(MAGIC.len()).unwrap_or(u64::MAX) {
        return Ok(None);
    }
    read(&mut magic).map_err(StreamError::ReadPatch)?;
    if magic != MAGIC {
        return Ok(None);
    }
    let mut bytes = [0; HEADER_BYTES];
    if length < u64::try_from(HEADER_BYTES).unwrap_or(u64::MAX) {
        return Err(crate::header::fault("it is cut short").into());
    }
    read(&mut bytes).map_err(StreamError::ReadPatch)?;
    Ok(Some(Header::read(&bytes)?))
}

/// The base that a patch is held to: where it declares none, there is none.
pub(super) fn named<'a>(header: &Header, base: &'a dyn ReadAt) -> Base<'a> {
    let bytes = match header.base {
        DeclaredBase::None => &NO_BASE,
        DeclaredBase::File { .. } => base,
    };
    let declared = true;
    Base { bytes, declared }
}

/// A patch that names its base is not tried over another. The base is read where nobody knows its
/// SHA-256.
pub(super) fn right_base(
    header: &Header,
    base: &dyn ReadAt,
    known_sha256: Option<[u8; 32]>,
) -> Result<(), StreamError> {
    let DeclaredBase::File {
        length_bytes,
        sha256,
    } = header.base
    else {
        return Ok(());
    };
    let other = |found_sha256| {
        let expected_sha256 = hex::encode(sha256);
        let error = InflateError::NotThisBase {
            expected_sha256,
            found_sha256,
        };
        Err(error.into())
    };
    let found_bytes = base.length().map_err(StreamError::ReadBase)?;
    if found_bytes != length_bytes {
        return other(format!("{found_bytes} bytes long, not {length_bytes}"));
    }
    let found = match known_sha256 {
        Some(known) => known,
        None => sha256_of(base).map_err(StreamError::ReadBase)?,
    };
    match found == sha256 {
        true => Ok(()),
        false => other(hex::encode(found)),
    }
}

pub(super) fn longer_than_declared(
    error: StreamError,
    declared: Option<(u64, [u8; 32])>,
) -> StreamError {
    let over = |error: &StreamError| match error {
        StreamError::Inflate(InflateError::OverLimit { limit, .. }) => *limit == Limit::OutputBytes,
        _ => false,
    };
    match declared {
        Some((expected_bytes, _)) if over(&error) => {
            let found_bytes = expected_bytes.saturating_add(1);
            let error = Malformed::OutputLength {
                expected_bytes,
                found_bytes,
            };
            InflateError::Malformed(error).into()
        }
        _ => error,
    }
}

pub(super) fn check(
    inflated: Inflated,
    declared: Option<(u64, [u8; 32])>,
) -> Result<Inflated, StreamError> {
    let Some((expected_bytes, expected)) = declared else {
        return Ok(inflated);
    };
    if inflated.output_bytes != expected_bytes {
        let error = Malformed::OutputLength {
            expected_bytes,
            found_bytes: inflated.output_bytes,
        };
        return Err(InflateError::Malformed(error).into());
    }
    if inflated.output_sha256 != expected {
        return Err(wrong_output(expected, inflated.output_sha256).into());
    }
    Ok(inflated)
}

pub(super) fn wrong_output(expected: [u8; 32], found: [u8; 32]) -> InflateError {
    InflateError::WrongOutput {
        expected_sha256: hex::encode(expected),
        found_sha256: hex::encode(found),
    }
}

const NO_BASE: &[u8] = &[];
