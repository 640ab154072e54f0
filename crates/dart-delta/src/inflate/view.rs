//! The base as the records see it: tables spelled out, values moved.
//!
//! It is made piece by piece. Into memory it takes what it is long; into a scratch file it takes a
//! few blocks, and the largest table or region of records.

use patchproof_patch::{InflateError, ReadAt, StreamError};

use super::cluster::Clusters;
use super::code::Code;
use super::numbers::fault;
use super::records::Records;
use super::seen::Seen;
use super::side::{Kind, Plan, Region};
use super::watch::Watch;
use super::{dispatch, instructions};

/// Rewrites a base in memory.
pub(crate) fn of(
    base: &dyn ReadAt,
    plan: &Plan<'_>,
    watch: &mut impl Watch,
) -> Result<Vec<u8>, StreamError> {
    let mut seen = Seen::in_memory(File::of(base, plan.regions)?.bytes);
    into(base, plan, &mut seen, watch)?;
    Ok(seen.into_bytes())
}

/// Rewrites a base, wherever it goes.
pub(crate) fn into(
    base: &dyn ReadAt,
    plan: &Plan<'_>,
    seen: &mut Seen<'_>,
    watch: &mut impl Watch,
) -> Result<(), StreamError> {
    let file = File::of(base, plan.regions)?;
    let mut pass = Pass {
        plan: *plan,
        code: Extent::of(plan.regions),
        clusters: Clusters::of(plan.maps, plan.runs),
        tables_left: file.bytes,
        file,
    };
    let mut at = 0_u64;
    for region in plan.regions {
        pass.region(at, region, seen, watch)?;
        at = at.saturating_add(region.bytes);
    }
    pass.clusters.at_end()?;
    seen.settle()
}

/// One way through the regions of a base.
struct Pass<'a> {
    plan: Plan<'a>,
    file: File<'a>,
    code: Extent,
    clusters: Clusters<'a>,
    /// How long tables may still be seen, and how much longer records than they are.
    tables_left: usize,
}

impl Pass<'_> {
    fn region(
        &mut self,
        at: u64,
        region: &Region,
        seen: &mut Seen<'_>,
        watch: &mut impl Watch,
    ) -> Result<(), StreamError> {
        match region.kind {
            Kind::Raw | Kind::Image => self.as_it_is(at, region.bytes, seen),
            Kind::Arm | Kind::Arm64 | Kind::X64 | Kind::Riscv64 => {
                self.code(at, region, seen, watch)
            }
            Kind::Cluster => self.cluster(at, region.bytes, seen, watch),
            Kind::Records => {
                let Plan { layout, maps, .. } = self.plan;
                let records = Records {
                    layout,
                    maps,
                    code_bytes: self.code.end.saturating_sub(self.code.start),
                };
                let bytes = self.file.region(at, region.bytes)?;
                let room = seen.room(bytes.len());
                let grown = records.rewrite(region.form, &bytes, self.tables_left, room, watch)?;
                self.tables_left = self.tables_left.saturating_sub(grown);
                seen.settle()
            }
            Kind::Dispatch => {
                let packed = self.file.region(at, region.bytes)?;
                let table = dispatch::expanded(&packed, self.tables_left)?;
                self.tables_left = self.tables_left.saturating_sub(table.len());
                dispatch::rewrite(&table, self.plan.maps, seen.room(table.len()), watch);
                seen.settle()
            }
            Kind::Instructions => {
                let table = self.file.region(at, region.bytes)?;
                let table = instructions::seen(&table, self.tables_left)?;
                self.tables_left = self.tables_left.saturating_sub(table.len());
                seen.room(table.len()).extend_from_slice(&table);
                seen.settle()
            }
        }
    }

    fn as_it_is(&self, at: u64, bytes: u64, seen: &mut Seen<'_>) -> Result<(), StreamError> {
        for (at, bytes, _) in blocks(at, bytes) {
            self.file.append(at, bytes, seen.room(bytes))?;
            seen.settle()?;
        }
        Ok(())
    }

    fn code(
        &self,
        region_at: u64,
        region: &Region,
        seen: &mut Seen<'_>,
        watch: &mut impl Watch,
    ) -> Result<(), StreamError> {
        let mut held = 0_usize;
        for (at, bytes, ends_region) in blocks(region_at, region.bytes) {
            self.file.append(at, bytes, seen.room(bytes))?;
            let start = signed(at) - i64::try_from(held).unwrap_or(0);
            let (place, piece) = seen.last(held + bytes);
            let code = Code {
                maps: self.plan.maps,
                start_bytes: start - signed(self.code.start),
                end_bytes: signed(self.code.end) - signed(self.code.start),
                at: place,
                ends_region,
            };
            held = piece.len() - code.rewrite(region.kind, piece, watch);
            seen.settle_but(held)?;
        }
        Ok(())
    }

    fn cluster(
        &mut self,
        at: u64,
        bytes: u64,
        seen: &mut Seen<'_>,
        watch: &mut impl Watch,
    ) -> Result<(), StreamError> {
        let (mut piece, mut held) = (Vec::new(), 0);
        for (at, bytes, _) in blocks(at, bytes) {
            self.file.append(at, bytes, &mut piece)?;
            held = self
                .clusters
                .rewrite(&piece, held, seen.room(piece.len()), watch)?;
            piece.drain(..piece.len() - held);
            seen.settle()?;
        }
        seen.room(piece.len()).extend_from_slice(&piece);
        seen.settle()
    }
}

/// The entries of each instructions table of a base.
pub(crate) fn known_entries(
    base: &dyn ReadAt,
    regions: &[Region],
) -> Result<Vec<Vec<u8>>, StreamError> {
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
        let bytes = usize::try_from(bytes);
        let bytes = bytes.map_err(|_| -> InflateError { fault("a region is too long") })?;
        let mut out = Vec::new();
        self.append(at, bytes, &mut out)?;
        Ok(out)
    }

    fn append(&self, at: u64, bytes: usize, out: &mut Vec<u8>) -> Result<(), StreamError> {
        let start = out.len();
        out.reserve(bytes);
        out.resize(start.saturating_add(bytes), 0);
        let buffer = out.get_mut(start..).unwrap_or_default();
        let read = self.base.read_exact_at(buffer, at);
        read.map_err(StreamError::ReadBase)
    }
}

/// The blocks of a region: where each starts, how long it is, and whether it is the last.
fn blocks(at: u64, bytes: u64) -> impl Iterator<Item = (u64, usize, bool)> {
    let mut left = bytes;
    std::iter::from_fn(move || {
        let block = usize::try_from(left).unwrap_or(usize::MAX).min(BLOCK_BYTES);
        let start = at.saturating_add(bytes - left);
        left = left.saturating_sub(u64::try_from(block).unwrap_or(u64::MAX));
        (block > 0).then_some((start, block, left == 0))
    })
}

fn signed(at: u64) -> i64 {
    i64::try_from(at).unwrap_or(i64::MAX)
}

/// Small in tests, so that small files have several.
const BLOCK_BYTES: usize = if cfg!(test) { 24 } else { 64 << 10 };
