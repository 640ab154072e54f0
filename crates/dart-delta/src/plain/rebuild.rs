//! The way back: regions of the output out of what is seen of them.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use patchproof_patch::InflateError;

use super::reader::Reader;
use super::stream::Stream;
use super::tables::{entries, entry_of, push};
use super::view::{parts, signed};
use super::{ARM, ARM64, CODE, DISPATCH, INSTRUCTIONS, bad, code};

pub(super) fn output(
    seen: &[u8],
    base: &[u8],
    stream: &Stream<'_>,
) -> Result<Vec<u8>, InflateError> {
    let mut known = Vec::new();
    for (kind, _, bytes) in parts(base, stream)? {
        if kind == INSTRUCTIONS {
            known.push(entries(bytes)?);
        }
    }
    let (mut known, mut orders) = (known.into_iter(), stream.orders.iter());
    let mut rest = Reader(seen);
    let (mut out, mut code_start, mut tables_bytes) = (Vec::new(), None, 0);
    for (kind, length, _) in &stream.output {
        let bytes = rest.take(*length)?;
        let at = signed(u64::try_from(out.len()).unwrap_or(u64::MAX));
        if CODE.contains(kind) {
            code_start = code_start.or(Some(at));
        }
        if [DISPATCH, INSTRUCTIONS].contains(kind) {
            tables_bytes += bytes.len();
            if bytes.is_empty() || tables_bytes > base.len() {
                return Err(bad("a table is empty, or longer than the base"));
            }
        }
        match *kind {
            ARM | ARM64 => out.extend(code::back(*kind, bytes, at - code_start.unwrap_or(at))),
            DISPATCH => out.extend(pack(bytes)?),
            INSTRUCTIONS => {
                let known = known.next().unwrap_or_default();
                let orders = orders.next().ok_or(bad("orders are missing"))?;
                out.extend(table(bytes, &known, *orders)?);
            }
            _ => out.extend(bytes),
        }
    }
    if !rest.0.is_empty() {
        return Err(bad("more is seen than the regions take"));
    }
    Ok(out)
}

fn pack(bytes: &[u8]) -> Result<Vec<u8>, InflateError> {
    let (values, rest) = bytes.as_chunks::<4>();
    if !rest.is_empty() {
        return Err(bad("a dispatch table is cut short"));
    }
    let mut out = Vec::new();
    let mut ring = [0_u32; 64];
    let mut filled = 0;
    let values: Vec<u32> = values
        .iter()
        .map(|value| u32::from_le_bytes(*value))
        .collect();
    for same in values.chunk_by(|a, b| a == b) {
        let value = same.first().copied().unwrap_or(0);
        let place = ring.iter().position(|known| *known == value);
        match place {
            _ if value == 0 => entry(&mut out, 0),
            Some(place) => entry(&mut out, -1 - i64::try_from(place).unwrap_or(0)),
            None => {
                entry(&mut out, i64::from(value) + 63);
                if let Some(place) = ring.get_mut(filled % 64) {
                    *place = value;
                }
                filled += 1;
            }
        }
        let repeats = same.len() - 1;
        for _ in 0..repeats / 63 {
            entry(&mut out, 63);
        }
        if repeats % 63 > 0 {
            entry(&mut out, i64::try_from(repeats % 63).unwrap_or(0));
        }
    }
    Ok(out)
}

fn entry(out: &mut Vec<u8>, mut value: i64) {
    while !(-64..=63).contains(&value) {
        out.push(u8::try_from(value.rem_euclid(128)).unwrap_or(0));
        value = value.div_euclid(128);
    }
    out.push(u8::try_from(value + 192).unwrap_or(0));
}

/// A map's pairs: a number and an entry each.
type Pairs = Vec<(u64, usize)>;

/// The pairs of a map, and the entries among them that were not seen before.
fn pairs_of<'a>(
    reader: &mut Reader<'a>,
    numbers: &mut BTreeMap<&'a [u8], usize>,
    texts: &mut Vec<&'a [u8]>,
) -> Result<Pairs, InflateError> {
    let mut pairs = Pairs::new();
    for _ in 0..reader.number()? {
        let number = reader.number()?;
        let text = entry_of(reader)?;
        let next = numbers.len();
        let entry = *numbers.entry(text).or_insert(next);
        if entry == texts.len() {
            texts.push(text);
        }
        pairs.push((number, entry));
    }
    Ok(pairs)
}

