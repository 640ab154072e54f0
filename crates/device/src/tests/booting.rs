//! Starts: what boots, and what does not any more.

use std::sync::atomic::Ordering;

use patchproof_lifecycle::Exit;
use patchproof_storage::DiskStorage;

use super::made::{ARM64, VERSION, base, library, patched};
use super::world::{World, notices, number, update};
use crate::{Booted, ConfigureError, StartFacts, Updater};

#[test]
fn a_fresh_device_boots_the_bundled_release() {
    let world = World::new();
    let (_device, boot) = world.start(1, &[]);
    assert_eq!(
        (boot.what, boot.guarded, boot.notices),
        (Booted::Bundled, true, vec![])
    );
}

#[test]
fn an_installed_patch_boots_at_the_next_start_and_not_before() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    let (device, before) = world.start(1, &[]);
    update(&device).unwrap();
    let again = device.begin_boot(&StartFacts {
        process: 1,
        exits: vec![],
    });
    assert_eq!((number(&before), &again), (0, &before));
    drop(device);
    let (device, boot) = world.start(2, &[]);
    let Booted::Generation { folder, files, .. } = &boot.what else {
        panic!("{boot:?}");
    };
    let booted = DiskStorage::new(&world.path(folder.as_str()))
        .path_of(&crate::updater::places::of(&files[0].name));
    assert_eq!(std::fs::read(booted).unwrap(), new);
    assert!(boot.guarded);
    drop(device);
}

#[test]
fn a_patch_that_is_known_to_have_crashed_never_boots_again() {
    let world = World::new();
    world.install(1, &patched("new"));
    drop(world.start(7, &[]));
    let (device, boot) = world.start(8, &[(7, Exit::NativeCrash)]);
    assert_eq!((number(&boot), notices(&boot)), (0, vec!["dropped"]));
    assert_eq!(device.bans().unwrap().len(), 1);
    let updated = update(&device).unwrap();
    assert!(matches!(
        updated.outcome,
        crate::Outcome::NotTaken { number: 1, .. }
    ));
}

#[test]
fn ends_that_nobody_can_tell_set_a_patch_aside_after_three() {
    let world = World::new();
    world.install(1, &patched("new"));
    let booted: Vec<u64> = (2..6)
        .map(|process| number(&world.start(process, &[]).1))
        .collect();
    assert_eq!(booted, [1, 1, 1, 0]);
}

#[test]
fn the_proven_patch_boots_when_the_newer_one_crashed() {
    let world = World::new();
    world.install(1, &patched("one"));
    world.prove();
    world.install(2, &patched("two"));
    assert_eq!(number(&world.start(7, &[]).1), 2);
    let (_device, boot) = world.start(8, &[(7, Exit::Crash)]);
    assert_eq!(
        (number(&boot), notices(&boot)),
        (1, vec!["dropped", "fell_back"])
    );
}

#[test]
fn what_the_server_withdraws_is_gone_at_the_next_start_and_not_before() {
    let (world, new) = (World::new(), patched("new"));
    world.install(1, &new);
    let (running, boot) = world.start(2, &[]);
    world.server().answer =
        r#"{"patch_available":false,"rolled_back_patch_numbers":[1]}"#.to_owned();
    assert_eq!(
        running.check(&crate::Cancel::new()).unwrap().available,
        None
    );
    running.report_healthy(&boot.id).unwrap();
    assert!(
        world.exists(&world.generation(&new)),
        "a live process runs it"
    );
    drop(running);
    assert_eq!(number(&world.start(3, &[]).1), 0);
}

#[test]
fn files_that_another_live_process_runs_are_not_swept() {
    let (world, one, two) = (World::new(), patched("one"), patched("two"));
    world.install(1, &one);
    let (_other, boot) = world.start(2, &[]);
    assert_eq!(number(&boot), 1);
    world.install(2, &two);
    let (device, boot) = world.start(3, &[]);
    device.report_healthy(&boot.id).unwrap();
    assert!(world.exists(&world.generation(&one)));
}

