//! Operations that fail to order, and syncs that do.

use patchproof_storage::{Fault, Hold, Operation};

use super::*;

fn failing_sync(aftermath: Aftermath) -> (SimDisk, SimProcess) {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", b"lost");
    sync_root(&process);
    let mut plan = FaultPlan::once(Which::Kind(Operation::Sync), 0, Failure::Io);
    plan.aftermath = aftermath;
    disk.fail(plan);
    let mut file = process.open(&path("f"), Access::Append).unwrap();
    assert!(file.sync().is_err());
    drop(file);
    (disk, process)
}

#[test]
fn a_failed_sync_has_lost_its_writes_though_reads_show_them_and_the_next_succeeds() {
    let (disk, process) = failing_sync(Aftermath::Lost);
    assert_eq!(read(&process, &path("f")), b"lost");
    sync(&process, "f");
    assert_eq!(read(&process, &path("f")), b"lost");
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("f", &[0; 4])])]));
}

#[test]
fn what_was_lost_is_on_no_disk_even_without_another_sync() {
    let (disk, _) = failing_sync(Aftermath::Lost);
    let legal = [of(&[("f", &[])]), of(&[("f", &[0; 4])])];
    // Between them: the lengths at which the block could have been torn.
    assert!(image_trees(&disk).iter().all(|tree| {
        tree["f"]
            .as_ref()
            .is_some_and(|bytes| bytes.iter().all(|byte| *byte == 0))
    }));
    assert!(image_trees(&disk).is_superset(&BTreeSet::from(legal)));
}

#[test]
fn what_is_written_after_a_failed_sync_lasts_with_the_next() {
    let (disk, process) = failing_sync(Aftermath::Lost);
    append(&process, "f", b"kept");
    sync(&process, "f");
    assert_eq!(
        image_trees(&disk),
        BTreeSet::from([of(&[("f", b"\0\0\0\0kept")])])
    );
}

#[test]
fn a_sync_that_failed_and_yet_may_have_worked_leaves_both() {
    let (disk, process) = failing_sync(Aftermath::Done);
    let trees = image_trees(&disk);
    assert!(trees.contains(&of(&[("f", b"lost")])) && trees.contains(&of(&[("f", b"")])));
    sync(&process, "f");
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("f", b"lost")])]));
}

#[test]
fn a_failed_folder_sync_has_lost_its_names_for_good_and_a_fresh_one_lasts() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", b"old");
    sync_root(&process);
    put_synced(&process, "t", b"new");
    process.rename(&path("t"), &path("f")).unwrap();
    disk.fail(FaultPlan::once(
        Which::Kind(Operation::SyncFolder),
        0,
        Failure::Io,
    ));
    assert!(process.sync_folder(&StoragePath::root()).is_err());
    sync_root(&process);
    assert_eq!(tree(&process), of(&[("f", b"new")]));
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("f", b"old")])]));
    put_synced(&process, "t", b"newer");
    process.rename(&path("t"), &path("f")).unwrap();
    sync_root(&process);
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("f", b"newer")])]));
}

#[test]
fn a_file_whose_rename_was_lost_has_one_name_after_its_next_one() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "a", b"1");
    sync_root(&process);
    process.rename(&path("a"), &path("b")).unwrap();
    disk.fail(FaultPlan::once(
        Which::Kind(Operation::SyncFolder),
        0,
        Failure::Io,
    ));
    assert!(process.sync_folder(&StoragePath::root()).is_err());
    process.rename(&path("b"), &path("c")).unwrap();
    sync_root(&process);
    assert_eq!(image_trees(&disk), BTreeSet::from([of(&[("c", b"1")])]));
}

#[test]
fn a_short_write_leaves_its_first_bytes() {
    let disk = honest();
    let process = disk.process();
    let plan = FaultPlan::once(Which::Kind(Operation::Write), 0, Failure::NoSpace);
    disk.fail(plan.after_a_short_write(2));
    let mut file = process.open(&path("f"), Access::CreateNew).unwrap();
    assert_eq!(file.write(b"1234").unwrap_err().fault, Fault::NoSpace);
    assert_eq!(read(&process, &path("f")), b"12");
}

