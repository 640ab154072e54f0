//! The channel statement that is to offer the patch.

use patchproof_tests::bench::{Ran, check};
use patchproof_trust::{ChannelStatement, Digest, Nonce, RolledBack};

use crate::world::{NOW_S, World, channel, check_broken, name_of, signed, word};

/// The run over a channel statement of which one thing was changed.
fn offered(change: impl FnOnce(&mut ChannelStatement), signer: &str) -> Ran {
    let mut world = World::new();
    world.put();
    let mut channel = channel(&world.statement);
    change(&mut channel);
    world
        .bench
        .put("channel.json", &signed(&channel, &[signer]));
    world.verify(&["--channel", "channel.json"])
}

#[test]
fn a_channel_that_offers_the_patch_holds() {
    check(&offered(|_| (), "channel"), 0, &["statements x86_64 held"]);
}

#[test]
fn the_answer_to_one_device_is_looked_at_like_any_other() {
    let ran = offered(
        |channel| channel.nonce = Some(Nonce::of_bytes([7; 32])),
        "channel",
    );
    check(&ran, 0, &["statements x86_64 held"]);
}

#[test]
fn an_expired_answer_to_one_device_is_broken() {
    let ran = offered(
        |channel| {
            channel.nonce = Some(Nonce::of_bytes([7; 32]));
            channel.expires_s = NOW_S;
        },
        "channel",
    );
    check_broken(&ran, &["PP549"]);
}

#[test]
fn an_expired_channel_is_broken() {
    let ran = offered(|channel| channel.expires_s = NOW_S, "channel");
    check_broken(&ran, &["PP549", "1800000000"]);
}

#[test]
fn a_channel_out_of_the_future_is_broken() {
    let ran = offered(
        |channel| {
            channel.issued_s = NOW_S + 200_000;
            channel.expires_s = NOW_S + 300_000;
        },
        "channel",
    );
    check_broken(&ran, &["PP549"]);
}

#[test]
fn a_channel_that_a_patch_key_signed_is_broken() {
    check_broken(&offered(|_| (), "p"), &["PP548"]);
}

#[test]
fn a_channel_for_another_release_is_broken() {
    let ran = offered(|channel| channel.release.version = word("9.9.9"), "channel");
    check_broken(&ran, &["PP548", "9.9.9"]);
}

#[test]
fn a_channel_of_a_newer_root_is_broken() {
    let ran = offered(|channel| channel.root_version = 2, "channel");
    check_broken(&ran, &["PP548", "fetch the roots between"]);
}

#[test]
fn a_channel_that_offers_another_statement_is_broken() {
    let ran = offered(
        |channel| channel.selected[0].patch = Digest::of(b"another statement"),
        "channel",
    );
    check_broken(&ran, &["PP550", "does not offer"]);
}

#[test]
fn a_channel_that_calls_the_patch_another_number_is_broken() {
    let ran = offered(|channel| channel.selected[0].number = 8, "channel");
    check_broken(&ran, &["PP550"]);
}

#[test]
fn a_channel_that_rolls_the_patch_back_is_broken() {
    let ran = offered(
        |channel| {
            let number = channel.selected[0].number;
            let patch = channel.selected[0].patch;
            channel.selected.clear();
            channel.rolled_back = vec![RolledBack { number, patch }];
        },
        "channel",
    );
    check_broken(&ran, &["PP550", "rolls the patch statement"]);
}

#[test]
fn a_file_that_is_no_channel_statement_is_broken() {
    let mut world = World::new();
    world.put();
    let ran = world.verify(&["--channel", "statement.json"]);
    check_broken(&ran, &["PP548"]);
}

#[test]
fn what_a_channel_offers_is_the_payload_whoever_signed_it() {
    let mut world = World::new();
    let name = name_of(&world.statement);
    world.signers = vec!["q", "r"];
    world.put();
    let offers = channel(&world.statement);
    assert_eq!(offers.selected[0].patch, name);
    world
        .bench
        .put("channel.json", &signed(&offers, &["channel"]));
    let ran = world.verify(&["--channel", "channel.json"]);
    check(&ran, 0, &["statements x86_64 held"]);
}
