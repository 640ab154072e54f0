//! The view of a base: its regions, rewritten one after another.

use patchproof_patch::InflateError;

use super::reader::Reader;
use super::stream::{Map, Stream};
use super::{
    ARM, ARM64, CLUSTERS, DISPATCH, IMAGE, INSTRUCTIONS, RAW, RECORDS, RISCV64, X64, bad, code,
    records, riscv64, tables,
};

pub(super) fn of(base: &[u8], stream: &Stream<'_>) -> Result<Vec<u8>, InflateError> {
    let parts = parts(base, stream)?;
    let (code_start, code_end) = code::extent(&stream.base);
    let mut marks = marks(&parts, stream)?.into_iter();
    let (mut view, mut tables_bytes, mut at) = (Vec::new(), 0, 0_u64);
    for (kind, form, bytes) in parts {
        let place = code::Place {
            from_start: signed(at) - signed(code_start),
            end: signed(code_end) - signed(code_start),
        };
        let rewritten = match kind {
            RAW | IMAGE => bytes.to_vec(),
            CLUSTERS => cluster(bytes, &mut marks, stream),
            DISPATCH => tables::expand(bytes, &stream.codes, base.len())?,
            INSTRUCTIONS => tables::spell(bytes, base.len())?,
            ARM => code::arm(bytes, place, stream),
            ARM64 => code::arm64(bytes, place, stream),
            X64 => code::x64(bytes, place, stream),
            RISCV64 => riscv64::riscv64(bytes, place, stream),
            RECORDS => records::rewrite(bytes, form, code_end - code_start, stream),
            _ => return Err(bad("a kind is not known")),
        };
        tables_bytes += match kind {
            DISPATCH | INSTRUCTIONS => rewritten.len(),
            RECORDS => rewritten.len().saturating_sub(bytes.len()),
            _ => 0,
        };
        if tables_bytes > base.len() {
            return Err(bad("tables and grown records are longer than the base"));
        }
        view.extend(rewritten);
        at += u64::try_from(bytes.len()).unwrap_or(0);
    }
    Ok(view)
}

/// A region of the base: kind, form, bytes.
pub(super) type Part<'a> = (u64, u64, &'a [u8]);

pub(super) fn parts<'a>(
    base: &'a [u8],
    stream: &Stream<'_>,
) -> Result<Vec<Part<'a>>, InflateError> {
    let mut rest = Reader(base);
    let mut parts = Vec::new();
    for (kind, length, form) in &stream.base {
        parts.push((*kind, *form, rest.take(*length)?));
    }
    if !rest.0.is_empty() {
        return Err(bad("the regions do not cover the base"));
    }
    Ok(parts)
}

/// For each token of all clusters, the map of columns that it has.
fn marks(parts: &[Part<'_>], stream: &Stream<'_>) -> Result<Vec<Option<u8>>, InflateError> {
    let clusters = parts.iter().filter(|part| part.0 == CLUSTERS);
    let ends = |part: &Part<'_>| part.2.iter().filter(|byte| **byte >= 128).count();
    let mut marks = vec![None; clusters.map(ends).sum()];
    for (first, count, period, map) in &stream.runs {
        let map = u8::try_from(*map).map_err(|_| bad("a run has no map"))?;
        for at in 0..*count {
            let token = at
                .checked_mul(*period)
                .and_then(|at| at.checked_add(*first));
            let token = token.and_then(|token| usize::try_from(token).ok());
            let mark = token.and_then(|token| marks.get_mut(token));
            let mark = mark.ok_or(bad("a run has a token that is not there"))?;
            if mark.replace(map).is_some() {
                return Err(bad("a token stands in two runs"));
            }
        }
    }
    Ok(marks)
}

fn cluster(
    bytes: &[u8],
    marks: &mut impl Iterator<Item = Option<u8>>,
    stream: &Stream<'_>,
) -> Vec<u8> {
    let mut out = Vec::new();
    for token in bytes.split_inclusive(|byte| *byte >= 128) {
        let whole = token.last().is_some_and(|byte| *byte >= 128);
        let mark = if whole { marks.next().flatten() } else { None };
        let moved = match (token.len(), mark) {
            _ if !whole => None,
            (2..=4, None) => reference(token, &stream.references),
            (2..=4, Some(map)) => {
                let map = stream.columns.get(usize::from(map));
                map.and_then(|map| column(token, map))
            }
            _ => None,
        };
        out.extend(moved.unwrap_or_else(|| token.to_vec()));
    }
    out
}

fn reference(token: &[u8], map: &Map) -> Option<Vec<u8>> {
    if token.first() == Some(&0) {
        return None;
    }
    let value = token
        .iter()
        .fold(0, |value, byte| value * 128 + i64::from(byte % 128));
    let mut digits = digits(value, map)?;
    digits.reverse();
    *digits.last_mut()? += 128;
    Some(digits)
}

fn column(token: &[u8], map: &Map) -> Option<Vec<u8>> {
    if token.last() == Some(&128) {
        return None;
    }
    let value = token
        .iter()
        .rev()
        .fold(0, |value, byte| value * 128 + i64::from(byte % 128));
    let mut digits = digits(value, map)?;
    *digits.last_mut()? += 128;
    Some(digits)
}

/// The digits of a value that moved, the lowest first.
fn digits(value: i64, map: &Map) -> Option<Vec<u8>> {
    let mut left = map.moved(value);
    if map.shift(value) == 0 || !(0..1 << 28).contains(&left) {
        return None;
    }
    let mut digits = Vec::new();
    while left > 0 || digits.is_empty() {
        digits.push(u8::try_from(left % 128).ok()?);
        left /= 128;
    }
    Some(digits)
}

pub(super) fn signed(value: u64) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}
