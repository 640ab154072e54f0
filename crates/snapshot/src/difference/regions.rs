//! Two files region by region: how much of each differs, and where.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use patchproof_report::{Extent, RegionDifference, RegionKind};

use super::claims::Region;
use crate::image::slice;

/// The regions of two files beside each other, and a map of the expected one.
#[derive(Debug, Default)]
pub(super) struct Compared {
    pub(super) regions: Vec<RegionDifference>,
    /// Of each cell of the expected file the share of bytes that differ, in percent, rounded up.
    pub(super) map_percent: Vec<u8>,
}

/// Compares what has the same name; what only one file has differs in every byte.
pub(super) fn compare(expected: (&[u8], Vec<Region>), found: (&[u8], Vec<Region>)) -> Compared {
    let others = found.1.iter().enumerate();
    // A name that stands twice, which only a hostile file does, pairs once.
    let mut places: HashMap<(&str, RegionKind), usize> = others
        .map(|(place, region)| ((&*region.name, region.kind), place))
        .collect();
    let mut map = Map::new(expected.0.len());
    let mut paired = HashSet::new();
    let mut regions = Vec::with_capacity(expected.1.len());
    for region in &expected.1 {
        let place = places.remove(&(&*region.name, region.kind));
        paired.extend(place);
        let other = place.and_then(|place| found.1.get(place));
        let other = other.map(|other| other.extent);
        let (a, b) = (part(expected.0, Some(region.extent)), part(found.0, other));
        let mut row = RegionDifference::new(&*region.name, region.kind);
        (row.expected, row.found) = (Some(region.extent), other);
        (row.differing_bytes, row.first_difference_at) = map.count(region.extent.offset, a, b);
        regions.push(row);
    }
    let alone = found.1.iter().enumerate();
    for (_, region) in alone.filter(|(place, _)| !paired.contains(place)) {
        let mut row = RegionDifference::new(&*region.name, region.kind);
        row.found = Some(region.extent);
        row.differing_bytes = region.extent.size_bytes;
        row.first_difference_at = Some(0);
        regions.push(row);
    }
    Compared {
        regions,
        map_percent: map.percent(),
    }
}

/// How many bytes of two slices differ place by place, and what one has more than the other.
pub(super) fn differing(a: &[u8], b: &[u8]) -> u64 {
    count(a, b) + size(a).abs_diff(size(b))
}

/// Whether two slices are the same outside the ranges, which ascend and do not overlap.
pub(super) fn same_outside(a: &[u8], b: &[u8], ranges: &[Range<usize>]) -> bool {
    let ends = ranges.iter().map(|range| range.start).chain([a.len()]);
    let starts = [0].into_iter().chain(ranges.iter().map(|range| range.end));
    a.len() == b.len()
        && starts
            .zip(ends)
            .all(|(start, end)| a.get(start..end) == b.get(start..end))
}

fn part(bytes: &[u8], extent: Option<Extent>) -> &[u8] {
    extent
        .and_then(|extent| slice(bytes, extent.offset, extent.size_bytes))
        .unwrap_or_default()
}

/// The differing places of what both have.
fn count(a: &[u8], b: &[u8]) -> u64 {
    let mut total = 0;
    for (a, b) in a.chunks(COUNTED_BYTES).zip(b.chunks(COUNTED_BYTES)) {
        if a == b {
            continue;
        }
        let differs = a.iter().zip(b).map(|(a, b)| u8::from(a != b));
        // 255 at most: the sum of so few stays in a byte, and many are summed at once.
        total += u64::from(differs.fold(0, u8::wrapping_add));
    }
    total
}

/// The differing bytes of the expected file, in equal cells.
struct Map {
    size_bytes: u64,
    differing: Vec<u64>,
}

impl Map {
    fn new(size_bytes: usize) -> Self {
        let cells = size_bytes.min(MAP_CELLS);
        Self {
            size_bytes: u64::try_from(size_bytes).unwrap_or(u64::MAX),
            differing: vec![0; cells],
        }
    }

    /// Counts a region that starts at `offset`: differing bytes, and where the first of them is.
    fn count(&mut self, offset: u64, a: &[u8], b: &[u8]) -> (u64, Option<u64>) {
        let (mut total, mut first) = (0, None);
        let (mut at, mut rest) = (0_usize, a);
        while !rest.is_empty() {
            let here = offset.saturating_add(wide(at));
            let cell = self.cell(here);
            let room = usize::try_from(self.cell_end(cell).saturating_sub(here));
            let step = room.unwrap_or(usize::MAX).clamp(1, rest.len());
            let (piece, behind) = rest.split_at_checked(step).unwrap_or((rest, &[]));
            let other = b.get(at..).unwrap_or_default();
            let other = other.get(..step).unwrap_or(other);
            let differing = differing(piece, other);
            if differing > 0 && first.is_none() {
                let same = piece.iter().zip(other).take_while(|(a, b)| a == b).count();
                first = Some(wide(at.saturating_add(same)));
            }
            if let Some(cell) = self.differing.get_mut(cell) {
                *cell += differing;
            }
            total += differing;
            at = at.saturating_add(step);
            rest = behind;
        }
        let more = size(b).saturating_sub(size(a));
        if more > 0 && first.is_none() {
            first = Some(size(a));
        }
        (total + more, first)
    }

