//! Local headers and descriptors that say something else than the directory.

use patchproof_archive::ZipFault;
use patchproof_testkit::made::{Descriptor, HeaderLies, MadeEntry};

use crate::common::{
    ASSET, LIBRARY, assert_entry_refused, assert_read, refusal, small, spoiled, spoiled_entry,
};

/// The field that the two headers are found to disagree about.
#[track_caller]
fn disputed(lie: impl FnOnce(&mut HeaderLies)) -> &'static str {
    let made = spoiled_entry(ASSET, |entry| lie(&mut entry.local));
    match refusal(&made) {
        (Some(name), ZipFault::HeadersDisagree { field, .. }) if name == ASSET => field,
        other => panic!("refused otherwise: {other:?}"),
    }
}

#[test]
fn a_local_header_that_names_another_file_is_refused() {
    let other = b"assets/flutter_assets/texu".to_vec();
    assert_eq!(disputed(|local| local.name = Some(other)), "name");
}

#[test]
fn a_local_header_with_another_method_is_refused() {
    assert_eq!(disputed(|local| local.method = Some(0)), "method");
}

#[test]
fn a_local_header_with_another_crc_is_refused() {
    assert_eq!(disputed(|local| local.crc32 = Some(0)), "checksum");
}

#[test]
fn a_local_header_with_other_sizes_is_refused() {
    assert_eq!(disputed(|local| local.size_bytes = Some(1)), "size");
    assert_eq!(
        disputed(|local| local.packed_bytes = Some(1)),
        "packed size"
    );
}

#[test]
fn a_local_header_with_other_flags_is_refused() {
    for flag in [1, 1 << 3, 1 << 5, 1 << 6, 1 << 11, 1 << 13] {
        assert_eq!(disputed(|local| local.flags = Some(flag)), "set of flags");
    }
}

/// Old tools set these for how well something was deflated; nothing reads them.
#[test]
fn flags_that_say_how_well_it_was_deflated_may_differ() {
    assert_read(&spoiled_entry(ASSET, |entry| {
        entry.local.flags = Some(0b110)
    }));
}

#[test]
fn a_local_header_that_is_elsewhere_is_refused() {
    let right = small().build_with_places().1.locals[3];
    for at in [right + 1, 0xffff_fff0] {
        let offset = u32::try_from(at).unwrap();
        let made = spoiled_entry(ASSET, |entry| entry.central.offset = Some(offset));
        assert_entry_refused(&made, ASSET, &ZipFault::NoLocalHeader { at });
    }
}

#[test]
fn a_line_that_leads_to_another_entrys_header_is_refused() {
    let offset = u32::try_from(small().build_with_places().1.locals[2]).unwrap();
    let made = spoiled_entry(ASSET, |entry| entry.central.offset = Some(offset));
    let fault = refusal(&made);
    assert!(
        matches!(fault.1, ZipFault::HeadersDisagree { field: "name", .. }),
        "{fault:?}"
    );
}

#[test]
fn a_local_header_that_does_not_start_as_one_is_refused() {
    let at = small().build_with_places().1.locals[3];
    let made = spoiled_entry(ASSET, |entry| entry.local.signature = Some(0));
    assert_entry_refused(&made, ASSET, &ZipFault::NoLocalHeader { at });
}

#[test]
fn data_that_reaches_into_the_directory_is_refused() {
    let (_, places) = small().build_with_places();
    let made = spoiled_entry(ASSET, |entry| {
        entry.local.packed_bytes = Some(1 << 30);
        entry.central.packed_bytes = Some(1 << 30);
    });
    match refusal(&made) {
        (_, ZipFault::Outside { limit, .. }) => assert_eq!(limit, places.directory),
        other => panic!("refused otherwise: {other:?}"),
    }
}

#[test]
fn extra_fields_that_reach_into_the_directory_are_refused() {
    let last = "resources.arsc";
    let made = spoiled_entry(last, |entry| entry.local.extra_bytes = Some(u16::MAX));
    assert!(matches!(refusal(&made).1, ZipFault::Outside { .. }));
}

#[test]
fn data_that_reaches_into_the_next_entry_is_refused() {
    let made = spoiled_entry("classes.dex", |entry| {
        entry.local.packed_bytes = Some(3000);
        entry.central.packed_bytes = Some(3000);
    });
    let other = "classes.dex".to_owned();
    assert_entry_refused(&made, LIBRARY, &ZipFault::Overlap { other });
}

