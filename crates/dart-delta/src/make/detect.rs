//! Where the regions of a snapshot lie, by its symbols and by looking.

use patchproof_snapshot::{Arch, Snapshot, Symbol};

use super::dispatch_start::dispatch_start;
use super::sections;
use crate::inflate::instructions;
use crate::inflate::records::Layout;
use crate::inflate::shifts::ShiftMap;
use crate::inflate::side::{Kind, Region};

/// The regions of a file, from its first byte to its last; `None` where it is no snapshot.
pub(super) fn regions(file: &[u8]) -> Option<Detected> {
    let snapshot = Snapshot::read(file).ok()?;
    let mut found = Vec::new();
    for symbol in &snapshot.symbols {
        let start = usize::try_from(symbol.offset).ok()?;
        let end = start.checked_add(usize::try_from(symbol.size).ok()?)?;
        if symbol.name.ends_with("SnapshotData") {
            data(file, start, end, &snapshot, symbol, &mut found);
        } else if is_code(symbol)
            && let Some(kind) = code_kind(snapshot.arch)
        {
            found.push((start, end, kind, 0));
        }
    }
    let sections = sections::of(file);
    for (start, end, form) in sections.found {
        found.push((start, end, Kind::Records, form));
    }
    for (start, end) in sections.others {
        found.push((start, end, Kind::Raw, 0));
    }
    found.retain(|(start, end, ..)| start < end);
    found.sort_by_key(|(start, ..)| *start);
    let code = snapshot.symbols.iter().filter(|symbol| is_code(symbol));
    let code = code.min_by_key(|symbol| symbol.offset)?;
    Some(Detected {
        regions: cover(file.len(), &found)?,
        layout: Layout {
            forms: sections.forms,
            base_address: code.address,
            output_address: code.address,
            unit_bytes: match snapshot.arch {
                Arch::X64 | Arch::Riscv64 => 1,
                _ => 4,
            },
            maps: vec![ShiftMap::default(); sections::MAPS],
        },
    })
}

/// What a file is made of.
pub(super) struct Detected {
    pub(super) regions: Vec<Region>,
    /// Of its records; both addresses are its own.
    pub(super) layout: Layout,
}

fn is_code(symbol: &Symbol) -> bool {
    let endings = ["SnapshotInstructions", "SnapshotText"];
    endings.iter().any(|ending| symbol.name.ends_with(ending))
}

const fn code_kind(arch: Arch) -> Option<Kind> {
    match arch {
        Arch::Arm => Some(Kind::Arm),
        Arch::Arm64 => Some(Kind::Arm64),
        Arch::X64 => Some(Kind::X64),
        Arch::Riscv64 => Some(Kind::Riscv64),
        _ => None,
    }
}

/// A part of a file: where it starts and ends, and of records the form.
type Found = (usize, usize, Kind, usize);

/// The parts of a data blob: clusters, dispatch table, instructions table, image.
fn data(
    file: &[u8],
    start: usize,
    end: usize,
    snapshot: &Snapshot,
    symbol: &Symbol,
    found: &mut Vec<Found>,
) {
    let blob = snapshot.blobs().find(|blob| blob.symbol == symbol.name);
    let length = blob.and_then(|blob| usize::try_from(blob.header.length).ok());
    let Some(length) = length.and_then(|length| length.checked_add(4)) else {
        return;
    };
    let features = blob.map_or(0, |blob| blob.header.features.len());
    let clusters = start
        .saturating_add(HEADER_BYTES)
        .saturating_add(features + 1);
    let clusters_end = start.saturating_add(length);
    let Some(bytes) = file
        .get(clusters..clusters_end)
        .filter(|_| clusters_end <= end)
    else {
        return;
    };
    let dispatch = dispatch_start(bytes).map_or(clusters_end, |at| clusters + at);
    found.push((clusters, dispatch, Kind::Cluster, 0));
    if dispatch < clusters_end {
        found.push((dispatch, clusters_end, Kind::Dispatch, 0));
    }
    let image = start.saturating_add(length.next_multiple_of(IMAGE_ALIGNMENT_BYTES));
    if image >= end {
        return;
    }
    match instructions_table(file.get(image..end).unwrap_or_default(), file.len()) {
        Some((from, to)) => {
            found.push((image, image + from, Kind::Image, 0));
            found.push((image + from, image + to, Kind::Instructions, 0));
            found.push((image + to, end, Kind::Image, 0));
        }
        None => found.push((image, end, Kind::Image, 0)),
    }
}

