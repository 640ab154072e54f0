//! `verify`: what holds, and one change of each thing that does not.

use patchproof_testkit::made::{Container, Layout, Machine, MadeSnapshot};
use patchproof_tests::bench::{check, patch};
use serde_json::Value;

use crate::world::{World, init, sign_channel, sign_patch, verify};

const ALL: [&str; 5] = [
    "--patch",
    "good.patch",
    "--base",
    "release.so",
    "patch.json",
];

#[test]
fn an_honest_statement_holds_with_patch_and_base() {
    let world = World::with_patch();
    let ran = world.run(&verify(&ALL));
    check(
        &ran,
        0,
        &["patch statement, holds", "base, snapshot, patch, output"],
    );
}

#[test]
fn a_changed_byte_of_the_patch_does_not_hold() {
    let world = World::with_patch();
    world.spoil("good.patch", 40);
    let ran = world.run(&verify(&["--patch", "good.patch", "patch.json"]));
    check(&ran, 4, &["does not hold", "none of the downloads"]);
}

#[test]
fn any_changed_byte_of_the_statement_does_not_hold() {
    let world = World::with_patch();
    let length = world.bench.get("patch.json").len();
    for at in (0..length).step_by(61) {
        world.spoil("patch.json", at);
        let ran = world.run(&verify(&["patch.json"]));
        check(&ran, 4, &["does not hold"]);
        world.spoil("patch.json", at);
    }
}

#[test]
fn another_root_of_the_same_app_does_not_hold() {
    let world = World::with_patch();
    world.open_key("stranger");
    let mut args = init(&[
        "-o",
        "strange.json",
        "--key",
        "alice.pem",
        "--key",
        "bob.pem",
    ]);
    args.push("--unencrypted");
    for arg in &mut args {
        if *arg == "patch.pem.pub" {
            *arg = "stranger.pem.pub";
        }
    }
    world.ok(&args);
    let ran = world.run(&["verify", "--root", "strange.json", "patch.json"]);
    check(&ran, 4, &["does not hold", "which the root does not name"]);
}

#[test]
fn a_root_of_another_app_does_not_hold() {
    let world = World::with_patch();
    let mut args = init(&[
        "-o",
        "o.json",
        "--key",
        "alice.pem",
        "--key",
        "bob.pem",
        "--unencrypted",
    ]);
    args[3] = "com.example.other";
    world.ok(&args);
    let ran = world.run(&["verify", "--root", "o.json", "patch.json"]);
    check(&ran, 4, &["com.example.other"]);
}

#[test]
fn a_root_that_one_of_two_people_signed_vouches_for_nothing() {
    let world = World::with_patch();
    world.ok(&init(&[
        "-o",
        "half.json",
        "--key",
        "alice.pem",
        "--unencrypted",
    ]));
    let ran = world.run(&["verify", "--root", "half.json", "patch.json"]);
    check(&ran, 4, &["half.json: the root has 1 of the 2"]);
}

#[test]
fn what_cannot_be_read_is_undecided() {
    let world = World::with_patch();
    for args in [
        vec!["verify", "--root", "nothing.json", "patch.json"],
        verify(&["nothing.json"]),
        verify(&["--patch", "nothing.patch", "patch.json"]),
        verify(&["--base", "nothing.so", "patch.json"]),
        verify(&["--base", "good.patch", "patch.json"]),
    ] {
        assert_eq!(world.run(&args).code, 2, "{args:?}");
    }
}

#[test]
fn what_is_no_statement_does_not_hold() {
    let world = World::with_patch();
    check(
        &world.run(&verify(&["release.so"])),
        4,
        &["does not hold", "cannot be read"],
    );
}

#[test]
fn another_base_is_told_as_such() {
    let world = World::with_patch();
    check(
        &world.run(&verify(&["--base", "patched.so", "patch.json"])),
        5,
        &["it is for the base"],
    );
}

#[test]
fn a_patch_of_another_base_with_a_statement_for_this_one_does_not_pass() {
    let world = World::new();
    let other = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
        .edited(5)
        .build();
    world.bench.put("other.so", &other);
    world.bench.put(
        "other.patch",
        &patch(&other, &world.bench.get("patched.so")),
    );
    let key = ["--key", "patch.pem", "--unencrypted"];
    let over_other = ["--release-build", "other.so", "--patch", "other.patch"];
    world.ok(&sign_patch(&[&key[..], &over_other].concat()));
    let ran = world.run(&verify(&[
        "--patch",
        "other.patch",
        "--base",
        "release.so",
        "patch.json",
    ]));
    check(&ran, 5, &["it is for the base"]);
}

#[test]
fn an_expired_root_stops_every_statement() {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--select", "patch.json"]));
    for file in ["patch.json", "channel.json"] {
        let ran = world.run(&["verify", "--root", "root.json", "--now", "1893456000", file]);
        check(&ran, 4, &["root 1 expired"]);
    }
}

#[test]
fn a_channel_statement_holds_until_it_expires() {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--select", "patch.json"]));
    let at = |now: u64| {
        let now = now.to_string();
        world.run(&[
            "verify",
            "--root",
            "root.json",
            "--now",
            &now,
            "channel.json",
        ])
    };
    let expires = 1_800_000_000 + 7 * 24 * 60 * 60;
    check(
        &at(expires - 1),
        0,
        &["channel statement, holds", "to 100.00 % of devices"],
    );
    check(&at(expires), 4, &["the channel statement expired"]);
    check(
        &at(1_800_000_000 - 2 * 24 * 60 * 60),
        4,
        &["mend the clock"],
    );
}

#[test]
fn an_answer_with_a_nonce_holds_and_shows_it() {
    let world = World::with_patch();
    let nonce = "5a".repeat(32);
    world.ok(&sign_channel(&[
        "--select",
        "patch.json",
        "--nonce",
        &nonce,
    ]));
    check(&world.run(&verify(&["channel.json"])), 0, &[&nonce]);
}

#[test]
fn a_patch_beside_a_channel_statement_is_a_usage_error() {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--select", "patch.json"]));
    let ran = world.run(&verify(&["--patch", "good.patch", "channel.json"]));
    check(&ran, 2, &["go with a patch statement"]);
}

#[test]
fn a_statement_that_does_not_hold_shows_nothing_of_what_it_says() {
    let world = World::with_patch();
    world.spoil("good.patch", 40);
    let args = verify(&["--patch", "good.patch", "patch.json", "--format", "json"]);
    let ran = world.run(&args);
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.code, 4);
    assert_eq!(json["holds"], false);
    assert_eq!(json["exit_code"], 4);
    assert_eq!(json["statement"], Value::Null);
    assert!(
        json["reason"]
            .as_str()
            .unwrap()
            .contains("none of the downloads")
    );
}

#[test]
fn one_way_to_verify_is_needed_and_not_two() {
    let world = World::with_patch();
    check(&world.run(&["verify", "patch.json"]), 2, &["--root"]);
    let both = [
        "--shorebird-key",
        "alice.pem.pub",
        "--signature",
        "patch.json",
        "patch.json",
    ];
    check(&world.run(&verify(&both)), 2, &["cannot be used with"]);
}
