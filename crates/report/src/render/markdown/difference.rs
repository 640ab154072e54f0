//! How two libraries differ, as a part to unfold.

use crate::difference::{Difference, RegionDifference};
use crate::link::Link;
use crate::render::grouped;
use crate::render::markdown::escape::{Cell, code};
use crate::render::view::abi_name;

/// `<details>` with a table of the regions that differ, the functions and the strings.
pub(super) fn unfolding(link: &Link, difference: &Difference) -> String {
    // The summary is HTML, so nothing foreign may stand in it: the ABI's name comes below.
    let mut part = format!(
        "\n<details>\n<summary>Difference at {}: {} of {} bytes</summary>\n\n",
        link.id.id(),
        grouped(difference.differing_bytes()),
        grouped(difference.expected_size_bytes)
    );
    part.push_str(&format!(
        "{}: expected {} ({} bytes), found {} ({} bytes)\n\n",
        code(&abi_name(link.abi.as_deref())),
        code(&difference.expected_name),
        grouped(difference.expected_size_bytes),
        code(&difference.found_name),
        grouped(difference.found_size_bytes),
    ));
    push_regions(&mut part, difference);
    push_functions(&mut part, difference);
    push_strings(
        &mut part,
        "expected",
        &difference.strings_gone,
        difference.strings_gone_total,
    );
    push_strings(
        &mut part,
        "found",
        &difference.strings_new,
        difference.strings_new_total,
    );
    part.push_str("</details>\n\n");
    part
}

fn push_regions(part: &mut String, difference: &Difference) {
    let differing: Vec<&RegionDifference> = difference.differing().collect();
    if differing.is_empty() {
        return;
    }
    part.push_str("| region | holds | differing bytes | of | first at |\n|---|---|--:|--:|--:|\n");
    for region in differing.iter().take(REGIONS) {
        let size = region
            .expected
            .or(region.found)
            .map(|extent| extent.size_bytes);
        let at = region.first_difference_at;
        part.push_str(&Cell::row(&[
            Cell::value(&region.name),
            Cell::ours(region.kind.word()),
            Cell::ours(&grouped(region.differing_bytes)),
            Cell::ours(&size.map_or_else(|| "–".to_owned(), grouped)),
            Cell::ours(&at.map_or_else(|| "–".to_owned(), |at| format!("{at:#x}"))),
        ]));
    }
    let left_out = differing.len().saturating_sub(REGIONS);
    if left_out > 0 {
        part.push_str(&format!("\nand {left_out} more regions\n"));
    }
    part.push('\n');
}

fn push_functions(part: &mut String, difference: &Difference) {
    if difference.functions_total == 0 {
        return;
    }
    let total = grouped(difference.functions_total);
    part.push_str(&format!("Functions that differ: {total}\n\n"));
    for function in difference.functions.iter().take(FUNCTIONS) {
        let sizes = match (function.expected_size_bytes, function.found_size_bytes) {
            (Some(expected), Some(found)) => {
                format!("{} → {} bytes", grouped(expected), grouped(found))
            }
            (Some(expected), None) => format!("gone, {} bytes", grouped(expected)),
            (None, Some(found)) => format!("new, {} bytes", grouped(found)),
            (None, None) => "size not known".to_owned(),
        };
        part.push_str(&format!("- {}: {sizes}\n", code(&function.name)));
    }
    push_rest(
        part,
        difference.functions_total,
        difference.functions.len().min(FUNCTIONS),
    );
}

fn push_strings(part: &mut String, side: &str, strings: &[String], total: u64) {
    if total == 0 {
        return;
    }
    part.push_str(&format!(
        "Strings of the {side} library only: {}\n\n",
        grouped(total)
    ));
    for string in strings.iter().take(STRINGS) {
        part.push_str(&format!("- {}\n", code(string)));
    }
    push_rest(part, total, strings.len().min(STRINGS));
}

fn push_rest(part: &mut String, total: u64, shown: usize) {
    let shown = u64::try_from(shown).unwrap_or(u64::MAX);
    let left_out = total.saturating_sub(shown);
    if left_out > 0 {
        part.push_str(&format!("- and {} more\n", grouped(left_out)));
    }
    part.push('\n');
}

const REGIONS: usize = 20;
const FUNCTIONS: usize = 15;
const STRINGS: usize = 10;
