//! The real disk, in folders of its own.

mod configuring;

use std::fs;

use tempfile::TempDir;

use super::*;
use crate::generation::{Finding, StagedGeneration, check, publish, remove_folder};
use crate::{Copies, Fault, File as _, Manifest, Slots};

fn path(path: &str) -> StoragePath {
    StoragePath::new(path).unwrap()
}

fn disk() -> (TempDir, DiskStorage) {
    let folder = tempfile::tempdir().unwrap();
    let storage = DiskStorage::configure(folder.path()).unwrap();
    (folder, storage)
}

fn names(storage: &DiskStorage, folder: &StoragePath) -> Vec<String> {
    let entries = storage.list(folder).unwrap().into_iter();
    entries.map(|entry| entry.name).collect()
}

#[test]
fn what_is_appended_in_parts_is_read_back_at_any_position() {
    let (_folder, storage) = disk();
    let mut file = storage.open(&path("a"), Access::CreateNew).unwrap();
    file.write(b"0123").unwrap();
    file.sync().unwrap();
    drop(file);
    let mut file = storage.open(&path("a"), Access::Append).unwrap();
    file.write(b"4567").unwrap();
    let mut bytes = [0; 5];
    assert_eq!(file.read_at(&mut bytes, 2).unwrap(), 5);
    assert_eq!((&bytes, file.length().unwrap()), (b"23456", 8));
    assert_eq!(file.read_at(&mut bytes, 8).unwrap(), 0);
}

#[test]
fn what_is_there_is_not_created_and_what_is_not_there_is_not_opened() {
    let (_folder, storage) = disk();
    drop(storage.open(&path("a"), Access::CreateNew).unwrap());
    let exists = storage.open(&path("a"), Access::CreateNew).unwrap_err();
    assert_eq!(
        (exists.fault, exists.operation),
        (Fault::Exists, Operation::Create)
    );
    for access in [Access::Read, Access::Append] {
        assert!(
            storage.open(&path("b"), access).unwrap_err().is_missing(),
            "{access:?}"
        );
    }
    assert!(
        storage
            .rename(&path("b"), &path("c"))
            .unwrap_err()
            .is_missing()
    );
    assert!(storage.remove(&path("b")).unwrap_err().is_missing());
    assert!(storage.stamp(&path("b")).unwrap_err().is_missing());
    assert!(storage.list(&path("b")).unwrap_err().is_missing());
}

#[test]
fn a_folder_with_something_in_it_is_neither_removed_nor_replaced() {
    let (_folder, storage) = disk();
    for folder in ["a", "b"] {
        storage.make_folder(&path(folder)).unwrap();
        storage.make_folder(&path(folder)).unwrap();
        drop(
            storage
                .open(&path(folder).join("file").unwrap(), Access::CreateNew)
                .unwrap(),
        );
    }
    assert_eq!(storage.remove(&path("a")).unwrap_err().fault, Fault::Exists);
    assert_eq!(
        storage.rename(&path("a"), &path("b")).unwrap_err().fault,
        Fault::Exists
    );
}

#[test]
fn a_file_is_no_folder() {
    let (_folder, storage) = disk();
    drop(storage.open(&path("a"), Access::CreateNew).unwrap());
    let refused = storage.make_folder(&path("a")).unwrap_err();
    assert_eq!(refused.fault, Fault::Exists);
}

#[test]
fn a_list_is_in_order_and_leaves_out_what_we_could_not_have_named() {
    let (folder, storage) = disk();
    for name in ["b", ".hidden", "UPPER", "with space", "a"] {
        fs::write(folder.path().join(name), b"").unwrap();
    }
    storage.make_folder(&path("c")).unwrap();
    storage.remove(&path("probe.lock")).unwrap();
    let entries = storage.list(&StoragePath::root()).unwrap();
    let found: Vec<_> = entries
        .iter()
        .map(|entry| (entry.name.as_str(), entry.kind))
        .collect();
    let expected = [
        ("a", EntryKind::File),
        ("b", EntryKind::File),
        ("c", EntryKind::Folder),
    ];
    assert_eq!(found, expected);
}

#[test]
#[cfg(unix)]
fn a_link_is_neither_a_file_nor_followed_when_it_is_removed() {
    let (folder, storage) = disk();
    storage.make_folder(&path("a")).unwrap();
    fs::write(folder.path().join("target"), b"kept").unwrap();
    std::os::unix::fs::symlink(folder.path().join("target"), folder.path().join("a/link")).unwrap();
    let entries = storage.list(&path("a")).unwrap();
    assert_eq!(entries.first().unwrap().kind, EntryKind::Other);
    remove_folder(&storage, &path("a")).unwrap();
    assert_eq!(fs::read(folder.path().join("target")).unwrap(), b"kept");
}