#[test]
fn what_nobody_refers_to_is_swept() {
    let (world, one) = (World::new(), patched("one"));
    world.install(1, &one);
    world.install(2, &patched("two"));
    world.prove();
    assert!(!world.exists(&world.generation(&one)));
}

#[test]
fn a_patch_of_another_release_does_not_boot() {
    let world = World::new();
    world.install(1, &patched("new"));
    std::fs::write(world.base(), library(ARM64, VERSION, b"the next release")).unwrap();
    let (_device, boot) = world.start(2, &[]);
    assert_eq!((number(&boot), notices(&boot)), (0, vec!["dropped"]));
}

#[test]
fn the_bundled_library_is_hashed_once_for_each_file() {
    let world = World::new();
    drop(world.start(1, &[]));
    let first = world.device().release();
    // The same file by inode, length and time, and other bytes: only a hash would tell.
    let modified = std::fs::metadata(world.base()).unwrap().modified().unwrap();
    let mut other = base();
    *other.last_mut().unwrap() ^= 1;
    std::fs::write(world.base(), &other).unwrap();
    let file = std::fs::File::options()
        .append(true)
        .open(world.base())
        .unwrap();
    file.set_modified(modified).unwrap();
    assert_eq!(world.device().release(), first);
    file.set_modified(modified + std::time::Duration::from_secs(1))
        .unwrap();
    assert_ne!(world.device().release(), first);
}

#[test]
fn on_a_full_disk_a_proven_patch_boots_unguarded() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    world.disk.full.store(true, Ordering::SeqCst);
    let (_device, boot) = world.start(3, &[]);
    assert_eq!((number(&boot), boot.guarded), (1, false));
    assert_eq!(notices(&boot), ["disk_failed", "unguarded"]);
}

#[test]
fn on_a_full_disk_a_patch_that_is_not_proven_does_not_boot() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.disk.full.store(true, Ordering::SeqCst);
    let (_device, boot) = world.start(3, &[]);
    assert_eq!(number(&boot), 0);
    assert!(notices(&boot).contains(&"not_booted_unguarded"));
}

#[test]
fn while_another_process_is_at_work_a_start_writes_nothing() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    let other = world.device();
    let lock = other.lock_operation().unwrap();
    let (_device, boot) = world.start(3, &[]);
    assert_eq!((number(&boot), boot.guarded), (1, false));
    assert_eq!(notices(&boot), ["busy", "unguarded"]);
    drop(lock);
}

#[test]
fn a_ninth_process_boots_what_is_proven_unguarded() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    let others: Vec<_> = (10..18).map(|process| world.start(process, &[])).collect();
    assert!(others.iter().all(|(_, boot)| boot.guarded));
    let (_device, ninth) = world.start(18, &[]);
    assert_eq!((number(&ninth), ninth.guarded), (1, false));
    assert_eq!(notices(&ninth), ["no_process_slot", "unguarded"]);
}

#[test]
fn settings_with_a_key_that_no_signature_can_be_held_against_are_refused() {
    let world = World::new();
    let mut config = world.config();
    config.settings.patch_public_key = Some("key".to_owned());
    let line = world.device().transport.clone();
    let refused = Updater::configure(world.disk.clone(), world.machine.clone(), line, config);
    assert!(matches!(refused, Err(ConfigureError::PublicKey(_))));
}

#[test]
fn a_version_is_as_long_as_the_state_writes_it() {
    let world = World::new();
    let mut config = world.config();
    config.release.version = "\"".repeat(129);
    let line = world.device().transport.clone();
    let refused = Updater::configure(world.disk.clone(), world.machine.clone(), line, config);
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(matches!(
        refused,
        ConfigureError::Version { found_bytes: 258 }
    ));
}

#[test]
fn a_policy_that_lets_the_state_outgrow_its_slot_is_refused() {
    let world = World::new();
    let mut config = world.config();
    config.policy.queue_max = u16::MAX;
    let line = world.device().transport.clone();
    let refused = Updater::configure(world.disk.clone(), world.machine.clone(), line, config);
    let refused = refused.map(|_| ()).unwrap_err();
    assert!(matches!(
        refused,
        ConfigureError::PolicyTooLarge {
            name: "queue_max",
            ..
        }
    ));
}