/// One entry inside another's data, both headers right: what makes a bomb of few bytes.
#[test]
fn an_entry_inside_another_is_refused() {
    let inner = MadeEntry::stored("assets/inner", b"data of the inner one");
    let record = inner_record(&inner);
    let outer = MadeEntry::stored("assets/outer", &record);
    let mut made = spoiled(|made| made.entries.push(outer));
    let places = made.build_with_places().1;
    let start = places.locals[5] + 30 + 12;
    let mut line = inner;
    line.local_absent = true;
    line.central.offset = Some(u32::try_from(start).unwrap());
    made.entries.push(line);
    let other = "assets/outer".to_owned();
    assert_entry_refused(&made, "assets/inner", &ZipFault::Overlap { other });
}

#[test]
fn a_descriptor_that_says_something_else_is_refused() {
    let lies: [fn(&mut HeaderLies); 3] = [
        |lies| lies.crc32 = Some(1),
        |lies| lies.packed_bytes = Some(1),
        |lies| lies.size_bytes = Some(1),
    ];
    for descriptor in [Descriptor::Signed, Descriptor::Unsigned] {
        for lie in lies {
            let made = spoiled_entry(ASSET, |entry| {
                entry.descriptor = descriptor;
                lie(&mut entry.described);
            });
            assert_entry_refused(&made, ASSET, &ZipFault::DescriptorDisagrees);
        }
    }
}

#[test]
fn a_descriptor_under_another_signature_is_refused() {
    let made = spoiled_entry(ASSET, |entry| {
        entry.descriptor = Descriptor::Signed;
        entry.described.signature = Some(0x0807_4b51);
    });
    assert_entry_refused(&made, ASSET, &ZipFault::DescriptorDisagrees);
}

/// Some tools write the sizes into both.
#[test]
fn sizes_in_front_of_a_descriptor_may_be_there_and_must_be_right() {
    let asset_bytes = u32::try_from(small().files()[ASSET].len()).unwrap();
    let with_size = |size_bytes| {
        spoiled_entry(ASSET, |entry| {
            entry.descriptor = Descriptor::Signed;
            entry.local.size_bytes = Some(size_bytes);
        })
    };
    assert_read(&with_size(asset_bytes));
    let fault = refusal(&with_size(asset_bytes + 1)).1;
    assert!(
        matches!(fault, ZipFault::HeadersDisagree { field: "size", .. }),
        "{fault:?}"
    );
}

#[test]
fn a_zip64_field_that_lies_in_either_header_is_refused() {
    for central in [false, true] {
        let lies: [fn(&mut HeaderLies); 2] = [
            |lies| lies.wide_size_bytes = Some(1 << 33),
            |lies| lies.wide_packed_bytes = Some(7),
        ];
        for lie in lies {
            let made = spoiled_entry(ASSET, |entry| {
                entry.zip64 = true;
                lie(if central {
                    &mut entry.central
                } else {
                    &mut entry.local
                });
            });
            let fault = refusal(&made).1;
            assert!(
                matches!(fault, ZipFault::HeadersDisagree { .. }),
                "{fault:?}"
            );
        }
    }
}

#[test]
fn a_size_left_to_a_zip64_field_that_is_not_there_is_refused() {
    let made = spoiled_entry(ASSET, |entry| entry.central.size_bytes = Some(u32::MAX));
    assert!(matches!(refusal(&made).1, ZipFault::Zip64 { .. }));
    let made = spoiled_entry(ASSET, |entry| entry.local.size_bytes = Some(u32::MAX));
    assert!(matches!(refusal(&made).1, ZipFault::Zip64 { .. }));
}

#[test]
fn two_zip64_fields_are_refused() {
    let mut extra = vec![1, 0, 8, 0];
    extra.extend(7_u64.to_le_bytes());
    let made = spoiled_entry(ASSET, |entry| {
        entry.zip64 = true;
        entry.extra = extra;
    });
    assert!(matches!(refusal(&made).1, ZipFault::Zip64 { .. }));
}

/// A reader that takes the wide values wherever there are some would see another size.
#[test]
fn a_zip64_field_that_the_directory_does_not_ask_for_is_refused() {
    let mut extra = vec![1, 0, 8, 0];
    extra.extend(7_u64.to_le_bytes());
    let made = spoiled_entry(ASSET, |entry| entry.central.extra = Some(extra));
    assert!(matches!(refusal(&made).1, ZipFault::Zip64 { .. }));
}

/// Local header and data of an entry, as they lie in an archive of its own.
fn inner_record(entry: &MadeEntry) -> Vec<u8> {
    let made = patchproof_testkit::made::MadeZip::new(vec![entry.clone()]);
    let (mut file, places) = made.build_with_places();
    file.truncate(usize::try_from(places.directory).unwrap());
    file
}
