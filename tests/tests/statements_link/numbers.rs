//! Numbers grow: previous statements, revocations and floors.

use patchproof_tests::bench::check;
use patchproof_trust::PatchStatement;

use crate::world::{World, broken, check_broken, keys, name_of, role, rules, signed, word};

/// A world with a previous statement in `previous.json`.
fn after(change: impl FnOnce(&mut PatchStatement), signers: &[&str]) -> World {
    let mut world = World::new();
    world.put();
    let mut previous = world.statement.clone();
    previous.number = 6;
    change(&mut previous);
    world
        .bench
        .put("previous.json", &signed(&previous, signers));
    world
}

const AFTER: [&str; 2] = ["--previous", "previous.json"];

#[test]
fn a_number_above_the_previous_one_holds() {
    let world = after(|_| (), &["p", "q"]);
    check(&world.verify(&AFTER), 0, &["statements x86_64 held"]);
}

#[test]
fn the_number_of_a_previous_statement_is_broken() {
    let world = after(|previous| previous.number = 7, &["p", "q"]);
    check_broken(&world.verify(&AFTER), &["PP542", "a number above 7"]);
}

#[test]
fn a_number_below_a_previous_one_is_broken() {
    let world = after(|previous| previous.number = 8, &["p", "q"]);
    check_broken(&world.verify(&AFTER), &["PP542", "a number above 8"]);
}

#[test]
fn the_highest_of_several_previous_ones_counts() {
    let world = after(|previous| previous.number = 8, &["p", "q"]);
    let mut low = world.statement.clone();
    low.number = 1;
    world.bench.put("low.json", &signed(&low, &["p", "q"]));
    let ran = world.verify(&["--previous", "low.json", "--previous", "previous.json"]);
    check_broken(&ran, &["PP542", "a number above 8"]);
}

#[test]
fn a_previous_statement_of_another_release_is_broken() {
    let world = after(
        |previous| previous.release.version = word("1.2.2+44"),
        &["p", "q"],
    );
    check_broken(&world.verify(&AFTER), &["PP544", "1.2.2+44"]);
}

#[test]
fn a_previous_statement_of_an_abi_that_is_not_there_is_broken() {
    let world = after(|previous| previous.release.abi = word("x86"), &["p", "q"]);
    check_broken(&world.verify(&AFTER), &["PP544"]);
}

#[test]
fn a_previous_statement_that_nobody_signed_is_broken() {
    let world = after(|_| (), &[]);
    check_broken(&world.verify(&AFTER), &["PP543"]);
}

#[test]
fn a_previous_statement_that_is_none_is_broken() {
    let world = after(|_| (), &["p", "q"]);
    world.bench.put("previous.json", b"{}");
    check_broken(&world.verify(&AFTER), &["PP543"]);
}

#[test]
fn a_previous_statement_that_is_not_there_is_undecided() {
    let world = after(|_| (), &["p", "q"]);
    let ran = world.verify(&["--previous", "nowhere.json"]);
    check(&ran, 2, &["PP302", "nowhere.json"]);
}

#[test]
fn a_previous_statement_by_keys_that_the_root_does_not_name_is_warned_of() {
    let world = after(|_| (), &["o", "p"]);
    check(
        &world.verify(&AFTER),
        0,
        &["warning PP545", "its number counts"],
    );
}

#[test]
fn the_number_of_a_previous_statement_by_unknown_keys_counts() {
    let world = after(|previous| previous.number = 9, &["o", "p"]);
    check_broken(&world.verify(&AFTER), &["PP545", "PP542"]);
}

#[test]
fn a_previous_statement_under_a_root_that_was_replaced_is_told() {
    let mut world = after(|_| (), &["p", "q"]);
    let mut next = world.root.clone();
    next.version = 2;
    next.keys = keys(&["a", "b", "c", "r", "s", "channel"]);
    next.roles.patch = role(&["r", "s"], 2);
    world.signers = vec!["r", "s"];
    world.put();
    world.bench.put("root-2.json", &signed(&next, &["a", "b"]));
    let ran = world.verify(&["--next-root", "root-2.json", AFTER[0], AFTER[1]]);
    check(&ran, 0, &["note PP545", "under an older root"]);
}

#[test]
fn a_previous_statement_that_was_revoked_since_is_still_one() {
    let mut world = after(|_| (), &["p", "q"]);
    let mut previous = world.statement.clone();
    previous.number = 6;
    world.root.releases = rules(&world, 7, &[name_of(&previous)]);
    world.put();
    check(&world.verify(&AFTER), 0, &["statements x86_64 held"]);
}

#[test]
fn a_revoked_statement_is_broken() {
    broken(
        |world| world.root.releases = rules(world, 0, &[name_of(&world.statement)]),
        &["PP546"],
    );
}

#[test]
fn a_number_below_the_floor_is_broken() {
    broken(
        |world| world.root.releases = rules(world, 8, &[]),
        &["PP547", "8"],
    );
}

#[test]
fn the_floor_itself_is_high_enough() {
    let mut world = World::new();
    world.root.releases = rules(&world, 7, &[]);
    world.put();
    check(&world.verify(&[]), 0, &["verified"]);
}
