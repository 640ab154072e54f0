//! A bounded pipe of blocks between the two threads.
//!
//! Its end is said, not guessed: a sender that is gone without having sent its end has failed.

use super::threads::{Receiver, SyncSender, sync_channel};
use crate::stream::StreamError;

/// What goes through the pipe.
pub(super) enum Sent {
    /// Some bytes of the stream.
    Block(Vec<u8>),
    /// Its end: whole, or with what went wrong.
    End(Result<(), StreamError>),
}

/// The sending side.
pub(super) struct Sender {
    blocks: SyncSender<Sent>,
    /// Blocks that come back empty, to be filled again.
    returned: Receiver<Vec<u8>>,
}

/// The receiving side.
pub(super) struct Pipe {
    blocks: Receiver<Sent>,
    back: SyncSender<Vec<u8>>,
}

/// The receiving side is gone: nobody wants what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hungup;

impl Pipe {
    /// A pipe that holds so many blocks at most.
    pub(super) fn bounded(blocks_max: usize) -> (Sender, Self) {
        let (blocks, receiving) = sync_channel(blocks_max);
        // Room for every block there can be, so that giving one back never waits.
        let (back, returned) = sync_channel(blocks_max + 2);
        let sender = Sender { blocks, returned };
        let pipe = Self {
            blocks: receiving,
            back,
        };
        (sender, pipe)
    }

    /// The next block, `None` at the stream's end.
    pub(super) fn next(&self) -> Result<Option<Vec<u8>>, StreamError> {
        match self.blocks.recv() {
            Ok(Sent::Block(block)) => Ok(Some(block)),
            Ok(Sent::End(Ok(()))) => Ok(None),
            Ok(Sent::End(Err(error))) => Err(error),
            // Only a panic over there ends without an end; the scope passes it on.
            Err(_) => Err(StreamError::ReadPatch(std::io::Error::other(
                "the decompressing thread ended early",
            ))),
        }
    }

    /// Gives a block back to be filled again.
    pub(super) fn give_back(&self, mut block: Vec<u8>) {
        block.clear();
        // Lost where the other side is gone: it is only memory.
        let _ = self.back.try_send(block);
    }
}

impl Sender {
    /// A block to fill: one that came back, or a new one.
    pub(super) fn empty_block(&self) -> Vec<u8> {
        self.returned.try_recv().unwrap_or_default()
    }

    pub(super) fn send(&self, sent: Sent) -> Result<(), Hungup> {
        self.blocks.send(sent).map_err(|_| Hungup)
    }
}
