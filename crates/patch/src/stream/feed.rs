//! The first thread: fills blocks with the record stream, whatever container it comes out of.

use super::decoder::Decode;
use super::pipe::{Sender, Sent};
use super::section::Section;
use super::zstd_frame::ZstdFrame;
use crate::columns::MAGIC_AND_VERSION;
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;
use crate::source::ReadAt;
use crate::stream::StreamError;

/// The record stream, block by block.
pub(super) trait Feed: Send {
    /// Appends about so many of the next bytes to an empty block; leaves it empty at the end.
    fn fill(&mut self, block: &mut Vec<u8>, block_bytes: usize) -> Result<(), StreamError>;
}

/// Sends everything that a feed has, then its end.
pub(super) fn pump(mut feed: Box<dyn Feed + '_>, sender: &Sender, block_bytes: usize) {
    let end = loop {
        let mut block = sender.empty_block();
        match feed.fill(&mut block, block_bytes) {
            Ok(()) if block.is_empty() => break Ok(()),
            Ok(()) => {}
            Err(error) => break Err(error),
        }
        if sender.send(Sent::Block(block)).is_err() {
            return; // the other side has its own error already
        }
    };
    // If the other side is gone, it is because it failed.
    let _ = sender.send(Sent::End(end));
}

/// The `shorebird` container: one frame, and the records in it as they are.
pub(super) fn one_frame<'a>(
    patch: &'a dyn ReadAt,
    length: u64,
    limits: Limits,
) -> Result<Box<dyn Feed + 'a>, StreamError> {
    let frame = ZstdFrame::open(Section::new(patch, 0, length), limits)?;
    Ok(Box::new(OneFrame {
        frame,
        decoded_bytes: 0,
        limits,
        started: false,
    }))
}

struct OneFrame<'a> {
    frame: ZstdFrame<'a>,
    decoded_bytes: u64,
    limits: Limits,
    started: bool,
}

impl OneFrame<'_> {
    /// Fills a buffer as far as the frame goes.
    fn read(&mut self, mut out: &mut [u8]) -> Result<usize, StreamError> {
        let mut total = 0;
        while !out.is_empty() {
            let read = self.frame.decode(out)?;
            if read == 0 {
                break;
            }
            total += read;
            out = out.get_mut(read..).unwrap_or_default();
        }
        self.decoded_bytes = self
            .decoded_bytes
            .saturating_add(u64::try_from(total).unwrap_or(u64::MAX));
        if self.decoded_bytes > self.limits.stream_bytes_max {
            let limit = Limit::StreamBytes;
            let limit_value = self.limits.stream_bytes_max;
            return Err(InflateError::OverLimit { limit, limit_value }.into());
        }
        Ok(total)
    }
}

impl Feed for OneFrame<'_> {
    fn fill(&mut self, block: &mut Vec<u8>, block_bytes: usize) -> Result<(), StreamError> {
        if !self.started {
            let mut magic = [0; MAGIC_AND_VERSION.len()];
            let read = self.read(&mut magic)?;
            if read < magic.len() || magic != MAGIC_AND_VERSION {
                let found = hex::encode(magic.get(..read).unwrap_or_default());
                return Err(InflateError::Malformed(Malformed::Magic { found }).into());
            }
            self.started = true;
        }
        block.resize(block_bytes, 0);
        let read = self.read(block)?;
        block.truncate(read);
        Ok(())
    }
}
