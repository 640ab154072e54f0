//! What is counted: every byte of both files in one region, functions, and the map.

use patchproof_report::{Difference, RegionKind};
use patchproof_testkit::made::{Layout, MadeSnapshot, NATURAL};

use crate::pairs::{android, explained, with};

/// Every byte of both files lies in one region, and the sizes are those of the files.
#[track_caller]
pub(crate) fn assert_whole(difference: &Difference, expected: usize, found: usize) {
    let sides = [
        difference
            .regions
            .iter()
            .filter_map(|it| it.expected)
            .collect::<Vec<_>>(),
        difference
            .regions
            .iter()
            .filter_map(|it| it.found)
            .collect(),
    ];
    for (mut extents, size) in sides.into_iter().zip([expected, found]) {
        extents.sort_by_key(|extent| extent.offset);
        let mut at = 0;
        for extent in extents {
            assert_eq!(extent.offset, at, "{:#?}", difference.regions);
            at += extent.size_bytes;
        }
        assert_eq!(at, u64::try_from(size).unwrap());
    }
}

#[test]
fn every_byte_of_both_files_lies_in_one_region_whatever_the_container() {
    for (container, machine) in NATURAL {
        for layout in [Layout::Split, Layout::Unified] {
            let made = MadeSnapshot::new(container, machine, layout);
            let (old, new) = (made.build(), made.edited(5).build());
            assert_whole(&explained(&old, &new).difference, old.len(), new.len());
        }
    }
}

#[test]
fn the_blobs_are_regions_of_their_own_names_and_kinds() {
    let (old, new) = (android().build(), android().edited(5).build());
    let regions = explained(&old, &new).difference.regions;
    let blobs = regions
        .iter()
        .filter(|region| region.name.starts_with("_kDart"));
    let blobs: Vec<_> = blobs
        .map(|it| (&*it.name, it.kind, it.differing_bytes > 0))
        .collect();
    let expected = [
        ("_kDartVmSnapshotData", RegionKind::Data, false),
        ("_kDartIsolateSnapshotData", RegionKind::Data, true),
        ("_kDartVmSnapshotInstructions", RegionKind::Code, false),
        ("_kDartIsolateSnapshotInstructions", RegionKind::Code, true),
    ];
    assert_eq!(blobs, expected);
}

#[test]
fn the_tables_of_an_elf_file_have_their_kinds() {
    let library = android().build();
    let regions = explained(&library, &library).difference.regions;
    let kind = |name: &str| regions.iter().find(|it| it.name == name).map(|it| it.kind);
    let named = [
        ("ELF header", RegionKind::Container),
        ("program headers", RegionKind::Container),
        ("build id note", RegionKind::BuildId),
        (".dynsym", RegionKind::Container),
        (".hash", RegionKind::Container),
        (".dynamic", RegionKind::Container),
        (".symtab", RegionKind::Symbols),
        (".strtab", RegionKind::Symbols),
        (".shstrtab", RegionKind::Other),
        ("section headers", RegionKind::Container),
    ];
    for (name, expected) in named {
        assert_eq!(kind(name), Some(expected), "{name}");
    }
}

#[test]
fn one_changed_byte_is_one_differing_byte_in_its_region_and_its_cell() {
    let old = android().build();
    let mut new = old.clone();
    let last = new.len() - 1;
    new[last] ^= 1;
    let difference = explained(&old, &new).difference;
    assert_eq!(difference.differing_bytes(), 1);
    let differing: Vec<_> = difference.differing().map(|region| &*region.name).collect();
    assert_eq!(differing, ["section headers"]);
    assert_eq!(
        difference.map_percent.iter().position(|cell| *cell > 0),
        Some(239)
    );
}

#[test]
fn a_library_without_a_readable_container_is_one_region() {
    let difference = explained(&android().build(), b"text").difference;
    let found: Vec<_> = difference
        .regions
        .iter()
        .filter(|it| it.found.is_some())
        .collect();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (&*found[0].name, found[0].kind),
        ("whole file", RegionKind::Other)
    );
}

#[test]
fn functions_are_named_where_both_libraries_name_them() {
    let named = android().build();
    let stripped = with(android(), |it| it.stripped = true).build();
    assert!(explained(&named, &named).difference.functions_named);
    assert!(!explained(&named, &stripped).difference.functions_named);
    assert!(!explained(&stripped, &named).difference.functions_named);
}

#[test]
fn a_function_with_other_code_in_its_place_is_listed() {
    // The second of the two made functions starts 68 bytes behind the first.
    let new = with(android(), |it| it.text[68] ^= 1).build();
    let difference = explained(&android().build(), &new).difference;
    let names: Vec<_> = difference.functions.iter().map(|it| &*it.name).collect();
    assert_eq!(
        (names, difference.functions_total),
        (vec!["_MyAppState.build"], 1)
    );
}
