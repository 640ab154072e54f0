//! The one equivalence: what it covers, and that nothing else ever counts as equal.

use patchproof_report::RegionKind;
use patchproof_snapshot::Equivalence;
use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot, NATURAL};

use crate::pairs::{android, explained, with};

fn touched(a: &[u8], b: &[u8]) -> Option<(usize, usize)> {
    let ranges = Equivalence::BuildId.touched(a, b)?;
    let [range] = &*ranges else {
        panic!("{ranges:?}");
    };
    Some((
        range.start.try_into().unwrap(),
        range.end.try_into().unwrap(),
    ))
}

/// Small snapshots in ELF of both widths and layouts.
fn small() -> Vec<MadeSnapshot> {
    let elf = NATURAL
        .into_iter()
        .filter(|(container, _)| *container != Container::Macho64);
    let of = |(container, machine)| {
        [Layout::Split, Layout::Unified].map(|layout| {
            with(MadeSnapshot::new(container, machine, layout), |it| {
                it.isolate.payload.truncate(64);
                it.isolate.image.truncate(64);
                it.text.truncate(512);
                it.vm_text.truncate(64);
                it.load_alignment_bytes = 4096;
            })
        })
    };
    elf.flat_map(of).collect()
}

#[test]
fn another_build_id_in_the_same_library_is_equivalent_and_needs_no_cause() {
    let other = with(android(), |it| it.build_id = Some(vec![0x5a; 16])).build();
    let explanation = explained(&android().build(), &other);
    assert_eq!(explanation.equivalence, Some(Equivalence::BuildId));
    assert_eq!(explanation.causes, []);
    let kinds: Vec<_> = explanation
        .difference
        .differing()
        .map(|it| it.kind)
        .collect();
    assert_eq!(kinds, [RegionKind::BuildId]);
}

#[test]
fn the_descriptor_is_covered_whole_and_nothing_beside_it() {
    for made in small() {
        let a = with(made.clone(), |it| it.build_id = Some(vec![0xa5; 16])).build();
        let b = with(made, |it| it.build_id = Some(vec![0x5a; 16])).build();
        let (start, end) = touched(&a, &b).unwrap();
        assert_eq!(a[start..end], [0xa5; 16]);
        assert_eq!(touched(&b, &a), Some((start, end)));
    }
}

#[test]
fn a_library_is_equivalent_to_itself() {
    let library = android().build();
    assert!(touched(&library, &library).is_some());
}

#[test]
fn no_byte_outside_the_descriptor_is_ever_covered() {
    for made in small().into_iter().take(4) {
        let library = made.build();
        let (start, end) = touched(&library, &library).unwrap();
        let mut other = library.clone();
        for at in 0..library.len() {
            other[at] ^= 0x40;
            let inside = (start..end).contains(&at);
            assert_eq!(touched(&library, &other).is_some(), inside, "{at:#x}");
            assert_eq!(touched(&other, &library).is_some(), inside, "{at:#x}");
            other[at] = library[at];
        }
    }
}

#[test]
fn another_length_is_never_equivalent() {
    let library = android().build();
    let longer = [&*library, &[0]].concat();
    assert_eq!(touched(&library, &longer), None);
    assert_eq!(touched(&longer, &library), None);
    let id = with(android(), |it| it.build_id = Some(vec![7; 20])).build();
    assert_eq!(touched(&library, &id), None);
}

#[test]
fn a_library_without_a_build_id_is_not_even_equivalent_to_itself() {
    let library = with(android(), |it| it.build_id = None).build();
    assert_eq!(touched(&library, &library), None);
}

#[test]
fn a_mach_o_uuid_is_not_covered() {
    let made = MadeSnapshot::new(Container::Macho64, Machine::Arm64, Layout::Unified);
    let other = with(made.clone(), |it| it.build_id = Some(vec![7; 16])).build();
    let explanation = explained(&made.build(), &other);
    assert_eq!(explanation.equivalence, None);
    let kinds: Vec<_> = explanation
        .difference
        .differing()
        .map(|it| it.kind)
        .collect();
    assert_eq!(kinds, [RegionKind::BuildId]);
}

/// Spoils a right library so that something else has a part of the note; it is not equivalent to
/// itself any more.
#[track_caller]
fn assert_not_plain(spoil: impl FnOnce(&mut Vec<u8>)) {
    let mut library = android().build();
    assert!(touched(&library, &library).is_some());
    spoil(&mut library);
    assert_eq!(touched(&library, &library), None);
}

fn number(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().unwrap())
}

fn put(bytes: &mut [u8], at: usize, number: u64) {
    bytes[at..at + 8].copy_from_slice(&number.to_le_bytes());
}

/// Where the program header of this type starts.
fn program(bytes: &[u8], kind: u32) -> usize {
    let mut headers = (0..7).map(|index| 64 + 56 * index);
    headers
        .find(|at| bytes[*at..at + 4] == kind.to_le_bytes())
        .unwrap()
}

/// Where the section header of this type starts.
fn section(bytes: &[u8], kind: u32) -> usize {
    let start = usize::try_from(number(bytes, 0x28)).unwrap();
    let mut headers = (0..20).map(|index| start + 64 * index);
    headers
        .find(|at| bytes[at + 4..at + 8] == kind.to_le_bytes())
        .unwrap()
}

#[test]
fn a_note_that_a_section_reaches_into_is_not_plain() {
    assert_not_plain(|library| {
        let symtab = section(library, 2);
        let note = number(library, section(library, 7) + 24);
        put(library, symtab + 24, note);
    });
}

#[test]
fn a_note_beside_a_segment_of_an_unknown_kind_is_not_plain() {
    assert_not_plain(|library| {
        let stack = program(library, 0x6474_e551);
        library[stack..stack + 4].copy_from_slice(&7_u32.to_le_bytes());
    });
}

#[test]
fn a_note_beside_a_second_note_is_not_plain() {
    assert_not_plain(|library| {
        let (note, stack) = (program(library, 4), program(library, 0x6474_e551));
        let header = library[note..note + 56].to_vec();
        library[stack..stack + 56].copy_from_slice(&header);
    });
}

#[test]
fn a_note_that_is_code_is_not_plain() {
    assert_not_plain(|library| {
        let load = program(library, 1);
        library[load + 4] |= 1;
    });
}

#[test]
fn a_note_with_an_entry_of_another_table_is_not_plain() {
    assert_not_plain(|library| {
        let dynamic = usize::try_from(number(library, program(library, 2) + 8)).unwrap();
        let mut entries = (0..20).map(|index| dynamic + 16 * index);
        // DT_SYMENT, which nobody reads, becomes DT_INIT.
        let entry = entries.find(|at| number(library, *at) == 11).unwrap();
        put(library, entry, 12);
    });
}

#[test]
fn a_note_that_another_symbol_points_into_is_not_plain() {
    // The build id's symbol under a name that is not its own.
    let renamed = (
        "_kDartSnapshotBuildId".to_owned(),
        "_kDartSnapshotBuildIe".to_owned(),
    );
    let library = with(android(), |it| it.renamed = vec![renamed]).build();
    assert_eq!(touched(&library, &library), None);
}

#[test]
fn a_library_whose_data_says_that_it_reaches_further_is_not_plain() {
    let library = with(android(), |it| it.isolate.length = Some(1 << 40)).build();
    assert_eq!(touched(&library, &library), None);
}
