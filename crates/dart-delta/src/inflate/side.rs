//! The transform's stream of a patch: where the regions lie, how far values moved, and orders.

use patchproof_patch::InflateError;

use super::numbers::{Numbers, fault};
use super::records::Layout;
use super::shifts::Maps;

/// What a region of a file holds, and so how it is seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Anything: seen as it is.
    Raw,
    /// Read-only objects: seen as they are.
    Image,
    /// Ids of objects and numbers, both base 128 with a last byte of 128 and more.
    Cluster,
    /// The entries of the dispatch table.
    Dispatch,
    /// The instructions table.
    Instructions,
    /// Machine code for 32-bit ARM.
    Arm,
    /// Machine code for 64-bit ARM.
    Arm64,
    /// Machine code for x86-64.
    X64,
    /// Records of one form.
    Records,
    /// Machine code for 64-bit RISC-V.
    Riscv64,
}

impl Kind {
    const ALL: [Self; 10] = [
        Self::Raw,
        Self::Image,
        Self::Cluster,
        Self::Dispatch,
        Self::Instructions,
        Self::Arm,
        Self::Arm64,
        Self::X64,
        Self::Records,
        Self::Riscv64,
    ];

    fn of(number: u64) -> Option<Self> {
        usize::try_from(number)
            .ok()
            .and_then(|at| Self::ALL.get(at))
            .copied()
    }

    #[cfg(feature = "make")]
    fn number(self) -> u64 {
        (0..)
            .zip(Self::ALL)
            .find(|(_, kind)| *kind == self)
            .map_or(0, |(at, _)| at)
    }

    /// Whether it is machine code.
    pub(crate) const fn is_code(self) -> bool {
        matches!(self, Self::Arm | Self::Arm64 | Self::X64 | Self::Riscv64)
    }

    /// Whether it is seen as a table of another length than it has.
    pub(crate) const fn is_table(self) -> bool {
        matches!(self, Self::Dispatch | Self::Instructions)
    }
}

/// A part of a file; the parts follow each other without gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Region {
    pub(crate) kind: Kind,
    /// In the base: of the file. In the output: of what the records give.
    pub(crate) bytes: u64,
    /// Of records in the base their form, else 0.
    pub(crate) form: usize,
}

/// Numbers of the clusters that are no ids: every so many tokens one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    /// The first token, counted over all clusters.
    pub(crate) first: u64,
    /// How many there are.
    pub(crate) count: u64,
    /// From one to the next, in tokens.
    pub(crate) period: u64,
    /// Which of the maps of columns they have.
    pub(crate) map: usize,
}

/// In which order the parts of an instructions table stand, beside the order that is expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub(crate) struct Orders<'a> {
    pub(crate) maps: &'a [u8],
    pub(crate) entries: &'a [u8],
}

/// What a base is rewritten by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan<'a> {
    pub(crate) regions: &'a [Region],
    pub(crate) maps: &'a Maps,
    pub(crate) runs: &'a [Run],
    pub(crate) layout: &'a Layout,
}

/// What a piece of the stream says something of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    Regions,
    References,
    Codes,
    /// Places, pool offsets and selectors.
    Code,
    Columns,
    Layout,
    Orders,
}

/// All of the stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Side<'a> {
    pub(crate) base: Vec<Region>,
    pub(crate) output: Vec<Region>,
    pub(crate) maps: Maps,
    pub(crate) runs: Vec<Run>,
    pub(crate) layout: Layout,
    /// One for each instructions table of the output.
    pub(crate) orders: Vec<Orders<'a>>,
}

impl<'a> Side<'a> {
    /// Reads it; nothing may stand behind it.
    pub(crate) fn read(side: &'a [u8]) -> Result<Self, InflateError> {
        Self::read_telling(side, &mut |_, _| {})
    }

