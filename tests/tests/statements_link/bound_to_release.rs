//! Every word that ties a statement to the release, changed once.

use patchproof_tests::bench::check;
use patchproof_trust::{Digest, Text};

use crate::world::{World, broken, root, signed, statement, word};

#[test]
fn a_statement_for_another_app_is_broken() {
    broken(
        |world| world.statement.app = word("dev.patchproof.twin"),
        &["PP533", "dev.patchproof.twin"],
    );
}

#[test]
fn a_root_for_another_app_than_the_manifest_names_is_told() {
    let mut world = World::new();
    world.root.app = word("1b2c-an-id-for-updates");
    world.statement.app = world.root.app.clone();
    world.put();
    check(&world.verify(&[]), 0, &["PP551", "1b2c-an-id-for-updates"]);
}

#[test]
fn a_statement_for_another_platform_is_broken() {
    broken(
        |world| world.statement.release.platform = word("linux"),
        &["PP534", "android", "linux"],
    );
}

#[test]
fn a_statement_for_another_abi_is_broken() {
    broken(
        |world| world.statement.release.abi = word("arm64-v8a"),
        &["PP535", "arm64-v8a"],
    );
}

#[test]
fn a_statement_for_another_version_is_broken() {
    broken(
        |world| world.statement.release.version = word("1.2.3+46"),
        &["PP536", "1.2.3+45", "1.2.3+46"],
    );
}

#[test]
fn a_version_without_its_second_half_is_warned_of() {
    let mut world = World::new();
    world.statement.release.version = word("1.2.3");
    world.put();
    check(&world.verify(&[]), 0, &["warning PP536", "1.2.3+45"]);
}

#[test]
fn a_version_that_only_begins_alike_is_broken() {
    broken(
        |world| world.statement.release.version = word("1.2.30"),
        &["PP536", "error PP536"],
    );
}

#[test]
fn a_statement_for_another_base_is_broken() {
    broken(
        |world| world.statement.release.base_sha256 = Digest::of(b"a rebuild"),
        &["PP537"],
    );
}

#[test]
fn a_statement_with_another_size_of_the_base_is_broken() {
    broken(
        |world| world.statement.base_size_bytes += 1,
        &["PP537", "bytes"],
    );
}

#[test]
fn a_statement_for_another_compiler_is_broken() {
    broken(
        |world| world.statement.snapshot.version = word("00000000000000000000000000000000"),
        &["PP538", "snapshot version"],
    );
}

#[test]
fn a_statement_with_the_features_in_another_order_is_broken() {
    broken(
        |world| world.statement.snapshot.features.reverse(),
        &["PP538", "features"],
    );
}

#[test]
fn a_statement_with_one_more_feature_is_broken() {
    broken(
        |world| {
            let more = Text::new("sanitizers").unwrap();
            world.statement.snapshot.features.push(more);
        },
        &["PP538"],
    );
}

#[test]
fn every_mismatch_is_told_in_one_run() {
    broken(
        |world| {
            world.statement.release.platform = word("ios");
            world.statement.release.version = word("9");
            world.statement.base_size_bytes = 1;
        },
        &["PP534", "PP536", "PP537"],
    );
}

#[test]
fn of_a_bare_library_version_and_app_are_told_to_be_unseen() {
    let world = World::new();
    let bench = &world.bench;
    bench.put("release.so", &world.release.abis["x86_64"].dart);
    bench.put("patched.so", &world.patched.abis["x86_64"].dart);
    let statement = statement(&bench.get("release.so"), &bench.get("good.patch"));
    bench.put("statement.json", &signed(&statement, &["p", "q"]));
    bench.put("root.json", &signed(&root(), &["a", "b"]));
    let args = [
        "--statement",
        "statement.json",
        "--root",
        "root.json",
        "--engine",
        "",
        "--require",
        "statements",
    ];
    let pairs: Vec<(&str, &str)> = args.chunks(2).map(|pair| (pair[0], pair[1])).collect();
    let ran = bench.verify(&pairs);
    check(&ran, 0, &["PP527", "PP551", "its version", "its app id"]);
}
