//! The second thread: follows the records, reads the base, writes and hashes in one pass.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use super::hashed::OverMax;
use super::pipe::Pipe;
use super::window::Window;
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;
use crate::source::ReadAt;
use crate::stream::StreamError;
use crate::varint::{self, Partial};

/// What the records add to.
#[derive(Clone, Copy)]
pub(super) struct Base<'a> {
    pub(super) bytes: &'a dyn ReadAt,
    /// The patch named it, or named none: a read outside is the fault of the patch.
    pub(super) declared: bool,
}

/// Follows every record of the pipe.
pub(super) fn records(
    pipe: Pipe,
    base: Base<'_>,
    output: &mut dyn Write,
    limits: Limits,
) -> Result<(), StreamError> {
    let window = Window::over(base.bytes).map_err(StreamError::ReadBase)?;
    let mut apply = Apply {
        stream: Stream::over(pipe),
        base: window,
        base_is_declared: base.declared,
        output,
        position: 0,
        old: vec![0; STEP_BYTES],
        other_base: None,
    };
    let mut followed = 0;
    while apply.stream.ready()? {
        if followed == limits.records_max {
            let limit = Limit::Records;
            let limit_value = limits.records_max;
            return Err(InflateError::OverLimit { limit, limit_value }.into());
        }
        apply.record()?;
        followed += 1;
    }
    match apply.other_base {
        Some(error) => Err(error.into()),
        None => Ok(()),
    }
}

struct Apply<'a> {
    stream: Stream,
    base: Window<'a>,
    base_is_declared: bool,
    output: &'a mut dyn Write,
    position: u64,
    old: Vec<u8>,
    /// The fault of the base, once there is one. A patch that is at fault is so over every base, so
    /// the rest of it is looked through before the base is blamed.
    other_base: Option<InflateError>,
}

