//! Where the link holds, where nobody asked, and where something is missing.

use patchproof_tests::bench::check;

use crate::world::{World, channel, check_broken, key, only_for_its_owner, signed};

fn good() -> World {
    let mut world = World::new();
    world.put();
    world
}

#[test]
fn an_honest_statement_holds() {
    let ran = good().verify(&["--require", "statements"]);
    check(
        &ran,
        0,
        &["verified: 6 of 8 links", "statements x86_64 held"],
    );
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn what_the_command_signs_holds() {
    let world = good();
    world
        .bench
        .put("root.json", &signed(&world.root, &["a", "b"]));
    for name in ["p", "q"] {
        let pem = patchproof_trust::write_plain_pem(&key(name)).unwrap();
        let file = format!("{name}.key");
        world.bench.put(&file, pem.as_bytes());
        only_for_its_owner(&world.bench.path(&file));
    }
    let what = [
        "sign",
        "patch",
        "--root",
        "root.json",
        "--patch",
        "good.patch",
    ];
    let build = ["--release-build", "release.apk", "--version", "1.2.3+45"];
    let target = ["--platform", "android", "--abi", "x86_64", "--number", "7"];
    let by = ["--key", "p.key", "--key", "q.key", "--unencrypted"];
    let args = [&what[..], &build, &target, &by, &["-o", "signed.json"]];
    check(&world.bench.run(&args.concat()), 0, &["signed.json"]);
    let ran = world.verify_unsigned(&["--statement", "signed.json"]);
    check(&ran, 0, &["statements x86_64 held"]);
}

#[test]
fn the_row_shows_the_hash_of_the_download() {
    let world = good();
    let ran = world.verify(&["--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = report["links"].as_array().unwrap();
    let row = rows.iter().find(|row| row["id"] == "statements").unwrap();
    let patch = world.statement.downloads[0].sha256.to_string();
    assert_eq!(row["expected_sha256"], patch);
    assert_eq!(row["found_sha256"], patch);
}

#[test]
fn a_patch_without_a_statement_is_broken_where_the_release_embeds_a_root() {
    let ran = good().verify_unsigned(&[]);
    check_broken(&ran, &["PP521", "no statement was given for good.patch"]);
    insta::assert_snapshot!(ran.stdout);
}

#[test]
fn it_is_not_asked_where_the_release_embeds_no_root() {
    let world = World::new();
    world.put_builds();
    check(
        &world.verify_unsigned(&[]),
        0,
        &["statements x86_64 not asked"],
    );
}

#[test]
fn where_it_is_required_and_nothing_is_given_it_is_named() {
    let world = World::new();
    world.put_builds();
    let ran = world.verify_unsigned(&["--require", "statements"]);
    check(
        &ran,
        2,
        &["missing: statements", "`--require statements`", "PP301"],
    );
}

#[test]
fn a_release_with_a_root_beside_its_rebuild_alone_asks_for_no_statement() {
    let world = good();
    let args = ["--release", "release.apk", "--rebuilt", "release.apk"];
    let ran = world.bench.run(&[&["verify-release"], &args[..]].concat());
    check(&ran, 0, &["statements x86_64 not asked"]);
}

#[test]
fn a_statement_without_its_patch_is_undecided() {
    let world = good();
    let args = ["--release", "release.apk", "--statement", "statement.json"];
    let ran = world.bench.run(&[&["verify-release"], &args[..]].concat());
    check(&ran, 2, &["`statements` needs `--patch`"]);
}

#[test]
fn a_statement_that_is_not_there_is_undecided_and_named() {
    let ran = good().verify_unsigned(&["--statement", "nowhere.json"]);
    check(&ran, 2, &["PP302", "nowhere.json", "undecided: statements"]);
}

#[test]
fn a_statement_for_an_abi_that_is_not_there_stands_in_for_no_other() {
    let ran = good().verify_unsigned(&["--statement", "arm64-v8a=statement.json"]);
    check(
        &ran,
        4,
        &["PP303", "statement.json is given for arm64-v8a", "PP521"],
    );
}

#[test]
fn two_statements_for_one_abi_are_undecided() {
    let ran = good().verify(&["--statement", "x86_64=statement.json"]);
    check(&ran, 2, &["PP303", "a second statement for x86_64"]);
}

#[test]
fn what_belongs_to_a_statement_is_never_passed_over_in_silence() {
    let mut world = World::new();
    world.put();
    world.release.assets.remove("patchproof/root.json");
    world.patched.assets.remove("patchproof/root.json");
    world.put_builds();
    let offers = signed(&channel(&world.statement), &["channel"]);
    world.bench.put("channel.json", &offers);
    for option in ["--previous", "--channel", "--next-root"] {
        let ran = world.verify_unsigned(&[option, "channel.json"]);
        check(&ran, 2, &["`statements` needs `--statement`"]);
    }
}

#[test]
fn a_statement_that_covers_more_than_was_given_says_so() {
    let mut world = World::new();
    let mut more = world.statement.files[0].clone();
    more.name = patchproof_trust::FileName::new("flutter_assets/x").unwrap();
    world.statement.files.insert(0, more);
    world.put();
    check(&world.verify(&[]), 0, &["PP552", "flutter_assets/x"]);
}
