//! Patch and channel statements: what is found out of files, and what is refused to be signed.

use patchproof_testkit::made::{Container, Layout, Machine, MadeApp, MadeSnapshot};
use patchproof_tests::bench::{check, patch};
use serde_json::Value;

use crate::world::{World, sign_patch, verify};

const KEY: [&str; 3] = ["--key", "patch.pem", "--unencrypted"];

pub(crate) fn signed_patch<'a>(more: &[&'a str]) -> Vec<&'a str> {
    sign_patch(&[&KEY[..], more].concat())
}

/// What a statement says, once it is verified.
pub(crate) fn said(world: &World, name: &str) -> Value {
    let ran = world.ok(&verify(&[name, "--format", "json"]));
    let json: Value = serde_json::from_str(&ran.stdout).unwrap();
    json["statement"].clone()
}

fn sha256(bytes: &[u8]) -> String {
    patchproof_trust::Digest::of(bytes).to_string()
}

#[test]
fn a_statement_names_what_comes_out_of_the_patch_and_not_what_anybody_said() {
    let world = World::with_patch();
    let said = said(&world, "patch.json");
    let patched = world.bench.get("patched.so");
    assert_eq!(said["files"][0]["sha256"], sha256(&patched));
    assert_eq!(said["files"][0]["size_bytes"], patched.len());
    let release = world.bench.get("release.so");
    assert_eq!(said["release"]["base_sha256"], sha256(&release));
    assert_eq!(said["base_size_bytes"], release.len());
    let download = &said["downloads"][0];
    assert_eq!(download["sha256"], sha256(&world.bench.get("good.patch")));
    assert_eq!(download["container"], "shorebird");
    assert_eq!(download["codec"], "zstd");
    assert_eq!(download["from_sha256"], said["release"]["base_sha256"]);
}

#[test]
fn the_snapshot_is_that_of_the_released_library() {
    let world = World::with_patch();
    let said = said(&world, "patch.json");
    let facts = world
        .ok(&["inspect", "release.so", "--format", "json"])
        .stdout;
    let facts: Value = serde_json::from_str(&facts).unwrap();
    assert_eq!(said["snapshot"]["version"], facts["snapshot_version"]);
    assert_eq!(said["snapshot"]["features"], facts["features"]);
}

#[test]
fn our_container_and_its_codec_are_read_from_the_patch() {
    let world = World::new();
    for codec in ["zstd", "brotli"] {
        world.ok(&[
            "diff",
            "release.so",
            "patched.so",
            "-o",
            "our.patch",
            "--container",
            "patchproof",
            "--codec",
            codec,
        ]);
        world.ok(&signed_patch(&["--patch", "our.patch"]));
        let said = said(&world, "patch.json");
        assert_eq!(said["downloads"][0]["container"], "patchproof");
        assert_eq!(said["downloads"][0]["codec"], codec);
    }
}

#[test]
fn a_patch_that_holds_the_whole_file_needs_no_base() {
    let world = World::new();
    world.bench.put("empty", b"");
    world.ok(&[
        "diff",
        "empty",
        "patched.so",
        "-o",
        "w.patch",
        "--container",
        "patchproof",
    ]);
    world.ok(&signed_patch(&["--patch", "w.patch"]));
    assert_eq!(
        said(&world, "patch.json")["downloads"][0]["from_sha256"],
        Value::Null
    );
}

#[test]
fn the_library_is_found_in_an_apk_by_its_abi() {
    let world = World::new();
    let app = MadeApp::new();
    world.bench.put("app.apk", &app.apk());
    for abi in ["arm64-v8a", "x86_64"] {
        let base = &app.abis[abi].dart;
        let mut other = app.clone();
        other.version_name = "9.9.9".to_owned();
        world.bench.put("p.patch", &patch(base, base));
        let args = [
            "--release-build",
            "app.apk",
            "--platform",
            "android",
            "--abi",
            abi,
            "--patch",
            "p.patch",
        ];
        world.ok(&signed_patch(&args));
        assert_eq!(
            said(&world, "patch.json")["release"]["base_sha256"],
            sha256(base)
        );
    }
    let args = ["--release-build", "app.apk", "--abi", "riscv64"];
    check(
        &world.run(&signed_patch(&args)),
        2,
        &["app.apk (apk) has no library for riscv64"],
    );
}

