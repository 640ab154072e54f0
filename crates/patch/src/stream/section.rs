//! A part of the patch, read in order through a small buffer.

use crate::source::ReadAt;
use crate::stream::StreamError;

/// Bytes of the patch from one place to another.
pub(super) struct Section<'a> {
    patch: &'a dyn ReadAt,
    at: u64,
    end: u64,
    buffer: Vec<u8>,
    /// What of the buffer was taken already.
    taken: usize,
}

impl<'a> Section<'a> {
    pub(super) fn new(patch: &'a dyn ReadAt, at: u64, end: u64) -> Self {
        Self {
            patch,
            at,
            end,
            buffer: Vec::new(),
            taken: 0,
        }
    }

    /// The bytes that are there to be taken; empty only at the end.
    pub(super) fn ready(&mut self) -> Result<&[u8], StreamError> {
        if self.taken == self.buffer.len() {
            let left = self.end.saturating_sub(self.at);
            let wanted = usize::try_from(left)
                .unwrap_or(usize::MAX)
                .min(BUFFER_BYTES);
            self.buffer.resize(wanted, 0);
            self.taken = 0;
            self.patch
                .read_exact_at(&mut self.buffer, self.at)
                .map_err(StreamError::ReadPatch)?;
            self.at = self
                .at
                .saturating_add(u64::try_from(wanted).unwrap_or(u64::MAX));
        }
        Ok(self.buffer.get(self.taken..).unwrap_or_default())
    }

    /// Takes so many of the ready bytes.
    pub(super) fn take(&mut self, count: usize) {
        self.taken = self.taken.saturating_add(count).min(self.buffer.len());
    }

    /// How many bytes nobody took.
    pub(super) fn left(&self) -> u64 {
        let held = self.buffer.len().saturating_sub(self.taken);
        let ahead = self.end.saturating_sub(self.at);
        ahead.saturating_add(u64::try_from(held).unwrap_or(u64::MAX))
    }
}

const BUFFER_BYTES: usize = 32 << 10;
