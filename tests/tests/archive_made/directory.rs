//! Directories with one thing wrong: what they list, and by which names.

use patchproof_archive::{NameFault, ZipFault};
use patchproof_testkit::made::{Content, MadeEntry};

use crate::common::{
    ASSET, LIBRARY, assert_entry_refused, assert_read, assert_refused, open, refusal, small,
    spoiled, spoiled_entry,
};

#[test]
fn a_line_that_does_not_start_as_one_is_refused() {
    let made = spoiled_entry(ASSET, |entry| entry.central.signature = Some(0));
    assert!(matches!(refusal(&made).1, ZipFault::DirectoryBroken { .. }));
}

#[test]
fn lengths_that_lead_out_of_the_directory_are_refused() {
    let last = "resources.arsc";
    for length in ["name", "extra", "comment"] {
        let made = spoiled_entry(last, |entry| match length {
            "name" => entry.central.name_bytes = Some(u16::MAX),
            "extra" => entry.central.extra_bytes = Some(u16::MAX),
            _ => entry.central.comment_bytes = Some(u16::MAX),
        });
        let fault = refusal(&made).1;
        assert!(
            matches!(fault, ZipFault::DirectoryBroken { .. }),
            "{length}: {fault:?}"
        );
    }
}

#[test]
fn a_line_that_another_swallows_is_refused() {
    let made = spoiled(|made| {
        // The first line's comment is all of the second line.
        made.entries[0].central.comment_bytes = Some(u16::try_from(46 + 11).unwrap());
    });
    let fault = refusal(&made).1;
    assert_eq!(
        fault,
        ZipFault::EntryCount {
            declared: 5,
            found: 4
        }
    );
}

#[test]
fn every_name_that_leads_elsewhere_is_refused() {
    let names: [(&[u8], NameFault); 10] = [
        (b"", NameFault::Empty),
        (b"assets/\xff", NameFault::NotUtf8),
        (b"assets/a\0b", NameFault::Control),
        (b"assets/a\nb", NameFault::Control),
        (b"assets\\a", NameFault::Backslash),
        (b"/assets/a", NameFault::Absolute),
        (b"c:/assets/a", NameFault::Drive),
        (b"assets/../../a", NameFault::Escape),
        (b"assets/./a", NameFault::Escape),
        (b"assets//a", NameFault::EmptyComponent),
    ];
    for (name, fault) in names {
        let made = spoiled_entry(ASSET, |entry| entry.name = name.to_vec());
        assert_eq!(
            refusal(&made).1,
            ZipFault::Name(fault),
            "{}",
            name.escape_ascii()
        );
    }
}

#[test]
fn names_that_only_look_as_if_they_led_elsewhere_are_read() {
    for name in [
        "assets/..a",
        "assets/...",
        "assets/a..b",
        "assets/%2e%2e/x",
        "assets/a b",
    ] {
        assert_read(&spoiled_entry(ASSET, |entry| {
            entry.name = name.as_bytes().to_vec();
        }));
    }
}

#[test]
fn two_entries_of_one_name_are_refused() {
    let made = spoiled(|made| made.entries.push(MadeEntry::stored(LIBRARY, b"another")));
    assert_entry_refused(&made, LIBRARY, &ZipFault::DuplicateName);
}

#[test]
fn one_entry_that_is_listed_twice_is_refused() {
    let made = spoiled(|made| made.directory = Some(vec![0, 1, 2, 3, 4, 2]));
    assert_entry_refused(&made, LIBRARY, &ZipFault::DuplicateName);
}

#[test]
fn names_that_differ_in_case_are_two_names() {
    assert_read(&spoiled(|made| {
        made.entries
            .push(MadeEntry::stored(&ASSET.to_uppercase(), b"another"));
    }));
}

#[test]
fn an_entry_that_is_not_listed_is_refused_wherever_it_lies() {
    for hidden in 0..5 {
        let made = spoiled(|made| {
            made.directory = Some((0..5).filter(|index| *index != hidden).collect());
        });
        let at = small().build_with_places().1.locals[hidden];
        assert_refused(&made, &ZipFault::HiddenEntry { at });
    }
}

#[test]
fn an_entry_that_is_encrypted_is_refused() {
    for flag in [1, 1 << 6, 1 << 13] {
        let made = spoiled_entry(ASSET, |entry| entry.flags = flag);
        assert_entry_refused(&made, ASSET, &ZipFault::Encrypted);
    }
}

