//! Dispatch tables and instructions tables of a file, as they are seen.

use patchproof_patch::InflateError;

use super::bad;
use super::reader::Reader;
use super::stream::Map;

/// Four bytes an entry; more than `max` bytes are refused.
pub(super) fn expand(bytes: &[u8], codes: &Map, max: usize) -> Result<Vec<u8>, InflateError> {
    let mut reader = Reader(bytes);
    let mut out = Vec::new();
    let (mut ring, mut filled) = ([0_u32; 64], 0_usize);
    let mut last = 0_u32;
    while !reader.0.is_empty() {
        let digits = reader.through(|byte| byte >= 128)?;
        if digits.len() > 5 {
            return Err(bad("an entry is too long"));
        }
        let (top, low) = digits.split_last().ok_or(bad("cut short"))?;
        let entry = low
            .iter()
            .rev()
            .fold(i64::from(*top) - 192, |value, digit| {
                value * 128 + i64::from(*digit)
            });
        let mut times = 1;
        match entry {
            0 => last = 0,
            1..=63 => times = entry,
            64.. => {
                last = u32::try_from(entry - 63).map_err(|_| bad("a code is too large"))?;
                if let Some(place) = ring.get_mut(filled % 64) {
                    *place = last;
                }
                filled += 1;
            }
            _ => {
                let place = usize::try_from(-entry - 1).unwrap_or(usize::MAX);
                last = *ring.get(place).ok_or(bad("there is no such place"))?;
                if last == 0 {
                    return Err(bad("a place of the ring is empty"));
                }
            }
        }
        for _ in 0..times {
            let moved = u32::try_from(codes.moved(i64::from(last)));
            let seen = match moved {
                Ok(moved) if moved > 0 && last > 0 => moved,
                _ => last,
            };
            out.extend(seen.to_le_bytes());
        }
        if out.len() > max {
            return Err(bad("a table is longer than the base"));
        }
    }
    Ok(out)
}

/// The functions with their maps and entries; more than `max` bytes are refused.
pub(super) fn spell(table: &[u8], max: usize) -> Result<Vec<u8>, InflateError> {
    let entries = split(table)?;
    let mut reader = Reader(table);
    reader.take(4)?;
    let count = reader.fixed(4)?;
    reader.take(8)?;
    let mut out = Reader(table).take(16)?.to_vec();
    let mut last = 0;
    for _ in 0..count {
        let (start, map) = (reader.fixed(4)?, reader.fixed(4)?);
        let distance = start
            .checked_sub(last)
            .ok_or(bad("functions are not in order"))?;
        if distance >= 1 << 24 {
            return Err(bad("functions are too far apart"));
        }
        out.extend(distance.to_le_bytes().iter().take(3));
        last = start;
        let mut map = at(table, map)?;
        let size = map.fixed(4)?;
        let mut pairs = Reader(map.take(size / 4)?);
        let flags = if pairs.0.is_empty() { 0 } else { 2 };
        if size % 4 != flags {
            return Err(bad("a stack map has other flags"));
        }
        let (mut spelled, mut found) = (Vec::new(), 0);
        while !pairs.0.is_empty() {
            push(&mut spelled, pairs.number()?);
            let entry = pairs.number()?;
            spelled.extend(entry_of(&mut at(entries, entry)?)?);
            found += 1;
            if spelled.len() > max {
                return Err(bad("a table is longer than the base"));
            }
        }
        push(&mut out, found);
        out.extend(spelled);
        if out.len() > max {
            return Err(bad("a table is longer than the base"));
        }
    }
    Ok(out)
}

/// The entries of a table, one by one.
pub(super) fn entries(table: &[u8]) -> Result<Vec<&[u8]>, InflateError> {
    let mut reader = Reader(split(table)?);
    let mut entries = Vec::new();
    while !reader.0.is_empty() {
        entries.push(entry_of(&mut reader)?);
    }
    Ok(entries)
}

/// The entries of a table whose functions are all there.
fn split(table: &[u8]) -> Result<&[u8], InflateError> {
    let mut header = Reader(table);
    let (offset, functions) = (header.fixed(4)?, header.fixed(4)?);
    header.take(8 + functions * 8)?;
    let mut rest = at(table, offset)?;
    let size = rest.fixed(4)?;
    let entries = rest.take(size / 4)?;
    if size % 4 != 1 || !rest.0.is_empty() {
        return Err(bad("the entries do not end with the table"));
    }
    Ok(entries)
}

pub(super) fn entry_of<'a>(reader: &mut Reader<'a>) -> Result<&'a [u8], InflateError> {
    let start = reader.clone();
    let bits = reader.number()?.checked_add(reader.number()?);
    reader.take(bits.ok_or(bad("an entry is too long"))?.div_ceil(8))?;
    let length = start.0.len() - reader.0.len();
    Ok(start.0.get(..length).unwrap_or_default())
}

fn at(bytes: &[u8], offset: u64) -> Result<Reader<'_>, InflateError> {
    let mut reader = Reader(bytes);
    reader.take(offset)?;
    Ok(reader)
}

pub(super) fn push(out: &mut Vec<u8>, mut value: u64) {
    while value >= 128 {
        out.push(u8::try_from(value % 128).unwrap_or(0) + 128);
        value /= 128;
    }
    out.push(u8::try_from(value).unwrap_or(0));
}
