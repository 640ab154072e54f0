//! One zstd frame, decoded whole over ruzstd, and held to what that library lets pass: reserved
//! bits that are set, a content size or a checksum that is wrong, and bytes behind the frame.

use ruzstd::decoding::errors::DecompressBlockError::BlockContentReadError;
use ruzstd::decoding::errors::{
    BlockHeaderReadError, DecodeBlockContentError, FrameDecoderError, FrameHeaderError,
    ReadFrameHeaderError,
};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::reserved_bits;
use crate::error::{InflateError, Limit, Malformed};

/// Decodes; `None` as soon as there are more bytes than `decoded_bytes_max`.
pub(super) fn decoded(
    packed: &[u8],
    window_bytes_max: u64,
    decoded_bytes_max: u64,
) -> Result<Option<Vec<u8>>, InflateError> {
    let mut source = packed;
    let mut decoder = opened(&mut source, window_bytes_max)?;
    let descriptor = packed.get(4).copied().unwrap_or_default();
    let mut bytes = Vec::new();
    while !decoder.is_finished() {
        let step = BlockDecodingStrategy::UptoBytes(STEP_BYTES);
        decoder
            .decode_blocks(&mut source, step)
            .map_err(|error| match ends_early(&error) {
                true => bad("the file ends inside the frame"),
                false => bad(error.to_string()),
            })?;
        bytes.extend(decoder.collect().unwrap_or_default());
        if wide(bytes.len()).saturating_add(wide(decoder.can_collect())) > decoded_bytes_max {
            return Ok(None);
        }
    }
    bytes.extend(decoder.collect().unwrap_or_default());
    let size_is_declared = descriptor & (CONTENT_SIZE_BITS | SINGLE_SEGMENT_BIT) != 0;
    if size_is_declared && decoder.content_size() != wide(bytes.len()) {
        return Err(bad("its content size is wrong"));
    }
    let checksum = decoder.get_checksum_from_data();
    if checksum.is_some() && checksum != decoder.get_calculated_checksum() {
        return Err(bad("its checksum is wrong"));
    }
    if !source.is_empty() {
        let behind = Malformed::TrailingBytes(wide(source.len()));
        return Err(InflateError::Malformed(behind));
    }
    if !reserved_bits::are_zero(packed) {
        return Err(bad("a reserved bit is set"));
    }
    Ok(Some(bytes))
}

/// Reads the header; nothing is decoded.
pub(super) fn opened(
    source: &mut &[u8],
    window_bytes_max: u64,
) -> Result<FrameDecoder, InflateError> {
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(window_bytes_max);
    let over_window = InflateError::OverLimit {
        limit: Limit::WindowBytes,
        limit_value: window_bytes_max,
    };
    decoder.reset(source).map_err(|error| match error {
        FrameDecoderError::WindowSizeTooBig { .. }
        | FrameDecoderError::FrameHeaderError(FrameHeaderError::WindowTooBig { .. }) => over_window,
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { .. }) => {
            bad("it starts with a skippable frame")
        }
        other => bad(other.to_string()),
    })?;
    Ok(decoder)
}

/// Whether there was less to read than was asked for: what the library says of it is about its
/// buffers. A fault within the last block is another one, though nothing is left to read.
fn ends_early(error: &FrameDecoderError) -> bool {
    use DecodeBlockContentError::{DecompressBlockError, ReadError};
    use FrameDecoderError::{FailedToReadBlockBody, FailedToReadBlockHeader, FailedToReadChecksum};
    matches!(
        error,
        FailedToReadBlockHeader(BlockHeaderReadError::ReadError(_))
            | FailedToReadBlockBody(
                ReadError { .. } | DecompressBlockError(BlockContentReadError(_))
            )
            | FailedToReadChecksum(_)
    )
}

fn bad(reason: impl Into<String>) -> InflateError {
    InflateError::Malformed(Malformed::Frame(reason.into()))
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

const STEP_BYTES: usize = 64 << 10;
// Of the frame header descriptor, RFC 8878, section 3.1.1.1.1.
const CONTENT_SIZE_BITS: u8 = 0xc0;
const SINGLE_SEGMENT_BIT: u8 = 0x20;
