//! What a statement's signatures and its form must be.

use patchproof_trust::Extensions;

use crate::world::{World, broken, check_broken, signed, word};

#[test]
fn a_statement_that_nobody_signed_is_broken() {
    broken(|world| world.signers.clear(), &["PP529"]);
}

#[test]
fn a_statement_signed_by_too_few_is_broken() {
    broken(|world| world.signers = vec!["p"], &["PP532", "1 of the 2"]);
}

#[test]
fn a_statement_signed_by_a_stranger_is_broken() {
    broken(|world| world.signers = vec!["p", "stranger"], &["PP530"]);
}

#[test]
fn a_stranger_beside_enough_good_signatures_is_broken() {
    broken(|world| world.signers.push("stranger"), &["PP530"]);
}

#[test]
fn the_channel_key_signs_no_patches() {
    broken(|world| world.signers = vec!["channel", "p"], &["PP530"]);
}

#[test]
fn a_statement_with_the_signatures_of_another_is_broken() {
    let mut world = World::new();
    world.put();
    let text = |bytes: Vec<u8>| serde_json::from_slice::<serde_json::Value>(&bytes).unwrap();
    let mut envelope = text(world.bench.get("statement.json"));
    world.statement.number += 1;
    let other = text(signed(&world.statement, &world.signers));
    envelope["payload"] = other["payload"].clone();
    world
        .bench
        .put("statement.json", &serde_json::to_vec(&envelope).unwrap());
    check_broken(&world.verify(&[]), &["PP531"]);
}

#[test]
fn a_statement_with_a_line_end_behind_it_is_broken() {
    let mut world = World::new();
    world.put();
    let mut bytes = world.bench.get("statement.json");
    bytes.push(b'\n');
    world.bench.put("statement.json", &bytes);
    check_broken(&world.verify(&[]), &["PP528"]);
}

#[test]
fn a_channel_statement_is_no_patch_statement() {
    let mut world = World::new();
    world.put();
    let channel = crate::world::channel(&world.statement);
    world
        .bench
        .put("statement.json", &signed(&channel, &["channel"]));
    check_broken(&world.verify(&[]), &["PP528"]);
}

#[test]
fn a_file_that_is_no_statement_is_broken() {
    let mut world = World::new();
    world.put();
    world.bench.put("statement.json", b"no statement at all");
    check_broken(&world.verify(&[]), &["PP528"]);
}

#[test]
fn a_file_without_end_is_no_statement() {
    let mut world = World::new();
    world.put();
    world.bench.put("statement.json", &vec![b'['; 3 << 20]);
    check_broken(&world.verify(&[]), &["PP528"]);
}

#[test]
fn what_devices_pass_over_changes_nothing() {
    let mut world = World::new();
    let note = patchproof_trust::Text::new("hello").unwrap();
    world.statement.extensions = Extensions::from([(word("note"), note)]);
    world.put();
    patchproof_tests::bench::check(&world.verify(&[]), 0, &["verified"]);
}
