//! One compressed stream of a `patchproof` patch, decoded whole, over other libraries than the
//! streaming decoder's.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use super::frame::{decoded, opened};
use crate::error::{InflateError, Limit, Malformed};

/// Holds the window of a stream against its limit, before anything is decoded.
pub(super) fn window_within(
    codec: u64,
    packed: &[u8],
    window_bytes_max: u64,
) -> Result<(), InflateError> {
    let window_bytes_max = window_bytes_max.min(WINDOW_BYTES_MAX);
    if codec == 1 {
        return opened(&mut &*packed, window_bytes_max).map(|_| ());
    }
    let first = packed.first().copied().unwrap_or_default();
    if 1 << window_log(first) > window_bytes_max {
        return Err(InflateError::OverLimit {
            limit: Limit::WindowBytes,
            limit_value: window_bytes_max,
        });
    }
    Ok(())
}

/// Decodes a stream that must give exactly so many bytes and use up all of `packed`.
pub(super) fn unpack(
    name: &'static str,
    codec: u64,
    packed: &[u8],
    decoded_bytes: u64,
    window_bytes_max: u64,
) -> Result<Vec<u8>, InflateError> {
    if decoded_bytes == 0 {
        return Ok(Vec::new());
    }
    let window_bytes_max = window_bytes_max.min(WINDOW_BYTES_MAX);
    let column = name;
    let fault = |what| InflateError::Malformed(Malformed::Column { column, what });
    let bytes = match codec {
        1 => decoded(packed, window_bytes_max, decoded_bytes)?,
        _ => brotli(packed, decoded_bytes)?,
    };
    let bytes = bytes.ok_or_else(|| fault("it decodes to more than the header says"))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) < decoded_bytes {
        return Err(fault("it decodes to less than the header says"));
    }
    Ok(bytes)
}

/// Decodes; `None` as soon as there are more bytes than `decoded_bytes_max`.
fn brotli(packed: &[u8], decoded_bytes_max: u64) -> Result<Option<Vec<u8>>, InflateError> {
    let heap = StandardAlloc::default;
    // What is not strict also takes windows beyond the format's, of up to 2^30 bytes.
    let mut state = BrotliState::new_strict(heap(), heap(), heap());
    let (mut packed_left, mut packed_at) = (packed.len(), 0);
    let (mut bytes, mut step) = (Vec::new(), vec![0; STEP_BYTES]);
    let mut total = 0;
    loop {
        let (mut room, mut written) = (STEP_BYTES, 0);
        let result = BrotliDecompressStream(
            &mut packed_left,
            &mut packed_at,
            packed,
            &mut room,
            &mut written,
            &mut step,
            &mut total,
            &mut state,
        );
        bytes.extend_from_slice(step.get(..written).unwrap_or_default());
        let over = u64::try_from(bytes.len()).unwrap_or(u64::MAX) > decoded_bytes_max;
        match result {
            _ if over => return Ok(None),
            BrotliResult::NeedsMoreOutput => {}
            BrotliResult::ResultSuccess if packed_left == 0 => return Ok(Some(bytes)),
            BrotliResult::ResultSuccess => {
                let left = u64::try_from(packed_left).unwrap_or(u64::MAX);
                return Err(InflateError::Malformed(Malformed::TrailingBytes(left)));
            }
            BrotliResult::NeedsMoreInput => {
                return Err(frame("the file ends inside the stream".to_owned()));
            }
            BrotliResult::ResultFailure => {
                return Err(frame("it is no brotli stream".to_owned()));
            }
        }
    }
}

fn frame(what: String) -> InflateError {
    InflateError::Malformed(Malformed::Frame(what))
}

/// RFC 7932, section 9.1: the first bits of a stream, the lowest first. The one code that stands
/// for no window, and elsewhere for one beyond the format's, is left to the decoder, which refuses
/// it.
fn window_log(first: u8) -> u32 {
    match first & 0x7f {
        even if even % 2 == 0 => 16,
        0x01 => 17,
        low if low & 0x0f == 1 => 8 + u32::from(low >> 4),
        low => 17 + u32::from((low & 0x0f) >> 1),
    }
}

const STEP_BYTES: usize = 64 << 10;
/// 2 MiB, by the format.
const WINDOW_BYTES_MAX: u64 = 2 << 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_beyond_the_formats_is_no_brotli_stream() {
        // An empty stream that asks for 2^10 bytes in the form of larger windows; then for 2^30.
        for stream in [[0x11, 0xca, 0x00], [0x11, 0xde, 0x00]] {
            assert!(brotli(&stream, 10).is_err(), "{stream:02x?}");
        }
    }
}