    /// The same, and tells behind each piece what is left.
    pub(crate) fn read_telling(
        side: &'a [u8],
        tell: &mut dyn FnMut(Piece, &Numbers<'_>),
    ) -> Result<Self, InflateError> {
        let mut numbers = Numbers::of(side);
        let base = regions(&mut numbers, true)?;
        let output = regions(&mut numbers, false)?;
        tell(Piece::Regions, &numbers);
        let maps = Maps::read(&mut numbers, tell)?;
        let runs = runs(&mut numbers, maps.columns.len())?;
        tell(Piece::Columns, &numbers);
        let layout = Layout::read(&mut numbers)?;
        tell(Piece::Layout, &numbers);
        let tables = output
            .iter()
            .filter(|region| region.kind == Kind::Instructions);
        let mut orders = Vec::new();
        for _ in tables {
            let maps_bytes = numbers.count(side.len())?;
            let maps = numbers.bytes(maps_bytes)?;
            let entries_bytes = numbers.count(side.len())?;
            let entries = numbers.bytes(entries_bytes)?;
            orders.push(Orders { maps, entries });
        }
        tell(Piece::Orders, &numbers);
        numbers.at_end()?;
        Ok(Self {
            base,
            output,
            maps,
            runs,
            layout,
            orders,
        })
    }

    /// What the base is rewritten by.
    pub(crate) fn plan(&self) -> Plan<'_> {
        Plan {
            regions: &self.base,
            maps: &self.maps,
            runs: &self.runs,
            layout: &self.layout,
        }
    }

    #[cfg(feature = "make")]
    pub(crate) fn bytes(&self) -> Vec<u8> {
        use super::numbers::push;
        let wide = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
        let mut out = Vec::new();
        for (regions, is_base) in [(&self.base, true), (&self.output, false)] {
            push(&mut out, wide(regions.len()));
            for region in regions {
                push(&mut out, region.kind.number());
                push(&mut out, region.bytes);
                if is_base && region.kind == Kind::Records {
                    push(&mut out, wide(region.form));
                }
            }
        }
        self.maps.write(&mut out);
        push(&mut out, wide(self.runs.len()));
        let mut last = 0;
        for run in &self.runs {
            push(&mut out, run.first - last);
            push(&mut out, run.count);
            push(&mut out, run.period);
            push(&mut out, wide(run.map));
            last = run.first;
        }
        self.layout.write(&mut out);
        for orders in &self.orders {
            for stream in [orders.maps, orders.entries] {
                push(&mut out, wide(stream.len()));
                out.extend_from_slice(stream);
            }
        }
        out
    }
}

fn regions(numbers: &mut Numbers<'_>, is_base: bool) -> Result<Vec<Region>, InflateError> {
    let mut regions = Vec::new();
    let mut end = 0_u64;
    for _ in 0..numbers.count(REGIONS_MAX)? {
        let kind = Kind::of(numbers.number()?);
        let kind = kind.ok_or_else(|| fault("a region has a kind that is not known"))?;
        let bytes = numbers.number()?;
        end = end
            .checked_add(bytes)
            .filter(|end| *end <= FILE_BYTES_MAX)
            .ok_or_else(|| fault("its regions are longer than any file"))?;
        let form = match kind {
            Kind::Records if is_base => numbers.count(FORM_MAX)?,
            _ => 0,
        };
        regions.push(Region { kind, bytes, form });
    }
    Ok(regions)
}

fn runs(numbers: &mut Numbers<'_>, maps: usize) -> Result<Vec<Run>, InflateError> {
    let mut runs = Vec::new();
    let mut first = 0_u64;
    for _ in 0..numbers.count(RUNS_MAX)? {
        let step = numbers.number()?;
        let (count, period) = (numbers.number()?, numbers.number()?);
        let map = numbers.count(maps)?;
        first = first.saturating_add(step);
        let known = count > 0 && period > 0 && map < maps && first <= FILE_BYTES_MAX;
        if !known || count > FILE_BYTES_MAX || period > PERIOD_MAX {
            return Err(fault("a run of numbers is outside of all tokens"));
        }
        runs.push(Run {
            first,
            count,
            period,
            map,
        });
    }
    Ok(runs)
}

const REGIONS_MAX: usize = 1 << 10;
const FORM_MAX: usize = 1 << 10;
const RUNS_MAX: usize = 1 << 16;
const PERIOD_MAX: u64 = 64;
/// Patches are made for files below 2 GiB; what the records give may be somewhat longer.
const FILE_BYTES_MAX: u64 = 1 << 32;
