//! End records with one thing wrong.

use patchproof_archive::ZipFault;
use patchproof_testkit::made::{MadeEntry, MadeZip};

use crate::common::{assert_read, assert_refused, refusal, small, spoiled};

#[test]
fn an_archive_without_an_end_record_is_refused() {
    let made = spoiled(|made| made.end.signature = Some(0x0605_4b51));
    assert_refused(&made, &ZipFault::NoEnd);
}

#[test]
fn a_comment_that_is_not_there_is_refused() {
    let at = small().build_with_places().1.end;
    let made = spoiled(|made| made.end.comment_bytes = Some(1));
    assert_refused(&made, &ZipFault::EndCut { at });
}

#[test]
fn bytes_behind_the_end_are_refused_and_a_comment_is_not() {
    let mut made = spoiled(|made| made.behind = b"123".to_vec());
    assert_refused(&made, &ZipFault::TrailingBytes { count: 3 });
    made.comment = std::mem::take(&mut made.behind);
    assert_read(&made);
}

#[test]
fn another_end_record_in_the_comment_is_refused() {
    let mut inner = spoiled(|made| made.directory = Some(vec![0]));
    inner.end.comment_bytes = Some(2);
    let (file, places) = inner.build_with_places();
    let record = &file[usize::try_from(places.end).unwrap()..];
    let made = spoiled(|made| made.comment = record.to_vec());
    assert!(matches!(
        refusal(&made).1,
        ZipFault::TwoEnds { .. } | ZipFault::EndCut { .. }
    ));
}

/// The first record takes all behind it for its comment; both lead to a right directory.
#[test]
fn two_directories_each_with_a_right_end_are_refused() {
    let mut first = spoiled(|made| made.directory = Some(vec![0, 1, 3, 4]));
    let directory_bytes = {
        let (file, places) = small().build_with_places();
        file.len() - usize::try_from(places.directory).unwrap()
    };
    first.end.comment_bytes = Some(u16::try_from(directory_bytes).unwrap());
    let (file, places) = first.build_with_places();
    let early = file[usize::try_from(places.directory).unwrap()..].to_vec();
    let made = spoiled(|made| made.before_directory = early);
    let (_, places) = made.build_with_places();
    let fault = refusal(&made).1;
    let ZipFault::TwoEnds { first, second } = fault else {
        panic!("refused otherwise: {fault:?}");
    };
    assert!(first < places.directory);
    assert_eq!(second, places.end);
}

#[test]
fn an_end_record_on_another_disk_is_refused() {
    assert_refused(
        &spoiled(|made| made.end.disk = Some(1)),
        &ZipFault::ManyDisks,
    );
    let made = spoiled(|made| made.end.directory_disk = Some(1));
    assert_refused(&made, &ZipFault::ManyDisks);
    let made = spoiled(|made| made.end.entries_here = Some(4));
    assert_refused(&made, &ZipFault::ManyDisks);
    let made = spoiled(|made| {
        made.zip64 = true;
        made.zip64_end.disks = Some(2);
    });
    assert_refused(&made, &ZipFault::ManyDisks);
}

#[test]
fn more_or_fewer_entries_than_declared_are_refused() {
    for declared in [4, 6] {
        let made = spoiled(|made| {
            made.end.entries = Some(declared);
            made.end.entries_here = Some(declared);
        });
        let (declared, found) = (declared.into(), 5);
        assert_refused(&made, &ZipFault::EntryCount { declared, found });
    }
}

#[test]
fn a_directory_that_does_not_end_at_the_end_record_is_refused() {
    let (_, places) = small().build_with_places();
    let directory = u32::try_from(places.directory).unwrap();
    let (expected, found) = (places.end, places.end + 1);
    let made = spoiled(|made| made.end.directory_offset = Some(directory + 1));
    assert_refused(&made, &ZipFault::DirectoryMisplaced { expected, found });
    let made = spoiled(|made| made.behind_directory = vec![0]);
    let (expected, found) = (places.end + 1, places.end);
    assert_refused(&made, &ZipFault::DirectoryMisplaced { expected, found });
}

