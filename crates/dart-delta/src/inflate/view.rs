//! The base as the records see it: tables spelled out, values moved.

use patchproof_patch::{InflateError, ReadAt, StreamError};

use super::cluster::Clusters;
use super::code::Code;
use super::numbers::fault;
use super::records::Records;
use super::side::{Kind, Plan, Region};
use super::watch::Watch;
use super::{dispatch, instructions};

/// Rewrites a base.
pub(crate) fn of(
    base: &dyn ReadAt,
    plan: &Plan<'_>,
    watch: &mut impl Watch,
) -> Result<Vec<u8>, StreamError> {
    let Plan {
        regions,
        maps,
        runs,
        layout,
    } = *plan;
    let file = File::of(base, regions)?;
    let code = Extent::of(regions);
    let mut clusters = Clusters::of(maps, runs);
    let mut out = Vec::with_capacity(file.bytes + (file.bytes >> 5));
    let mut tables_left = file.bytes;
    let mut at = 0_u64;
    for region in regions {
        let start = out.len();
        match region.kind {
            Kind::Raw | Kind::Image => file.append(at, region.bytes, &mut out)?,
            Kind::Arm | Kind::Arm64 | Kind::X64 => {
                file.append(at, region.bytes, &mut out)?;
                let place = Code {
                    maps,
                    start_bytes: signed(at) - signed(code.start),
                    end_bytes: signed(code.end) - signed(code.start),
                    at: start,
                };
                let bytes = out.get_mut(start..).unwrap_or_default();
                place.rewrite(region.kind, bytes, watch);
            }
            Kind::Cluster => {
                clusters.rewrite(&file.region(at, region.bytes)?, &mut out, watch)?;
            }
            Kind::Records => {
                let records = Records {
                    layout,
                    maps,
                    code_bytes: code.end.saturating_sub(code.start),
                };
                let bytes = file.region(at, region.bytes)?;
                records.rewrite(region.form, &bytes, &mut out, watch);
            }
            Kind::Dispatch => {
                let table = dispatch::expanded(&file.region(at, region.bytes)?, tables_left)?;
                tables_left = tables_left.saturating_sub(table.len());
                dispatch::rewrite(&table, maps, &mut out, watch);
            }
            Kind::Instructions => {
                let table = instructions::seen(&file.region(at, region.bytes)?, tables_left)?;
                tables_left = tables_left.saturating_sub(table.len());
                out.extend(table);
            }
        }
        at = at.saturating_add(region.bytes);
    }
    clusters.at_end()?;
    Ok(out)
}

/// The entries of each instructions table of a base.
pub(crate) fn known_entries(
    base: &dyn ReadAt,
    regions: &[Region],
) -> Result<Vec<Vec<Vec<u8>>>, StreamError> {
    let file = File::of(base, regions)?;
    let mut tables = Vec::new();
    let mut at = 0_u64;
    for region in regions {
        if region.kind == Kind::Instructions {
            let table = file.region(at, region.bytes)?;
            tables.push(instructions::entries(&table)?);
        }
        at = at.saturating_add(region.bytes);
    }
    Ok(tables)
}

/// Where the machine code lies, from the first region's start to the last one's end.
pub(crate) struct Extent {
    pub(crate) start: u64,
    pub(crate) end: u64,
}

impl Extent {
    pub(crate) fn of(regions: &[Region]) -> Self {
        let mut extent: Option<Self> = None;
        let mut at = 0_u64;
        for region in regions {
            let end = at.saturating_add(region.bytes);
            if region.kind.is_code() {
                let start = extent.map_or(at, |known| known.start);
                extent = Some(Self { start, end });
            }
            at = end;
        }
        extent.unwrap_or(Self { start: 0, end: 0 })
    }
}

/// A base that the regions cover from its first byte to its last.
struct File<'a> {
    base: &'a dyn ReadAt,
    bytes: usize,
}

impl<'a> File<'a> {
    fn of(base: &'a dyn ReadAt, regions: &[Region]) -> Result<Self, StreamError> {
        let bytes = base.length().map_err(StreamError::ReadBase)?;
        let covered = regions.iter().map(|region| region.bytes);
        let covered = covered.fold(0, u64::saturating_add);
        let fits = usize::try_from(bytes).ok().filter(|_| covered == bytes);
        let bytes = fits.ok_or_else(|| fault("its regions are not the base"))?;
        Ok(Self { base, bytes })
    }

    fn region(&self, at: u64, bytes: u64) -> Result<Vec<u8>, StreamError> {
        let mut out = Vec::new();
        self.append(at, bytes, &mut out)?;
        Ok(out)
    }

    fn append(&self, at: u64, bytes: u64, out: &mut Vec<u8>) -> Result<(), StreamError> {
        let start = out.len();
        let end = usize::try_from(bytes).ok();
        let end = end.and_then(|bytes| start.checked_add(bytes));
        let end: usize = end.ok_or_else(|| -> InflateError { fault("a region is too long") })?;
        out.resize(end, 0);
        let buffer = out.get_mut(start..).unwrap_or_default();
        let read = self.base.read_exact_at(buffer, at);
        read.map_err(StreamError::ReadBase)
    }
}

fn signed(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}
