//! The root in the release: there, the only one, believed, in its time, and those that follow.

use patchproof_tests::bench::check;
use patchproof_trust::Root;

use crate::world::{DAY_S, NOW_S, World, broken, check_broken, keys, role, root, signed};

#[test]
fn a_statement_for_a_release_without_a_root_is_broken() {
    let world = World::new();
    world.put_builds();
    check_broken(
        &world.verify(&[]),
        &["PP522", "flutter_assets/patchproof/root.json"],
    );
}

#[test]
fn a_root_on_the_command_line_is_no_root_in_the_release() {
    let world = World::new();
    world.put_builds();
    world.bench.put("root.json", &signed(&root(), &["a", "b"]));
    check_broken(&world.verify(&["--root", "root.json"]), &["PP522"]);
}

#[test]
fn a_root_elsewhere_among_the_assets_is_none() {
    let mut world = World::new();
    let root = signed(&root(), &["a", "b"]);
    let decoy = "packages/x/flutter_assets/patchproof/root.json".to_owned();
    world.release.assets.insert(decoy.clone(), root.clone());
    world.patched.assets.insert(decoy, root);
    world.put_builds();
    check_broken(&world.verify(&[]), &["PP522"]);
}

#[test]
fn a_root_that_is_no_root_is_broken_whatever_is_signed() {
    let mut world = World::new();
    world.put_with_root(b"{}");
    check_broken(&world.verify(&[]), &["PP523", "root.json"]);
}

#[test]
fn a_root_that_is_no_root_is_broken_without_a_patch_too() {
    let mut world = World::new();
    world.put_with_root(b"{}");
    let args = ["--release", "release.apk", "--rebuilt", "release.apk"];
    let ran = world.bench.run(&[&["verify-release"], &args[..]].concat());
    check_broken(&ran, &["PP523"]);
}

#[test]
fn a_root_below_its_own_threshold_is_broken() {
    let mut world = World::new();
    let root = signed(&world.root, &["a"]);
    world.put_with_root(&root);
    check_broken(&world.verify(&[]), &["PP523", "1 of the 2"]);
}

#[test]
fn a_root_larger_than_any_is_broken() {
    let mut world = World::new();
    world.put_with_root(&vec![b' '; 600 << 10]);
    check_broken(&world.verify(&[]), &["PP523", "which no root has"]);
}

#[test]
fn another_root_on_the_command_line_is_broken() {
    let mut world = World::new();
    world.put();
    let mut other = root();
    other.version = 2;
    world.bench.put("root.json", &signed(&other, &["a", "b"]));
    check_broken(&world.verify(&["--root", "root.json"]), &["PP524"]);
}

#[test]
fn the_same_root_on_the_command_line_holds() {
    let mut world = World::new();
    world.put();
    world.bench.put("root.json", &signed(&root(), &["a", "b"]));
    check(&world.verify(&["--root", "root.json"]), 0, &["verified"]);
}

#[test]
fn a_bundle_with_two_roots_is_broken() {
    let mut world = World::new();
    world.put();
    for (name, app) in [("release", &world.release), ("patched", &world.patched)] {
        let mut zip = app.aab_zip();
        let mut second = zip
            .entries
            .iter()
            .find(|it| is_root(&it.name))
            .unwrap()
            .clone();
        second.name = b"feature/assets/flutter_assets/patchproof/root.json".to_vec();
        second.content = patchproof_testkit::made::Content::Stored(b"{}".to_vec());
        zip.entries.push(second);
        world.bench.put(&format!("{name}.aab"), &zip.build());
    }
    let builds = ["--release", "release.aab", "--patched", "patched.aab"];
    let rest = ["--patch", "good.patch", "--statement", "statement.json"];
    let ran = world
        .bench
        .run(&[&["verify-release"], &builds[..], &rest].concat());
    check_broken(&ran, &["PP524", "two roots"]);
}

fn is_root(name: &[u8]) -> bool {
    name.ends_with(b"flutter_assets/patchproof/root.json")
}

