//! What a patch is made of, counted without a base.

use crate::error::InflateError;
use crate::limits::Limits;
use crate::plain;

/// The counts of a patch in the `shorebird` container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Description {
    /// Size of the patch itself.
    pub patch_bytes: u64,
    /// Size of its decompressed stream.
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

/// Whether a file starts like a patch: with a zstd frame.
#[must_use]
pub fn looks_like_a_patch(bytes: &[u8]) -> bool {
    bytes.starts_with(&ZSTD_MAGIC)
}

/// Counts what a patch is made of.
///
/// # Errors
/// [`InflateError::Malformed`] or [`InflateError::OverLimit`].
pub fn describe(patch: &[u8], limits: Limits) -> Result<Description, InflateError> {
    let stream = plain::decompress(patch, limits)?;
    let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
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

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
