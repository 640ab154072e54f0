//! The way into its place: one staging folder, large writes, and a place that somebody runs from.

use std::os::unix::fs::MetadataExt as _;
use std::sync::atomic::Ordering;

use patchproof_storage::{SlotFinding, Slots};

use super::made::patched;
use super::world::{World, answer, number, update};
use crate::{AtFault, Cancel, OperationError, Outcome, Progress, UpdateError};

/// A process that runs patch 1, whose record is gone; it is offered again as patch 2.
fn withdrawn_and_offered_again(world: &World, library: &[u8]) -> super::world::Device {
    world.install(1, library);
    let (running, boot) = world.start(2, &[]);
    assert_eq!(number(&boot), 1);
    world.server().answer = r#"{"patch_available":false,"rolled_back_patch_numbers":[1]}"#.into();
    update(&running).unwrap();
    world.server().answer = answer(2, library, "");
    running
}

#[test]
fn a_generation_that_a_process_runs_is_not_touched_when_it_is_installed_again() {
    let (world, new) = (World::new(), patched("new"));
    let running = withdrawn_and_offered_again(&world, &new);
    let inode = || {
        let manifest = format!("{}/manifest", world.generation(&new));
        std::fs::metadata(world.path(&manifest)).unwrap().ino()
    };
    let before = inode();
    let updated = update(&world.start(3, &[]).0).unwrap();
    let installed = matches!(updated.outcome, Outcome::Installed { number: 2, .. });
    assert!(installed, "{updated:?}");
    assert_eq!(inode(), before);
    drop(running);
    assert_eq!(number(&world.start(4, &[]).1), 2);
}

#[test]
fn a_damaged_generation_that_a_process_runs_is_not_installed_over() {
    let (world, new) = (World::new(), patched("new"));
    let running = withdrawn_and_offered_again(&world, &new);
    let library = world.path(&format!("{}/libapp.so", world.generation(&new)));
    std::fs::write(&library, b"rot").unwrap();
    let busy = update(&world.start(3, &[]).0);
    let is_busy = matches!(busy, Err(UpdateError::Operation(OperationError::Busy)));
    assert!(is_busy, "{busy:?}");
    drop(running);
    let (device, _) = world.start(4, &[]);
    update(&device).unwrap();
    drop(device);
    assert_eq!(number(&world.start(5, &[]).1), 2);
}

/// What was read may be of a commit that failed: the slot that shows it may not last.
#[test]
fn what_is_built_upon_a_state_of_another_process_is_in_both_slots_first() {
    let world = World::new();
    world.install(1, &patched("new"));
    let counters = || {
        let loaded = Slots::load(&world.disk).unwrap();
        [loaded.a, loaded.b].map(|slot| match slot {
            SlotFinding::Valid { counter } => counter,
            other => panic!("{other:?}"),
        })
    };
    let newest = counters().into_iter().max().unwrap();
    let device = world.device();
    device.clear_bans(&[].into()).unwrap();
    assert!(counters().iter().all(|counter| *counter > newest));
}

#[test]
fn the_library_is_written_in_large_blocks() {
    let world = World::new();
    let new = patched(&"many words ".repeat(30_000));
    world.install(1, &new);
    let written = world.disk.written.lock().unwrap();
    let library: Vec<usize> = written
        .iter()
        .filter(|(path, _)| path == "staging/new/libapp.so")
        .map(|(_, bytes)| *bytes)
        .collect();
    assert_eq!(library.iter().sum::<usize>(), new.len());
    assert_eq!(library.len(), new.len().div_ceil(64 << 10), "{library:?}");
}

#[test]
fn a_disk_that_is_full_when_the_last_block_is_written_is_the_devices_fault() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    let (device, _) = world.start(1, &[]);
    let failed = device.update(&Cancel::new(), &mut |progress| {
        let inflates = matches!(progress, Progress::Inflating { .. });
        world.disk.full.fetch_or(inflates, Ordering::SeqCst);
    });
    let failed = failed.unwrap_err();
    assert_eq!(failed.at_fault(), AtFault::Device);
    assert!(
        failed.to_string().contains("writing staging/new/libapp.so"),
        "{failed}"
    );
    world.disk.full.store(false, Ordering::SeqCst);
    update(&device).unwrap();
}

/// Such as one in a folder whose permissions were changed.
#[test]
fn a_rotten_partial_download_that_cannot_be_removed_does_not_hold_an_update_for_ever() {
    let (world, new) = (World::new(), patched("new"));
    world.offer(1, &new);
    world.server().cut_after = Some(16);
    let (device, _) = world.start(1, &[]);
    update(&device).unwrap_err();
    world.server().cut_after = None;
    let part = world.path(&format!("downloads/{}.part", super::world::id(&new)));
    std::fs::write(part, [0; 16]).unwrap();
    world.disk.clings.store(true, Ordering::SeqCst);
    let failed = update(&device).unwrap_err();
    assert_eq!(failed.at_fault(), AtFault::Device, "{failed}");
    assert_eq!(device.bans().unwrap(), []);
    assert_eq!(world.server().asked_from, [0, 16, 0]);
    world.disk.clings.store(false, Ordering::SeqCst);
    update(&device).unwrap();
}
