//! The `shorebird` container, read whole over ruzstd.

use super::frame::decoded;
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;

/// Inflates strictly.
///
/// # Errors
/// [`InflateError`]; never [`InflateError::DecodersDisagree`].
pub(super) fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let stream = decompress(patch, limits)?;
    let mut output = Vec::new();
    let mut position: u64 = 0;
    // A patch that is at fault is so over every base: what is wrong with it is said first.
    let mut other_base = None;
    for record in records(&stream)? {
        let record = record?;
        if other_base.is_none() {
            other_base = append(&mut output, base, position, &record, limits)?;
        }
        position = record.seek_from(position)?;
    }
    match other_base {
        Some(error) => Err(error),
        None => Ok(output),
    }
}

/// Follows one record; what it answers with is the fault of the base.
fn append(
    output: &mut Vec<u8>,
    base: &[u8],
    position: u64,
    record: &Record<'_>,
    limits: Limits,
) -> Result<Option<InflateError>, InflateError> {
    let old = match old_bytes(base, position, record.add.len()) {
        Ok(old) => old,
        Err(other_base) => return Ok(Some(other_base)),
    };
    let wanted = record.add.len() + record.copy.len();
    if wide(output.len()).saturating_add(wide(wanted)) > limits.output_bytes_max {
        return Err(over(Limit::OutputBytes, limits.output_bytes_max));
    }
    let sums = old.iter().zip(record.add);
    output.extend(sums.map(|(old, add)| old.wrapping_add(*add)));
    output.extend_from_slice(record.copy);
    Ok(None)
}

/// One record of the stream.
pub(crate) struct Record<'a> {
    /// Bytes to be added to as many bytes of the base.
    pub(crate) add: &'a [u8],
    /// Bytes to be written as they are.
    pub(crate) copy: &'a [u8],
    /// Where the record starts in the stream.
    at: u64,
    seek: i64,
}

impl Record<'_> {
    fn seek_from(&self, position: u64) -> Result<u64, InflateError> {
        let moved = position.checked_add(wide(self.add.len()));
        let moved = moved.and_then(|position| position.checked_add_signed(self.seek));
        // A file's position has 63 bits: what only a base in memory can follow is no seek.
        let moved = moved.filter(|position| i64::try_from(*position).is_ok());
        moved.ok_or(InflateError::Malformed(Malformed::Seek {
            record_at: self.at,
        }))
    }
}

/// The records of a stream, after its magic number.
pub(crate) fn records(
    stream: &[u8],
) -> Result<impl Iterator<Item = Result<Record<'_>, InflateError>>, InflateError> {
    let body = stream.strip_prefix(&MAGIC_AND_VERSION).ok_or_else(|| {
        let start = stream.get(..MAGIC_AND_VERSION.len()).unwrap_or(stream);
        let found = start.iter().map(|byte| format!("{byte:02x}")).collect();
        InflateError::Malformed(Malformed::Magic { found })
    })?;
    let mut rest = Stream {
        rest: body,
        length: wide(stream.len()),
    };
    let mut failed = false;
    Ok(std::iter::from_fn(move || {
        if failed || rest.rest.is_empty() {
            return None;
        }
        let record = rest.record().map_err(InflateError::Malformed);
        failed = record.is_err();
        Some(record)
    }))
}

/// Decompresses the one frame of a patch.
pub(crate) fn decompress(patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let stream = decoded(patch, limits.window_bytes_max(), limits.stream_bytes_max)?;
    let stream = stream.ok_or_else(|| over(Limit::StreamBytes, limits.stream_bytes_max))?;
    let records_max = limits.records_max;
    if records(&stream)?
        .take_while(Result::is_ok)
        .nth(to_usize(records_max))
        .is_some()
    {
        return Err(over(Limit::Records, records_max));
    }
    Ok(stream)
}

fn old_bytes(base: &[u8], position: u64, count: usize) -> Result<&[u8], InflateError> {
    if count == 0 {
        return Ok(&[]); // the position may lie outside, as long as nothing is read there
    }
    let needed = position.saturating_add(wide(count));
    let start = usize::try_from(position).ok();
    let range = start.and_then(|start| Some(start..start.checked_add(count)?));
    let other = InflateError::OtherBase {
        needed_bytes: needed,
        base_bytes: wide(base.len()),
    };
    range.and_then(|range| base.get(range)).ok_or(other)
}

/// The part of a stream that is not yet read.
struct Stream<'a> {
    rest: &'a [u8],
    length: u64,
}

impl<'a> Stream<'a> {
    fn at(&self) -> u64 {
        self.length - wide(self.rest.len())
    }

    fn record(&mut self) -> Result<Record<'a>, Malformed> {
        let at = self.at();
        let add = self.counted_bytes(at)?;
        let copy = self.counted_bytes(at)?;
        let seek = self.number(at)?;
        // Zigzag: 0, -1, 1, -2, ...
        let magnitude = (seek >> 1).cast_signed();
        let seek = if seek & 1 == 0 { magnitude } else { !magnitude };
        Ok(Record {
            add,
            copy,
            at,
            seek,
        })
    }

    fn counted_bytes(&mut self, record_at: u64) -> Result<&'a [u8], Malformed> {
        let count = self.number(record_at)?;
        let truncated = Malformed::Truncated { record_at };
        let count = usize::try_from(count).map_err(|_| truncated.clone())?;
        let (bytes, rest) = self.rest.split_at_checked(count).ok_or(truncated)?;
        self.rest = rest;
        Ok(bytes)
    }

    /// A little-endian base-128 number: seven bits a byte, the top bit set on all but the last.
    fn number(&mut self, record_at: u64) -> Result<u64, Malformed> {
        let at = self.at();
        let mut value: u64 = 0;
        for shift in (0..u64::BITS).step_by(7) {
            let truncated = Malformed::Truncated { record_at };
            let (&byte, rest) = self.rest.split_first().ok_or(truncated)?;
            self.rest = rest;
            let bits = u64::from(byte & 0x7f);
            let placed = bits << shift;
            let last = byte & 0x80 == 0;
            // A dropped bit, or a last byte that adds nothing, is a second form of some number.
            if placed >> shift != bits || (last && byte == 0 && shift > 0) {
                return Err(Malformed::Varint { at });
            }
            value |= placed;
            if last {
                return Ok(value);
            }
        }
        Err(Malformed::Varint { at })
    }
}

fn over(limit: Limit, limit_value: u64) -> InflateError {
    InflateError::OverLimit { limit, limit_value }
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

fn to_usize(count: u64) -> usize {
    usize::try_from(count).unwrap_or(usize::MAX)
}

/// Little-endian 0xB1DF and 0x1000.
const MAGIC_AND_VERSION: [u8; 8] = [0xdf, 0xb1, 0, 0, 0, 0x10, 0, 0];
