//! The tables of a difference: regions, functions, strings.

use maud::{Markup, html};

use crate::difference::{Difference, Extent, FunctionDifference, RegionDifference};
use crate::render::html::difference::share;
use crate::render::html::text::value;
use crate::render::plain::grouped;

/// The regions that differ, and to unfold those that do not.
pub(super) fn regions(difference: &Difference) -> Markup {
    let (differing, equal): (Vec<_>, Vec<_>) = difference
        .regions
        .iter()
        .partition(|region| region.differing_bytes > 0);
    html! {
        @if !differing.is_empty() {
            h4 { "Regions" }
            (region_table("Regions that differ", &differing))
        }
        @if !equal.is_empty() {
            details {
                summary { (equal.len()) " regions are equal" }
                (region_table("Regions that are equal", &equal))
            }
        }
    }
}

fn region_table(label: &str, regions: &[&RegionDifference]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(label) {
            table {
                thead {
                    tr {
                        th scope="col" { "region" }
                        th scope="col" { "holds" }
                        th scope="col" class="number" { "expected" }
                        th scope="col" class="number" { "found" }
                        th scope="col" class="number" { "differing" }
                        th scope="col" class="number" { "share" }
                        th scope="col" class="number" { "first at" }
                    }
                }
                tbody { @for region in regions { (region_row(region)) } }
            }
        }
    }
}

fn region_row(region: &RegionDifference) -> Markup {
    // Of the side that has more of it.
    let size_of = |extent: Option<Extent>| extent.map_or(0, |extent| extent.size_bytes);
    let larger = size_of(region.expected).max(size_of(region.found));
    let first = region.first_difference_at;
    html! {
        tr {
            th scope="row" class="keyed" {
                i class={ "kind " (region.kind.word()) } {}
                (value(&region.name))
            }
            td { (region.kind.word()) }
            td class="number" { (size(region.expected)) }
            td class="number" { (size(region.found)) }
            td class="number" { (grouped(region.differing_bytes)) }
            td class="number" { (share(region.differing_bytes, larger)) }
            td class="number" { (first.map_or_else(|| "–".to_owned(), |at| format!("{at:#x}"))) }
        }
    }
}

fn size(extent: Option<Extent>) -> String {
    extent.map_or_else(|| "–".to_owned(), |extent| grouped(extent.size_bytes))
}

/// Functions that came, went or changed; what is more than a screen is to unfold.
pub(super) fn functions(difference: &Difference) -> Markup {
    let all = &difference.functions;
    let (first, further) = all.split_at_checked(FIRST_FUNCTIONS).unwrap_or((all, &[]));
    html! {
        @if !first.is_empty() {
            h4 { "Functions" }
            (function_table("Functions that differ", first))
            @if !further.is_empty() {
                details {
                    summary { (further.len()) " further functions" }
                    (function_table("Further functions that differ", further))
                }
            }
            (rest(difference.functions_total, all.len()))
        }
    }
}

fn function_table(label: &str, functions: &[FunctionDifference]) -> Markup {
    html! {
        div class="scroll" tabindex="0" role="region" aria-label=(label) {
            table {
                thead {
                    tr {
                        th scope="col" { "function" }
                        th scope="col" class="number" { "expected" }
                        th scope="col" class="number" { "found" }
                        th scope="col" { "change" }
                    }
                }
                tbody { @for function in functions { (function_row(function)) } }
            }
        }
    }
}

fn function_row(function: &FunctionDifference) -> Markup {
    let (expected, found) = (function.expected_size_bytes, function.found_size_bytes);
    let bytes = |size: Option<u64>| size.map_or_else(|| "–".to_owned(), grouped);
    let change = match (expected, found) {
        (Some(expected), Some(found)) if expected < found => {
            format!("{} bytes more", grouped(found - expected))
        }
        (Some(expected), Some(found)) if expected > found => {
            format!("{} bytes fewer", grouped(expected - found))
        }
        (Some(_), Some(_)) => "same size".to_owned(),
        (Some(_), None) => "gone".to_owned(),
        (None, Some(_)) => "new".to_owned(),
        (None, None) => "–".to_owned(),
    };
    html! {
        tr {
            th scope="row" { (value(&function.name)) }
            td class="number" { (bytes(expected)) }
            td class="number" { (bytes(found)) }
            td { (change) }
        }
    }
}

/// Strings of one library only, side by side.
pub(super) fn strings(difference: &Difference) -> Markup {
    let gone = (&difference.strings_gone, difference.strings_gone_total);
    let new = (&difference.strings_new, difference.strings_new_total);
    html! {
        @if gone.1 > 0 || new.1 > 0 {
            h4 { "Strings" }
            div class="sides" {
                (string_list("Only in the expected library", gone.0, gone.1))
                (string_list("Only in the found library", new.0, new.1))
            }
        }
    }
}

fn string_list(head: &str, strings: &[String], total: u64) -> Markup {
    html! {
        div {
            h5 { (head) }
            @if strings.is_empty() && total == 0 { p class="soft" { "none" } }
            ul { @for string in strings { li { (value(string)) } } }
            (rest(total, strings.len()))
        }
    }
}

fn rest(total: u64, shown: usize) -> Markup {
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    let left_out = total.saturating_sub(shown);
    html! { @if left_out > 0 { p class="soft" { "and " (grouped(left_out)) " more" } } }
}

/// About a screen of rows.
const FIRST_FUNCTIONS: usize = 12;
