//! The streaming decoder: one thread decompresses, the other applies, writes and hashes.
//!
//! The patch and the base are read by position, the output is written in order. Memory is bounded
//! by the windows of the codec and a few blocks between the threads; no part of it grows with the
//! files. Either side failing, at any byte, ends both.
//!
//! It is as strict as [`plain`](crate::plain) and shares nothing with it but limits and errors.

mod apply;
mod brotli_stream;
mod column;
mod column_feed;
mod declared;
mod decoder;
mod feed;
mod hashed;
mod pipe;
mod section;
mod threads;
mod window;
mod zstd_frame;

#[cfg(test)]
#[cfg(shuttle)]
mod schedules;

use std::io::{self, Write};

use crate::error::{InflateError, Limit};
use crate::header::Header;
use crate::limits::Limits;
use crate::source::{ReadAt, Scratch};
use crate::transform::Transform;
use apply::Base;
pub(crate) use column::COLUMN_WINDOW_LOG_MAX;
use declared::{check, header, longer_than_declared, named, right_base, wrong_output};
use feed::Feed;
use hashed::Hashed;
use pipe::Pipe;

/// Why an inflate ended early, told apart by who is at fault.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StreamError {
    /// The patch, or the base given for it.
    #[error(transparent)]
    Inflate(#[from] InflateError),
    /// The patch could not be read.
    #[error("the patch could not be read: {0}")]
    ReadPatch(#[source] io::Error),
    /// The base could not be read.
    #[error("the base could not be read: {0}")]
    ReadBase(#[source] io::Error),
    /// The output could not be written; what was written of it is no library.
    #[error("the output could not be written: {0}")]
    Write(#[source] io::Error),
    /// The scratch file could not be written.
    #[error("the scratch file could not be written: {0}; is the disk full?")]
    Scratch(#[source] io::Error),
}

/// What came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Inflated {
    /// The output's length in bytes.
    pub output_bytes: u64,
    /// The output's SHA-256.
    pub output_sha256: [u8; 32],
}

/// An inflate that is about to start: its bounds, and what must come out.
#[derive(Clone, Copy)]
pub struct Inflation<'a> {
    limits: Limits,
    base_sha256: Option<[u8; 32]>,
    output: Option<(u64, [u8; 32])>,
    transforms: &'a [&'a dyn Transform],
    scratch: Option<&'a dyn Scratch>,
    block_bytes: usize,
    pipe_blocks: usize,
}

impl std::fmt::Debug for Inflation<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Inflation")
            .field("limits", &self.limits)
            .field("base_sha256", &self.base_sha256)
            .field("output", &self.output)
            .finish_non_exhaustive()
    }
}

impl<'a> Inflation<'a> {
    /// Under these limits, and with what the patch itself declares.
    #[must_use]
    pub const fn within(limits: Limits) -> Self {
        Self {
            limits,
            base_sha256: None,
            output: None,
            transforms: &[],
            scratch: None,
            block_bytes: BLOCK_BYTES,
            pipe_blocks: PIPE_BLOCKS,
        }
    }

    /// The base's SHA-256, where the caller took it already; else it is taken where the patch
    /// declares one.
    #[must_use]
    pub const fn over_base(mut self, sha256: [u8; 32]) -> Self {
        self.base_sha256 = Some(sha256);
        self
    }

    /// The output must have this length and hash, whatever the patch declares.
    #[must_use]
    pub const fn expecting(mut self, length_bytes: u64, sha256: [u8; 32]) -> Self {
        self.output = Some((length_bytes, sha256));
        self
    }