#[test]
fn each_failure_is_told_as_what_it_is() {
    let told = [
        (Failure::Io, Fault::Io),
        (Failure::NoSpace, Fault::NoSpace),
        (Failure::Quota, Fault::NoSpace),
        (Failure::Interrupted, Fault::Io),
        (Failure::TwoFileSystems, Fault::TwoFileSystems),
        (Failure::Denied, Fault::Denied),
        (Failure::ReadOnly, Fault::ReadOnly),
    ];
    for (failure, fault) in told {
        let disk = honest();
        disk.fail(FaultPlan::once(Which::Any, 0, failure));
        let error = disk.process().make_folder(&path("d")).unwrap_err();
        assert_eq!(
            (error.fault, error.operation),
            (fault, Operation::MakeFolder)
        );
        assert_eq!(disk.process().list(&StoragePath::root()).unwrap(), []);
    }
}

#[test]
fn a_failure_for_once_is_over_and_one_for_ever_is_not() {
    let disk = honest();
    let process = disk.process();
    disk.fail(FaultPlan::once(
        Which::Kind(Operation::MakeFolder),
        1,
        Failure::NoSpace,
    ));
    let made = ["a", "b", "c"].map(|name| process.make_folder(&path(name)).is_ok());
    assert_eq!(made, [true, false, true]);
    let full = FaultPlan::for_ever(Which::NeedsSpace, 1, Failure::NoSpace);
    let ordered = disk.fail(full);
    assert!(!disk.has_come(ordered));
    let made = ["d", "e", "f"].map(|name| process.make_folder(&path(name)).is_ok());
    assert_eq!(made, [true, false, false]);
    assert!(
        process.remove(&path("d")).is_ok(),
        "removing needs no space"
    );
    assert!(disk.take_back(ordered));
    assert!(process.make_folder(&path("e")).is_ok());
}

#[test]
fn an_operation_that_failed_although_done_is_done() {
    let disk = honest();
    let process = disk.process();
    put(&process, "a", b"1");
    let plan = FaultPlan::once(Which::Kind(Operation::Rename), 0, Failure::Io);
    disk.fail(plan.although_done());
    assert!(process.rename(&path("a"), &path("b")).is_err());
    assert_eq!(tree(&process), of(&[("b", b"1")]));
}

#[test]
fn each_file_rots_alone_and_none_but_one_is_touched() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", b"123");
    put_synced(&process, "g", b"4");
    sync_root(&process);
    let mut bits = 0;
    for (name, rot, rotten) in disk.rotten() {
        let rotten = rotten.process();
        let other = if name == "f" { "g" } else { "f" };
        assert_eq!(read(&rotten, &path(other)), read(&process, &path(other)));
        let file = rotten.open(&path(&name), Access::Read).unwrap();
        let is_readable = file.read_at(&mut [0; 8], 0).is_ok();
        assert_eq!(is_readable, rot != Rot::Unreadable);
        if is_readable {
            assert_ne!(read(&rotten, &path(&name)), read(&process, &path(&name)));
            bits += u32::from(matches!(rot, Rot::Bit { .. }));
        }
    }
    assert_eq!(
        bits, 4,
        "first, middle and last byte of one, the only byte of the other"
    );
}

#[test]
fn a_lock_that_was_taken_and_answers_with_an_error_is_held_by_nobody() {
    let disk = honest();
    let process = disk.process();
    let plan = FaultPlan::once(Which::Kind(Operation::Lock), 0, Failure::Io);
    disk.fail(plan.although_done());
    assert!(process.lock(&path("lock"), Hold::Exclusive).is_err());
    let held = process.lock(&path("lock"), Hold::Exclusive).unwrap();
    assert!(held.is_some());
}
