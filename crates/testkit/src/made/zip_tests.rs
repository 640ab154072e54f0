//! Right made archives are what the zip library reads, and a lie is only where it was told.

use std::io::{Cursor, Read};

use super::{Descriptor, MadeEntry, MadeZip, Padding};

fn two_entries() -> MadeZip {
    MadeZip::new(vec![
        MadeEntry::deflated("a/b.txt", &b"some text ".repeat(50)),
        MadeEntry::stored("c.bin", &[7; 300]),
    ])
}

/// Names and contents, as the library reads them.
pub(super) fn read(file: &[u8]) -> Vec<(String, Vec<u8>)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(file)).unwrap();
    let count = archive.len();
    let entry = |index| {
        let mut entry = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        entry.read_to_end(&mut content).unwrap();
        (entry.name().unwrap().into_owned(), content)
    };
    (0..count).map(entry).collect()
}

fn assert_reads(made: &MadeZip) {
    let expected = [
        ("a/b.txt".to_owned(), b"some text ".repeat(50)),
        ("c.bin".to_owned(), vec![7; 300]),
    ];
    assert_eq!(read(&made.build()), expected);
}

#[test]
fn a_right_archive_is_read_by_the_zip_library() {
    assert_reads(&two_entries());
}

#[test]
fn every_descriptor_in_either_width_is_read_by_the_zip_library() {
    for descriptor in [Descriptor::Signed, Descriptor::Unsigned] {
        for zip64 in [false, true] {
            let mut made = two_entries();
            made.zip64 = zip64;
            for entry in &mut made.entries {
                entry.descriptor = descriptor;
                entry.zip64 = zip64;
            }
            assert_reads(&made);
        }
    }
}

#[test]
fn what_lies_around_the_entries_does_not_hide_them() {
    let mut made = two_entries();
    made.prepended = b"#!/bin/sh\n".to_vec();
    made.signing_block = Some(vec![(7, vec![1; 99])]);
    made.comment = b"a comment".to_vec();
    assert_reads(&made);
    made.prepended_uncounted = true;
    assert_reads(&made);
}

#[test]
fn aligned_data_starts_at_a_multiple() {
    for padding in [Padding::Zeros, Padding::Field] {
        let mut made = two_entries();
        made.entries[1] = made.entries[1].clone().aligned(4096);
        made.entries[1].padding = padding;
        let file = made.build();
        let start = file.windows(300).position(|part| part == [7; 300]).unwrap();
        assert_eq!(start % 4096, 0, "{padding:?}");
        assert_reads(&made);
    }
}

#[test]
fn zeros_are_as_many_as_declared_and_small_in_the_file() {
    let file = MadeZip::new(vec![MadeEntry::zeros("zeros", 1_000_003)]).build();
    assert!(file.len() < 2000, "{} bytes", file.len());
    assert_eq!(read(&file), [("zeros".to_owned(), vec![0; 1_000_003])]);
}

#[test]
fn a_lie_changes_the_bytes_of_its_field_alone() {
    let right = two_entries().build();
    let mut made = two_entries();
    made.entries[0].central.crc32 = Some(0);
    let (wrong, places) = made.build_with_places();
    let pairs = right.iter().zip(&wrong).enumerate();
    let changed = pairs.filter(|(_, (old, new))| old != new);
    let changed: Vec<usize> = changed.map(|(at, _)| at).collect();
    let field = usize::try_from(places.directory).unwrap() + 16;
    assert!(changed.iter().all(|at| (field..field + 4).contains(at)));
    assert!(!changed.is_empty());
}

#[test]
fn the_places_are_where_the_signatures_stand() {
    let mut made = two_entries();
    made.prepended = vec![1; 77];
    made.zip64 = true;
    let (file, places) = made.build_with_places();
    let at = |offset: u64| &file[usize::try_from(offset).unwrap()..][..4];
    assert_eq!(at(places.locals[1]), b"PK\x03\x04");
    assert_eq!(at(places.directory), b"PK\x01\x02");
    assert_eq!(at(places.zip64_end), b"PK\x06\x06");
    assert_eq!(at(places.end), b"PK\x05\x06");
}

#[test]
fn the_signing_block_tells_its_size_at_both_ends() {
    let mut made = two_entries();
    made.signing_block = Some(vec![(1, vec![2; 10]), (3, Vec::new())]);
    let (file, places) = made.build_with_places();
    let end = usize::try_from(places.directory).unwrap();
    assert_eq!(&file[end - 16..end], b"APK Sig Block 42");
    let told = file[end - 24..end - 16].try_into().unwrap();
    let start = end - usize::try_from(u64::from_le_bytes(told)).unwrap() - 8;
    assert_eq!(file[start..start + 8], told);
}

#[test]
fn the_directory_may_list_an_entry_twice_or_not_at_all() {
    let mut made = two_entries();
    made.directory = Some(vec![1, 1]);
    let (file, places) = made.build_with_places();
    let directory = &file[usize::try_from(places.directory).unwrap()..];
    let names = directory.windows(5).filter(|part| part == b"c.bin").count();
    assert_eq!(names, 2);
}