#[test]
fn more_entries_than_are_read_are_refused_before_they_are() {
    let made = spoiled(|made| {
        made.zip64 = true;
        made.zip64_end.entries = Some(1 << 40);
        made.zip64_end.entries_here = Some(1 << 40);
    });
    let fault = refusal(&made).1;
    assert!(matches!(fault, ZipFault::TooManyEntries { found, .. } if found == 1 << 40));
}

#[test]
fn a_directory_larger_than_is_read_is_refused_before_it_is() {
    let made = spoiled(|made| {
        made.before_directory = vec![0; 65 << 20];
        made.end.directory_bytes = Some(0);
    });
    let places = made.build_with_places().1;
    let size_bytes = places.end - (places.directory - (65 << 20));
    let made = spoiled(|made| {
        made.before_directory = vec![0; 65 << 20];
        made.end.directory_bytes = Some(u32::try_from(size_bytes).unwrap());
        made.end.directory_offset = Some(u32::try_from(places.end - size_bytes).unwrap());
    });
    let fault = refusal(&made).1;
    assert!(matches!(fault, ZipFault::DirectoryTooLarge { found, .. } if found == size_bytes));
}

#[test]
fn zip64_records_that_do_not_fit_are_refused() {
    let spoils: [fn(&mut MadeZip); 7] = [
        |made| made.zip64_end.signature = Some(0x0606_4b51),
        |made| made.zip64_end.record_offset = Some(0),
        |made| made.zip64_end.record_offset = Some(u64::MAX),
        |made| made.zip64_end.record_bytes = Some(45),
        |made| made.zip64_end.record_bytes = Some(u64::MAX),
        |made| made.end.entries = Some(3),
        |made| made.end.directory_offset = Some(0),
    ];
    for (index, spoil) in spoils.iter().enumerate() {
        let mut made = spoiled(|made| made.zip64 = true);
        spoil(&mut made);
        if let Some(entries) = made.end.entries {
            made.end.entries_here = Some(entries);
        }
        let fault = refusal(&made).1;
        assert!(
            matches!(fault, ZipFault::Zip64 { .. }),
            "{index}: {fault:?}"
        );
    }
}

#[test]
fn a_zip64_locator_that_is_none_leaves_a_plain_record_that_leads_nowhere() {
    let made = spoiled(|made| {
        made.zip64 = true;
        made.zip64_end.locator_signature = Some(0x0706_4b51);
    });
    let fault = refusal(&made).1;
    assert!(
        matches!(fault, ZipFault::DirectoryMisplaced { .. }),
        "{fault:?}"
    );
}

#[test]
fn bytes_in_front_of_the_first_entry_are_refused() {
    let mut made = spoiled(|made| made.prepended = b"#!/bin/sh\n".to_vec());
    assert_refused(&made, &ZipFault::PrependedBytes { count: 10 });
    made.prepended_uncounted = true;
    assert!(matches!(
        refusal(&made).1,
        ZipFault::DirectoryMisplaced { .. }
    ));
}

#[test]
fn an_archive_of_nothing_has_no_bytes_in_front_either() {
    let mut made = MadeZip::new(Vec::new());
    made.prepended = b"PK\x03\x04 is what it starts with, and no entry follows".to_vec();
    let fault = refusal(&made).1;
    let refused = matches!(
        fault,
        ZipFault::PrependedBytes { .. } | ZipFault::HiddenEntry { .. } | ZipFault::Outside { .. }
    );
    assert!(refused, "{fault:?}");
}

#[test]
fn two_archives_one_behind_the_other_are_refused() {
    let made = spoiled(|made| {
        made.prepended = MadeZip::new(vec![MadeEntry::stored("a", b"b")]).build();
    });
    assert!(matches!(
        refusal(&made).1,
        ZipFault::HiddenEntry { at: 0 } | ZipFault::PrependedBytes { .. }
    ));
}
