//! The instructions table: where each function's code starts, and its stack maps.
//!
//! In the file functions share maps and maps share entries, by offsets, and an inserted function
//! moves all of them. Seen is each function with its map and the map's entries spelled out, so
//! that one that did not change looks the same wherever it stands.

mod rebuilt;

use patchproof_patch::InflateError;

use super::numbers::{Numbers, fault, push};

#[cfg(test)]
pub(crate) use rebuilt::measured;
#[cfg(feature = "make")]
pub(crate) use rebuilt::orders_of;
pub(crate) use rebuilt::rebuilt;

/// Reads a table of a file; it is seen with at most `bytes_max` bytes.
pub(crate) fn seen(table: &[u8], bytes_max: usize) -> Result<Vec<u8>, InflateError> {
    let parts = Parts::of(table).ok_or_else(no_table)?;
    let mut bytes = parts.header.to_vec();
    let mut last = 0_u32;
    let mut spelled = Vec::new();
    for pair in parts.functions.as_chunks::<8>().0 {
        let [a, b, c, d, e, f, g, h] = *pair;
        let start = u32::from_le_bytes([a, b, c, d]);
        let distance = start
            .checked_sub(last)
            .filter(|distance| distance >> 24 == 0);
        let [a, b, c, _] = distance.ok_or_else(no_table)?.to_le_bytes();
        bytes.extend([a, b, c]);
        last = start;
        spelled.clear();
        let at = u32::from_le_bytes([e, f, g, h]);
        let pairs = parts.map(at, &mut spelled, bytes_max);
        push(&mut bytes, pairs.ok_or_else(no_table)?);
        bytes.extend_from_slice(&spelled);
        if bytes.len() > bytes_max {
            return Err(fault("a table is seen longer than the base"));
        }
    }
    Ok(bytes)
}

/// The entries of a table of a file, one behind another.
pub(crate) fn entries(table: &[u8]) -> Result<Vec<u8>, InflateError> {
    let entries = Parts::of(table).map(|parts| parts.entries);
    let entries = entries.filter(|entries| one_by_one(entries).all(|entry| entry.is_some()));
    entries.map(<[u8]>::to_vec).ok_or_else(no_table)
}

/// Entries that stand one behind another; `None` for what is none, and then no more.
fn one_by_one(entries: &[u8]) -> impl Iterator<Item = Option<&[u8]>> {
    let mut rest = entries;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let found = entry(rest);
        rest = found
            .and_then(|found| rest.get(found.len()..))
            .unwrap_or_default();
        Some(found)
    })
}

/// The parts of a table in a file.
struct Parts<'a> {
    table: &'a [u8],
    header: &'a [u8; HEADER_BYTES],
    /// Of each function: where its code starts, and where its map stands in the table.
    functions: &'a [u8],
    entries: &'a [u8],
}

impl<'a> Parts<'a> {
    fn of(table: &'a [u8]) -> Option<Self> {
        let (header, _) = table.split_first_chunk::<HEADER_BYTES>()?;
        let [a, b, c, d, e, f, g, h, ..] = *header;
        let entries_at = usize::try_from(u32::from_le_bytes([a, b, c, d])).ok()?;
        let count = usize::try_from(u32::from_le_bytes([e, f, g, h])).ok()?;
        let functions_end = count.checked_mul(8)?.checked_add(HEADER_BYTES)?;
        let functions = table.get(HEADER_BYTES..functions_end)?;
        let (size, rest) = table.get(entries_at..)?.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(*size);
        let entries = rest.get(..usize::try_from(size >> 2).ok()?)?;
        (size & 3 == 1 && entries.len() == rest.len()).then_some(Self {
            table,
            header,
            functions,
            entries,
        })
    }

    /// Spells out the map at an offset of the table, unless that takes more than so many bytes;
    /// answers how many pairs it has.
    fn map(&self, at: u32, out: &mut Vec<u8>, bytes_max: usize) -> Option<u64> {
        let rest = self.table.get(usize::try_from(at).ok()?..)?;
        let (size, rest) = rest.split_first_chunk::<4>()?;
        let size = u32::from_le_bytes(*size);
        let pairs = rest.get(..usize::try_from(size >> 2).ok()?)?;
        let flags = if pairs.is_empty() { 0 } else { 2 };
        if size & 3 != flags {
            return None;
        }
        let mut count = 0;
        let mut numbers = Numbers::of(pairs);
        while !numbers.left().is_empty() {
            let distance = numbers.number().ok()?;
            let at = usize::try_from(numbers.number().ok()?).ok()?;
            push(out, distance);
            out.extend_from_slice(entry(self.entries.get(at..)?)?);
            count += 1;
            if out.len() > bytes_max {
                return None;
            }
        }
        Some(count)
    }
}

/// The entry at the front of bytes: how many bits of two kinds, and the bits.
fn entry(bytes: &[u8]) -> Option<&[u8]> {
    let mut numbers = Numbers::of(bytes);
    let bits = numbers.number().ok()?.checked_add(numbers.number().ok()?)?;
    numbers
        .bytes(usize::try_from(bits.div_ceil(8)).ok()?)
        .ok()?;
    bytes.get(..bytes.len() - numbers.left().len())
}

const fn no_table() -> InflateError {
    fault("a region is no instructions table")
}

const HEADER_BYTES: usize = 16;