#[test]
fn a_version_that_the_build_does_not_say_is_a_warning() {
    let world = World::new();
    let app = MadeApp::new();
    world.bench.put("app.apk", &app.apk());
    let base = &app.abis["x86_64"].dart;
    world.bench.put("p.patch", &patch(base, base));
    let ran = world.run(&signed_patch(&[
        "--release-build",
        "app.apk",
        "--patch",
        "p.patch",
        "--version",
        "77",
    ]));
    check(
        &ran,
        0,
        &[
            "warning: app.apk says that it is version",
            "--version says 77",
        ],
    );
}

#[test]
fn a_library_for_another_machine_is_not_the_one_of_the_abi() {
    let ran = World::new().run(&signed_patch(&["--abi", "arm64-v8a"]));
    check(&ran, 2, &["has no library for arm64-v8a"]);
}

#[test]
fn a_patch_to_a_library_of_another_engine_is_not_signed() {
    let world = World::new();
    let other = MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Unified).build();
    world.bench.put(
        "other.patch",
        &patch(&world.bench.get("release.so"), &other),
    );
    let ran = world.run(&signed_patch(&["--patch", "other.patch"]));
    check(&ran, 6, &["nothing was signed"]);
    assert!(!world.bench.path("patch.json").exists());
}

#[test]
fn a_patch_that_gives_no_library_is_not_signed() {
    let world = World::new();
    world.bench.put(
        "text.patch",
        &patch(&world.bench.get("release.so"), b"some text"),
    );
    let ran = world.run(&signed_patch(&["--patch", "text.patch"]));
    check(
        &ran,
        5,
        &[
            "text.patch: over the released library it gives no Dart snapshot",
            "nothing was signed",
        ],
    );
}

#[test]
fn a_malformed_patch_and_one_over_another_base_are_told_apart() {
    let world = World::new();
    world.bench.put("text.patch", b"no patch at all");
    let ran = world.run(&signed_patch(&["--patch", "text.patch"]));
    check(
        &ran,
        1,
        &["text.patch: the patch is malformed", "nothing was signed"],
    );
    let ours = ["--container", "patchproof"];
    world.ok(&[
        &["diff", "patched.so", "release.so", "-o", "o.patch"][..],
        &ours,
    ]
    .concat());
    let ran = world.run(&signed_patch(&["--patch", "o.patch"]));
    check(&ran, 5, &["the patch is for the base"]);
}

#[test]
fn only_a_patch_key_signs_patches() {
    let world = World::new();
    for key in ["alice.pem", "channel.pem"] {
        let ran = world.run(&sign_patch(&["--key", key, "--unencrypted"]));
        check(&ran, 2, &["does not name the key", "patch statement"]);
    }
}

#[test]
fn another_app_than_the_roots_is_refused() {
    let ran = World::new().run(&signed_patch(&["--app", "com.example.other"]));
    check(&ran, 2, &["com.example.app", "com.example.other"]);
}

#[test]
fn a_root_that_not_enough_people_signed_signs_nothing() {
    let world = World::new();
    world.ok(&crate::world::init(&["-o", "bare.json"]));
    check(
        &world.run(&signed_patch(&["--root", "bare.json"])),
        4,
        &["bare.json: the root"],
    );
}

#[test]
fn a_statement_without_a_signature_says_who_is_missing_and_is_countersigned() {
    let world = World::new();
    let ran = world.run(&sign_patch(&[]));
    check(
        &ran,
        0,
        &[
            "has 0 of the 1 signature",
            &world.id("patch"),
            "no device takes it yet",
        ],
    );
    check(
        &world.run(&verify(&["patch.json"])),
        4,
        &["carries no signature"],
    );
    let add = ["sign", "add", "patch.json", "--root", "root.json"];
    check(&world.run(&add), 0, &["patch statement", "has 0 of the 1"]);
    check(
        &world.run(&[&add[..], &KEY].concat()),
        0,
        &["has 1 of the 1"],
    );
    check(&world.run(&verify(&["patch.json"])), 0, &["holds"]);
}
