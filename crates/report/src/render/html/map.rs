//! The map: where in the expected library bytes differ, and which regions lie there.
//!
//! A bar's height says how much differs, so that its colour says nothing that its shape does not.

use maud::{Markup, html};

use crate::difference::{Difference, Extent, RegionDifference, RegionKind};
use crate::render::plain::{grouped, shown};

/// The bars, the band of regions below them, and the names of the wide regions.
pub(super) fn map(difference: &Difference) -> Markup {
    let size_bytes = difference.expected_size_bytes;
    let bands: Vec<Band<'_>> = bands(difference);
    html! {
        @if !difference.map_percent.is_empty() {
            figure class="map" {
                (bars(&difference.map_percent))
                (band(&bands))
                div class="names" aria-hidden="true" {
                    @for band in bands.iter().filter(|band| band.width >= NAMED_WIDTH) {
                        span style=(place_of(band)) { (shown(&band.region.name, NAME_CHARS)) }
                    }
                }
                div class="axis" aria-hidden="true" {
                    span { "first byte" }
                    span { (grouped(size_bytes)) " bytes" }
                }
                figcaption {
                    "The expected library from its first byte to its last. A bar is as high as the "
                    "share of bytes that differ there; below it the regions: "
                    @for kind in KINDS {
                        span class="key" { i class={ "kind " (kind.word()) } {} (kind.word()) } " "
                    }
                }
            }
        }
    }
}

fn bars(cells: &[u8]) -> Markup {
    let differing = cells.iter().filter(|&&percent| percent > 0).count();
    let label = format!(
        "{differing} of {} equal stretches hold bytes that differ",
        cells.len()
    );
    html! {
        svg class="bars" role="img" aria-label=(label) preserveAspectRatio="none"
            viewBox={ "0 0 " (cells.len()) " 100" } {
            @for run in runs(cells) {
                rect x=(run.start) y=(100 - run.height) width=(run.cells) height=(run.height) {}
            }
        }
    }
}

/// Neighbouring cells of one height, drawn as one.
struct Run {
    start: usize,
    cells: usize,
    height: u8,
}

fn runs(cells: &[u8]) -> Vec<Run> {
    let mut runs: Vec<Run> = vec![];
    for (start, &percent) in cells
        .iter()
        .enumerate()
        .filter(|(_, percent)| **percent > 0)
    {
        // One byte in a cell of many must still be seen.
        let height = percent.clamp(LEAST_HEIGHT, 100);
        match runs.last_mut() {
            Some(run) if run.start + run.cells == start && run.height == height => run.cells += 1,
            _ => runs.push(Run {
                start,
                cells: 1,
                height,
            }),
        }
    }
    runs
}

/// A region's place in the band, in hundredths of a percent of the library.
struct Band<'a> {
    region: &'a RegionDifference,
    left: u64,
    width: u64,
}

fn bands(difference: &Difference) -> Vec<Band<'_>> {
    let whole_bytes = difference.expected_size_bytes;
    let regions = difference.regions.iter();
    let placed = regions.filter_map(|region| Some((region, region.expected?)));
    placed
        .map(|(region, extent)| place(region, extent, whole_bytes))
        .collect()
}

fn place(region: &RegionDifference, extent: Extent, whole_bytes: u64) -> Band<'_> {
    // Cut to the strip, whatever the numbers say.
    let scaled = |at_bytes: u64| {
        let at = u128::from(at_bytes) * u128::from(WHOLE) / u128::from(whole_bytes.max(1));
        u64::try_from(at).map_or(WHOLE, |at| at.min(WHOLE))
    };
    let left = scaled(extent.offset);
    let end = scaled(extent.offset.saturating_add(extent.size_bytes));
    Band {
        region,
        left,
        width: end - left,
    }
}

fn band(bands: &[Band<'_>]) -> Markup {
    html! {
        svg class="band" aria-hidden="true" preserveAspectRatio="none"
            viewBox={ "0 0 " (WHOLE) " 10" } {
            @for band in bands {
                rect class={ "kind " (band.region.kind.word()) } x=(band.left) y="0"
                    width=(band.width) height="10" {}
            }
        }
    }
}

fn place_of(band: &Band<'_>) -> String {
    format!("left:{};width:{}", percent(band.left), percent(band.width))
}

fn percent(hundredths: u64) -> String {
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
}

const KINDS: [RegionKind; 6] = [
    RegionKind::Data,
    RegionKind::Code,
    RegionKind::Container,
    RegionKind::BuildId,
    RegionKind::Symbols,
    RegionKind::Other,
];

/// The whole strip, in hundredths of a percent.
const WHOLE: u64 = 10_000;

/// Regions from this width on have room for a name.
const NAMED_WIDTH: u64 = 900;

const LEAST_HEIGHT: u8 = 6;

const NAME_CHARS: usize = 80;
