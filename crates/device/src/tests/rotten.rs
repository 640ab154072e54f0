//! What a disk may hold after a bad day.

use std::sync::atomic::Ordering;

use super::made::patched;
use super::world::{World, notices, number, update};
use crate::Outcome;

fn spoil(world: &World, path: &str) {
    let mut bytes = std::fs::read(world.path(path)).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    std::fs::write(world.path(path), bytes).unwrap();
}

#[test]
fn a_damaged_generation_does_not_boot_and_is_fetched_again() {
    let (world, new) = (World::new(), patched("new"));
    world.install(1, &new);
    spoil(&world, &format!("{}/libapp.so", world.generation(&new)));
    let (device, boot) = world.start(2, &[]);
    assert_eq!((number(&boot), notices(&boot)), (0, vec!["dropped"]));
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
    drop(device);
    assert_eq!(number(&world.start(3, &[]).1), 1);
}

#[test]
fn a_generation_is_hashed_again_when_the_machine_restarted() {
    let (world, new) = (World::new(), patched("new"));
    world.install(1, &new);
    drop(world.start(2, &[]));
    let path = format!("{}/libapp.so", world.generation(&new));
    let modified = std::fs::metadata(world.path(&path))
        .unwrap()
        .modified()
        .unwrap();
    spoil(&world, &path);
    let file = std::fs::File::options()
        .append(true)
        .open(world.path(&path))
        .unwrap();
    file.set_modified(modified).unwrap();
    assert_eq!(
        number(&world.start(3, &[]).1),
        1,
        "nothing moved, so nothing was read"
    );
    world.machine.boot.store(1, Ordering::SeqCst);
    assert_eq!(number(&world.start(4, &[]).1), 0);
}

#[test]
fn a_whole_generation_under_another_ones_name_does_not_boot() {
    let (world, one, two) = (World::new(), patched("one"), patched("two"));
    world.install(1, &one);
    world.prove();
    world.install(2, &two);
    let (one, two) = (
        world.path(&world.generation(&one)),
        world.path(&world.generation(&two)),
    );
    std::fs::remove_dir_all(&two).unwrap();
    std::fs::create_dir(&two).unwrap();
    for name in ["libapp.so", "manifest"] {
        std::fs::copy(one.join(name), two.join(name)).unwrap();
    }
    assert_eq!(number(&world.start(3, &[]).1), 1);
}

#[test]
fn one_rotten_slot_is_told_of_and_the_other_counts() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    let newer = ["state-a", "state-b"].map(|slot| {
        let modified = std::fs::metadata(world.path(slot))
            .unwrap()
            .modified()
            .unwrap();
        (modified, slot)
    });
    let (_, oldest) = newer.into_iter().min().unwrap();
    spoil(&world, oldest);
    let (_device, boot) = world.start(3, &[]);
    assert_eq!((number(&boot), notices(&boot)), (1, vec!["slot_damaged"]));
}

#[test]
fn two_rotten_slots_boot_the_bundled_release_until_the_server_answers() {
    let world = World::new();
    world.install(1, &patched("new"));
    for slot in ["state-a", "state-b"] {
        std::fs::write(world.path(slot), b"rot").unwrap();
    }
    let (device, boot) = world.start(2, &[]);
    assert_eq!(number(&boot), 0);
    assert_eq!(
        notices(&boot),
        ["slot_damaged", "slot_damaged", "state_lost"]
    );
    let library = patched("new");
    let facts = super::updating::facts(1, &library);
    let patch = super::made::patch_to(&library);
    let local = device
        .install_bytes(&facts, &patch, &crate::Cancel::new())
        .unwrap();
    assert!(
        matches!(local.outcome, Outcome::NotTaken { .. }),
        "{local:?}"
    );
    assert!(matches!(
        update(&device).unwrap().outcome,
        Outcome::Installed { .. }
    ));
}

#[test]
fn a_document_of_a_newer_version_is_told_of_and_not_half_read() {
    let world = World::new();
    world.install(1, &patched("new"));
    let device = world.device();
    patchproof_storage::Slots::commit(
        &world.disk,
        b"{\"format\":2}",
        patchproof_storage::Copies::Both,
    )
    .unwrap();
    drop(device);
    let (_device, boot) = world.start(2, &[]);
    assert_eq!(
        (number(&boot), notices(&boot)),
        (0, vec!["document_unreadable", "state_lost"])
    );
}

#[test]
fn what_an_install_that_was_cut_short_left_in_its_place_is_replaced() {
    let (world, new) = (World::new(), patched("new"));
    let place = world.path(&world.generation(&new));
    std::fs::create_dir_all(&place).unwrap();
    std::fs::write(place.join("libapp.so"), b"half").unwrap();
    world.install(1, &new);
    assert_eq!(number(&world.start(2, &[]).1), 1);
}

/// The token that spoke for the running process is lost; its hold on the files is not.
#[test]
fn files_of_a_live_process_outlive_the_loss_of_the_state() {
    let (world, one) = (World::new(), patched("one"));
    world.install(1, &one);
    let (running, boot) = world.start(2, &[]);
    assert_eq!(number(&boot), 1);
    for slot in ["state-a", "state-b"] {
        std::fs::write(world.path(slot), b"rot").unwrap();
    }
    world.install(2, &patched("two"));
    world.prove();
    assert!(world.exists(&world.generation(&one)));
    drop(running);
    world.prove();
    assert!(!world.exists(&world.generation(&one)));
}

#[test]
fn diagnostics_tell_a_slot_that_rotted_since_the_start_once() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, _) = world.start(2, &[]);
    std::fs::write(world.path("state-a"), b"rot").unwrap();
    for _ in 0..2 {
        let notices = device.diagnostics().notices;
        let ids: Vec<_> = notices.iter().map(|notice| notice.id).collect();
        assert_eq!(ids, ["slot_damaged"]);
    }
}

/// Two reads may tell two states, or one of them nothing.
#[test]
fn diagnostics_read_the_state_once_and_say_so_where_they_cannot() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    device.report_failure(&boot.id, "x").unwrap();
    world.disk.read.lock().unwrap().clear();
    assert_eq!(device.diagnostics().bans.len(), 1);
    let read = world.disk.read.lock().unwrap().clone();
    let slots: Vec<_> = read
        .iter()
        .filter(|path| path.starts_with("state-"))
        .collect();
    assert_eq!(slots, ["state-a", "state-b"]);
    std::fs::remove_file(world.path("state-b")).unwrap();
    std::fs::create_dir(world.path("state-b")).unwrap();
    let told = device.diagnostics();
    assert!(told.notices.iter().any(|notice| notice.id == "disk_failed"));
}