/// Where in an image the instructions table lies: the payload of its first object, a string. What
/// is seen of it is no longer than the file: whoever inflates refuses it otherwise.
fn instructions_table(image: &[u8], file_bytes: usize) -> Option<(usize, usize)> {
    let object = image.get(IMAGE_HEADER_BYTES..)?;
    STRING_HEADERS
        .into_iter()
        .find_map(|(length_at, header_bytes)| {
            let length = object.get(length_at..)?.first_chunk::<4>()?;
            let length = usize::try_from(u32::from_le_bytes(*length) >> 1).ok()?;
            let table = object.get(header_bytes..header_bytes.checked_add(length)?)?;
            let seen = instructions::seen(table, file_bytes).ok()?;
            let count = u32::from_le_bytes(*table.get(4..)?.first_chunk::<4>()?);
            let again = instructions::orders_of(table, &seen, &[]);
            (again.is_some() && count > FUNCTIONS_MIN).then(|| {
                let from = IMAGE_HEADER_BYTES + header_bytes;
                (from, from + length)
            })
        })
}

/// Fills what lies between with raw regions; `None` where parts overlap.
fn cover(file_bytes: usize, found: &[Found]) -> Option<Vec<Region>> {
    let mut regions = Vec::new();
    let mut at = 0;
    let mut add = |kind, bytes: usize, form| {
        let bytes = u64::try_from(bytes).unwrap_or(u64::MAX);
        if bytes > 0 {
            regions.push(Region { kind, bytes, form });
        }
    };
    for &(start, end, kind, form) in found {
        add(Kind::Raw, start.checked_sub(at)?, 0);
        add(kind, end.checked_sub(start)?, form);
        at = end;
    }
    add(Kind::Raw, file_bytes.checked_sub(at)?, 0);
    Some(regions)
}

/// Of a data blob's header, before the features.
const HEADER_BYTES: usize = 52;
const IMAGE_ALIGNMENT_BYTES: usize = 64;
const IMAGE_HEADER_BYTES: usize = 64;
/// Where a string's length stands, and where its bytes begin: of 64 bits, and of 32.
const STRING_HEADERS: [(usize, usize); 3] = [(8, 16), (8, 12), (4, 12)];
/// The table of the VM's own stubs is small and has no maps.
const FUNCTIONS_MIN: u32 = 300;

#[cfg(test)]
mod tests {
    use super::*;

    /// An image whose first object is a string that holds the table of so many functions, all of
    /// them with one map of one pair.
    fn image(functions: u32) -> Vec<u8> {
        let word = |value: usize| u32::try_from(value).unwrap().to_le_bytes();
        let map_at = 16 + 8 * functions;
        let (pairs, entry) = ([1, 0], [8, 0, 0xaa]);
        let entries_at = map_at + 6;
        let mut table = [entries_at, functions, 0, 0].map(u32::to_le_bytes).concat();
        for function in 0..functions {
            table.extend([function * 4, map_at].map(u32::to_le_bytes).concat());
        }
        table.extend([&word(pairs.len() << 2 | 2)[..], &pairs].concat());
        table.extend([&word(entry.len() << 2 | 1)[..], &entry].concat());
        let string = [&[0; 8][..], &word(table.len() << 1), &[0; 4], &table].concat();
        [&[0; IMAGE_HEADER_BYTES][..], &string].concat()
    }

    #[test]
    fn a_table_of_many_functions_is_found_in_its_string() {
        let image = image(FUNCTIONS_MIN + 1);
        let from = IMAGE_HEADER_BYTES + 16;
        let found = instructions_table(&image, usize::MAX);
        assert_eq!(found, Some((from, image.len())));
    }

    #[test]
    fn a_table_that_is_seen_longer_than_the_file_is_none() {
        // Sixteen bytes, and eight for each function.
        let seen_bytes = 16 + 8 * (usize::try_from(FUNCTIONS_MIN).unwrap() + 1);
        let image = image(FUNCTIONS_MIN + 1);
        assert!(instructions_table(&image, seen_bytes).is_some());
        assert_eq!(instructions_table(&image, seen_bytes - 1), None);
    }
}
