//! What a staged and published generation promises, on a disk that forgets.

mod checking;

use super::*;
use crate::memory::{Memory, Names};
use crate::{Access, ManifestError};

const CUTS: [Names; 2] = [Names::Lost, Names::Kept];
const FILES: [(&str, &[u8]); 3] = [
    ("libapp.so", b"code"),
    ("assets.bin", b"pictures"),
    ("z", b""),
];

fn path(path: &str) -> StoragePath {
    StoragePath::new(path).unwrap()
}

fn place() -> StoragePath {
    path("generations/ab")
}

fn stage(storage: &Memory, files: &[(&str, &[u8])]) -> Result<Staged, StageError> {
    let mut generation = StagedGeneration::begin(storage, &path("staging/0"))?;
    for (name, bytes) in files {
        let mut file = generation.file(name)?;
        for byte in bytes.chunks(3) {
            file.write(byte)?;
        }
        file.finish()?;
    }
    generation.finish()
}

/// The generation is in its place, for good.
fn install(storage: &Memory) -> Result<(), StageError> {
    let staged = stage(storage, &FILES)?;
    Ok(publish(storage, &staged, &place())?)
}

fn installed() -> Memory {
    let storage = Memory::new();
    install(&storage).unwrap();
    storage.cut(Names::Lost);
    storage
}

fn is_whole(storage: &Memory) -> bool {
    matches!(check(storage, &place()), Finding::Whole(manifest) if manifest.files().len() == 3)
}

fn log_of_install() -> Vec<String> {
    let storage = Memory::new();
    install(&storage).unwrap();
    storage.disk().log.clone()
}

#[test]
fn a_generation_of_several_files_is_found_whole_with_the_hashes_of_its_files() {
    let Finding::Whole(manifest) = check(&installed(), &place()) else {
        panic!("not whole")
    };
    let file = manifest.file("libapp.so").unwrap();
    // `printf code | sha256sum`
    let sha256 = "5694d08a2e53ffcae0c3103e5ad6f6076abd960eb1f8a56577040bc1028f702b";
    assert_eq!(
        (file.size_bytes, hex::encode(file.sha256).as_str()),
        (4, sha256)
    );
    assert_eq!(manifest.file("z").unwrap().size_bytes, 0);
}

#[test]
fn files_are_synced_then_their_folder_then_the_place_and_nothing_else() {
    let log = log_of_install();
    let steps: Vec<_> = log
        .iter()
        .filter(|line| line.starts_with("syncing") || line.starts_with("renaming"))
        .collect();
    assert_eq!(
        steps,
        [
            "syncing staging/0/libapp.so",
            "syncing staging/0/assets.bin",
            "syncing staging/0/z",
            "syncing staging/0/manifest",
            "syncing the folder staging/0",
            "renaming staging/0",
            "syncing the folder generations",
            "syncing the folder .",
        ]
    );
}

#[test]
fn a_published_generation_lasts_and_without_any_one_of_its_syncs_it_does_not() {
    let lasts = |dropped| {
        CUTS.into_iter().all(|names| {
            let storage = Memory::new();
            storage.disk().drops = dropped;
            install(&storage).unwrap();
            storage.cut(names);
            is_whole(&storage)
        })
    };
    assert!(lasts(None));
    for (index, operation) in log_of_install().iter().enumerate() {
        // An empty file has nothing to lose here; on a real disk its name may come before it.
        let is_sync = operation.starts_with("syncing") && !operation.ends_with("/z");
        assert_eq!(lasts(Some(index)), !is_sync, "without {operation}");
    }
}

#[test]
fn an_install_that_failed_anywhere_succeeds_when_tried_again_and_lasts() {
    for (failing, operation) in log_of_install().iter().enumerate() {
        for names in CUTS {
            let storage = Memory::new();
            storage.disk().fails = Some(failing);
            install(&storage).unwrap_err();
            install(&storage).unwrap();
            storage.cut(names);
            assert!(is_whole(&storage), "{operation}, names {names:?}");
        }
    }
}

#[test]
fn a_power_cut_anywhere_in_an_install_leaves_nothing_that_stops_the_next() {
    for (failing, operation) in log_of_install().iter().enumerate() {
        for names in CUTS {
            let storage = Memory::new();
            storage.disk().fails = Some(failing);
            install(&storage).unwrap_err();
            storage.cut(names);
            install(&storage).unwrap();
            assert!(is_whole(&storage), "{operation}, names {names:?}");
        }
    }
}