fn table(
    seen: &[u8],
    known: &[&[u8]],
    (map_ranks, entry_ranks): (&[u8], &[u8]),
) -> Result<Vec<u8>, InflateError> {
    let mut reader = Reader(seen);
    let mut out = reader.take(16)?.to_vec();
    let mut functions = Vec::new();
    let mut maps: BTreeMap<&[u8], usize> = BTreeMap::new();
    let mut all: Vec<(Pairs, usize)> = Vec::new();
    let mut numbers: BTreeMap<&[u8], usize> = BTreeMap::new();
    let mut texts: Vec<&[u8]> = Vec::new();
    while !reader.0.is_empty() {
        let distance = reader.fixed(3)?;
        let start = reader.clone();
        let pairs = pairs_of(&mut reader, &mut numbers, &mut texts)?;
        let spelled = start.0.get(..start.0.len() - reader.0.len());
        let next = maps.len();
        let map = *maps.entry(spelled.unwrap_or_default()).or_insert(next);
        if map == all.len() {
            all.push((pairs, 0));
        }
        if let Some((_, uses)) = all.get_mut(map) {
            *uses += 1;
        }
        // Each has a rank, of a byte or more.
        if all.len() > map_ranks.len() || texts.len() > entry_ranks.len() {
            return Err(bad("there are fewer ranks than maps or entries"));
        }
        functions.push((distance, map));
    }
    let mut expected_maps: Vec<usize> = (0..all.len()).collect();
    expected_maps.sort_by_key(|map| Reverse(all.get(*map).map(|(_, uses)| *uses)));
    let mut expected_entries: Vec<usize> = Vec::new();
    let known = known.iter().filter_map(|text| numbers.get(text).copied());
    let mut listed = vec![false; texts.len()];
    for entry in known.chain(0..texts.len()) {
        if let Some(listed) = listed.get_mut(entry).filter(|listed| !**listed) {
            *listed = true;
            expected_entries.push(entry);
        }
    }
    let entry_order = ordered(&expected_entries, entry_ranks)?;
    let map_order = ordered(&expected_maps, map_ranks)?;

    let mut entry_at = BTreeMap::new();
    let mut entries = Vec::new();
    for entry in entry_order {
        entry_at.insert(entry, u64::try_from(entries.len()).unwrap_or(u64::MAX));
        entries.extend_from_slice(texts.get(entry).copied().unwrap_or_default());
    }
    let mut map_at = BTreeMap::new();
    let mut spelled = Vec::new();
    for map in map_order {
        map_at.insert(map, 16 + functions.len() * 8 + spelled.len());
        let mut bytes = Vec::new();
        for (number, entry) in all.get(map).map_or(&[][..], |(pairs, _)| pairs) {
            push(&mut bytes, *number);
            push(&mut bytes, entry_at.get(entry).copied().unwrap_or(0));
        }
        let flags = if bytes.is_empty() { 0 } else { 2 };
        spelled.extend(size(bytes.len(), flags)?);
        spelled.extend(bytes);
    }
    let mut start = 0_u64;
    for (distance, map) in functions {
        start += distance;
        let at = map_at.get(&map).copied().unwrap_or(0);
        let fields = [u32::try_from(start).ok(), u32::try_from(at).ok()];
        for field in fields {
            out.extend(field.ok_or(bad("a table is too long"))?.to_le_bytes());
        }
    }
    out.extend(spelled);
    out.extend(size(entries.len(), 1)?);
    out.extend(entries);
    Ok(out)
}

fn size(length: usize, flags: u32) -> Result<[u8; 4], InflateError> {
    let length = u32::try_from(length)
        .ok()
        .filter(|length| *length < 1 << 30);
    Ok((length.ok_or(bad("a table is too long"))? * 4 + flags).to_le_bytes())
}

/// Takes one after another from the expected list.
fn ordered(expected: &[usize], ranks: &[u8]) -> Result<Vec<usize>, InflateError> {
    let mut left: BTreeMap<i64, usize> = (0..).zip(expected.iter().copied()).collect();
    let mut reader = Reader(ranks);
    let mut place = 0;
    let mut order = Vec::new();
    for _ in expected {
        let at = reader.signed()?.checked_add(place);
        let at = at.ok_or(bad("a rank is too large"))?;
        order.push(left.remove(&at).ok_or(bad("a rank is none that is left"))?);
        place = left.range(at..).next().map_or(0, |(at, _)| *at);
    }
    if !reader.0.is_empty() {
        return Err(bad("there are too many ranks"));
    }
    Ok(order)
}
