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
    let device = world.device();
    let sent = device.send_events(&Cancel::new()).unwrap();
    assert_eq!((sent.sent, sent.refused, sent.waiting), (0, 2, 0));
    let told = device.diagnostics();
    assert_eq!((told.waiting_events, told.dropped_events), (0, 2));
    assert!(told.notices.iter().any(|it| it.id == "events_refused"));
}

#[test]
fn an_event_behind_more_refused_ones_than_one_call_sends_arrives() {
    let world = World::new();
    world.server().event_status = 503;
    let refused = crate::DeviceLimits::default().events_max + 1;
    for number in 1..=u64::from(refused) {
        world.install(number, &patched(&number.to_string()));
    }
    world.prove();
    world.server().event_status = 0;
    world.server().refuses = Some("__patch_download__");
    let device = world.device();
    let mut seen = (0, 0);
    for _ in 0..2 {
        let sent = device.send_events(&Cancel::new()).unwrap();
        seen = (seen.0 + sent.refused, seen.1 + sent.sent);
    }
    assert_eq!(seen, (refused, 1));
    assert!(world.server().events[0].contains("__patch_install__"));
}

#[test]
fn a_server_that_fails_in_a_way_that_is_not_the_events_fault_gets_them_later() {
    let world = World::new();
    world.install(1, &patched("new"));
    for status in [301, 408, 425, 429, 500, 501, 503] {
        world.server().event_status = status;
        let device = world.device();
        device.send_events(&Cancel::new()).unwrap_err();
        assert_eq!(device.diagnostics().waiting_events, 1, "{status}");
    }
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