    /// The transforms that a patch may ask for.
    #[must_use]
    pub const fn with_transforms(mut self, transforms: &'a [&'a dyn Transform]) -> Self {
        self.transforms = transforms;
        self
    }

    /// What a transform sees of the base lies in this file, and not in memory: a few blocks and the
    /// base's tables are held then, where it would be as much as the base. Patches without a
    /// transform do not touch it.
    #[must_use]
    pub const fn with_scratch(mut self, scratch: &'a dyn Scratch) -> Self {
        self.scratch = Some(scratch);
        self
    }

    /// Cuts the work into blocks of so many bytes, of which so many may lie between the threads.
    /// Changes memory and speed, and not one byte of the output; 0 counts as 1, and what is more
    /// than anybody can use as the most there is.
    #[must_use]
    pub const fn in_blocks_of(mut self, block_bytes: usize, pipe_blocks: usize) -> Self {
        self.block_bytes = within_1_and(BLOCK_BYTES_MAX, block_bytes);
        self.pipe_blocks = within_1_and(PIPE_BLOCKS_MAX, pipe_blocks);
        self
    }

    /// Inflates. The output is written a block at a time, and flushed before this answers.
    ///
    /// # Errors
    /// [`StreamError`]; whatever was written to `output` is then worth nothing.
    pub fn run(
        &self,
        patch: &dyn ReadAt,
        base: &dyn ReadAt,
        output: &mut dyn Write,
    ) -> Result<Inflated, StreamError> {
        let length = patch.length().map_err(StreamError::ReadPatch)?;
        let header = header(patch, length)?;
        let Some(header) = header else {
            let feed = feed::one_frame(patch, length, self.limits)?;
            let base = Base {
                bytes: base,
                declared: false,
            };
            return self.through_pipe(feed, base, output, None);
        };
        let declared = (header.output_bytes, header.output_sha256);
        if let Some(expected) = self.output.filter(|expected| *expected != declared) {
            return Err(wrong_output(expected.1, declared.1).into());
        }
        self.declared_within_limits(&header)?;
        right_base(&header, base, self.base_sha256)?;
        if header.transform != 0 {
            let known = |it: &&&dyn Transform| it.id() == header.transform;
            let transform = self.transforms.iter().find(known);
            let transform = transform.ok_or(InflateError::UnknownTransform {
                id: header.transform,
            })?;
            return self.transformed(*transform, patch, length, &header, base, output);
        }
        let feed = column_feed::open(patch, length, &header, self.limits)?;
        self.through_pipe(feed, named(&header, base), output, Some(declared))
    }

    fn transformed(
        &self,
        transform: &dyn Transform,
        patch: &dyn ReadAt,
        length: u64,
        header: &Header,
        base: &dyn ReadAt,
        output: &mut dyn Write,
    ) -> Result<Inflated, StreamError> {
        let base = named(header, base).bytes;
        let base_bytes = base.length().map_err(StreamError::ReadBase)?;
        let side_bytes_max = Limits::transform_bytes_max(base_bytes);
        let side = column_feed::side(patch, length, header, self.limits, side_bytes_max)?;
        let declared = (header.output_bytes, header.output_sha256);
        let mut hashed = self.hashed(output, header.output_bytes);
        let view: Box<dyn ReadAt> = match self.scratch {
            None => transform.view(base, &side)?,
            Some(scratch) => {
                transform.view_into(base, &side, scratch)?;
                Box::new(scratch)
            }
        };
        let mut inverse = transform.inverse(base, &side, &mut hashed)?;
        let feed = column_feed::open(patch, length, header, self.limits)?;
        let seen = Base {
            bytes: view.as_ref(),
            declared: true,
        };
        self.pass(feed, seen, inverse.as_mut())
            .and_then(|()| inverse.flush().map_err(apply::write_fault))
            .map_err(|error| longer_than_declared(error, Some(declared)))?;
        drop(inverse);
        check(hashed.finish()?, Some(declared))
    }

    fn through_pipe(
        &self,
        feed: Box<dyn Feed + '_>,
        base: Base<'_>,
        output: &mut dyn Write,
        declared: Option<(u64, [u8; 32])>,
    ) -> Result<Inflated, StreamError> {
        let declared = declared.or(self.output);
        let output_max = declared.map_or(self.limits.output_bytes_max, |(bytes, _)| bytes);
        let mut hashed = self.hashed(output, output_max.min(self.limits.output_bytes_max));
        self.pass(feed, base, &mut hashed)
            .map_err(|error| longer_than_declared(error, declared))?;
        check(hashed.finish()?, declared)
    }

    fn hashed<'o>(&self, output: &'o mut dyn Write, output_bytes_max: u64) -> Hashed<'o> {
        Hashed::new(output, output_bytes_max, self.block_bytes)
    }

    /// The two threads: the feed on one of its own, the records on this one.
    fn pass(
        &self,
        feed: Box<dyn Feed + '_>,
        base: Base<'_>,
        output: &mut dyn Write,
    ) -> Result<(), StreamError> {
        let (sender, receiver) = Pipe::bounded(self.pipe_blocks);
        threads::scope(|scope| {
            let block_bytes = self.block_bytes;
            scope.spawn(move || feed::pump(feed, &sender, block_bytes));
            // It drops the receiver: the other thread ends with its next block at the latest.
            apply::records(receiver, base, output, self.limits)
        })
    }

    fn declared_within_limits(&self, header: &Header) -> Result<(), InflateError> {
        let over = |limit, limit_value| Err(InflateError::OverLimit { limit, limit_value });
        if header.output_bytes > self.limits.output_bytes_max {
            return over(Limit::OutputBytes, self.limits.output_bytes_max);
        }
        if header.decoded_bytes() > self.limits.stream_bytes_max {
            return over(Limit::StreamBytes, self.limits.stream_bytes_max);
        }
        Ok(())
    }
}

const fn within_1_and(max: usize, found: usize) -> usize {
    if found == 0 {
        1
    } else if found > max {
        max
    } else {
        found
    }
}

/// The size of a block.
const BLOCK_BYTES: usize = 64 << 10;
/// How many blocks may lie between the threads.
const PIPE_BLOCKS: usize = 4;
const BLOCK_BYTES_MAX: usize = 64 << 20;
const PIPE_BLOCKS_MAX: usize = 1 << 10;
