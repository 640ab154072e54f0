//! One zstd frame, and nothing behind it.

use zstd::stream::raw::{Decoder, InBuffer, Operation as _, OutBuffer};
use zstd::zstd_safe::DParameter;

use super::decoder::Decode;
use super::section::Section;
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;
use crate::stream::StreamError;

/// A frame that is being decoded.
pub(super) struct ZstdFrame<'a> {
    section: Section<'a>,
    decoder: Decoder<'static>,
    finished: bool,
}

impl<'a> ZstdFrame<'a> {
    pub(super) fn open(mut section: Section<'a>, limits: Limits) -> Result<Self, StreamError> {
        let head = section.ready()?;
        let window_bytes = window_bytes(head)?;
        if window_bytes > limits.window_bytes_max() {
            let limit_value = limits.window_bytes_max();
            let limit = Limit::WindowBytes;
            return Err(InflateError::OverLimit { limit, limit_value }.into());
        }
        let mut decoder = Decoder::new().map_err(|error| frame_fault(error.to_string()))?;
        let window_log = DParameter::WindowLogMax(limits.window_log_max);
        let bounded = decoder.set_parameter(window_log);
        bounded.map_err(|error| frame_fault(error.to_string()))?;
        Ok(Self {
            section,
            decoder,
            finished: false,
        })
    }
}

impl Decode for ZstdFrame<'_> {
    fn decode(&mut self, out: &mut [u8]) -> Result<usize, StreamError> {
        let mut to = OutBuffer::around(out);
        while !self.finished && to.pos() < to.capacity() {
            let ready = self.section.ready()?;
            let at_end = ready.is_empty();
            let mut from = InBuffer::around(ready);
            let before = to.pos();
            let hint = self.decoder.run(&mut from, &mut to);
            let hint = hint.map_err(|error| frame_fault(error.to_string()))?;
            let taken = from.pos();
            self.section.take(taken);
            self.finished = hint == 0;
            if at_end && !self.finished && to.pos() == before {
                return Err(frame_fault("the file ends inside the frame"));
            }
        }
        if self.finished && self.section.left() > 0 {
            let error = Malformed::TrailingBytes(self.section.left());
            return Err(InflateError::Malformed(error).into());
        }
        Ok(to.pos())
    }
}

/// The window that a frame asks for (RFC 8878, section 3.1.1.1), in bytes.
fn window_bytes(head: &[u8]) -> Result<u64, StreamError> {
    let Some((magic, rest)) = head.split_first_chunk::<4>() else {
        return Err(frame_fault("the file ends inside the frame"));
    };
    if *magic != MAGIC {
        return Err(frame_fault("it does not start with a zstd frame"));
    }
    let cut = || frame_fault("the file ends inside the frame");
    let (&descriptor, rest) = rest.split_first().ok_or_else(cut)?;
    let single_segment = descriptor & 0x20 != 0;
    if !single_segment {
        let &window = rest.first().ok_or_else(cut)?;
        let base = 1_u64 << (10 + (window >> 3));
        return Ok(base + base / 8 * u64::from(window & 7));
    }
    let dictionary_id_bytes = match descriptor & 3 {
        0 => 0,
        1 => 1,
        2 => 2,
        _ => 4,
    };
    let rest = rest.get(dictionary_id_bytes..).ok_or_else(cut)?;
    let mut size = [0; 8];
    let count = 1 << (descriptor >> 6);
    let field = rest.get(..count).ok_or_else(cut)?;
    size.iter_mut()
        .zip(field)
        .for_each(|(to, from)| *to = *from);
    let size = u64::from_le_bytes(size);
    Ok(if count == 2 { size + 256 } else { size })
}

fn frame_fault(what: impl Into<String>) -> StreamError {
    InflateError::Malformed(Malformed::Frame(what.into())).into()
}

const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
