//! `--attest` as a process: who signs, where the file goes, and what the shell hears.

use patchproof_tests::bench::check;
use patchproof_trust::write_plain_pem;
use serde_json::Value;

use crate::world::{World, key, only_for_its_owner};

/// A good world with a key in `ci.key` that nobody else can read.
fn world() -> World {
    let mut world = World::new();
    world.put();
    let pem = write_plain_pem(&key("ci")).unwrap();
    world.bench.put("ci.key", pem.as_bytes());
    only_for_its_owner(&world.bench.path("ci.key"));
    world
}

const ATTEST: [&str; 5] = ["--attest", "out.json", "--key", "ci.key", "--unencrypted"];

#[test]
fn the_attestation_is_written_beside_the_report() {
    let world = world();
    check(&world.verify(&ATTEST), 0, &["verified: 6 of 8 links"]);
    let envelope: Value = serde_json::from_slice(&world.bench.get("out.json")).unwrap();
    assert_eq!(envelope["payloadType"], "application/vnd.in-toto+json");
    assert_eq!(envelope["signatures"].as_array().unwrap().len(), 1);
}

#[test]
fn a_broken_report_is_attested_too_and_keeps_its_exit_code() {
    let world = world();
    check(
        &world.verify_unsigned(&ATTEST),
        4,
        &["broken at statements"],
    );
    assert!(world.bench.path("out.json").exists());
}

#[test]
fn an_attestation_without_a_key_is_refused_before_anything_is_verified() {
    let ran = world().verify(&["--attest", "out.json"]);
    check(&ran, 2, &["--attest needs somebody who signs"]);
    assert_eq!(ran.stdout, "");
}

#[test]
fn a_key_without_an_attestation_is_refused() {
    let ran = world().verify(&["--key", "ci.key", "--unencrypted"]);
    check(&ran, 2, &["add --attest FILE"]);
}

#[test]
fn a_key_that_is_not_there_is_never_a_zero() {
    let ran = world().verify(&["--attest", "out.json", "--key", "nowhere.key"]);
    check(&ran, 2, &["nowhere.key"]);
}

#[test]
fn an_attestation_that_cannot_be_written_is_never_a_zero() {
    let world = world();
    let args = [
        "--attest",
        "no/such/out.json",
        "--key",
        "ci.key",
        "--unencrypted",
    ];
    check(&world.verify(&args), 2, &["no/such/out.json"]);
}

#[test]
fn an_attestation_is_never_written_over_an_input() {
    let world = world();
    let statement = world.bench.get("statement.json");
    let args = [
        "--attest",
        "statement.json",
        "--key",
        "ci.key",
        "--unencrypted",
    ];
    check(&world.verify(&args), 2, &["one of the inputs"]);
    assert_eq!(world.bench.get("statement.json"), statement);
}

#[test]
fn neither_an_attestation_nor_a_report_is_written_over_the_key() {
    let world = world();
    let key = world.bench.get("ci.key");
    for output in [
        &["--attest", "ci.key"][..],
        &["--attest", "out.json", "-o", "ci.key"],
        &["--attest", "out.json", "--report", "html=ci.key"],
    ] {
        let ran = world.verify(&[output, &["--key", "ci.key", "--unencrypted"]].concat());
        check(&ran, 2, &["one of the inputs"]);
        assert_eq!(world.bench.get("ci.key"), key, "{output:?}");
    }
}

#[test]
fn the_same_run_writes_the_same_bytes() {
    let world = world();
    check(&world.verify(&ATTEST), 0, &[]);
    let first = world.bench.get("out.json");
    check(&world.verify(&ATTEST), 0, &[]);
    assert_eq!(world.bench.get("out.json"), first);
}
