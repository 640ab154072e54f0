//! Which folders are refused, and what is told about them.

use super::*;

#[test]
fn a_new_folder_several_deep_is_created_and_left_without_a_trace_of_the_trial() {
    let folder = tempfile::tempdir().unwrap();
    let deep = folder.path().join("app").join("files");
    let storage = DiskStorage::configure(&deep).unwrap();
    assert_eq!(names(&storage, &StoragePath::root()), ["probe.lock"]);
    assert_eq!(storage.path_of(&path("a/b")), deep.join("a").join("b"));
    assert_eq!(storage.path_of(&StoragePath::root()), deep);
}

#[test]
fn a_folder_is_configured_again_whatever_an_earlier_trial_left() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["probe", "probe.tmp", "probe.lock"] {
        fs::write(folder.path().join(name), b"left").unwrap();
    }
    DiskStorage::configure(folder.path()).unwrap();
}

#[test]
fn many_that_try_one_folder_at_once_all_find_it_good() {
    let folder = tempfile::tempdir().unwrap();
    std::thread::scope(|scope| {
        let tries: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| DiskStorage::configure(folder.path()).map(drop)))
            .collect();
        for one in tries {
            one.join().unwrap().unwrap();
        }
    });
}

#[test]
fn a_file_in_the_folders_place_is_refused_by_name() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    fs::write(&file, b"").unwrap();
    let refused = DiskStorage::configure(&file).unwrap_err();
    assert_eq!(
        (refused.folder, refused.source.fault),
        (file, Fault::Exists)
    );
}

#[test]
#[cfg(unix)]
fn a_folder_that_may_not_be_written_is_refused_just_if_the_system_refuses_to_write_there() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o555)).unwrap();
    // The superuser may write everywhere.
    let expected = fs::write(folder.path().join("a"), b"")
        .is_err()
        .then_some(Fault::Denied);
    let configured = DiskStorage::configure(folder.path());
    assert_eq!(configured.err().map(|error| error.source.fault), expected);
}

#[test]
#[cfg(target_os = "linux")]
fn a_file_system_that_cannot_sync_or_write_is_refused_with_the_reason() {
    let kernel = DiskStorage::new(Path::new("/proc"));
    let error = kernel.sync_folder(&StoragePath::root()).unwrap_err();
    assert_eq!(
        (error.operation, error.fault),
        (Operation::SyncFolder, Fault::Unsupported)
    );
    DiskStorage::configure(Path::new("/proc")).unwrap_err();
    DiskStorage::configure(Path::new("/proc/patchproof")).unwrap_err();
}

#[test]
#[cfg(target_os = "linux")]
fn a_full_disk_is_told_apart_from_a_broken_one() {
    let devices = DiskStorage::new(Path::new("/dev"));
    let mut full = devices.open(&path("full"), Access::Append).unwrap();
    let error = full.write(b"more").unwrap_err();
    assert_eq!(
        (error.operation, error.fault),
        (Operation::Write, Fault::NoSpace)
    );
    let error = full.sync().unwrap_err();
    assert_eq!(
        (error.operation, error.fault),
        (Operation::Sync, Fault::Unsupported)
    );
}
