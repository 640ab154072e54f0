//! What a person is told of a device.

use super::made::patched;
use super::world::{World, number};

#[test]
fn diagnostics_say_what_boots_what_is_banned_and_what_to_do() {
    let world = World::new();
    world.install(1, &patched("one"));
    world.prove();
    world.install(2, &patched("two"));
    let (device, boot) = world.start(3, &[]);
    device.report_failure(&boot.id, "x").unwrap();
    drop(device);
    let (device, _) = world.start(4, &[]);
    let text = device.diagnostics().to_string();
    for line in [
        "boots: patch 1, not settled yet",
        "fallback, proven",
        ", reported",
        "floor: none",
        "events: ",
    ] {
        assert!(text.contains(line), "{line:?} in\n{text}");
    }
    let json = serde_json::to_value(device.diagnostics()).unwrap();
    assert_eq!(json["booted"]["number"], 1);
}

#[test]
fn diagnostics_say_which_attempt_at_booting_a_patch_this_is() {
    let world = World::new();
    world.install(1, &patched("one"));
    for attempt in 1..=3 {
        let (device, boot) = world.start(attempt, &[]);
        assert_eq!(number(&boot), 1);
        let booted = device.diagnostics().booted.unwrap();
        assert_eq!(booted.attempt, Some(attempt));
    }
    let (device, _) = world.start(4, &[]);
    assert_eq!(device.diagnostics().booted.unwrap().attempt, None);
}
