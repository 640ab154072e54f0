//! The `patchproof` container: four columns, put together into the record stream.
//!
//! Each column must be used up exactly: what one has too little or too much of is named.

use super::column::{COLUMN_BUFFER_BYTES, Column};
use super::feed::Feed;
use super::section::Section;
use crate::error::{InflateError, Limit};
use crate::header::{HEADER_BYTES, Header, STREAMS};
use crate::limits::Limits;
use crate::source::ReadAt;
use crate::stream::StreamError;
use crate::varint;

/// Opens the columns of a patch.
pub(super) fn open<'a>(
    patch: &'a dyn ReadAt,
    length: u64,
    header: &Header,
    limits: Limits,
) -> Result<Box<dyn Feed + 'a>, StreamError> {
    let [control, gaps, changes, literals, _] = sections(patch, length, header)?;
    let open = |name, section| Column::open(name, section, header.codec, limits);
    Ok(Box::new(ColumnFeed {
        control: open("control", control)?,
        gaps: open("gaps", gaps)?,
        changes: open("changes", changes)?,
        literals: open("literals", literals)?,
        state: State::Control,
        unchanged: None,
        records_left: limits.records_max,
        records_max: limits.records_max,
    }))
}

/// What the transform needs beside the base; it decodes to at most so many bytes.
pub(super) fn side(
    patch: &dyn ReadAt,
    length: u64,
    header: &Header,
    limits: Limits,
    bytes_max: u64,
) -> Result<Vec<u8>, StreamError> {
    let [.., section] = sections(patch, length, header)?;
    if section.1 > bytes_max {
        let error = InflateError::OverLimit {
            limit: Limit::TransformBytes,
            limit_value: bytes_max,
        };
        return Err(error.into());
    }
    let mut column = Column::open("transform", section, header.codec, limits)?;
    let mut bytes = Vec::new();
    while column.left > 0 {
        let more = column.some(COLUMN_BUFFER_BYTES)?;
        bytes.extend_from_slice(more);
    }
    column.at_end()?;
    Ok(bytes)
}

/// Where the streams of a patch lie, one after another, and what each decodes to.
fn sections<'a>(
    patch: &'a dyn ReadAt,
    length: u64,
    header: &Header,
) -> Result<[(Section<'a>, u64); STREAMS], StreamError> {
    let mut end = u64::try_from(HEADER_BYTES).unwrap_or(u64::MAX);
    let sections = header.streams.map(|extent| {
        let start = end;
        end = start.saturating_add(extent.packed_bytes);
        (Section::new(patch, start, end), extent.decoded_bytes)
    });
    if end != length {
        let what = format!("its streams end at byte {end}, and the patch at byte {length}");
        return Err(crate::header::fault(what).into());
    }
    Ok(sections)
}

/// Where in a record the feed stands.
#[derive(Clone, Copy)]
enum State {
    Control,
    Add { left: u64, literal: u64, seek: u64 },
    Literal { left: u64, seek: u64 },
    End,
}

struct ColumnFeed<'a> {
    control: Column<'a>,
    gaps: Column<'a>,
    changes: Column<'a>,
    literals: Column<'a>,
    state: State,
    /// Unchanged bytes before the next change; `None` before its gap is read.
    unchanged: Option<u64>,
    records_left: u64,
    records_max: u64,
}

impl Feed for ColumnFeed<'_> {
    fn fill(&mut self, block: &mut Vec<u8>, block_bytes: usize) -> Result<(), StreamError> {
        while block.len() < block_bytes {
            self.state = match self.state {
                State::Control if self.control.left == 0 => self.end()?,
                State::Control => self.record(block)?,
                State::Add {
                    left: 0,
                    literal,
                    seek,
                } => {
                    varint::push(block, literal);
                    State::Literal {
                        left: literal,
                        seek,
                    }
                }
                State::Add {
                    left,
                    literal,
                    seek,
                } => {
                    let left = left.saturating_sub(self.add(block, left, block_bytes)?);
                    State::Add {
                        left,
                        literal,
                        seek,
                    }
                }
                State::Literal { left: 0, seek } => {
                    varint::push(block, seek);
                    State::Control
                }
                State::Literal { left, seek } => {
                    let room = room(block, left, block_bytes);
                    let bytes = self.literals.some(room)?;
                    block.extend_from_slice(bytes);
                    let taken = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
                    let left = left.saturating_sub(taken);
                    State::Literal { left, seek }
                }
                State::End => return Ok(()),
            };
        }
        Ok(())
    }
}

impl ColumnFeed<'_> {
    fn record(&mut self, block: &mut Vec<u8>) -> Result<State, StreamError> {
        let limit_value = self.records_max;
        let limit = Limit::Records;
        let over = InflateError::OverLimit { limit, limit_value };
        self.records_left = self.records_left.checked_sub(1).ok_or(over)?;
        let left = self.control.number()?;
        let literal = self.control.number()?;
        let seek = self.control.number()?;
        varint::push(block, left);
        Ok(State::Add {
            left,
            literal,
            seek,
        })
    }

    /// Adds bytes, unchanged and changed, as far as the block goes; answers how many.
    fn add(
        &mut self,
        block: &mut Vec<u8>,
        left: u64,
        block_bytes: usize,
    ) -> Result<u64, StreamError> {
        let room = room(block, left, block_bytes);
        let end = block.len().saturating_add(room);
        while block.len() < end {
            let Some(unchanged) = self.next_gap()? else {
                // Behind the last change everything is unchanged.
                block.resize(end, 0);
                break;
            };
            let free = end.saturating_sub(block.len());
            let run = usize::try_from(unchanged).unwrap_or(usize::MAX).min(free);
            block.resize(block.len().saturating_add(run), 0);
            if run == free {
                let run = u64::try_from(run).unwrap_or(u64::MAX);
                self.unchanged = Some(unchanged.saturating_sub(run));
                break;
            }
            self.unchanged = None;
            let change = self.changes.byte()?;
            if change == 0 {
                return Err(self.changes.fault("a change is zero"));
            }
            block.push(change);
        }
        Ok(u64::try_from(room).unwrap_or(u64::MAX))
    }

    /// How many unchanged bytes stand before the next change; `None` where there is none.
    fn next_gap(&mut self) -> Result<Option<u64>, StreamError> {
        match self.unchanged {
            Some(unchanged) => Ok(Some(unchanged)),
            None if self.gaps.left == 0 && self.changes.left == 0 => Ok(None),
            None => self.gaps.number().map(Some),
        }
    }

    fn end(&mut self) -> Result<State, StreamError> {
        if self.unchanged.is_some() {
            return Err(self.gaps.fault("it goes on behind the others"));
        }
        for column in [
            &mut self.control,
            &mut self.gaps,
            &mut self.changes,
            &mut self.literals,
        ] {
            column.at_end()?;
        }
        Ok(State::End)
    }
}

/// How many of `left` bytes the block still takes.
fn room(block: &[u8], left: u64, block_bytes: usize) -> usize {
    let room = block_bytes.saturating_sub(block.len());
    usize::try_from(left).unwrap_or(usize::MAX).min(room)
}
