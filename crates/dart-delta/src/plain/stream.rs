//! The stream of the transform, read part by part in the order of its table.

use std::collections::BTreeMap;

use patchproof_patch::InflateError;

use super::reader::Reader;
use super::{INSTRUCTIONS, RECORDS, RISCV64, bad};

/// Shifts, by the value from which each holds.
#[derive(Default)]
pub(super) struct Map(BTreeMap<i64, i64>);

impl Map {
    pub(super) fn shift(&self, value: i64) -> i64 {
        let below = self.0.range(..=value).next_back();
        below.map_or(0, |(_, shift)| *shift)
    }

    pub(super) fn moved(&self, value: i64) -> i64 {
        value.saturating_add(self.shift(value))
    }

    fn parse(reader: &mut Reader<'_>) -> Result<Self, InflateError> {
        let mut map = BTreeMap::new();
        let (mut value, mut shift) = (0_i64, 0_i64);
        for at in 0..reader.at_most(1 << 22)? {
            if at == 0 {
                value = reader.signed()?;
            } else {
                let distance = reader.at_most(1 << 42)?;
                value += i64::try_from(distance).map_err(|_| bad("a distance is too large"))?;
            }
            shift = shift.saturating_add(reader.signed()?);
            let before = map.insert(value, shift);
            let same = map
                .range(..value)
                .next_back()
                .map_or(0, |(_, shift)| *shift)
                == shift;
            let largest = value.unsigned_abs().max(shift.unsigned_abs());
            if before.is_some() || same || largest > 1 << 40 {
                return Err(bad("a breakpoint is none"));
            }
        }
        Ok(Self(map))
    }
}

/// A region: its kind, its length, and the form of its records.
pub(super) type Region = (u64, u64, u64);

/// A run: first token, count, period, map.
pub(super) type Run = (u64, u64, u64, u64);

/// A field: its kind and its parameter.
pub(super) type Field = (u64, u64);

pub(super) struct Stream<'a> {
    pub(super) base: Vec<Region>,
    pub(super) output: Vec<Region>,
    pub(super) references: Map,
    pub(super) codes: Map,
    pub(super) places: Map,
    pub(super) pool: Map,
    pub(super) selectors: Map,
    pub(super) columns: Vec<Map>,
    pub(super) runs: Vec<Run>,
    pub(super) forms: Vec<Vec<Field>>,
    pub(super) base_address: u64,
    pub(super) output_address: u64,
    pub(super) unit: u64,
    pub(super) fields: Vec<Map>,
    /// Ranks of maps and of entries.
    pub(super) orders: Vec<(&'a [u8], &'a [u8])>,
}

impl<'a> Stream<'a> {
    pub(super) fn parse(bytes: &'a [u8]) -> Result<Self, InflateError> {
        let mut reader = Reader(bytes);
        let it = &mut reader;
        let base = regions(it, true)?;
        let output = regions(it, false)?;
        let (references, codes) = (Map::parse(it)?, Map::parse(it)?);
        let (places, pool, selectors) = (Map::parse(it)?, Map::parse(it)?, Map::parse(it)?);
        let columns = maps(it)?;
        let runs = runs(it, columns.len())?;
        let forms = forms(it)?;
        let (base_address, output_address) = (it.number()?, it.number()?);
        let unit = it.number()?;
        if unit != 1 && unit != 4 {
            return Err(bad("the unit is neither 1 nor 4"));
        }
        let fields = maps(it)?;
        let mut orders = Vec::new();
        for _ in output.iter().filter(|region| region.0 == INSTRUCTIONS) {
            let length = it.number()?;
            let maps = it.take(length)?;
            let length = it.number()?;
            orders.push((maps, it.take(length)?));
        }
        if !it.0.is_empty() {
            return Err(bad("something stands behind the end"));
        }
        Ok(Self {
            base,
            output,
            references,
            codes,
            places,
            pool,
            selectors,
            columns,
            runs,
            forms,
            base_address,
            output_address,
            unit,
            fields,
            orders,
        })
    }
}

fn regions(reader: &mut Reader<'_>, of_base: bool) -> Result<Vec<Region>, InflateError> {
    let mut regions = Vec::new();
    let mut total = 0_u64;
    for _ in 0..reader.at_most(1 << 10)? {
        let kind = reader.at_most(RISCV64)?;
        let length = reader.at_most(1 << 32)?;
        let form = match kind {
            RECORDS if of_base => reader.at_most(1 << 10)?,
            _ => 0,
        };
        total += length;
        if total > 1 << 32 {
            return Err(bad("the regions are too long"));
        }
        regions.push((kind, length, form));
    }
    Ok(regions)
}

fn maps(reader: &mut Reader<'_>) -> Result<Vec<Map>, InflateError> {
    let count = reader.at_most(16)?;
    (0..count).map(|_| Map::parse(reader)).collect()
}

fn runs(reader: &mut Reader<'_>, maps: usize) -> Result<Vec<Run>, InflateError> {
    let mut runs = Vec::new();
    let mut first = 0_u64;
    for _ in 0..reader.at_most(1 << 16)? {
        first += reader.at_most(1 << 32)?;
        let (count, period) = (reader.at_most(1 << 32)?, reader.at_most(64)?);
        let map = reader.number()?;
        let known = usize::try_from(map).is_ok_and(|map| map < maps);
        if first > 1 << 32 || count == 0 || period == 0 || !known {
            return Err(bad("a run is none"));
        }
        runs.push((first, count, period, map));
    }
    Ok(runs)
}

fn forms(reader: &mut Reader<'_>) -> Result<Vec<Vec<Field>>, InflateError> {
    let mut forms = Vec::new();
    for _ in 0..reader.at_most(1 << 10)? {
        let mut form = Vec::new();
        for _ in 0..reader.at_most(1 << 8)? {
            let field = match reader.at_most(7)? {
                0 => (0, reader.at_most(1 << 16)?),
                map @ 3..=4 => (map, reader.at_most(16)?),
                7 => (7, reader.at_most(1 << 10)?),
                other => (other, 0),
            };
            if field != (0, 0) {
                form.push(field);
            }
        }
        forms.push(form);
    }
    Ok(forms)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_breakpoint_at_the_lowest_of_all_numbers_is_refused() {
        // One breakpoint, at the signed number 2^64 - 1, with a shift of 1.
        let bytes = [&[1][..], &[0xff; 9], &[1, 2]].concat();
        let told = Map::parse(&mut Reader(&bytes)).err().unwrap();
        assert!(told.to_string().contains("a breakpoint is none"), "{told}");
    }
}
