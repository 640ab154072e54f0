//! Power, processes, locks and the trace.

use patchproof_storage::{Hold, Operation};

use super::*;

#[test]
fn after_the_cut_every_operation_of_every_process_fails_and_says_why() {
    let disk = honest();
    let (one, other) = (disk.process(), disk.process());
    disk.cut_power_before(2);
    let mut file = one.open(&path("f"), Access::CreateNew).unwrap();
    file.write(b"1").unwrap();
    assert!(PowerOff::is_cause_of(&file.sync().unwrap_err()));
    assert!(PowerOff::is_cause_of(&file.length().unwrap_err()));
    assert!(PowerOff::is_cause_of(
        &other.list(&StoragePath::root()).unwrap_err()
    ));
    assert_eq!(disk.operations(), 2);
    let cut = disk.power_cut().unwrap().to_string();
    assert_eq!(cut, "the power went at operation 2: syncing f");
}

#[test]
fn an_image_has_power_and_neither_locks_nor_failures() {
    let disk = honest();
    let process = disk.process();
    let _held = process
        .lock(&path("lock"), Hold::Exclusive)
        .unwrap()
        .unwrap();
    sync_root(&process);
    disk.fail(FaultPlan::for_ever(Which::Any, 0, Failure::Io));
    disk.cut_power();
    for image in disk.images(Bounds::normal()) {
        let process = image.process();
        assert!(
            process
                .lock(&path("lock"), Hold::Exclusive)
                .unwrap()
                .is_some()
        );
    }
}

#[test]
fn the_images_of_an_image_are_itself() {
    let disk = honest();
    put(&disk.process(), "f", &noise(600));
    for image in disk.images(Bounds::normal()) {
        let again: Vec<u128> = image
            .images(Bounds::normal())
            .map(|image| image.fingerprint())
            .collect();
        assert_eq!(again, [image.fingerprint()]);
    }
}

#[test]
fn the_disk_goes_on_as_it_was_when_its_images_are_used() {
    let disk = honest();
    put(&disk.process(), "f", b"1");
    for image in disk.images(Bounds::normal()) {
        put(&image.process(), "g", b"2");
    }
    assert_eq!(tree(&disk.process()), of(&[("f", b"1")]));
}

#[test]
fn a_killed_process_leaves_what_it_wrote_and_none_of_its_locks() {
    let disk = honest();
    let (one, other) = (disk.process(), disk.process());
    let _held = one.lock(&path("lock"), Hold::Exclusive).unwrap().unwrap();
    put(&one, "f", b"1");
    assert!(other.lock(&path("lock"), Hold::Shared).unwrap().is_none());
    disk.kill(one.id());
    assert!(other.lock(&path("lock"), Hold::Shared).unwrap().is_some());
    assert_eq!(read(&other, &path("f")), b"1");
    assert!(Killed::is_cause_of(&one.remove(&path("f")).unwrap_err()));
}

#[test]
fn a_process_is_killed_before_its_own_operation_of_that_number() {
    let disk = honest();
    let (one, other) = (disk.process(), disk.process());
    disk.kill_before(one.id(), 1);
    other.make_folder(&path("a")).unwrap();
    one.make_folder(&path("b")).unwrap();
    assert!(Killed::is_cause_of(
        &one.make_folder(&path("c")).unwrap_err()
    ));
    other.make_folder(&path("d")).unwrap();
    assert_eq!(disk.operations(), 3);
}

#[test]
fn shared_locks_go_together_and_an_exclusive_one_alone_within_a_process_too() {
    let disk = honest();
    for other in [disk.process(), disk.process()] {
        let process = disk.process();
        for process in [&process, &other] {
            let shared = process.lock(&path("lock"), Hold::Shared).unwrap().unwrap();
            let second = other.lock(&path("lock"), Hold::Shared).unwrap();
            assert!(second.is_some());
            assert!(
                other
                    .lock(&path("lock"), Hold::Exclusive)
                    .unwrap()
                    .is_none()
            );
            drop((shared, second));
            let exclusive = process.lock(&path("lock"), Hold::Exclusive).unwrap();
            assert!(exclusive.is_some());
            assert!(other.lock(&path("lock"), Hold::Shared).unwrap().is_none());
            assert!(
                other
                    .lock(&path("lock"), Hold::Exclusive)
                    .unwrap()
                    .is_none()
            );
        }
    }
}

#[test]
fn a_lock_is_the_files_and_not_the_names() {
    let disk = honest();
    let process = disk.process();
    let held = process.lock(&path("a"), Hold::Exclusive).unwrap();
    process.rename(&path("a"), &path("b")).unwrap();
    assert!(process.lock(&path("b"), Hold::Exclusive).unwrap().is_none());
    assert!(process.lock(&path("a"), Hold::Exclusive).unwrap().is_some());
    drop(held);
}

#[test]
fn the_trace_tells_every_operation_and_which_failed() {
    let disk = honest();
    disk.record();
    let process = disk.process();
    put_synced(&process, "t", b"1");
    process.rename(&path("t"), &path("f")).unwrap();
    assert!(process.remove(&path("t")).is_err());
    sync_root(&process);
    let told: Vec<String> = disk.trace().iter().map(ToString::to_string).collect();
    let expected = [
        "creating t",
        "writing t",
        "syncing t",
        "renaming t to f",
        "removing t (failed)",
        "syncing the folder .",
    ];
    assert_eq!(told, expected);
    assert_eq!(disk.trace()[3].operation, Operation::Rename);
}

#[test]
fn a_fingerprint_is_what_reads_show() {
    let disk = honest();
    let process = disk.process();
    put_synced(&process, "f", &noise(600));
    sync_root(&process);
    let image = disk.images(Bounds::normal()).next().unwrap();
    assert_eq!(image.fingerprint(), disk.fingerprint());
    put(&image.process(), "g", b"");
    assert_ne!(image.fingerprint(), disk.fingerprint());
    image.process().remove(&path("g")).unwrap();
    assert_eq!(image.fingerprint(), disk.fingerprint());
}

#[test]
fn a_stamp_moves_when_bytes_or_the_file_do() {
    let disk = honest();
    let process = disk.process();
    put(&process, "f", b"1");
    let first = process.stamp(&path("f")).unwrap();
    assert_eq!(process.stamp(&path("f")).unwrap(), first);
    append(&process, "f", b"2");
    let second = process.stamp(&path("f")).unwrap();
    assert_ne!(first.modified_ns, second.modified_ns);
    process.remove(&path("f")).unwrap();
    put(&process, "f", b"12");
    assert_ne!(process.stamp(&path("f")).unwrap().inode, second.inode);
}
