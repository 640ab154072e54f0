//! Documents where devices look for them.

use patchproof_tests::bench::{Ran, check};

use crate::rotating::{by_two, spoil_one_signature};
use crate::world::{NOW, World, sign_channel};

fn place(world: &World, files: &[&str]) -> Ran {
    let line = ["sign", "place", "--root", "root.json", "--now", NOW];
    world.run(&[&line[..], &["--tree", "public"], files].concat())
}

fn offered() -> World {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--select", "patch.json"]));
    world
}

fn is_empty(world: &World) -> bool {
    !world.bench.path("public").exists()
}

#[test]
fn each_document_lies_under_its_name_as_it_was_given() {
    let world = offered();
    let ran = place(&world, &["patch.json", "good.patch", "channel.json"]);
    check(&ran, 0, &["patch.json as /patchproof/v1/statements/"]);
    for (line, name) in ran
        .stdout
        .lines()
        .zip(["patch.json", "good.patch", "channel.json"])
    {
        let (_, path) = line.split_once("  as /").unwrap();
        let placed = world.bench.get(&format!("public/{path}"));
        assert_eq!(placed, world.bench.get(name), "{line}");
    }
}

#[test]
fn a_patch_that_no_statement_names_is_not_placed_and_nothing_with_it() {
    let world = offered();
    world.bench.put("other.patch", b"something else");
    let ran = place(&world, &["patch.json", "other.patch"]);
    check(&ran, 2, &["other.patch", "neither a signed document nor"]);
    assert!(is_empty(&world));
}

#[test]
fn a_statement_that_does_not_hold_is_not_placed() {
    let world = offered();
    let text = String::from_utf8(world.bench.get("patch.json")).unwrap();
    let wrong = text.replacen("\"sig\":\"", "\"sig\":\"A", 1);
    world.bench.put("wrong.json", wrong.as_bytes());
    check(&place(&world, &["wrong.json"]), 2, &["wrong.json"]);
    assert!(is_empty(&world));
    let unsigned = serde_json::from_str::<serde_json::Value>(&text).unwrap();
    let mut unsigned = unsigned.as_object().unwrap().clone();
    unsigned.insert("signatures".to_owned(), serde_json::json!([]));
    let unsigned = serde_json::to_vec(&unsigned).unwrap();
    world.bench.put("unsigned.json", &unsigned);
    check(
        &place(&world, &["unsigned.json"]),
        4,
        &["carries no signature"],
    );
    assert!(is_empty(&world));
}

#[test]
fn an_answer_to_one_device_does_not_lie_there_for_all() {
    let world = World::with_patch();
    let nonce = "07".repeat(32);
    world.ok(&sign_channel(&[
        "--select",
        "patch.json",
        "--nonce",
        &nonce,
    ]));
    let ran = place(&world, &["channel.json"]);
    check(&ran, 2, &["it answers one device's nonce"]);
    assert!(is_empty(&world));
}

#[test]
fn a_root_that_follows_is_placed() {
    let world = World::new();
    check(&by_two(&world, &[]), 0, &[]);
    let ran = place(&world, &["next.json"]);
    check(&ran, 0, &["next.json  as /patchproof/v1/"]);
    let (_, path) = ran.stdout.trim_end().split_once("  as /").unwrap();
    let placed = world.bench.get(&format!("public/{path}"));
    assert_eq!(placed, world.bench.get("next.json"));
}

#[test]
fn a_root_with_a_wrong_signature_beside_enough_right_ones_is_not_placed() {
    let world = World::new();
    check(&by_two(&world, &["--key", "carol.pem"]), 0, &[]);
    spoil_one_signature(&world);
    let ran = place(&world, &["next.json"]);
    check(&ran, 4, &["next.json", "it was changed on its way"]);
    assert!(is_empty(&world));
}

#[test]
fn a_root_that_skips_a_version_is_not_placed() {
    let world = World::new();
    check(&by_two(&world, &[]), 0, &[]);
    let third = ["root", "rotate", "next.json", "-o", "third.json"];
    let keys = ["--unencrypted", "--key", "alice.pem", "--key", "bob.pem"];
    world.ok(&[&third[..], &keys].concat());
    let ran = place(&world, &["third.json"]);
    check(&ran, 4, &["third.json"]);
    assert!(is_empty(&world));
}
