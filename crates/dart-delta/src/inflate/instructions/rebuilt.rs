//! The table as it stands in the file, out of what is seen of it.

use std::collections::HashMap;

use patchproof_patch::InflateError;

use super::super::numbers::{Numbers, push};
use super::super::orders;
use super::super::side::Orders;
use super::{HEADER_BYTES, entry, no_table, one_by_one};

/// Makes the file's table. `known` are the entries of the base's.
pub(crate) fn rebuilt(
    seen: &[u8],
    known: &[u8],
    given: Orders<'_>,
) -> Result<Vec<u8>, InflateError> {
    // Each map and each entry has a rank, of a byte or more.
    let (maps_max, entries_max) = (given.maps.len(), given.entries.len());
    let table = Table::of(seen, maps_max, entries_max).ok_or_else(no_table)?;
    let expected = table.expected_entries(known);
    let entries = in_order(&expected, given.entries)?;
    let maps = in_order(&table.expected_maps(), given.maps)?;
    table.written(&entries, &maps).ok_or_else(no_table)
}

fn in_order(expected: &[usize], ranks: &[u8]) -> Result<Vec<usize>, InflateError> {
    let order = orders::read(ranks, expected.len())?;
    let at = |at: &usize| expected.get(*at).copied().ok_or_else(no_table);
    order.iter().map(at).collect()
}

/// What is seen of a table, taken apart. Maps and entries are numbered by their first use.
struct Table<'a> {
    header: &'a [u8; HEADER_BYTES],
    /// Of each function: how far its code starts behind the one before, and its map.
    functions: Vec<(u32, u32)>,
    maps: Vec<Map<'a>>,
    entries: Vec<&'a [u8]>,
    numbers: HashMap<&'a [u8], usize>,
}

/// A stack map: the count of its pairs, and each with its entry, as they are seen.
struct Map<'a> {
    spelled: &'a [u8],
    uses: u32,
}

impl<'a> Table<'a> {
    /// `None` where it has more maps or entries than this: nothing is kept for them.
    fn of(seen: &'a [u8], maps_max: usize, entries_max: usize) -> Option<Self> {
        let (header, rest) = seen.split_first_chunk::<HEADER_BYTES>()?;
        let mut table = Self {
            header,
            functions: Vec::new(),
            maps: Vec::new(),
            entries: Vec::new(),
            numbers: HashMap::new(),
        };
        let mut known: HashMap<&[u8], u32> = HashMap::new();
        let mut numbers = Numbers::of(rest);
        while !numbers.left().is_empty() {
            let distance = numbers.bytes(3).ok()?.first_chunk::<3>()?;
            let [a, b, c] = *distance;
            let start = numbers.left();
            let count = numbers.number().ok()?;
            for _ in 0..count {
                numbers.number().ok()?;
                let entry = entry(numbers.left())?;
                numbers.bytes(entry.len()).ok()?;
                table.number_of(entry);
                if table.entries.len() > entries_max {
                    return None;
                }
            }
            let spelled = start.get(..start.len() - numbers.left().len())?;
            let next = u32::try_from(table.maps.len()).ok()?;
            let map = *known.entry(spelled).or_insert(next);
            if map == next {
                table.maps.push(Map { spelled, uses: 0 });
            }
            if table.maps.len() > maps_max {
                return None;
            }
            table.maps.get_mut(usize::try_from(map).ok()?)?.uses += 1;
            table
                .functions
                .push((u32::from_le_bytes([a, b, c, 0]), map));
        }
        Some(table)
    }

    fn number_of(&mut self, entry: &'a [u8]) {
        let next = self.entries.len();
        if *self.numbers.entry(entry).or_insert(next) == next {
            self.entries.push(entry);
        }
    }

