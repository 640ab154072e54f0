//! The compat face, as an engine calls it: each run is one process of the app.

use std::fs;

use crate::world::{World, library, lines};

/// Whether a line says a path, and that is this patch's library.
pub(crate) fn said(line: &str, number: u64) -> bool {
    let path = line.strip_prefix("path ").unwrap_or_default();
    fs::read(path).is_ok_and(|found| found == library(number))
}

#[test]
fn a_device_without_a_patch_answers_null_and_zero() {
    let world = World::new();
    let engine = world.program("engine.c");
    assert_eq!(
        engine.run(&[
            "next", "current", "path", "start", "success", "current", "update"
        ]),
        ["next 0", "current 0", "path NULL", "current 0", "update 0"]
    );
}

#[test]
fn a_patch_is_offered_installed_and_booted_at_the_next_start() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    assert_eq!(
        engine.run(&[
            "path", "check", "update", "next", "current", "check", "update"
        ]),
        [
            "path NULL",
            "check 1",
            "update 1",
            "next 1",
            "current 0",
            "check 0",
            "update 0"
        ]
    );
    let next = engine.run(&[
        "next", "current", "path", "start", "current", "success", "current",
    ]);
    assert!(said(&next[2], 1), "{next:?}");
    assert_eq!(
        [&next[..2], &next[3..]].concat(),
        ["next 1", "current 0", "current 1", "current 1"]
    );
}

#[test]
fn an_update_in_the_process_that_asked_and_got_null_can_be_asked_for() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    let lines = engine.run(&["path", "update", "path", "start", "current", "success"]);
    assert!(said(&lines[2], 1), "{lines:?}");
    assert_eq!(lines[3], "current 1");
}

#[test]
fn what_runs_without_a_path_is_the_bundled_release_whatever_is_installed_meanwhile() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    assert_eq!(
        engine.run(&[
            "path", "update", "start", "success", "current", "path", "next"
        ]),
        ["path NULL", "update 1", "current 0", "path NULL", "next 1"]
    );
}

#[test]
fn success_is_the_patchs_that_was_handed_out_whatever_is_installed_meanwhile() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    let acts = [
        "path", "stdin", "update", "path", "start", "current", "success", "next",
    ];
    let lines = lines(&engine.run_over(&acts, || world.offer(2)));
    assert!(said(&lines[0], 1) && said(&lines[3], 1), "{lines:?}");
    assert_eq!(lines[4..], ["current 1", "next 2"]);
    // Patch 1 proved itself: patch 2 fails, and it is what there is to fall back to.
    let failing = engine.run(&["path", "start", "failure", "next", "path"]);
    assert!(said(&failing[0], 2) && said(&failing[2], 1), "{failing:?}");
    assert_eq!(failing[1], "next 1");
}

#[test]
fn a_failure_is_the_patchs_that_was_handed_out_and_the_engine_may_ask_again() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    let lines = engine.run(&[
        "path", "start", "failure", "current", "next", "path", "update",
    ]);
    assert_ne!(lines[0], "path NULL");
    assert_eq!(lines[1..], ["current 0", "next 0", "path NULL", "update 3"]);
    assert_eq!(
        engine.run(&["path", "check", "update"]),
        ["path NULL", "check 0", "update 3"]
    );
}

#[test]
fn reports_without_a_launch_say_nothing_about_a_patch() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    engine.run(&["failure", "success", "failure"]);
    assert_eq!(engine.run(&["next"]), ["next 1"]);
}

#[test]
fn a_process_that_asked_for_a_path_and_never_launched_counts_for_nothing() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    for _ in 0..5 {
        let lines = engine.run(&["path"]);
        assert!(said(&lines[0], 1), "{lines:?}");
    }
}

#[test]
fn launches_that_end_without_success_set_a_patch_aside_after_three() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    for _ in 0..3 {
        let lines = engine.run(&["path", "start"]);
        assert!(said(&lines[0], 1), "{lines:?}");
    }
    assert_eq!(
        engine.run(&["next", "path", "update"]),
        ["next 0", "path NULL", "update 3"]
    );
}

#[test]
fn a_launch_without_a_path_launches_what_is_newest() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    assert_eq!(
        engine.run(&["start", "current", "update", "start", "current", "success"]),
        ["current 0", "update 1", "current 1"]
    );
}

#[test]
fn a_patch_that_rotted_is_dropped_by_the_validation() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    let lines = engine.run(&["update", "path"]);
    let path = lines[1].strip_prefix("path ").unwrap().to_owned();
    let mut bytes = fs::read(&path).unwrap();
    bytes[100] ^= 1;
    fs::write(&path, bytes).unwrap();
    assert_eq!(
        engine.run(&["validate", "next", "path"]),
        ["next 0", "path NULL"]
    );
}

#[test]
fn what_is_rolled_back_leaves_at_the_next_start() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    world.server.offer(None, &[1]);
    let lines = engine.run(&["path", "start", "success", "check", "current", "path"]);
    assert!(said(&lines[0], 1) && said(&lines[3], 1), "{lines:?}");
    assert_eq!(lines[1..3], ["check 0", "current 1"]);
    assert_eq!(engine.run(&["next", "path"]), ["next 0", "path NULL"]);
}

#[test]
fn a_channel_of_one_call_is_what_the_server_is_asked_for() {
    let world = World::new();
    let engine = world.program("engine.c");
    engine.run(&["check=beta", "update=alpha", "check"]);
    let asked = world.server.bodies("/api/v1/patches/check");
    let channels = asked.iter().map(|body| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["channel"].as_str().unwrap().to_owned()
    });
    assert_eq!(channels.collect::<Vec<_>>(), ["beta", "alpha", "stable"]);
}

#[test]
fn the_update_thread_installs_what_is_offered() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    assert_eq!(engine.run(&["thread", "next"]), ["next 1"]);
}

#[test]
fn every_getter_answers_while_an_update_hangs_and_another_update_is_in_progress() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    world.offer(2);
    world.server.stall(true);
    let acts = [
        "path", "start", "begin", "stdin", "next", "current", "path", "update", "success", "next",
    ];
    let lines = lines(&engine.run_over(&acts, || world.until_downloads(2)));
    assert!(said(&lines[0], 1) && said(&lines[4], 1), "{lines:?}");
    assert_eq!(
        [&lines[1..4], &lines[5..]].concat(),
        ["waiting", "next 1", "current 1", "update 4", "next 1"]
    );
}

#[test]
fn a_process_that_is_killed_while_an_update_hangs_leaves_nothing_that_keeps_the_next_one() {
    let world = World::new();
    world.offer(1);
    world.server.stall(true);
    let engine = world.program("engine.c");
    let acts = ["begin", "stdin", "abort"];
    let aborted = engine.run_over(&acts, || world.until_downloads(1));
    assert!(!aborted.status.success());
    world.server.stall(false);
    assert_eq!(
        engine.run(&["path", "update", "next"]),
        ["path NULL", "update 1", "next 1"]
    );
}
