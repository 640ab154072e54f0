//! The `patchproof` container, read whole from its format page.

use sha2::{Digest as _, Sha256};

use super::fields::Fields;
use super::unpack::{unpack, window_within};
use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;
use crate::transform::PlainTransform;

/// Whether a patch starts as this container does.
pub(super) fn is_one(patch: &[u8]) -> bool {
    patch.starts_with(MAGIC)
}

/// Inflates over the base that the patch declares, or over none.
pub(super) fn inflate(
    base: &[u8],
    patch: &[u8],
    limits: Limits,
    transforms: &[&dyn PlainTransform],
) -> Result<Vec<u8>, InflateError> {
    let (opened, sizes, packed) = Opened::read(patch, limits)?;
    if opened.has_base {
        let found = Sha256::digest(base);
        if found.as_slice() != opened.base_sha256 || wide(base.len()) != opened.base_bytes {
            return Err(InflateError::NotThisBase {
                expected_sha256: hex::encode(opened.base_sha256),
                found_sha256: hex::encode(found),
            });
        }
    }
    let transform = match u16::try_from(opened.transform).unwrap_or(u16::MAX) {
        0 => None,
        id => {
            let known = transforms.iter().find(|known| known.id() == id);
            Some(known.ok_or(InflateError::UnknownTransform { id })?)
        }
    };
    let base: &[u8] = if opened.has_base { base } else { &[] };
    // An eighth of the base and 64 KiB, by the format.
    let side_bytes_max = wide(base.len()) / 8 + 65536;
    let [.., (_, side_bytes)] = sizes;
    if transform.is_some() && side_bytes > side_bytes_max {
        return Err(InflateError::OverLimit {
            limit: Limit::TransformBytes,
            limit_value: side_bytes_max,
        });
    }
    let columns = columns(opened.codec, &sizes, packed, limits)?;
    let output = match transform {
        None => opened.followed(&columns, base, limits, opened.output_bytes)?,
        Some(transform) => {
            let [.., side] = &columns;
            let view = transform.view(base, side)?;
            // Tables are seen longer than they are, by no more than the base is long.
            let longest = opened.output_bytes.saturating_add(wide(base.len()));
            let seen = opened.followed(&columns, &view, limits, longest)?;
            transform.inverse(&seen, base, side, opened.output_bytes)?
        }
    };
    let expected_bytes = opened.output_bytes;
    if wide(output.len()) != expected_bytes {
        let found_bytes = wide(output.len());
        return Err(InflateError::Malformed(Malformed::OutputLength {
            expected_bytes,
            found_bytes,
        }));
    }
    let found = Sha256::digest(&output);
    if found.as_slice() != opened.output_sha256 {
        return Err(InflateError::WrongOutput {
            expected_sha256: hex::encode(opened.output_sha256),
            found_sha256: hex::encode(found),
        });
    }
    Ok(output)
}

/// Control, gaps, changes and literals of a patch, and what its transform needs.
pub(crate) fn columns_of(patch: &[u8], limits: Limits) -> Result<[Vec<u8>; 5], InflateError> {
    let (opened, sizes, packed) = Opened::read(patch, limits)?;
    columns(opened.codec, &sizes, packed, limits)
}

/// Decodes the streams; what stands behind the last one is a fault.
fn columns(
    codec: u64,
    sizes: &Sizes,
    packed: &[u8],
    limits: Limits,
) -> Result<[Vec<u8>; 5], InflateError> {
    let mut columns = [const { Vec::new() }; 5];
    let mut rest = Fields {
        rest: packed,
        name: "streams",
    };
    let window_bytes_max = limits.window_bytes_max();
    let mut streams = Vec::new();
    for (packed, _) in sizes {
        streams.push(rest.bytes(*packed)?);
    }
    rest.at_end()?;
    for stream in streams
        .iter()
        .take(NAMES.len())
        .filter(|stream| !stream.is_empty())
    {
        window_within(codec, stream, window_bytes_max)?;
    }
    let known = columns.iter_mut().zip(NAMES).zip(sizes.iter().zip(streams));
    for ((column, name), ((_, decoded), packed)) in known {
        *column = unpack(name, codec, packed, *decoded, window_bytes_max)?;
    }
    Ok(columns)
}

/// The header of a patch.
struct Opened<'a> {
    codec: u64,
    has_base: bool,
    transform: u64,
    base_bytes: u64,
    base_sha256: &'a [u8],
    output_bytes: u64,
    output_sha256: &'a [u8],
}

/// Packed and decoded length of each stream.
type Sizes = [(u64, u64); 5];

