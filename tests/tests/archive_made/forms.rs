//! Archives in every form that real tools write: each is read as what was put in.

use patchproof_testkit::made::{Descriptor, MadeEntry, Padding};

use crate::common::{ASSET, LIBRARY, assert_read, small, spoiled, spoiled_entry};

#[test]
fn a_small_apk_is_read() {
    assert_read(&small());
}

#[test]
fn either_descriptor_in_either_width_is_read() {
    for descriptor in [Descriptor::Signed, Descriptor::Unsigned] {
        for zip64 in [false, true] {
            assert_read(&spoiled(|made| {
                made.zip64 = zip64;
                for entry in &mut made.entries {
                    entry.descriptor = descriptor;
                    entry.zip64 = zip64;
                }
            }));
        }
    }
}

#[test]
fn a_zip64_end_over_plain_entries_is_read() {
    assert_read(&spoiled(|made| made.zip64 = true));
}

#[test]
fn a_zip64_entry_under_a_plain_end_is_read() {
    assert_read(&spoiled_entry(ASSET, |entry| entry.zip64 = true));
}

/// Java writes these: an offset is wide only where it must be.
#[test]
fn a_zip64_field_with_sizes_and_a_plain_offset_is_read() {
    let (packed_bytes, size_bytes) = (small_packed_size(), made_size(&small().entries[0]));
    assert_read(&spoiled(|made| {
        let entry = &mut made.entries[0];
        entry.zip64 = true;
        entry.central.offset = Some(0);
        let mut extra = vec![1, 0, 16, 0];
        extra.extend(size_bytes.to_le_bytes());
        extra.extend(packed_bytes.to_le_bytes());
        entry.central.extra = Some(extra);
    }));
}

/// Python and others that do not know the size in advance: wide in front, plain in the directory.
#[test]
fn a_zip64_field_in_the_local_header_alone_is_read() {
    let (packed, size) = (small_packed_size(), made_size(&small().entries[0]));
    assert_read(&spoiled(|made| {
        let entry = &mut made.entries[0];
        entry.zip64 = true;
        entry.central.size_bytes = Some(u32::try_from(size).unwrap());
        entry.central.packed_bytes = Some(u32::try_from(packed).unwrap());
        entry.central.offset = Some(0);
        entry.central.extra = Some(Vec::new());
    }));
}

#[test]
fn padding_as_zipalign_leaves_it_is_read_at_every_alignment() {
    for alignment in [2, 3, 4, 8, 4096, 16384] {
        for padding in [Padding::Zeros, Padding::Field] {
            assert_read(&spoiled(|made| {
                for entry in &mut made.entries {
                    entry.alignment_bytes = alignment;
                    entry.padding = padding;
                }
            }));
        }
    }
}

#[test]
fn a_signing_block_before_the_directory_is_read() {
    assert_read(&spoiled(|made| {
        made.signing_block = Some(vec![
            (0x7109_871a, vec![3; 5000]),
            (0x4272_6577, vec![0; 99]),
        ]);
    }));
}

#[test]
fn comments_are_read() {
    assert_read(&spoiled(|made| {
        made.comment = b"of the archive".to_vec();
        made.entries[1].comment = b"of an entry".to_vec();
    }));
}

#[test]
fn an_extra_field_of_no_concern_is_read() {
    assert_read(&spoiled_entry(ASSET, |entry| {
        entry.extra = vec![0xfe, 0xca, 0, 0]
    }));
}

/// What Gradle's packager leaves where a file was: a local header without a name or a line.
#[test]
fn a_nameless_filler_is_read_wherever_it_lies() {
    for at in [0, 2, 5] {
        assert_read(&spoiled(|made| {
            let mut filler = MadeEntry::stored("", b"");
            filler.extra = vec![0; 40];
            made.directory = Some((0..=5).filter(|index| *index != at).collect());
            made.entries.insert(at, filler);
            made.entries[at].name.clear();
        }));
    }
}

#[test]
fn a_directory_in_another_order_than_the_entries_is_read() {
    assert_read(&spoiled(|made| made.directory = Some(vec![4, 2, 0, 3, 1])));
}

#[test]
fn a_name_in_utf8_is_read() {
    let name = "assets/flutter_assets/\u{e4}\u{1f600}.png";
    assert_read(&spoiled(|made| {
        made.entries.push(MadeEntry::stored(name, b"x"))
    }));
}

#[test]
fn an_empty_content_is_read_stored_and_deflated() {
    assert_read(&spoiled(|made| {
        made.entries.push(MadeEntry::stored("assets/a", b""));
        made.entries.push(MadeEntry::deflated("assets/b", b""));
    }));
}

#[test]
fn the_modes_of_a_file_are_read() {
    for mode in [0, 0o644, 0o100_644, 0o100_755] {
        assert_read(&spoiled(|made| {
            let entry = made.entries.pop().unwrap();
            made.entries.push(entry.unix_mode(mode));
        }));
    }
}

#[test]
fn more_entries_than_16_bits_count_are_read() {
    assert_read(&spoiled(|made| {
        made.zip64 = true;
        for number in 0..70_000 {
            made.entries
                .push(MadeEntry::stored(&format!("assets/{number}"), b""));
        }
    }));
}

/// An archive in an archive has an end record of its own, in the data of an entry.
#[test]
fn an_archive_that_is_stored_in_the_archive_is_read() {
    assert_read(&spoiled(|made| {
        let inner = small().build();
        made.entries
            .push(MadeEntry::stored("assets/inner.zip", &inner));
    }));
}

#[test]
fn a_library_that_is_deflated_is_read() {
    assert_read(&spoiled(|made| {
        let content = made.files()[LIBRARY].clone();
        *made.entry(LIBRARY).unwrap() = MadeEntry::deflated(LIBRARY, &content);
    }));
}

fn made_size(entry: &MadeEntry) -> u64 {
    let made = patchproof_testkit::made::MadeZip::new(vec![entry.clone()]);
    let files = made.files();
    u64::try_from(files.values().next().unwrap().len()).unwrap()
}

/// The packed size of the first entry, out of its local header.
fn small_packed_size() -> u64 {
    let file = small().build();
    u32::from_le_bytes(file[18..22].try_into().unwrap()).into()
}