impl Apply<'_> {
    fn record(&mut self) -> Result<(), StreamError> {
        let record_at = self.stream.at;
        let truncated = Malformed::Truncated { record_at };
        let add = self.stream.number(&truncated)?;
        self.add(add, &truncated)?;
        let copy = self.stream.number(&truncated)?;
        self.copy(copy, &truncated)?;
        let seek = varint::signed(self.stream.number(&truncated)?);
        let moved = self.position.checked_add(add);
        let moved = moved.and_then(|position| position.checked_add_signed(seek));
        // A file's position has 63 bits.
        let moved = moved.filter(|position| i64::try_from(*position).is_ok());
        self.position = moved.ok_or(InflateError::Malformed(Malformed::Seek { record_at }))?;
        Ok(())
    }

    fn add(&mut self, count: u64, truncated: &Malformed) -> Result<(), StreamError> {
        if count == 0 {
            return Ok(()); // the position may lie outside, as long as nothing is read there
        }
        let needed_bytes = self.position.saturating_add(count);
        let base_bytes = self.base.length();
        if needed_bytes > base_bytes && self.other_base.is_none() {
            if self.base_is_declared {
                let column = "control";
                let what = "it reads outside the base";
                return Err(InflateError::Malformed(Malformed::Column { column, what }).into());
            }
            self.other_base = Some(InflateError::OtherBase {
                needed_bytes,
                base_bytes,
            });
        }
        if self.other_base.is_some() {
            return self.stream.must_hold(count, truncated);
        }
        let (mut at, mut left) = (self.position, count);
        while left > 0 {
            let changes = self.stream.some(left, STEP_BYTES, truncated)?;
            let old = self.old.get_mut(..changes.len()).unwrap_or_default();
            let read = self.base.read(old, at);
            read.map_err(StreamError::ReadBase)?;
            for (old, change) in old.iter_mut().zip(changes) {
                *old = old.wrapping_add(*change);
            }
            let done = u64::try_from(old.len()).unwrap_or(u64::MAX);
            self.output.write_all(old).map_err(write_fault)?;
            at = at.saturating_add(done);
            left = left.saturating_sub(done);
        }
        Ok(())
    }

    fn copy(&mut self, count: u64, truncated: &Malformed) -> Result<(), StreamError> {
        if self.other_base.is_some() {
            return self.stream.must_hold(count, truncated);
        }
        let mut left = count;
        while left > 0 {
            let bytes = self.stream.some(left, STEP_BYTES, truncated)?;
            self.output.write_all(bytes).map_err(write_fault)?;
            left = left.saturating_sub(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

/// Tells what the output's own bound and a transform say from what the system says.
pub(super) fn write_fault(error: io::Error) -> StreamError {
    let error = match error.downcast::<InflateError>() {
        Ok(refused) => return refused.into(),
        Err(error) => error,
    };
    match error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<OverMax>())
    {
        Some(over) => {
            let limit = Limit::OutputBytes;
            let limit_value = over.max;
            InflateError::OverLimit { limit, limit_value }.into()
        }
        None => StreamError::Write(error),
    }
}

/// The record stream, as it comes out of the pipe.
struct Stream {
    pipe: Pipe,
    block: Vec<u8>,
    taken: usize,
    /// How many bytes were taken, the magic number included.
    at: u64,
}

impl Stream {
    fn over(pipe: Pipe) -> Self {
        Self {
            pipe,
            block: Vec::new(),
            taken: 0,
            at: MAGIC_BYTES,
        }
    }

    /// Whether a byte is there; waits for it.
    fn ready(&mut self) -> Result<bool, StreamError> {
        while self.taken == self.block.len() {
            let Some(next) = self.pipe.next()? else {
                return Ok(false);
            };
            self.pipe
                .give_back(std::mem::replace(&mut self.block, next));
            self.taken = 0;
        }
        Ok(true)
    }

    /// At least one and at most so many of the next bytes.
    fn some(
        &mut self,
        left: u64,
        step_max: usize,
        truncated: &Malformed,
    ) -> Result<&[u8], StreamError> {
        if !self.ready()? {
            return Err(InflateError::Malformed(truncated.clone()).into());
        }
        let held = self.block.len().saturating_sub(self.taken);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        let count = held.min(left).min(step_max);
        let from = self.taken;
        self.taken += count;
        self.at = self
            .at
            .saturating_add(u64::try_from(count).unwrap_or(u64::MAX));
        Ok(self.block.get(from..self.taken).unwrap_or_default())
    }

    fn number(&mut self, truncated: &Malformed) -> Result<u64, StreamError> {
        let at = self.at;
        let mut partial = Partial::default();
        loop {
            let byte = self
                .some(1, 1, truncated)?
                .first()
                .copied()
                .unwrap_or_default();
            match partial.take(byte) {
                Ok(Some(value)) => return Ok(value),
                Ok(None) => {}
                Err(_) => return Err(InflateError::Malformed(Malformed::Varint { at }).into()),
            }
        }
    }

    /// Takes so many bytes for nothing; an error where there are fewer.
    fn must_hold(&mut self, count: u64, truncated: &Malformed) -> Result<(), StreamError> {
        let mut left = count;
        while left > 0 {
            let some = self.some(left, usize::MAX, truncated)?;
            left = left.saturating_sub(u64::try_from(some.len()).unwrap_or(u64::MAX));
        }
        Ok(())
    }
}

/// SHA-256 of a base, read by position.
pub(super) fn sha256_of(base: &dyn ReadAt) -> io::Result<[u8; 32]> {
    let mut hasher = Sha256::new();
    let mut buffer = vec![0; STEP_BYTES];
    let (mut at, end) = (0_u64, base.length()?);
    while at < end {
        let left = usize::try_from(end - at).unwrap_or(usize::MAX);
        let step = buffer.get_mut(..left.min(STEP_BYTES)).unwrap_or_default();
        base.read_exact_at(step, at)?;
        hasher.update(&*step);
        at = at.saturating_add(u64::try_from(step.len()).unwrap_or(u64::MAX));
    }
    Ok(hasher.finalize().into())
}

/// What is read of the base and written at once.
const STEP_BYTES: usize = 64 << 10;
/// Offsets count from the stream's first byte; the feed has checked its magic number.
const MAGIC_BYTES: u64 = 8;