#[test]
fn a_root_is_found_in_a_bundle() {
    let mut world = World::new();
    world.put();
    world.bench.put("release.aab", &world.release.aab());
    world.bench.put("patched.aab", &world.patched.aab());
    let builds = ["--release", "release.aab", "--patched", "patched.aab"];
    let rest = ["--patch", "good.patch", "--statement", "statement.json"];
    let ran = world
        .bench
        .run(&[&["verify-release"], &builds[..], &rest].concat());
    check(&ran, 0, &["statements x86_64 held"]);
}

#[test]
fn an_expired_root_is_broken() {
    broken(
        |world| world.root.expires_s = Some(NOW_S),
        &["PP525", "1800000000"],
    );
}

#[test]
fn a_root_in_its_last_second_holds() {
    let mut world = World::new();
    world.root.expires_s = Some(NOW_S + 1);
    world.put();
    check(&world.verify(&[]), 0, &["verified"]);
}

#[test]
fn without_a_moment_everything_that_can_expire_has() {
    let mut world = World::new();
    world.root.expires_s = Some(NOW_S + 400_000 * DAY_S);
    world.put();
    let inputs = crate::flips::inputs(&world, world.bench.get("statement.json"));
    let mut without = inputs.clone();
    without.now_s = patchproof_verify::Inputs::new(inputs.release.clone()).now_s;
    assert_eq!(
        patchproof_verify::verify_release(&inputs)
            .exit_code()
            .number(),
        0
    );
    assert_eq!(
        patchproof_verify::verify_release(&without)
            .exit_code()
            .number(),
        4
    );
}

/// Root 2, with the patch keys r and s.
fn next() -> Root {
    let mut next = root();
    next.version = 2;
    next.keys = keys(&["a", "b", "c", "r", "s", "channel"]);
    next.roles.patch = role(&["r", "s"], 2);
    next
}

#[test]
fn a_statement_by_keys_of_the_next_root_holds() {
    let mut world = World::new();
    world.signers = vec!["r", "s"];
    world.put();
    check_broken(&world.verify(&[]), &["PP530"]);
    world
        .bench
        .put("root-2.json", &signed(&next(), &["a", "b"]));
    check(
        &world.verify(&["--next-root", "root-2.json"]),
        0,
        &["verified"],
    );
}

#[test]
fn a_statement_by_keys_that_the_next_root_dropped_is_broken() {
    let mut world = World::new();
    world.put();
    world
        .bench
        .put("root-2.json", &signed(&next(), &["a", "b"]));
    let ran = world.verify(&["--next-root", "root-2.json"]);
    check_broken(&ran, &["PP530"]);
}

#[test]
fn a_next_root_that_leaves_one_out_is_broken() {
    let mut world = World::new();
    world.put();
    let mut third = next();
    third.version = 3;
    world.bench.put("root-3.json", &signed(&third, &["a", "b"]));
    let ran = world.verify(&["--next-root", "root-3.json"]);
    check_broken(&ran, &["PP526", "root-3.json does not follow"]);
}

#[test]
fn a_next_root_that_the_old_keys_did_not_sign_is_broken() {
    let mut world = World::new();
    world.put();
    let mut usurped = next();
    usurped.keys = keys(&["x", "y", "r", "s", "channel"]);
    usurped.roles.root = role(&["x", "y"], 2);
    world
        .bench
        .put("root-2.json", &signed(&usurped, &["x", "y"]));
    let ran = world.verify(&["--next-root", "root-2.json"]);
    check_broken(&ran, &["PP526", "0 of the 2"]);
}

#[test]
fn a_bare_library_needs_a_root_beside_it() {
    let world = World::new();
    world.put_builds();
    world
        .bench
        .put("release.so", &world.release.abis["x86_64"].dart);
    world
        .bench
        .put("patched.so", &world.patched.abis["x86_64"].dart);
    let ran = world
        .bench
        .verify(&[("--statement", "statement.json"), ("--engine", "")]);
    check(&ran, 2, &["`statements` needs `--root`"]);
}
