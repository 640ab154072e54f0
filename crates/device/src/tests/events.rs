//! Events: sent one by one, kept until the server has them.

use super::made::patched;
use super::world::{World, update};
use crate::{Cancel, SendError};

#[test]
fn an_event_waits_until_the_server_has_it_and_is_sent_once() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    world.server().event_status = 503;
    let device = world.device();
    assert!(matches!(
        device.send_events(&Cancel::new()),
        Err(SendError::Transport(_))
    ));
    assert_eq!(device.diagnostics().waiting_events, 2);
    world.server().event_status = 0;
    assert_eq!(device.send_events(&Cancel::new()).unwrap().sent, 2);
    assert_eq!(device.send_events(&Cancel::new()).unwrap().sent, 0);
    let events = &world.server().events;
    let kinds = ["__patch_download__", "__patch_install__"];
    assert!(
        events
            .iter()
            .zip(kinds)
            .all(|(event, kind)| event.contains(kind)),
        "{events:?}"
    );
}

#[test]
fn an_event_that_the_server_refuses_keeps_no_other_back() {
    let world = World::new();
    world.install(1, &patched("new"));
    world.prove();
    world.server().event_status = 400;
    let sent = world.device().send_events(&Cancel::new()).unwrap();
    assert_eq!((sent.sent, sent.refused, sent.waiting), (0, 2, 2));
}

#[test]
fn an_update_does_not_fail_because_of_events() {
    let world = World::new();
    world.install(1, &patched("one"));
    world.server().event_status = 500;
    world.offer(2, &patched("two"));
    let (device, _) = world.start(2, &[]);
    assert!(matches!(
        update(&device).unwrap().outcome,
        crate::Outcome::Installed { number: 2, .. }
    ));
}

#[test]
fn events_name_the_release_that_they_happened_on() {
    let world = World::new();
    world.install(1, &patched("new"));
    let mut config = world.config();
    config.release.version = "2.0+2".to_owned();
    let device = world.device_with(config);
    device.begin_boot(&crate::StartFacts {
        process: 2,
        exits: vec![],
    });
    device.send_events(&Cancel::new()).unwrap();
    let events = &world.server().events;
    assert!(
        events[0].contains("\"release_version\":\"1.0+1\""),
        "{events:?}"
    );
}

#[test]
fn a_device_is_the_same_client_in_every_process() {
    let world = World::new();
    for process in 1..3 {
        let (device, _) = world.start(process, &[]);
        update(&device).unwrap();
    }
    let checks = &world.server().checks;
    assert_eq!(checks[0], checks[1]);
}
