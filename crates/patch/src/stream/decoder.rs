//! One compressed stream of a patch, decoded in steps.

use super::section::Section;
use super::{brotli_stream, zstd_frame};
use crate::header::Codec;
use crate::limits::Limits;
use crate::stream::StreamError;

/// Decodes one stream and refuses whatever stands behind its end.
pub(super) trait Decode: Send {
    /// Fills what it can of `out`; 0 is the end of the stream, and of what was to be read.
    fn decode(&mut self, out: &mut [u8]) -> Result<usize, StreamError>;
}

/// A decoder for a stream that is there; nothing for one that is empty.
pub(super) fn open<'a>(
    codec: Codec,
    section: Section<'a>,
    limits: Limits,
) -> Result<Box<dyn Decode + 'a>, StreamError> {
    if section.left() == 0 {
        return Ok(Box::new(Nothing));
    }
    Ok(match codec {
        Codec::Zstd => Box::new(zstd_frame::ZstdFrame::open(section, limits)?),
        Codec::Brotli => Box::new(brotli_stream::BrotliStream::open(section, limits)?),
    })
}

struct Nothing;

impl Decode for Nothing {
    fn decode(&mut self, _: &mut [u8]) -> Result<usize, StreamError> {
        Ok(0)
    }
}