/// The move is seen by whoever comes next, and no later sync makes it last.
#[test]
fn what_a_process_left_that_died_after_a_failed_sync_is_not_trusted() {
    let folders = ["generations", "."];
    for failing in folders {
        for names in CUTS {
            let storage = Memory::new();
            let staged = stage(&storage, &FILES).unwrap();
            storage.make_folder(&path("generations")).unwrap();
            storage.rename(staged.folder(), &place()).unwrap();
            for folder in folders {
                let index = storage.disk().log.len();
                storage.disk().fails = (folder == failing).then_some(index);
                let folder = match folder {
                    "." => StoragePath::root(),
                    folder => path(folder),
                };
                let synced = storage.sync_folder(&folder);
                assert_eq!(synced.is_err(), storage.disk().fails.is_some());
                if synced.is_err() {
                    break;
                }
            }
            install(&storage).unwrap();
            storage.cut(names);
            assert!(is_whole(&storage), "{failing}, names {names:?}");
        }
    }
}

#[test]
fn a_generation_that_could_not_be_published_is_not_left_in_its_place() {
    let storage = Memory::new();
    let log = log_of_install();
    let sync = log
        .iter()
        .position(|line| line.ends_with("folder generations"));
    let last = log.iter().rposition(|line| line.starts_with("syncing"));
    for failing in [sync, last] {
        let storage = storage.copy();
        storage.disk().fails = failing;
        install(&storage).unwrap_err();
        assert!(matches!(check(&storage, &place()), Finding::Missing));
    }
}

#[test]
fn what_is_not_whole_in_the_place_makes_way() {
    let storage = installed();
    storage.put("generations/ab/libapp.so", b"c0de");
    storage.put("generations/ab/extra", b"");
    install(&storage).unwrap();
    assert!(is_whole(&storage));
}

#[test]
fn stamps_tell_a_file_that_was_replaced_added_or_removed() {
    let storage = installed();
    let before = stamps(&storage, &place()).unwrap();
    let names: Vec<_> = before.keys().map(String::as_str).collect();
    assert_eq!(names, ["assets.bin", "libapp.so", "manifest", "z"]);
    storage.put(
        "generations/ab/manifest",
        &storage.bytes("generations/ab/manifest"),
    );
    let replaced = stamps(&storage, &place()).unwrap();
    storage.put("generations/ab/extra", b"");
    let added = stamps(&storage, &place()).unwrap();
    storage.remove(&path("generations/ab/extra")).unwrap();
    storage.remove(&path("generations/ab/z")).unwrap();
    let removed = stamps(&storage, &place()).unwrap();
    assert!(before != replaced && replaced != added && removed != replaced);
}

#[test]
fn a_folder_is_removed_with_what_is_in_it_and_removing_it_again_is_no_error() {
    let storage = installed();
    storage.make_folder(&path("generations/ab/folder")).unwrap();
    for _ in 0..2 {
        remove_folder(&storage, &place()).unwrap();
        assert!(storage.list(&path("generations")).unwrap().is_empty());
    }
}

#[test]
fn what_was_left_in_staging_is_no_part_of_the_next_generation() {
    let storage = Memory::new();
    let mut cut_short = StagedGeneration::begin(&storage, &path("staging/0")).unwrap();
    cut_short.file("left-over").unwrap().write(b"left").unwrap();
    drop(cut_short);
    install(&storage).unwrap();
    assert!(is_whole(&storage));
}

#[test]
fn a_generation_with_an_unfinished_file_cannot_be_finished() {
    let storage = Memory::new();
    let mut generation = StagedGeneration::begin(&storage, &path("staging/0")).unwrap();
    generation.file("a").unwrap().finish().unwrap();
    generation.file("b").unwrap().write(b"half").unwrap();
    assert!(matches!(generation.finish(), Err(StageError::Unfinished)));
}

#[test]
fn a_generation_of_nothing_or_with_a_name_that_leaves_it_cannot_be_staged() {
    let storage = Memory::new();
    let none = stage(&storage, &[]).unwrap_err();
    assert!(matches!(
        none,
        StageError::Manifest(ManifestError::Count { found: 0 })
    ));
    for name in ["../a", "manifest", "a/b", ""] {
        let refused = stage(&storage, &[(name, b"")]).unwrap_err();
        assert!(
            matches!(refused, StageError::Manifest(ManifestError::Name { .. })),
            "{name:?}"
        );
    }
    let twice = stage(&storage, &[("a", b"1"), ("a", b"2")]).unwrap_err();
    assert!(matches!(twice, StageError::Storage(error) if error.fault == Fault::Exists));
}

#[test]
fn a_file_can_be_read_while_the_generation_is_removed_under_it() {
    let storage = installed();
    let file = storage
        .open(&place().join("libapp.so").unwrap(), Access::Read)
        .unwrap();
    remove_folder(&storage, &place()).unwrap();
    let mut bytes = [0; 4];
    assert_eq!(crate::File::read_at(&file, &mut bytes, 0).unwrap(), 4);
    assert_eq!(&bytes, b"code");
}
