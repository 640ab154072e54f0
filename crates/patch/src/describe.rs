//! What a patch is made of, counted without a base.

use crate::columns::wide;
use crate::error::InflateError;
use crate::has_header;
use crate::header::{Header, fault};
use crate::limits::Limits;
use crate::plain;
use crate::varint::Partial;

/// The counts of a patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Description {
    /// The header of the `patchproof` container; a `shorebird` patch has none.
    pub header: Option<Header>,
    /// Size of the patch itself.
    pub patch_bytes: u64,
    /// Size of its decompressed stream, or of all its streams.
    pub stream_bytes: u64,
    /// How many records it has.
    pub records: u64,
    /// Bytes of the output that are a byte of the base plus zero.
    pub copied_bytes: u64,
    /// Bytes of the output that are a byte of the base plus something.
    pub added_bytes: u64,
    /// Bytes of the output that stand in the patch as they are.
    pub new_bytes: u64,
    /// Size of the output.
    pub output_bytes: u64,
}

/// Whether a file starts like a patch: with a zstd frame, or with the header of our container.
#[must_use]
pub fn looks_like_a_patch(bytes: &[u8]) -> bool {
    bytes.starts_with(&ZSTD_MAGIC) || has_header(bytes)
}

/// Counts what a patch is made of.
///
/// # Errors
/// [`InflateError::Malformed`] or [`InflateError::OverLimit`].
pub fn describe(patch: &[u8], limits: Limits) -> Result<Description, InflateError> {
    if has_header(patch) {
        return columns(patch, limits);
    }
    let stream = plain::decompress(patch, limits)?;
    let mut counted = Description {
        patch_bytes: wide(patch.len()),
        stream_bytes: wide(stream.len()),
        ..Description::default()
    };
    for record in plain::records(&stream)? {
        let record = record?;
        let copied = record.add.iter().filter(|byte| **byte == 0).count();
        counted.records += 1;
        counted.copied_bytes += wide(copied);
        counted.added_bytes += wide(record.add.len() - copied);
        counted.new_bytes += wide(record.copy.len());
        counted.output_bytes += wide(record.add.len() + record.copy.len());
    }
    Ok(counted)
}

fn columns(patch: &[u8], limits: Limits) -> Result<Description, InflateError> {
    let header = Header::of(patch).ok_or_else(|| fault("it has none"))??;
    let [control, gaps, changes, literals, _] = plain::columns_of(patch, limits)?;
    let mut numbers = Vec::new();
    let mut partial = Partial::default();
    for byte in control {
        let number = partial
            .take(byte)
            .map_err(|_| fault("a number is not in its one form"))?;
        if let Some(number) = number {
            numbers.push(number);
            partial = Partial::default();
        }
    }
    let add = numbers
        .iter()
        .step_by(3)
        .fold(0, |sum: u64, add| sum.saturating_add(*add));
    let added_bytes = wide(changes.len());
    let new_bytes = wide(literals.len());
    Ok(Description {
        header: Some(header),
        patch_bytes: wide(patch.len()),
        stream_bytes: header.decoded_bytes().max(wide(gaps.len())),
        records: wide(numbers.len() / 3),
        copied_bytes: add.saturating_sub(added_bytes),
        added_bytes,
        new_bytes,
        output_bytes: header.output_bytes,
    })
}

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
