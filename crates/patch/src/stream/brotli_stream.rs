//! One brotli stream, and nothing behind it.

use brotlic::decode::{BrotliDecoder, DecoderInfo};

use super::decoder::Decode;
use super::section::Section;
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;
use crate::stream::StreamError;

/// A stream that is being decoded.
pub(super) struct BrotliStream<'a> {
    section: Section<'a>,
    decoder: BrotliDecoder,
    finished: bool,
}

impl<'a> BrotliStream<'a> {
    pub(super) fn open(mut section: Section<'a>, limits: Limits) -> Result<Self, StreamError> {
        let first = section.ready()?.first().copied().unwrap_or_default();
        let window_bytes = window_bytes(first)?;
        if window_bytes > limits.window_bytes_max() {
            let limit_value = limits.window_bytes_max();
            let limit = Limit::WindowBytes;
            return Err(InflateError::OverLimit { limit, limit_value }.into());
        }
        Ok(Self {
            section,
            decoder: BrotliDecoder::new(),
            finished: false,
        })
    }
}

impl Decode for BrotliStream<'_> {
    fn decode(&mut self, out: &mut [u8]) -> Result<usize, StreamError> {
        let mut written = 0;
        while !self.finished {
            let Some(room) = out.get_mut(written..).filter(|room| !room.is_empty()) else {
                break;
            };
            let ready = self.section.ready()?;
            let at_end = ready.is_empty();
            let step = self.decoder.decompress(ready, room);
            let step = step.map_err(|error| stream_fault(error.to_string()))?;
            self.section.take(step.bytes_read);
            written += step.bytes_written;
            self.finished = matches!(step.info, DecoderInfo::Finished);
            if at_end && !self.finished && step.bytes_written == 0 {
                return Err(stream_fault("the file ends inside the stream"));
            }
        }
        if self.finished && self.section.left() > 0 {
            let error = Malformed::TrailingBytes(self.section.left());
            return Err(InflateError::Malformed(error).into());
        }
        Ok(written)
    }
}

/// The window that a stream asks for (RFC 7932, section 9.1), in bytes.
fn window_bytes(first: u8) -> Result<u64, StreamError> {
    let log = match (first & 1, (first >> 1) & 7, (first >> 4) & 7) {
        (0, ..) => 16,
        (_, 0, 0) => 17,
        (_, 0, 1) => {
            return Err(stream_fault(
                "it asks for a window that brotli does not have",
            ));
        }
        (_, 0, small) => 8 + u32::from(small),
        (_, large, _) => 17 + u32::from(large),
    };
    Ok(1 << log)
}

fn stream_fault(what: impl Into<String>) -> StreamError {
    InflateError::Malformed(Malformed::Frame(what.into())).into()
}
