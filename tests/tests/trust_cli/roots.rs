//! The first root, signed by two of three people.

use patchproof_tests::bench::check;
use patchproof_trust::Remembered;
use serde_json::Value;

use crate::world::{World, init};

const ALICE: [&str; 5] = ["--key", "alice.pem", "--unencrypted", "-o", "other.json"];

#[test]
fn a_root_that_one_of_two_people_signed_is_not_believed_yet() {
    let world = World::new();
    let ran = world.run(&init(&ALICE));
    check(
        &ran,
        0,
        &[
            "has 1 of the 2 signatures",
            "may still sign",
            &world.id("bob"),
        ],
    );
    check(
        &world.run(&["root", "show", "other.json"]),
        4,
        &["does not hold", "1 of the 2"],
    );
    assert!(Remembered::from_embedded(&world.bench.get("other.json")).is_err());
}

#[test]
fn a_root_that_two_of_three_people_signed_is_what_a_device_begins_with() {
    let world = World::new();
    check(
        &world.run(&["root", "show", "root.json"]),
        0,
        &["root, holds", "2 of the 2"],
    );
    let known = Remembered::from_embedded(&world.bench.get("root.json")).unwrap();
    assert_eq!(known.root().app.as_str(), "com.example.app");
    assert_eq!(known.root().expires_s, Some(1_893_456_000));
}

#[test]
fn a_root_without_any_signature_can_be_made_and_signed_by_others() {
    let world = World::new();
    check(
        &world.run(&init(&["-o", "bare.json"])),
        0,
        &["has 0 of the 2"],
    );
    for (name, words) in [
        ("carol.pem", "has 1 of the 2"),
        ("bob.pem", "has 2 of the 2"),
    ] {
        let ran = world.run(&["root", "sign", "bare.json", "--key", name, "--unencrypted"]);
        check(&ran, 0, &[words]);
    }
}

#[test]
fn a_root_is_never_made_over_another_one() {
    let world = World::new();
    let ran = world.run(&init(&["-o", "root.json"]));
    check(&ran, 2, &["root.json: it is there already", "a fork"]);
}

#[test]
fn a_key_without_the_root_role_signs_no_root() {
    let world = World::new();
    let ran = world.run(&[
        "root",
        "sign",
        "root.json",
        "--key",
        "patch.pem",
        "--unencrypted",
    ]);
    check(&ran, 2, &["does not name the key", "nothing was written"]);
}

#[test]
fn the_same_person_does_not_sign_twice() {
    let world = World::new();
    let ran = world.run(&[
        "root",
        "sign",
        "root.json",
        "--key",
        "bob.pem",
        "--unencrypted",
    ]);
    check(&ran, 2, &["two signatures", "one key has one voice"]);
}

#[test]
fn a_threshold_that_nobody_can_meet_is_refused() {
    let world = World::new();
    let mut args = init(&["-o", "other.json"]);
    let at = args.iter().position(|it| *it == "2").unwrap();
    args[at] = "4";
    let ran = world.run(&args);
    check(
        &ran,
        2,
        &["the threshold of the root role is 4", "nothing was written"],
    );
    assert!(!world.bench.path("other.json").exists());
}

#[test]
fn the_online_key_is_no_offline_key() {
    let world = World::new();
    let args = init(&["--patch-key", "channel.pem.pub", "-o", "other.json"]);
    check(
        &world.run(&args),
        2,
        &["the online key must be a key of its own"],
    );
}

#[test]
fn one_changed_byte_of_a_root_is_shown_as_such() {
    let world = World::new();
    let bytes = world.bench.get("root.json");
    for at in (0..bytes.len()).step_by(97) {
        world.spoil("root.json", at);
        let ran = world.run(&["root", "show", "root.json"]);
        assert_eq!(ran.code, 4, "byte {at}: {ran:?}");
        world.spoil("root.json", at);
    }
}

#[test]
fn a_program_reads_who_signed_and_who_did_not() {
    let world = World::new();
    let ran = world.ok(&["root", "show", "root.json", "--format", "json"]);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(json["holds"], true);
    assert_eq!(json["signatures"][0]["needed"], 2);
    assert_eq!(json["signatures"][0]["missing"], 0);
    assert_eq!(json["signatures"][0]["not_signed"][0], world.id("carol"));
    assert_eq!(json["root"]["version"], 1);
}

#[test]
fn a_root_that_is_not_there_is_undecided() {
    let world = World::empty();
    check(
        &world.run(&["root", "show", "nothing.json"]),
        2,
        &["nothing.json"],
    );
}