#[test]
fn a_method_that_no_device_reads_is_refused() {
    for method in [1, 9, 12, 14, 93, 95, 99] {
        let made = spoiled_entry(ASSET, |entry| {
            entry.content = Content::Raw {
                method,
                packed: vec![1, 2, 3],
                crc32: 4,
                size_bytes: 5,
            };
        });
        assert_entry_refused(&made, ASSET, &ZipFault::Method { found: method });
    }
}

#[test]
fn a_link_is_refused() {
    let made = spoiled_entry(ASSET, |entry| *entry = entry.clone().unix_mode(0o120_777));
    assert_entry_refused(&made, ASSET, &ZipFault::Symlink);
}

#[test]
fn a_device_is_refused() {
    let made = spoiled_entry(ASSET, |entry| *entry = entry.clone().unix_mode(0o060_644));
    let mode = 0o060_644;
    assert_entry_refused(&made, ASSET, &ZipFault::SpecialFile { mode });
}

#[test]
fn a_folders_own_entry_is_no_part_and_may_hold_nothing() {
    let mut made = spoiled(|made| made.entries.push(MadeEntry::stored("assets/", b"")));
    let release = open(made.build()).unwrap();
    assert!(release.part("assets/").is_none());
    made.entries[5] = MadeEntry::stored("assets/", b"1234");
    let fault = ZipFault::FolderWithContent { found: 4 };
    assert_entry_refused(&made, "assets/", &fault);
}

/// `jar` deflates the nothing that a folder holds.
#[test]
fn a_folders_own_entry_may_be_deflated() {
    let made = spoiled(|made| made.entries.push(MadeEntry::deflated("assets/", b"")));
    open(made.build()).unwrap();
}

#[test]
fn an_entry_on_another_disk_is_refused() {
    let made = spoiled_entry(ASSET, |entry| entry.central.disk = Some(1));
    assert_entry_refused(&made, ASSET, &ZipFault::ManyDisks);
}

#[test]
fn contents_that_are_absurdly_large_together_are_refused() {
    let made = spoiled_entry(ASSET, |entry| {
        entry.zip64 = true;
        entry.central.wide_size_bytes = Some(1 << 60);
        entry.local.wide_size_bytes = Some(1 << 60);
    });
    assert!(matches!(refusal(&made).1, ZipFault::TotalTooLarge { .. }));
}

#[test]
fn a_stored_entry_of_two_sizes_is_refused() {
    let made = spoiled_entry(LIBRARY, |entry| {
        entry.central.size_bytes = Some(3);
        entry.local.size_bytes = Some(3);
    });
    let stored = u64::try_from(small().files()[LIBRARY].len()).unwrap();
    assert_entry_refused(&made, LIBRARY, &ZipFault::StoredSizes { stored, size: 3 });
}

/// Info-ZIP's field for a name in another encoding; `unzip` goes by it, Android does not.
#[test]
fn a_second_name_in_an_extra_field_is_refused() {
    let unicode_path = |name: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(ASSET.as_bytes());
        let mut field = vec![0x75, 0x70];
        field.extend(u16::try_from(name.len() + 5).unwrap().to_le_bytes());
        field.push(1);
        field.extend(crc.sum().to_le_bytes());
        field.extend(name);
        field
    };
    let other = unicode_path(b"assets/other");
    let made = spoiled_entry(ASSET, |entry| entry.extra = other);
    assert!(open(made.build()).is_err());
    let same = unicode_path(ASSET.as_bytes());
    assert_read(&spoiled_entry(ASSET, |entry| entry.extra = same));
}

/// 7-Zip goes by the mode, Android by the name.
#[test]
fn a_folder_by_its_mode_that_is_a_file_by_its_name_is_refused() {
    let mode = 0o040_755;
    let made = spoiled_entry(ASSET, |entry| *entry = entry.clone().unix_mode(mode));
    let mode = mode.into();
    assert_entry_refused(&made, ASSET, &ZipFault::FolderByMode { mode });
}

#[test]
fn a_folders_own_entry_may_have_any_mode_of_a_file_or_a_folder() {
    for mode in [0, 0o100_644, 0o040_755] {
        let made = spoiled(|made| {
            made.entries
                .push(MadeEntry::stored("assets/", b"").unix_mode(mode));
        });
        open(made.build()).unwrap();
    }
}