    /// The most used first; of those as much used the one used first.
    fn expected_maps(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.maps.len()).collect();
        let uses = |at: &usize| self.maps.get(*at).map_or(0, |map| map.uses);
        order.sort_by_key(|at| std::cmp::Reverse(uses(at)));
        order
    }

    /// Those of the base in its order, then the others as they are used first.
    fn expected_entries(&self, known: &[u8]) -> Vec<usize> {
        let mut taken = vec![false; self.entries.len()];
        let mut order = Vec::new();
        for entry in one_by_one(known).flatten() {
            let Some(&number) = self.numbers.get(entry) else {
                continue;
            };
            if let Some(taken) = taken.get_mut(number).filter(|taken| !**taken) {
                *taken = true;
                order.push(number);
            }
        }
        let others = (0..).zip(&taken).filter(|(_, taken)| !**taken);
        order.extend(others.map(|(number, _)| number));
        order
    }

    fn written(&self, entries: &[usize], maps: &[usize]) -> Option<Vec<u8>> {
        let mut entry_at = vec![0_u64; self.entries.len()];
        let mut behind = 0_u64;
        for number in entries {
            *entry_at.get_mut(*number)? = behind;
            behind += u64::try_from(self.entries.get(*number)?.len()).ok()?;
        }
        let maps_at = HEADER_BYTES.checked_add(self.functions.len().checked_mul(8)?)?;
        let mut map_at = vec![0_u32; self.maps.len()];
        let (mut spelled, mut pairs) = (Vec::new(), Vec::new());
        for number in maps {
            *map_at.get_mut(*number)? = u32::try_from(maps_at.checked_add(spelled.len())?).ok()?;
            pairs.clear();
            let mut numbers = Numbers::of(self.maps.get(*number)?.spelled);
            for _ in 0..numbers.number().ok()? {
                push(&mut pairs, numbers.number().ok()?);
                let entry = entry(numbers.left())?;
                numbers.bytes(entry.len()).ok()?;
                push(&mut pairs, *entry_at.get(*self.numbers.get(entry)?)?);
            }
            let flags = if pairs.is_empty() { 0 } else { 2 };
            spelled.extend(sized(pairs.len(), flags)?);
            spelled.extend_from_slice(&pairs);
        }
        let behind_bytes = usize::try_from(behind).ok()?;
        let mut out = Vec::with_capacity(maps_at + spelled.len() + 4 + behind_bytes);
        out.extend(self.header);
        let mut start = 0_u32;
        for (distance, map) in &self.functions {
            start = start.checked_add(*distance)?;
            out.extend(start.to_le_bytes());
            out.extend(map_at.get(usize::try_from(*map).ok()?)?.to_le_bytes());
        }
        out.extend(spelled);
        out.extend(sized(behind_bytes, 1)?);
        for number in entries {
            out.extend_from_slice(self.entries.get(*number)?);
        }
        Some(out)
    }
}

/// How many functions a seen table has, and where the entries will stand.
#[cfg(test)]
pub(crate) fn measured(seen: &[u8]) -> Option<(usize, usize)> {
    let table = Table::of(seen, usize::MAX, usize::MAX)?;
    let maps: Vec<usize> = (0..table.maps.len()).collect();
    let entries: Vec<usize> = (0..table.entries.len()).collect();
    let written = table.written(&entries, &maps)?;
    let entries: usize = table.entries.iter().map(|entry| entry.len()).sum();
    Some((table.functions.len(), written.len() - entries - 4))
}

fn sized(bytes: usize, flags: u32) -> Option<[u8; 4]> {
    let size = u32::try_from(bytes).ok().filter(|size| size >> 30 == 0)?;
    Some((size << 2 | flags).to_le_bytes())
}

/// The ranks that give a table of a file again; `None` where it is not given again.
#[cfg(feature = "make")]
pub(crate) fn orders_of(table: &[u8], seen: &[u8], known: &[u8]) -> Option<(Vec<u8>, Vec<u8>)> {
    let parsed = Table::of(seen, usize::MAX, usize::MAX)?;
    let mut actual_entries = Vec::new();
    for entry in one_by_one(&super::entries(table).ok()?).flatten() {
        actual_entries.push(*parsed.numbers.get(entry)?);
    }
    let parts = super::Parts::of(table)?;
    let functions = parts.functions.as_chunks::<8>().0.iter();
    let mut placed = Vec::new();
    for (function, (_, map)) in functions.zip(&parsed.functions) {
        let [_, _, _, _, at @ ..] = *function;
        placed.push((u32::from_le_bytes(at), usize::try_from(*map).ok()?));
    }
    placed.sort_unstable();
    placed.dedup();
    let actual_maps = placed.into_iter().map(|(_, map)| map).collect::<Vec<_>>();
    let maps = ranks_in(&actual_maps, &parsed.expected_maps())?;
    let entries = ranks_in(&actual_entries, &parsed.expected_entries(known))?;
    let given = Orders {
        maps: &maps,
        entries: &entries,
    };
    let again = rebuilt(seen, known, given).ok()?;
    (again == table).then_some((maps, entries))
}

#[cfg(feature = "make")]
fn ranks_in(actual: &[usize], expected: &[usize]) -> Option<Vec<u8>> {
    if actual.len() != expected.len() {
        return None;
    }
    let mut place = vec![usize::MAX; expected.len()];
    for (at, number) in expected.iter().enumerate() {
        *place.get_mut(*number)? = at;
    }
    let order = actual.iter().map(|number| place.get(*number).copied());
    orders::ranks(&order.collect::<Option<Vec<_>>>()?)
}