    /// The cell in which a place of the file lies.
    fn cell(&self, place: u64) -> usize {
        let cells = wide(self.differing.len());
        // The last place whose cell starts at or before this one.
        let cell = u128::from(place) * u128::from(cells) / u128::from(self.size_bytes.max(1));
        let cell = usize::try_from(cell).unwrap_or(usize::MAX);
        if self.cell_end(cell) <= place {
            cell.saturating_add(1)
        } else {
            cell
        }
    }

    /// Where a cell ends and the next one starts.
    fn cell_end(&self, cell: usize) -> u64 {
        let cells = u128::from(wide(self.differing.len())).max(1);
        let end = (wide(cell).saturating_add(1), self.size_bytes);
        u64::try_from(u128::from(end.0) * u128::from(end.1) / cells).unwrap_or(u64::MAX)
    }

    fn percent(&self) -> Vec<u8> {
        let start = |cell: usize| {
            cell.checked_sub(1)
                .map_or(0, |before| self.cell_end(before))
        };
        let cells = self.differing.iter().enumerate();
        let percent = cells.map(|(cell, differing)| {
            let size = (self.cell_end(cell) - start(cell)).max(1);
            let share = u128::from(*differing) * 100;
            u8::try_from(share.div_ceil(size.into()).min(100)).unwrap_or(100)
        });
        percent.collect()
    }
}

fn size(bytes: &[u8]) -> u64 {
    wide(bytes.len())
}

fn wide(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}

/// Cells of the map: as many as a row of characters or pixels shows.
const MAP_CELLS: usize = 240;
/// As many bytes as one byte can count.
const COUNTED_BYTES: usize = 255;

#[cfg(test)]
mod tests {
    use super::*;

    fn region(name: &str, offset: u64, size_bytes: u64) -> Region {
        Region {
            name: name.to_owned(),
            kind: RegionKind::Data,
            extent: Extent { offset, size_bytes },
        }
    }

    fn whole(bytes: &[u8]) -> (&[u8], Vec<Region>) {
        (bytes, vec![region("all", 0, size(bytes))])
    }

    #[test]
    fn a_region_that_moved_is_compared_from_its_own_start() {
        let expected = vec![region("a", 0, 2), region("b", 2, 3)];
        let found = vec![region("a", 0, 3), region("b", 3, 3)];
        let compared = compare((b"xyabc", expected), (b"xyzabd", found));
        let rows = compared.regions.iter();
        let rows: Vec<_> = rows
            .map(|it| (it.differing_bytes, it.first_difference_at))
            .collect();
        assert_eq!(rows, [(1, Some(2)), (1, Some(2))]);
    }

    #[test]
    fn a_region_that_only_one_file_has_differs_in_every_byte() {
        let expected = vec![region("a", 0, 2)];
        let found = vec![region("b", 0, 3)];
        let compared = compare((b"xy", expected), (b"xyz", found));
        let rows = compared.regions.iter();
        let rows: Vec<_> = rows
            .map(|it| {
                (
                    it.expected.is_some(),
                    it.found.is_some(),
                    it.differing_bytes,
                )
            })
            .collect();
        assert_eq!(rows, [(true, false, 2), (false, true, 3)]);
    }

    #[test]
    fn the_map_shows_each_differing_byte_in_its_cell_rounded_up() {
        let a = vec![0; 24_000];
        let mut b = a.clone();
        b[0] = 1;
        b[23_900..].fill(1);
        let map = compare(whole(&a), whole(&b)).map_percent;
        assert_eq!((map.len(), map[0], map[1], map[239]), (240, 1, 0, 100));
    }

    #[test]
    fn a_file_smaller_than_the_map_has_a_cell_for_each_byte() {
        assert_eq!(
            compare(whole(b"abc"), whole(b"axc")).map_percent,
            [0, 100, 0]
        );
        assert!(compare(whole(b""), whole(b"axc")).map_percent.is_empty());
    }

    #[test]
    fn every_place_lies_in_the_cell_whose_bounds_hold_it() {
        for size in [1, 7, 239, 240, 241, 1000, 4099] {
            let map = Map::new(size);
            for place in 0..wide(size) {
                let cell = map.cell(place);
                assert!(place < map.cell_end(cell) && cell < map.differing.len());
                assert!(cell == 0 || map.cell_end(cell - 1) <= place);
            }
        }
    }

    #[test]
    fn differing_bytes_are_counted_over_any_number_of_blocks() {
        let a = vec![0; 1000];
        assert_eq!(differing(&a, &vec![1; 1000]), 1000);
        assert_eq!(differing(&a, &vec![0; 700]), 300);
    }

    #[test]
    fn the_same_outside_a_range_ends_at_the_first_byte_behind_it() {
        let same = |a: &[u8], b: &[u8], range| same_outside(a, b, std::slice::from_ref(&range));
        let (a, b) = (b"abcdef", b"abXXef");
        assert!(same(a, b, 2..4));
        assert!(!same(a, b, 2..3) && !same(a, b, 3..4));
        assert!(!same(a, b"abcde", 2..6));
    }
}
