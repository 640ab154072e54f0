//! Runs over a made feed, failing in whatever place, and what each of them has to end with.

use std::io;
use std::sync::Arc;

use super::failing::{BASE_BYTE, MADE, MadeBase, MadeOutput, Seen};
use crate::error::{InflateError, Malformed};
use crate::limits::Limits;
use crate::source::ReadAt;
use crate::stream::apply::Base;
use crate::stream::{Inflation, StreamError, feed};

/// How a feed fails.
#[derive(Clone, Copy, Debug)]
pub(super) enum Feed {
    Read,
    Frame,
    /// Its stream ends one byte before the end of a block.
    Cut,
}

/// What fails on the side of the records.
#[derive(Clone, Copy, Debug)]
pub(super) enum Apply {
    /// The base's length cannot be read, which is before the first block.
    Length,
    Base,
    Write,
    Flush,
}

/// What a run ends with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    Whole,
    Read,
    /// What the decompressing side finds wrong with the patch.
    Frame,
    Cut,
    Base,
    Write,
    Other,
}

/// A run over some blocks of one record each: one byte of the base, changed, and one new one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Made {
    blocks: usize,
    room: usize,
    /// At which block, counted from 0; at the end of the stream where there is no such block.
    feed: Option<(Feed, usize)>,
    /// At which read, write or flush, counted from 0; there are two writes in a block.
    apply: Option<(Apply, usize)>,
}

impl Made {
    pub(super) const fn whole(blocks: usize, room: usize) -> Self {
        Self {
            blocks,
            room,
            feed: None,
            apply: None,
        }
    }

    /// Such a feed at every place where it can fail.
    pub(super) fn with_feed(self, fails: Feed) -> Vec<Self> {
        let places = self.blocks + usize::from(!matches!(fails, Feed::Cut));
        let at = |place| Self {
            feed: Some((fails, place)),
            ..self
        };
        (0..places).map(at).collect()
    }

    /// Such a failure at every place where it can be.
    pub(super) fn with_apply(self, fails: Apply) -> Vec<Self> {
        let places = match fails {
            Apply::Base => self.blocks,
            Apply::Write => self.blocks * 2,
            Apply::Length | Apply::Flush => 1,
        };
        let at = |place| Self {
            apply: Some((fails, place)),
            ..self
        };
        (0..places).map(at).collect()
    }

    /// Runs once, under whatever schedule is on, and holds what comes out against what has to.
    pub(super) fn check(&self) {
        let seen = Arc::new(Seen::default());
        let feed = Box::new(MadeFeed {
            made: *self,
            filled: 0,
            seen: Arc::clone(&seen),
        });
        let mut base = MadeBase::failing(self.blocks, self.fails(Apply::Base));
        base.length_fails = self.fails(Apply::Length).is_some();
        base.seen = Arc::clone(&seen);
        let mut output = MadeOutput::failing(self.fails(Apply::Write));
        output.flush_fails = self.fails(Apply::Flush).is_some();
        output.seen = Arc::clone(&seen);
        let bytes: &dyn ReadAt = &base;
        let base = Base {
            bytes,
            declared: false,
        };
        let inflation = Inflation::within(Limits::for_base(1)).in_blocks_of(1, self.room);
        let result = inflation.through_pipe(feed, base, &mut output, None);
        assert_eq!(what(&result), self.expected(), "{self:?}: {result:?}");
        if result.is_ok() {
            assert_eq!(output.bytes, self.output(), "{self:?}");
        }
        seen.check(self.room);
    }

    pub(super) fn feed_alone(self) -> Box<dyn feed::Feed> {
        Box::new(MadeFeed {
            made: self,
            filled: 0,
            seen: Arc::default(),
        })
    }

    fn fails(&self, wanted: Apply) -> Option<usize> {
        let same = |found| std::mem::discriminant(&wanted) == std::mem::discriminant(&found);
        self.apply
            .filter(|(fails, _)| same(*fails))
            .map(|(_, at)| at)
    }

    /// By the order of the stream alone, as one thread would have it.
    fn expected(&self) -> What {
        if matches!(self.apply, Some((Apply::Length, _))) {
            return What::Base;
        }
        for block in 0..=self.blocks {
            match self.feed {
                Some((Feed::Read, at)) if at == block => return What::Read,
                Some((Feed::Frame, at)) if at == block => return What::Frame,
                _ => {}
            }
            match self.apply {
                Some((Apply::Base, at)) if at == block => return What::Base,
                Some((Apply::Write, at)) if at / 2 == block => return What::Write,
                _ => {}
            }
            if matches!(self.feed, Some((Feed::Cut, at)) if at == block) {
                return What::Cut;
            }
        }
        match self.apply {
            Some((Apply::Flush, _)) => What::Write,
            _ => What::Whole,
        }
    }

    fn output(&self) -> Vec<u8> {
        (0..self.blocks)
            .flat_map(|block| [BASE_BYTE + change(block), literal(block)])
            .collect()
    }
}

struct MadeFeed {
    made: Made,
    filled: usize,
    seen: Arc<Seen>,
}

impl feed::Feed for MadeFeed {
    fn fill(&mut self, block: &mut Vec<u8>, _: usize) -> Result<(), StreamError> {
        self.seen.fill(block, block.capacity());
        let at = self.filled;
        self.filled += 1;
        let whole = match self.made.feed {
            Some((Feed::Read, fails)) if fails == at => {
                return Err(StreamError::ReadPatch(io::Error::other(MADE)));
            }
            Some((Feed::Frame, fails)) if fails == at => {
                return Err(InflateError::Malformed(Malformed::Frame(MADE.to_owned())).into());
            }
            Some((Feed::Cut, cut)) if cut < at => return Ok(()),
            Some((Feed::Cut, cut)) => cut != at,
            _ => true,
        };
        if at < self.made.blocks {
            block.extend([1, change(at), 1, literal(at), 0]);
            block.truncate(4 + usize::from(whole));
        }
        Ok(())
    }
}

/// Tells the made failures from those of the decoder's own.
pub(super) fn what<T>(result: &Result<T, StreamError>) -> What {
    let made = |error: &io::Error| error.to_string() == MADE;
    match result {
        Ok(_) => What::Whole,
        Err(StreamError::ReadPatch(error)) if made(error) => What::Read,
        Err(StreamError::ReadBase(error)) if made(error) => What::Base,
        Err(StreamError::Write(error)) if made(error) => What::Write,
        Err(StreamError::Inflate(InflateError::Malformed(malformed))) => match malformed {
            Malformed::Frame(_) | Malformed::Column { .. } | Malformed::TrailingBytes(_) => {
                What::Frame
            }
            Malformed::Truncated { .. } => What::Cut,
            _ => What::Other,
        },
        Err(_) => What::Other,
    }
}

/// The change of a block's one added byte.
pub(super) fn change(block: usize) -> u8 {
    u8::try_from(block).unwrap() + 1
}

/// The one new byte of a block.
pub(super) fn literal(block: usize) -> u8 {
    u8::try_from(block).unwrap() + b'a'
}
