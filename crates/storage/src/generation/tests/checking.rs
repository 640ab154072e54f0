//! What gives a generation away as not whole.

use super::*;

fn damage(storage: &Memory) -> Damage {
    match check(storage, &place()) {
        Finding::Damaged(damage) => damage,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_folder_that_is_not_there_is_missing_and_not_damaged() {
    let finding = check(&Memory::new(), &place());
    assert!(matches!(finding, Finding::Missing), "{finding:?}");
}

#[test]
fn a_file_with_other_bytes_is_damage() {
    let storage = installed();
    let name = "libapp.so".to_owned();
    for bytes in [b"c0de", b"\0\0\0\0"] {
        storage.put("generations/ab/libapp.so", bytes);
        assert_eq!(damage(&storage), Damage::Hash { name: name.clone() });
    }
}

#[test]
fn a_file_that_is_too_short_or_too_long_is_damage() {
    let storage = installed();
    for bytes in [&b""[..], b"cod", b"codes"] {
        storage.put("generations/ab/libapp.so", bytes);
        let name = "libapp.so".to_owned();
        let found_bytes = crate::whole::wide(bytes.len());
        let expected = Damage::Size {
            name,
            expected_bytes: 4,
            found_bytes,
        };
        assert_eq!(damage(&storage), expected);
    }
}

#[test]
fn a_file_that_is_gone_is_damage() {
    for (name, expected) in [
        (
            "z",
            Damage::FileMissing {
                name: "z".to_owned(),
            },
        ),
        ("manifest", Damage::NoManifest),
    ] {
        let storage = installed();
        storage.remove(&place().join(name).unwrap()).unwrap();
        assert_eq!(damage(&storage), expected);
    }
}

#[test]
fn a_file_or_folder_that_the_manifest_does_not_name_is_damage() {
    let storage = installed();
    storage.put("generations/ab/extra", b"");
    let name = "extra".to_owned();
    assert_eq!(damage(&storage), Damage::Extra { name: name.clone() });
    storage.remove(&path("generations/ab/extra")).unwrap();
    storage.make_folder(&path("generations/ab/extra")).unwrap();
    assert_eq!(damage(&storage), Damage::NoFile { name });
}

#[test]
fn a_folder_in_a_files_place_is_damage_and_is_not_read() {
    for name in ["manifest", "libapp.so"] {
        let storage = installed();
        let file = place().join(name).unwrap();
        storage.remove(&file).unwrap();
        storage.make_folder(&file).unwrap();
        let name = name.to_owned();
        assert_eq!(damage(&storage), Damage::NoFile { name });
    }
}

#[test]
fn a_manifest_that_is_none_is_damage() {
    let storage = installed();
    storage.put("generations/ab/manifest", b"\0\0\0\0");
    assert_eq!(damage(&storage), Damage::Manifest(ManifestError::Head));
    let endless = vec![b'a'; Manifest::TEXT_BYTES_MAX + 1];
    storage.put("generations/ab/manifest", &endless);
    let size_bytes = crate::whole::wide(endless.len());
    let expected = Damage::Manifest(ManifestError::TooLong { size_bytes });
    assert_eq!(damage(&storage), expected);
}

#[test]
fn a_file_that_cannot_be_read_says_nothing_about_the_generation() {
    for name in ["manifest", "libapp.so"] {
        let storage = installed();
        storage.disk().unreadable = Some(place().join(name).unwrap());
        let finding = check(&storage, &place());
        assert!(matches!(finding, Finding::Unreadable(_)), "{finding:?}");
    }
}

#[test]
fn a_check_does_not_follow_a_file_that_somebody_writes_on_for_ever() {
    struct Endless(u64);
    impl crate::File for Endless {
        fn read_at(&self, buffer: &mut [u8], _: u64) -> Result<usize, StorageError> {
            buffer.fill(0);
            Ok(buffer.len())
        }
        fn write(&mut self, _: &[u8]) -> Result<(), StorageError> {
            Ok(())
        }
        fn sync(&mut self) -> Result<(), StorageError> {
            Ok(())
        }
        fn length(&self) -> Result<u64, StorageError> {
            Ok(self.0)
        }
    }
    let (read_bytes, _) = check::hash(&Endless(10), 10).unwrap();
    assert!((11..1 << 20).contains(&read_bytes));
}
