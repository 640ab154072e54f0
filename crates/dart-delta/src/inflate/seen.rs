//! Where what is seen of a base goes: into memory, or into a scratch file.

use patchproof_patch::{Scratch, StreamError};

/// What is seen so far.
pub(crate) struct Seen<'a> {
    /// All of it, or what is not yet in the scratch file.
    bytes: Vec<u8>,
    scratch: Option<&'a dyn Scratch>,
}

impl<'a> Seen<'a> {
    /// All of it in memory, where there will be about so many bytes.
    pub(crate) fn in_memory(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes + (bytes >> SLACK_SHIFT)),
            scratch: None,
        }
    }

    /// In a scratch file, but for a few blocks.
    pub(crate) fn in_scratch(scratch: &'a dyn Scratch) -> Self {
        Self {
            bytes: Vec::new(),
            scratch: Some(scratch),
        }
    }

    /// Where to append; there is room for so many bytes. What grows grows by little at a time:
    /// twice the file is more than there may be.
    pub(crate) fn room(&mut self, bytes: usize) -> &mut Vec<u8> {
        if self.bytes.capacity() - self.bytes.len() < bytes {
            let slack = self.bytes.len() >> SLACK_SHIFT;
            self.bytes.reserve_exact(bytes.saturating_add(slack));
        }
        &mut self.bytes
    }

    /// The last bytes so far, and their place in what is seen in memory.
    pub(crate) fn last(&mut self, bytes: usize) -> (usize, &mut [u8]) {
        let start = self.bytes.len().saturating_sub(bytes);
        (start, self.bytes.get_mut(start..).unwrap_or_default())
    }

    /// Everything so far is as it will be.
    pub(crate) fn settle(&mut self) -> Result<(), StreamError> {
        self.settle_but(0)
    }

    /// Everything so far but the last bytes is as it will be.
    pub(crate) fn settle_but(&mut self, held: usize) -> Result<(), StreamError> {
        let Some(scratch) = self.scratch else {
            return Ok(());
        };
        let settled = self.bytes.len().saturating_sub(held);
        let bytes = self.bytes.get(..settled).unwrap_or_default();
        scratch.append(bytes).map_err(StreamError::Scratch)?;
        self.bytes.drain(..settled);
        Ok(())
    }

    pub(crate) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }
}

/// A sixteenth more.
const SLACK_SHIFT: u32 = 4;
