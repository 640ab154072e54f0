//! One column of a patch, decoded as it is needed, and held to its declared length.

use super::decoder::{self, Decode};
use super::section::Section;
use crate::error::{InflateError, Malformed};
use crate::header::Codec;
use crate::limits::Limits;
use crate::stream::StreamError;
use crate::varint::Partial;

/// One column, decoded as it is needed.
pub(super) struct Column<'a> {
    name: &'static str,
    decoder: Box<dyn Decode + 'a>,
    /// Declared bytes that nobody took yet.
    pub(super) left: u64,
    buffer: Vec<u8>,
    taken: usize,
}

impl<'a> Column<'a> {
    /// A column that must decode to so many bytes, and whose window a device has.
    pub(super) fn open(
        name: &'static str,
        (section, decoded_bytes): (Section<'a>, u64),
        codec: Codec,
        mut limits: Limits,
    ) -> Result<Self, StreamError> {
        limits.window_log_max = limits.window_log_max.min(COLUMN_WINDOW_LOG_MAX);
        Ok(Self {
            name,
            decoder: decoder::open(codec, section, limits)?,
            left: decoded_bytes,
            buffer: Vec::new(),
            taken: 0,
        })
    }

    pub(super) fn fault(&self, what: &'static str) -> StreamError {
        let column = self.name;
        InflateError::Malformed(Malformed::Column { column, what }).into()
    }

    /// At least one and at most `count` bytes that come next.
    pub(super) fn some(&mut self, count: usize) -> Result<&[u8], StreamError> {
        if self.left == 0 {
            return Err(self.fault("it ends before the others"));
        }
        if self.taken == self.buffer.len() {
            self.buffer.resize(COLUMN_BUFFER_BYTES, 0);
            self.taken = 0;
            let read = self.decoder.decode(&mut self.buffer)?;
            self.buffer.truncate(read);
            if read == 0 {
                return Err(self.fault("it decodes to less than the header says"));
            }
        }
        let held = self.buffer.len().saturating_sub(self.taken);
        let left = usize::try_from(self.left).unwrap_or(usize::MAX);
        let count = count.min(held).min(left);
        let from = self.taken;
        self.taken += count;
        self.left = self
            .left
            .saturating_sub(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(self.buffer.get(from..self.taken).unwrap_or_default())
    }

    /// The next byte: a patch has hundreds of thousands of changes, one byte each.
    #[inline]
    pub(super) fn byte(&mut self) -> Result<u8, StreamError> {
        if let (Some(byte), Some(left)) = (self.buffer.get(self.taken), self.left.checked_sub(1)) {
            self.taken += 1;
            self.left = left;
            return Ok(*byte);
        }
        Ok(self.some(1)?.first().copied().unwrap_or_default())
    }

    #[inline]
    pub(super) fn number(&mut self) -> Result<u64, StreamError> {
        let first = self.byte()?;
        if first < 0x80 {
            return Ok(u64::from(first));
        }
        let mut partial = Partial::default();
        let mut byte = first;
        loop {
            match partial.take(byte) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => byte = self.byte()?,
                Err(_) => return Err(self.fault("a number is not in its one form")),
            }
        }
    }

    /// Nothing may be left, neither declared nor in the stream.
    pub(super) fn at_end(&mut self) -> Result<(), StreamError> {
        if self.left > 0 {
            return Err(self.fault("it goes on behind the others"));
        }
        let mut more = [0];
        let held = self.taken < self.buffer.len();
        if held || self.decoder.decode(&mut more)? > 0 {
            return Err(self.fault("it decodes to more than the header says"));
        }
        Ok(())
    }
}

pub(super) const COLUMN_BUFFER_BYTES: usize = 16 << 10;
/// The largest window of a column: 2 MiB, so that all together need 8 and a device has them.
pub(crate) const COLUMN_WINDOW_LOG_MAX: u32 = 21;
