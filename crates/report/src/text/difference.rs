//! How two libraries differ, in a few lines: regions, functions, strings.

use crate::difference::{Difference, FunctionDifference, RegionDifference};
use crate::render::{grouped, shown};
use crate::text::line;

/// Regions that differ as a table, and below it some of the functions and strings.
pub(super) fn push(out: &mut String, difference: &Difference) {
    let head = format!(
        "  {} of {} bytes differ, in {} of {} regions",
        grouped(difference.differing_bytes()),
        grouped(difference.expected_size_bytes),
        difference.differing().count(),
        difference.regions.len()
    );
    line(out, &head);
    push_regions(out, difference);
    push_functions(out, difference);
    let gone = (&difference.strings_gone, difference.strings_gone_total);
    let new = (&difference.strings_new, difference.strings_new_total);
    push_strings(out, "gone", gone.0, gone.1);
    push_strings(out, "new", new.0, new.1);
}

fn push_regions(out: &mut String, difference: &Difference) {
    let rows: Vec<[String; 5]> = difference.differing().take(REGIONS).map(cells).collect();
    if rows.is_empty() {
        return;
    }
    let heads = ["region", "holds", "differing", "of", "first at"].map(str::to_owned);
    let [name, kind, differing, size, first] = widths(std::iter::once(&heads).chain(&rows));
    for [a, b, c, d, e] in std::iter::once(&heads).chain(&rows) {
        let row = format!("      {a:<name$}  {b:<kind$}  {c:>differing$}  {d:>size$}  {e:>first$}");
        line(out, &row);
    }
    let left_out = difference.differing().count().saturating_sub(REGIONS);
    if left_out > 0 {
        line(out, &format!("      and {left_out} more regions"));
    }
}

fn cells(region: &RegionDifference) -> [String; 5] {
    let size = region.expected.or(region.found);
    let first = region.first_difference_at;
    [
        shown(&region.name, NAME_CHARS),
        region.kind.word().to_owned(),
        grouped(region.differing_bytes),
        size.map_or_else(|| "-".to_owned(), |extent| grouped(extent.size_bytes)),
        first.map_or_else(|| "-".to_owned(), |offset| format!("{offset:#x}")),
    ]
}

fn widths<'a>(rows: impl Iterator<Item = &'a [String; 5]>) -> [usize; 5] {
    rows.fold([0; 5], |mut widths, row| {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
        widths
    })
}

fn push_functions(out: &mut String, difference: &Difference) {
    if difference.functions_total == 0 {
        return;
    }
    let total = grouped(difference.functions_total);
    line(
        out,
        &format!("      functions that came, went or changed: {total}"),
    );
    for function in difference.functions.iter().take(FUNCTIONS) {
        let name = shown(&function.name, NAME_CHARS);
        line(out, &format!("        {name}: {}", sizes(function)));
    }
    push_rest(
        out,
        difference.functions_total,
        difference.functions.len().min(FUNCTIONS),
    );
}

fn sizes(function: &FunctionDifference) -> String {
    match (function.expected_size_bytes, function.found_size_bytes) {
        (Some(expected), Some(found)) => format!("{expected} -> {found} bytes"),
        (Some(expected), None) => format!("gone, {expected} bytes"),
        (None, Some(found)) => format!("new, {found} bytes"),
        (None, None) => "size not known".to_owned(),
    }
}

fn push_strings(out: &mut String, word: &str, strings: &[String], total: u64) {
    if total == 0 {
        return;
    }
    line(
        out,
        &format!("      strings that are {word}: {}", grouped(total)),
    );
    for string in strings.iter().take(STRINGS) {
        line(out, &format!("        {}", shown(string, NAME_CHARS)));
    }
    push_rest(out, total, strings.len().min(STRINGS));
}

fn push_rest(out: &mut String, total: u64, shown: usize) {
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    let left_out = total.saturating_sub(shown);
    if left_out > 0 {
        line(out, &format!("        and {} more", grouped(left_out)));
    }
}

const REGIONS: usize = 12;
const FUNCTIONS: usize = 6;
const STRINGS: usize = 4;

/// So that one name does not widen the table beyond a terminal.
const NAME_CHARS: usize = 90;