#[test]
fn an_exclusive_lock_excludes_every_other_until_it_is_dropped() {
    let (folder, storage) = disk();
    let other = DiskStorage::new(folder.path());
    let held = storage
        .lock(&path("lock"), Hold::Exclusive)
        .unwrap()
        .unwrap();
    for hold in [Hold::Exclusive, Hold::Shared] {
        assert!(
            other.lock(&path("lock"), hold).unwrap().is_none(),
            "{hold:?}"
        );
        assert!(
            storage.lock(&path("lock"), hold).unwrap().is_none(),
            "{hold:?}"
        );
    }
    drop(held);
    assert!(
        other
            .lock(&path("lock"), Hold::Exclusive)
            .unwrap()
            .is_some()
    );
}

#[test]
fn shared_locks_exclude_the_exclusive_one_only() {
    let (folder, storage) = disk();
    let other = DiskStorage::new(folder.path());
    let first = storage.lock(&path("lock"), Hold::Shared).unwrap().unwrap();
    let second = other.lock(&path("lock"), Hold::Shared).unwrap().unwrap();
    drop(first);
    assert!(
        storage
            .lock(&path("lock"), Hold::Exclusive)
            .unwrap()
            .is_none()
    );
    drop(second);
    assert!(
        storage
            .lock(&path("lock"), Hold::Exclusive)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_lock_changes_nothing_in_the_file_that_it_holds() {
    let (folder, storage) = disk();
    fs::write(folder.path().join("manifest"), b"bytes").unwrap();
    let before = storage.stamp(&path("manifest")).unwrap();
    let held = storage.lock(&path("manifest"), Hold::Shared).unwrap();
    assert!(held.is_some());
    assert_eq!(storage.stamp(&path("manifest")).unwrap(), before);
}

#[test]
fn a_file_that_was_removed_and_made_anew_can_be_held_though_the_old_one_still_is() {
    let (_folder, storage) = disk();
    let _held = storage
        .lock(&path("lock"), Hold::Exclusive)
        .unwrap()
        .unwrap();
    storage.remove(&path("lock")).unwrap();
    assert!(
        storage
            .lock(&path("lock"), Hold::Exclusive)
            .unwrap()
            .is_some()
    );
}

#[test]
fn a_stamp_moves_when_a_file_grows_is_written_or_replaced() {
    let (folder, storage) = disk();
    let stamp = || storage.stamp(&path("a")).unwrap();
    fs::write(folder.path().join("a"), b"12").unwrap();
    let first = stamp();
    assert_eq!(first, stamp());
    fs::write(folder.path().join("b"), b"12").unwrap();
    storage.rename(&path("b"), &path("a")).unwrap();
    let replaced = stamp();
    fs::write(folder.path().join("a"), b"123").unwrap();
    assert!(replaced != first && stamp() != replaced);
    assert_eq!(stamp().length_bytes, 3);
}

#[test]
fn a_document_is_kept_and_a_slot_that_is_rotten_on_the_disk_gives_way_to_the_other() {
    let (folder, storage) = disk();
    Slots::commit(&storage, b"first", Copies::Both).unwrap();
    Slots::commit(&storage, b"second", Copies::One).unwrap();
    assert_eq!(Slots::load(&storage).unwrap().newest.unwrap(), b"second");
    fs::write(folder.path().join("state-a"), b"rot").unwrap();
    assert_eq!(Slots::load(&storage).unwrap().newest.unwrap(), b"first");
    assert_eq!(
        names(&storage, &StoragePath::root()),
        ["probe.lock", "state-a", "state-b"]
    );
}

#[test]
fn a_generation_is_staged_published_checked_and_removed() {
    let (folder, storage) = disk();
    let place = path("generations/ab");
    for bytes in [vec![1; 200_000], vec![2; 200_000]] {
        let mut staged = StagedGeneration::begin(&storage, &path("staging/3")).unwrap();
        for name in ["libapp.so", "assets.bin"] {
            let mut file = staged.file(name).unwrap();
            std::io::copy(&mut bytes.as_slice(), &mut file).unwrap();
            file.finish().unwrap();
        }
        // The second time, another generation makes way.
        publish(&storage, &staged.finish().unwrap(), &place).unwrap();
        let Finding::Whole(manifest) = check(&storage, &place) else {
            panic!("not whole")
        };
        assert_eq!(manifest.files().len(), 2);
        assert!(fs::read(folder.path().join("generations/ab/libapp.so")).unwrap() == bytes);
    }
    assert_eq!(
        names(&storage, &place),
        ["assets.bin", "libapp.so", Manifest::NAME]
    );
    remove_folder(&storage, &place).unwrap();
    assert!(matches!(check(&storage, &place), Finding::Missing));
    assert!(names(&storage, &path("staging")).is_empty());
}
