//! The compat face where something of the system is away: the network, space on the disk, somebody
//! to whom errors could be told.

use std::fs::File;
use std::process::Command;

use crate::engine::said;
use crate::world::{Runs, World, lines};

#[test]
fn a_server_that_is_away_is_an_error_on_standard_error_and_not_a_crash() {
    let world = World::new();
    let engine = world.program("engine.c");
    let output = Command::new(&engine.program)
        .arg(world.path("device"))
        .arg(world.path("base.so"))
        .args([
            "http://127.0.0.1:1",
            "check",
            "update",
            "void_update",
            "next",
        ])
        .output()
        .unwrap();
    assert_eq!(lines(&output), ["check 0", "update -1", "next 0"]);
    let told = String::from_utf8(output.stderr).unwrap();
    let ours = told.lines().filter(|line| line.starts_with("patchproof: "));
    assert_eq!(
        ours.count(),
        2,
        "of the check and of the void update: {told}"
    );
}

#[test]
fn an_error_that_nobody_can_be_told_ends_as_every_other_one() {
    let world = World::new();
    let refused = world.program("compat_arguments.c");
    let full = File::options().write(true).open("/dev/full").unwrap();
    let status = refused.command(&[]).stderr(full).status().unwrap();
    assert!(status.success(), "{status}");
}

#[test]
fn where_nothing_can_be_written_a_proven_patch_boots_and_an_unproven_one_does_not() {
    let world = World::new();
    world.offer(1);
    let engine = world.program("engine.c");
    engine.run(&["update"]);
    assert_eq!(on_a_full_disk(&engine, &["path"]), ["path NULL"]);
    engine.run(&["path", "start", "success"]);
    let proven = on_a_full_disk(&engine, &["path", "start", "current"]);
    assert!(said(&proven[0], 1), "{proven:?}");
    assert_eq!(proven[1], "current 1");
}

/// One process that may write no byte to a file, and gets an error in place of a signal.
fn on_a_full_disk(engine: &Runs<'_>, acts: &[&str]) -> Vec<String> {
    let command = engine.command(acts);
    let output = Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(command.get_program())
        .args(command.get_args())
        .output()
        .expect("there is a shell");
    assert!(output.status.success(), "{output:?}");
    lines(&output)
}
