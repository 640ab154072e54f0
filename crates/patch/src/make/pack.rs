//! Compresses a stream, with windows that a device has.

use std::io::{self, Write as _};

use zstd::zstd_safe::{CCtx, CParameter, compress_bound, get_error_name};

use crate::header::Codec;
use crate::stream::COLUMN_WINDOW_LOG_MAX;

/// One zstd frame; its window is at most 2 to the power of `window_log_max` bytes.
pub(super) fn zstd(bytes: &[u8], level: i32, window_log_max: u32) -> io::Result<Vec<u8>> {
    zstd_with(bytes, level, window_log_max, &[])
}

/// The same, after a second look for what comes again far back and at length. Where a stream is
/// nearly all zeros, that finds the repeats between them which the first look steps over.
pub(super) fn zstd_twice(bytes: &[u8], level: i32, window_log_max: u32) -> io::Result<Vec<u8>> {
    let far = CParameter::EnableLongDistanceMatching(true);
    zstd_with(bytes, level, window_log_max, &[far])
}

fn zstd_with(
    bytes: &[u8],
    level: i32,
    window_log_max: u32,
    more: &[CParameter],
) -> io::Result<Vec<u8>> {
    let fault = |code: usize| io::Error::other(get_error_name(code));
    let mut context = CCtx::create();
    // The window of a short stream is no larger than the stream, whatever the level asks for.
    let needed = usize::BITS - bytes.len().max(1 << 10).leading_zeros();
    let always = [
        CParameter::CompressionLevel(level),
        CParameter::WindowLog(needed.min(window_log_max)),
        CParameter::ContentSizeFlag(false),
    ];
    for parameter in always.iter().chain(more) {
        context.set_parameter(*parameter).map_err(fault)?;
    }
    let mut packed = Vec::with_capacity(compress_bound(bytes.len()));
    context.compress2(&mut packed, bytes).map_err(fault)?;
    Ok(packed)
}

/// One stream of a `patchproof` patch; an empty one takes no bytes.
pub(crate) fn column(bytes: &[u8], codec: Codec, level: i32) -> io::Result<Vec<u8>> {
    if bytes.is_empty() {
        return Ok(Vec::new());
    }
    match codec {
        Codec::Zstd => zstd(bytes, level, COLUMN_WINDOW_LOG_MAX),
        Codec::Brotli => brotli(bytes),
    }
}

fn brotli(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let window = brotlic::WindowSize::new(BROTLI_WINDOW_LOG).map_err(io::Error::other)?;
    let encoder = brotlic::BrotliEncoderOptions::new()
        .quality(brotlic::Quality::best())
        .window_size(window)
        .size_hint(u32::try_from(bytes.len()).unwrap_or(u32::MAX))
        .build()
        .map_err(io::Error::other)?;
    let mut writer = brotlic::CompressorWriter::with_encoder(encoder, Vec::new());
    writer.write_all(bytes)?;
    writer
        .into_inner()
        .map_err(|error| io::Error::other(error.to_string()))
}

/// 2 MiB, as `COLUMN_WINDOW_LOG_MAX`.
const BROTLI_WINDOW_LOG: u8 = 21;