impl<'a> Opened<'a> {
    /// The header, and what it says of the streams that stand behind it.
    fn read(patch: &'a [u8], limits: Limits) -> Result<(Self, Sizes, &'a [u8]), InflateError> {
        let mut header = Fields {
            rest: patch,
            name: "header",
        };
        header.bytes(wide(MAGIC.len()))?;
        let version = header.fixed(2)?;
        let codec = header.fixed(1)?;
        let base_flag = header.fixed(1)?;
        let transform = header.fixed(2)?;
        let reserved = header.fixed(2)?;
        if version != 1 || !(1..=2).contains(&codec) || base_flag > 1 || reserved != 0 {
            return Err(malformed("a field has a value that is not known"));
        }
        let base_bytes = header.fixed(8)?;
        let base_sha256 = header.bytes(32)?;
        if base_flag == 0 && (base_bytes != 0 || base_sha256.iter().any(|byte| *byte != 0)) {
            return Err(malformed("it declares no base and yet describes one"));
        }
        let output_bytes = header.fixed(8)?;
        let output_sha256 = header.bytes(32)?;
        let mut sizes = [(0, 0); 5];
        for size in &mut sizes {
            *size = (header.fixed(8)?, header.fixed(8)?);
            if (size.0 == 0) != (size.1 == 0) {
                return Err(malformed(
                    "an empty stream takes bytes, or a full one takes none",
                ));
            }
        }
        if transform == 0 && sizes.last() != Some(&(0, 0)) {
            return Err(malformed(
                "it has a stream for a transform, and no transform",
            ));
        }
        let decoded = sizes
            .iter()
            .fold(0, |sum: u64, (_, one)| sum.saturating_add(*one));
        within(Limit::OutputBytes, output_bytes, limits.output_bytes_max)?;
        within(Limit::StreamBytes, decoded, limits.stream_bytes_max)?;
        let opened = Self {
            codec,
            has_base: base_flag == 1,
            transform,
            base_bytes,
            base_sha256,
            output_bytes,
            output_sha256,
        };
        Ok((opened, sizes, header.rest))
    }

    fn followed(
        &self,
        columns: &[Vec<u8>; 5],
        base: &[u8],
        limits: Limits,
        longest: u64,
    ) -> Result<Vec<u8>, InflateError> {
        let [control, gaps, changes, literals, _] = columns;
        let named = |name, rest| Fields { rest, name };
        let mut control = named("control", control.as_slice());
        let mut gaps = named("gaps", gaps.as_slice());
        let mut changes = named("changes", changes.as_slice());
        let mut literals = named("literals", literals.as_slice());
        // Where the next change is, counted in added bytes from the first.
        let mut next_change = next(&mut gaps, 0)?;
        let (mut added, mut position, mut records) = (0_u64, 0_u64, 0_u64);
        let mut output = Vec::new();
        while !control.rest.is_empty() {
            records += 1;
            within(Limit::Records, records, limits.records_max)?;
            let (add, copy) = (control.number()?, control.number()?);
            let seek = control.number()?;
            let total = wide(output.len()).saturating_add(add).saturating_add(copy);
            if total > longest {
                return Err(InflateError::Malformed(Malformed::OutputLength {
                    expected_bytes: self.output_bytes,
                    found_bytes: total,
                }));
            }
            let start = output.len();
            output.extend_from_slice(old(base, position, add)?);
            let end = added.saturating_add(add);
            while let Some(at) = next_change.filter(|at| *at < end) {
                let [change] = changes.bytes(1)? else {
                    return Err(changes.fault("it ends before the others"));
                };
                if *change == 0 {
                    return Err(changes.fault("a change is zero"));
                }
                let place = usize::try_from(at - added)
                    .ok()
                    .and_then(|at| start.checked_add(at));
                if let Some(byte) = place.and_then(|place| output.get_mut(place)) {
                    *byte = byte.wrapping_add(*change);
                }
                next_change = next(&mut gaps, at.saturating_add(1))?;
            }
            added = end;
            output.extend_from_slice(literals.bytes(copy)?);
            position = moved(position, add, seek)?;
        }
        if next_change.is_some() {
            return Err(gaps.fault("it goes on behind the others"));
        }
        changes.at_end()?;
        literals.at_end()?;
        Ok(output)
    }
}

/// The place of the next change, from the place behind the last one.
fn next(gaps: &mut Fields<'_>, from: u64) -> Result<Option<u64>, InflateError> {
    if gaps.rest.is_empty() {
        return Ok(None);
    }
    let gap = gaps.number()?;
    Ok(Some(from.saturating_add(gap)))
}

fn old(base: &[u8], position: u64, count: u64) -> Result<&[u8], InflateError> {
    if count == 0 {
        return Ok(&[]);
    }
    let end = position.saturating_add(count);
    let range = usize::try_from(position)
        .ok()
        .zip(usize::try_from(end).ok());
    let bytes = range.and_then(|(start, end)| base.get(start..end));
    // The base is the declared one: it is not at fault.
    bytes.ok_or(InflateError::Malformed(Malformed::Column {
        column: "control",
        what: "it reads outside the base",
    }))
}

/// The sign of a seek is its lowest bit.
fn moved(position: u64, add: u64, seek: u64) -> Result<u64, InflateError> {
    let behind = i128::from(position) + i128::from(add);
    let half = i128::from(seek / 2);
    let to = if seek.is_multiple_of(2) {
        behind + half
    } else {
        behind - half - 1
    };
    let position = i64::try_from(to).ok().and_then(|to| u64::try_from(to).ok());
    position.ok_or(InflateError::Malformed(Malformed::Column {
        column: "control",
        what: "a seek leads outside every base",
    }))
}

fn within(limit: Limit, found: u64, limit_value: u64) -> Result<(), InflateError> {
    if found <= limit_value {
        return Ok(());
    }
    Err(InflateError::OverLimit { limit, limit_value })
}

fn malformed(what: &str) -> InflateError {
    InflateError::Malformed(Malformed::Header(what.to_owned()))
}

fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

const MAGIC: &[u8] = &[0x89, b'P', b'P', b'A', b'T', 13, 10, 10];
const NAMES: [&str; 5] = ["control", "gaps", "changes", "literals", "transform"];
