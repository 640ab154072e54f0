//! The second decoder: whole files, strict, written from the format over ruzstd.
//!
//! It shares no code with the one on devices, and it refuses what that one lets pass: numbers that
//! are not in their one form, a second frame or bytes behind the first, a stream that ends inside a
//! record. The list of divergences is in `docs/formats/shorebird-patch.md`.

use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;

/// Inflates strictly.
///
/// # Errors
/// [`InflateError`]; never [`InflateError::DecodersDisagree`].
pub fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let stream = decompress(patch, limits)?;
    let mut output = Vec::new();
    let mut position: u64 = 0;
    for record in records(&stream)? {
        let record = record?;
        let wanted = record.add.len() + record.copy.len();
        let total = wide(output.len()).saturating_add(wide(wanted));
        if total > limits.output_bytes_max {
            return Err(over(Limit::OutputBytes, limits.output_bytes_max));
        }
        let old = old_bytes(base, position, record.add.len())?;
        output.extend(
            old.iter()
                .zip(record.add)
                .map(|(old, add)| old.wrapping_add(*add)),
        );
        output.extend_from_slice(record.copy);
        position = record.seek_from(position)?;
    }
    Ok(output)
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
    let bad = |reason: String| InflateError::Malformed(Malformed::Frame(reason));
    let mut source = patch;
    let mut decoder = FrameDecoder::new();
    decoder.set_max_window_size(limits.window_bytes_max());
    decoder.reset(&mut source).map_err(|error| match error {
        FrameDecoderError::WindowSizeTooBig { .. } => {
            over(Limit::WindowBytes, limits.window_bytes_max())
        }
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { .. }) => {
            bad("it starts with a skippable frame".to_owned())
        }
        other => bad(other.to_string()),
    })?;
    let mut stream = Vec::new();
    while !decoder.is_finished() {
        let step = BlockDecodingStrategy::UptoBytes(STEP_BYTES);
        decoder
            .decode_blocks(&mut source, step)
            // What the library says of a file that ends early is about its buffers.
            .map_err(|error| match source.is_empty() {
                true => bad("the file ends inside the frame".to_owned()),
                false => bad(error.to_string()),
            })?;
        stream.extend(decoder.collect().unwrap_or_default());
        let held = wide(stream.len()).saturating_add(wide(decoder.can_collect()));
        if held > limits.stream_bytes_max {
            return Err(over(Limit::StreamBytes, limits.stream_bytes_max));
        }
    }
    stream.extend(decoder.collect().unwrap_or_default());
    if decoder.get_checksum_from_data().is_some()
        && decoder.get_checksum_from_data() != decoder.get_calculated_checksum()
    {
        return Err(bad("its checksum is wrong".to_owned()));
    }
    if !source.is_empty() {
        return Err(InflateError::Malformed(Malformed::TrailingBytes(wide(
            source.len(),
        ))));
    }
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
const STEP_BYTES: usize = 1 << 20;
