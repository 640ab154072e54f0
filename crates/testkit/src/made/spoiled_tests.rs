//! Each field of a made snapshot, spoiled, changes its own bytes and no others.

use super::{Container, Layout, Machine, MadeSnapshot};

#[test]
fn the_right_length_counts_from_behind_the_magic_to_the_end_of_the_payload() {
    let made = right();
    let start = app_data(&made);
    let length = usize::try_from(made.isolate.length_bytes()).unwrap();
    let bytes = made.build();
    assert!(bytes[start..start + 4 + length].ends_with(&made.isolate.payload));
    assert_eq!(
        bytes[start + 4..start + 12],
        made.isolate.length_bytes().to_le_bytes()
    );
}

#[test]
fn a_wrong_magic_stands_in_the_first_four_bytes() {
    changes_only(0, b"f555", |made| made.isolate.magic = *b"f555");
}

#[test]
fn a_wrong_length_stands_behind_the_magic() {
    changes_only(4, &(-7_i64).to_le_bytes(), |made| {
        made.isolate.length = Some(-7)
    });
}

#[test]
fn a_wrong_kind_stands_behind_the_length() {
    changes_only(12, &99_i64.to_le_bytes(), |made| made.isolate.kind = 99);
}

#[test]
fn a_wrong_version_stands_behind_the_kind() {
    changes_only(20, &[b'z'; 32], |made| {
        made.isolate.version = vec![b'z'; 32]
    });
}

#[test]
fn wrong_features_stand_behind_the_version() {
    let features = right().isolate.features.to_ascii_uppercase();
    changes_only(52, &features, |made| {
        made.isolate.features = features.clone()
    });
}

#[test]
fn unterminated_features_run_into_the_payload() {
    let mut made = right();
    made.isolate.terminated = false;
    let end = app_data(&made) + 52 + made.isolate.features.len();
    let bytes = made.build();
    assert!(bytes[end..].starts_with(&made.isolate.payload));
}

#[test]
fn a_blob_without_image_ends_with_its_payload() {
    let mut made = right();
    made.isolate.image.clear();
    let blob = made.isolate.to_bytes(made.container.width(), &["dart:ui"]);
    assert!(blob.ends_with(&made.isolate.payload));
}

#[test]
fn an_overridden_machine_is_stated_instead_of_the_true_one() {
    for (container, at) in [(Container::Elf64, 18), (Container::Macho64, 4)] {
        let mut made = MadeSnapshot::new(container, Machine::Arm64, Layout::Unified);
        made.machine_override = Some(0x1234);
        assert_eq!(made.build()[at..at + 2], [0x34, 0x12]);
    }
}

#[test]
fn a_nonsensical_load_alignment_is_stated_and_the_file_stays_small() {
    for alignment in [0, 1, 1000, u64::MAX] {
        let mut made = right();
        made.load_alignment_bytes = alignment;
        let bytes = made.build();
        // The second segment header is the first segment to load; its alignment comes last.
        let at = 64 + 2 * 56 - 8;
        assert_eq!(bytes[at..at + 8], alignment.to_le_bytes());
        assert!(bytes.len() < 256 * 1024);
    }
}

#[test]
fn a_renamed_symbol_is_called_by_its_new_name_alone() {
    let mut made = right();
    made.renamed.push((
        "_kDartIsolateSnapshotData".into(),
        "_kDartMislaidData".into(),
    ));
    let bytes = made.build();
    assert_eq!(find(&bytes, b"_kDartIsolateSnapshotData\0"), None);
    assert!(find(&bytes, b"_kDartMislaidData\0").is_some());
}

#[test]
fn an_omitted_symbol_has_no_name_in_the_file() {
    let mut made = right();
    made.omitted.push("_kDartVmSnapshotInstructions".into());
    assert_eq!(find(&made.build(), b"_kDartVmSnapshotInstructions"), None);
}

#[test]
fn a_snapshot_without_build_id_has_no_note_and_no_symbol_for_it() {
    let mut made = right();
    made.build_id = None;
    let bytes = made.build();
    assert_eq!(find(&bytes, b"_kDartSnapshotBuildId"), None);
    assert_eq!(find(&bytes, b".note.gnu.build-id"), None);
}

#[test]
fn an_extra_string_stands_between_the_loaders_tables_and_the_blobs() {
    let mut made = right();
    made.extra_strings.push(b"\xff an odd one".to_vec());
    let string = find(&made.build(), b"\0\xff an odd one\0").unwrap();
    assert!(string < app_data(&made));
}

#[test]
fn the_embedders_library_and_the_source_path_stand_in_the_apps_data() {
    let mut made = right();
    made.source_path = Some("file:///home/someone/app/main.dart".into());
    let bytes = made.build();
    let data = &bytes[app_data(&made)..];
    assert!(find(data, b"dart:ui\0").is_some());
    assert!(find(data, b"file:///home/someone/app/main.dart\0").is_some());
    made.embedder = None;
    assert_eq!(find(&made.build(), b"dart:ui"), None);
}

#[test]
fn a_stab_of_the_same_name_stands_before_the_data_and_has_the_value_0() {
    let mut made = MadeSnapshot::new(Container::Macho64, Machine::Arm64, Layout::Unified);
    assert_eq!(
        symbols_named(&made.build(), b"_kDartSnapshotData"),
        [(0x20, 0), (0x0f, 0x8000)]
    );
    made.stabs = false;
    assert_eq!(
        symbols_named(&made.build(), b"_kDartSnapshotData"),
        [(0x0f, 0x8000)]
    );
}

fn right() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
}

/// Builds a right and a spoiled snapshot: they differ in the app's data, from `at` on, where the
/// spoiled one has `expected`.
#[track_caller]
fn changes_only(at: usize, expected: &[u8], spoil: impl FnOnce(&mut MadeSnapshot)) {
    let mut made = right();
    let (old, start) = (made.build(), app_data(&made) + at);
    spoil(&mut made);
    let new = made.build();
    let end = start + expected.len();
    assert_ne!(old[start..end], *expected);
    assert_eq!(new[start..end], *expected);
    assert_eq!((&new[..start], &new[end..]), (&old[..start], &old[end..]));
}

/// Where the app's data begins; the second magic of a split snapshot.
fn app_data(made: &MadeSnapshot) -> usize {
    let bytes = made.build();
    let magic = b"\xf5\xf5\xdc\xdc";
    let first = find(&bytes, magic).unwrap();
    first + 4 + find(&bytes[first + 4..], magic).unwrap()
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

/// The type and value of each Mach-O symbol of this name, in the file's order.
fn symbols_named(bytes: &[u8], name: &[u8]) -> Vec<(u8, u64)> {
    let number = |at: usize| {
        usize::try_from(u32::from_le_bytes(bytes[at..at + 4].try_into().unwrap())).unwrap()
    };
    let command = find(bytes, &[2, 0, 0, 0, 24, 0, 0, 0]).unwrap();
    let (table, count, names) = (
        number(command + 8),
        number(command + 12),
        number(command + 16),
    );
    let entry = |index| {
        let at = table + 16 * index;
        let value = u64::from_le_bytes(bytes[at + 8..at + 16].try_into().unwrap());
        (names + number(at), bytes[at + 4], value)
    };
    let named = |at: usize| bytes[at..].starts_with(name) && bytes[at + name.len()] == 0;
    let found = (0..count).map(entry).filter(|(at, ..)| named(*at));
    found.map(|(_, kind, value)| (kind, value)).collect()
}
