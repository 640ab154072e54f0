//! Reports: what proves a boot, and what condemns it.

use std::sync::atomic::Ordering;
use std::time::Duration;

use patchproof_lifecycle::Exit;

use super::made::patched;
use super::world::{World, number};
use crate::{BootId, Health, ReportError};

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_boot_is_healthy_after_its_first_frame_and_its_window_of_foreground_time() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    let whole = Health::Waiting { left: 10 * SECOND };
    assert_eq!(
        device.report_foreground(&boot.id, 60 * SECOND).unwrap(),
        whole
    );
    assert_eq!(
        device.report_first_frame(&boot.id).unwrap(),
        Health::Settled
    );
    drop(device);
    let (device, boot) = world.start(3, &[(2, Exit::Crash)]);
    assert_eq!(number(&boot), 1, "what succeeded is not blamed");
    device.report_first_frame(&boot.id).unwrap();
    let left = Health::Waiting { left: 6 * SECOND };
    assert_eq!(
        device.report_foreground(&boot.id, 4 * SECOND).unwrap(),
        left
    );
    assert_eq!(
        device.report_foreground(&boot.id, 3 * SECOND).unwrap(),
        left
    );
    assert_eq!(
        device.report_foreground(&boot.id, 10 * SECOND).unwrap(),
        Health::Settled
    );
}

#[test]
fn a_reported_failure_bans_what_this_process_boots() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    device.report_failure(&boot.id, "no main").unwrap();
    drop(device);
    let (device, boot) = world.start(3, &[]);
    assert_eq!(number(&boot), 0);
    device.send_events(&crate::Cancel::new()).unwrap();
    assert!(world.server().events.last().unwrap().contains("no main"));
}

#[test]
fn a_failure_after_success_is_not_held_against_the_patch() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    device.report_healthy(&boot.id).unwrap();
    device.report_failure(&boot.id, "late").unwrap();
    drop(device);
    assert_eq!(number(&world.start(3, &[]).1), 1);
}

#[test]
fn a_report_of_another_boot_is_refused() {
    let world = World::new();
    let (device, _) = world.start(1, &[]);
    let other = BootId::of_bytes([9; 16]);
    assert!(matches!(
        device.report_healthy(&other),
        Err(ReportError::NotThisBoot)
    ));
    assert!(matches!(
        device.report_failure(&other, ""),
        Err(ReportError::NotThisBoot)
    ));
    assert!(matches!(
        device.report_first_frame(&other),
        Err(ReportError::NotThisBoot)
    ));
}

#[test]
fn a_failure_of_the_bundled_release_has_nobody_to_blame() {
    let world = World::new();
    let (device, boot) = world.start(1, &[]);
    device.report_failure(&boot.id, "own fault").unwrap();
    assert_eq!(device.bans().unwrap(), []);
}

/// The token in the slot is of the process that had it before: its unproven patch did not succeed
/// because the one that boots now, unguarded, does.
#[test]
fn an_unguarded_boot_does_not_speak_for_the_token_of_another() {
    let (world, two) = (World::new(), patched("two"));
    world.install(1, &patched("one"));
    world.prove();
    world.install(2, &two);
    assert_eq!(number(&world.start(7, &[]).1), 2);
    world.disk.full.store(true, Ordering::SeqCst);
    let (device, boot) = world.start(8, &[(7, Exit::Crash)]);
    assert_eq!((number(&boot), boot.guarded), (1, false));
    world.disk.full.store(false, Ordering::SeqCst);
    device.report_healthy(&boot.id).unwrap();
    assert!(matches!(
        device.report_failure(&boot.id, "x"),
        Err(ReportError::Unguarded)
    ));
    drop(device);
    assert_eq!(number(&world.start(9, &[(7, Exit::Crash)]).1), 1);
}

#[test]
fn a_report_that_cannot_be_written_fails_and_may_be_made_again() {
    let world = World::new();
    world.install(1, &patched("new"));
    let (device, boot) = world.start(2, &[]);
    world.disk.full.store(true, Ordering::SeqCst);
    assert!(matches!(
        device.report_healthy(&boot.id),
        Err(ReportError::Operation(_))
    ));
    world.disk.full.store(false, Ordering::SeqCst);
    assert_eq!(device.report_healthy(&boot.id).unwrap(), Health::Settled);
    drop(device);
    assert_eq!(number(&world.start(3, &[(2, Exit::Crash)]).1), 1);
}
