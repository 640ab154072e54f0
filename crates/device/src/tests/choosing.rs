//! Engines that ask first and launch later.

use std::sync::atomic::Ordering;

use patchproof_lifecycle::Exit;

use super::made::patched;
use super::world::{World, number, update};
use crate::{Boot, Cancel, ReportError, StartFacts};

fn facts(process: u32, exits: &[(u32, Exit)]) -> StartFacts {
    StartFacts {
        process,
        exits: exits.to_vec(),
    }
}

/// A process that asks and ends.
fn asks(world: &World, process: u32, exits: &[(u32, Exit)]) -> Boot {
    world.device().choose_boot(&facts(process, exits))
}

/// A process that asks, launches and ends.
fn launches(world: &World, process: u32, exits: &[(u32, Exit)]) -> Boot {
    let device = world.device();
    let boot = device.choose_boot(&facts(process, exits));
    device.report_launch(&boot.id).unwrap();
    boot
}

#[test]
fn a_choice_that_was_never_launched_counts_for_nothing_even_if_its_process_crashed() {
    let world = World::new();
    world.install(1, &patched("new"));
    for process in 10..15 {
        let boot = asks(&world, process, &[(process - 1, Exit::NativeCrash)]);
        assert_eq!((number(&boot), boot.guarded), (1, true));
    }
}

#[test]
fn a_launch_counts_from_its_report_on() {
    let world = World::new();
    world.install(1, &patched("new"));
    assert_eq!(number(&launches(&world, 10, &[])), 1);
    assert_eq!(number(&asks(&world, 11, &[(10, Exit::NativeCrash)])), 0);
}

#[test]
fn three_launches_without_success_set_a_patch_aside() {
    let world = World::new();
    world.install(1, &patched("new"));
    let booted: Vec<u64> = (10..14)
        .map(|process| number(&launches(&world, process, &[])))
        .collect();
    assert_eq!(booted, [1, 1, 1, 0]);
}

#[test]
fn until_a_launch_what_is_newer_is_chosen_anew() {
    let world = World::new();
    world.offer(1, &patched("new"));
    let device = world.device();
    let before = device.choose_boot(&facts(10, &[]));
    assert!(device.is_choice_current());
    update(&device).unwrap();
    assert!(!device.is_choice_current());
    let after = device.choose_boot(&facts(10, &[]));
    assert_eq!((number(&before), number(&after)), (0, 1));
    let stale = device.report_launch(&before.id);
    assert!(matches!(stale, Err(ReportError::NotThisBoot)), "{stale:?}");
}

#[test]
fn what_is_launched_stays_chosen_whatever_is_installed() {
    let world = World::new();
    world.install(1, &patched("one"));
    world.offer(2, &patched("two"));
    let device = world.device();
    let boot = device.choose_boot(&facts(10, &[]));
    update(&device).unwrap();
    device.report_launch(&boot.id).unwrap();
    assert_eq!(device.choose_boot(&facts(10, &[])), boot);
    assert_eq!(device.next_number().unwrap(), Some(2));
    device.report_healthy(&boot.id).unwrap();
    drop(device);
    // The one that proved itself is what the newer one falls back to.
    assert_eq!(number(&launches(&world, 11, &[])), 2);
    assert_eq!(number(&asks(&world, 12, &[(11, Exit::Crash)])), 1);
}

#[test]
fn after_a_reported_failure_the_fallback_may_be_asked_for() {
    let world = World::new();
    world.install(1, &patched("one"));
    world.prove();
    world.install(2, &patched("two"));
    let device = world.device();
    let boot = device.choose_boot(&facts(10, &[]));
    device.report_launch(&boot.id).unwrap();
    device.report_failure(&boot.id, "it does not load").unwrap();
    let next = device.choose_boot(&facts(10, &[]));
    assert_eq!((number(&boot), number(&next)), (2, 1));
    assert_eq!(device.next_number().unwrap(), Some(1));
}

#[test]
fn a_failure_after_the_success_changes_nothing_of_what_runs() {
    let world = World::new();
    world.install(1, &patched("one"));
    let device = world.device();
    let boot = device.choose_boot(&facts(10, &[]));
    device.report_launch(&boot.id).unwrap();
    device.report_healthy(&boot.id).unwrap();
    device.report_failure(&boot.id, "too late").unwrap();
    assert_eq!(device.choose_boot(&facts(10, &[])), boot);
}

#[test]
fn a_process_that_begins_its_boot_after_another_that_only_asked_is_guarded() {
    let world = World::new();
    world.install(1, &patched("new"));
    asks(&world, 10, &[]);
    drop(world.start(11, &[]));
    assert_eq!(number(&asks(&world, 12, &[(11, Exit::Crash)])), 0);
}

#[test]
fn a_choice_of_a_process_that_lives_is_not_dropped_by_the_start_of_another() {
    let world = World::new();
    world.install(1, &patched("new"));
    let first = world.device();
    let boot = first.choose_boot(&facts(10, &[]));
    drop(world.start(11, &[]));
    first.report_launch(&boot.id).unwrap();
    drop(first);
    assert_eq!(number(&asks(&world, 12, &[(10, Exit::NativeCrash)])), 0);
}

#[test]
fn a_launch_that_could_not_be_written_down_may_be_reported_again() {
    let world = World::new();
    world.install(1, &patched("new"));
    let device = world.device();
    let boot = device.choose_boot(&facts(10, &[]));
    world.disk.full.store(true, Ordering::SeqCst);
    for _ in 0..2 {
        device.report_launch(&boot.id).unwrap_err();
    }
    world.disk.full.store(false, Ordering::SeqCst);
    device.report_launch(&boot.id).unwrap();
    drop(device);
    assert_eq!(number(&asks(&world, 11, &[(10, Exit::NativeCrash)])), 0);
}

#[test]
fn what_is_chosen_runs_for_the_server_from_its_launch_on() {
    let world = World::new();
    world.install(1, &patched("one"));
    let device = world.device();
    let boot = device.choose_boot(&facts(10, &[]));
    device.check(&Cancel::new()).unwrap();
    device.report_launch(&boot.id).unwrap();
    device.check(&Cancel::new()).unwrap();
    let checks = world.server().checks.clone();
    let told = ["current_patch_number", "patchproof_runs_sha256"].map(|name| {
        let asked = checks.iter().rev().take(2).rev();
        asked.map(|check| check.contains(name)).collect::<Vec<_>>()
    });
    assert_eq!(told, [[false, true], [false, true]], "{checks:?}");
}
