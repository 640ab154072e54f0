//! Channel statements: what they offer, and what they do not.

use patchproof_tests::bench::check;

use crate::statements::{said, signed_patch};
use crate::world::{World, sign_channel, sign_patch};

#[test]
fn a_channel_offers_statements_in_the_order_of_their_numbers() {
    let world = World::with_patch();
    world.ok(&signed_patch(&["--number", "2", "-o", "second.json"]));
    world.ok(&sign_channel(&[
        "--select",
        "second.json:2.5",
        "--select",
        "patch.json",
    ]));
    let said = said(&world, "channel.json");
    let selected = said["selected"].as_array().unwrap();
    let numbers: Vec<_> = selected
        .iter()
        .map(|entry| entry["number"].as_u64())
        .collect();
    assert_eq!(numbers, [Some(1), Some(2)]);
    assert_eq!(selected[0]["rollout_basis_points"], 10_000);
    assert_eq!(selected[1]["rollout_basis_points"], 250);
}

#[test]
fn a_channel_withdraws_a_statement() {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--roll-back", "patch.json"]));
    let said = said(&world, "channel.json");
    assert_eq!(said["rolled_back"][0]["number"], 1);
    assert_eq!(said["selected"], serde_json::json!([]));
}

#[test]
fn a_channel_does_not_offer_what_no_device_takes() {
    let world = World::new();
    world.ok(&sign_patch(&[]));
    let ran = world.run(&sign_channel(&["--select", "patch.json"]));
    check(
        &ran,
        4,
        &["patch.json: the patch statement carries no signature"],
    );
    assert!(!world.bench.path("channel.json").exists());
}

#[test]
fn one_number_does_not_stand_for_two_statements_of_a_channel() {
    let world = World::with_patch();
    world.ok(&signed_patch(&["--data-epoch", "1", "-o", "same.json"]));
    let ran = world.run(&sign_channel(&[
        "--select",
        "patch.json",
        "--roll-back",
        "same.json",
    ]));
    check(&ran, 2, &["it names the patch", "twice"]);
}

#[test]
fn statements_of_two_releases_do_not_go_into_one_channel() {
    let world = World::with_patch();
    world.ok(&signed_patch(&[
        "--version",
        "2",
        "--number",
        "2",
        "-o",
        "other.json",
    ]));
    let ran = world.run(&sign_channel(&[
        "--select",
        "patch.json",
        "--select",
        "other.json",
    ]));
    check(&ran, 2, &["other.json: it is for linux/x86_64/2/"]);
}

#[test]
fn what_is_said_twice_of_a_channel_has_to_be_the_same() {
    let world = World::with_patch();
    let select = ["--select", "patch.json"];
    for (option, value) in [
        ("--app", "com.example.other"),
        ("--version", "9"),
        ("--platform", "android"),
        ("--abi", "x86"),
    ] {
        let args = sign_channel(&[&select[..], &[option, value]].concat());
        check(
            &world.run(&args),
            2,
            &[option, value, "the statements and their root say"],
        );
    }
}

#[test]
fn a_channel_of_more_than_31_days_is_a_usage_error() {
    let world = World::with_patch();
    let args = sign_channel(&["--select", "patch.json", "--expires-in-days", "32"]);
    check(&world.run(&args), 2, &["32"]);
}

#[test]
fn a_statement_is_never_written_over_an_input() {
    let world = World::with_patch();
    let before = world.bench.get("root.json");
    for args in [
        signed_patch(&["-o", "root.json"]),
        sign_channel(&["--select", "patch.json", "-o", "root.json"]),
    ] {
        check(&world.run(&args), 2, &["one of the inputs"]);
    }
    assert_eq!(world.bench.get("root.json"), before);
}
