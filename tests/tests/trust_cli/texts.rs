//! What a person reads, as it was read last. Keys and hashes are new in each run, and left out.

use patchproof_tests::bench::Ran;

use crate::world::{World, init, sign_channel, sign_patch, verify, without_hex};

fn shown(ran: &Ran) -> String {
    let all = format!("exit code {}\n{}\n{}", ran.code, ran.stdout, ran.stderr);
    without_hex(&all).trim_end().to_owned() + "\n"
}

#[test]
fn a_new_key() {
    let world = World::empty();
    let keygen = ["keygen", "-o", "key.pem"];
    let closed = world.run(&[&keygen[..], &["--passphrase-file", "pass"]].concat());
    let open = world.run(&["keygen", "-o", "open.pem", "--no-passphrase"]);
    insta::assert_snapshot!(format!("{}\n{}", shown(&closed), shown(&open)));
}

#[test]
fn a_root_of_one_person_and_then_of_two() {
    let world = World::new();
    let one = world.run(&init(&[
        "--key",
        "alice.pem",
        "--unencrypted",
        "-o",
        "one.json",
    ]));
    let one_shown = world.run(&["root", "show", "one.json"]);
    let two = world.run(&[
        "root",
        "sign",
        "one.json",
        "--key",
        "bob.pem",
        "--unencrypted",
    ]);
    let two_shown = world.run(&["root", "show", "one.json"]);
    let all = [one, one_shown, two, two_shown].map(|ran| shown(&ran));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn the_next_root() {
    let world = World::with_patch();
    world.open_key("dave");
    let carol = world.id("carol");
    let next = world.run(&[
        "root",
        "rotate",
        "root.json",
        "-o",
        "next.json",
        "--unencrypted",
        "--key",
        "dave.pem",
        "--add-root-key",
        "dave.pem.pub",
        "--remove-root-key",
        &carol,
        "--revoke",
        "patch.json",
        "--minimum-number",
        "patch.json=2",
    ]);
    let show = ["root", "show", "next.json", "--previous", "root.json"];
    let all = [next, world.run(&show)].map(|ran| shown(&ran));
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn statements_as_they_are_signed() {
    let world = World::new();
    let patch = world.run(&sign_patch(&["--key", "patch.pem", "--unencrypted"]));
    let channel = world.run(&sign_channel(&["--select", "patch.json:10"]));
    let look = world.run(&["sign", "add", "channel.json", "--root", "root.json"]);
    insta::assert_snapshot!([patch, channel, look].map(|ran| shown(&ran)).join("\n"));
}

#[test]
fn statements_as_they_are_verified() {
    let world = World::with_patch();
    world.ok(&sign_channel(&["--select", "patch.json:10"]));
    let beside = ["--patch", "good.patch", "--base", "release.so"];
    let runs = [
        world.run(&verify(&[&["patch.json"][..], &beside].concat())),
        world.run(&verify(&["channel.json"])),
        world.run(&verify(&["patch.json", "--patch", "patched.so"])),
        world.run(&verify(&["patch.json", "--format", "json"])),
    ];
    insta::assert_snapshot!(runs.map(|ran| shown(&ran)).join("\n"));
}

#[test]
fn signatures_of_the_field() {
    let world = World::empty();
    world.bench.put("lib", b"libapp");
    world.bench.put("empty", b"");
    for (name, bytes) in [
        (
            "s.key",
            include_bytes!("../../../crates/trust/vectors/shorebird.public_key").as_slice(),
        ),
        (
            "s.sig",
            include_bytes!("../../../crates/trust/vectors/shorebird.signature"),
        ),
        (
            "f.key",
            include_bytes!("../../../crates/trust/vectors/flutter_patcher.public_key"),
        ),
        (
            "f.sig",
            include_bytes!("../../../crates/trust/vectors/flutter_patcher.signature"),
        ),
    ] {
        world.bench.put(name, bytes);
    }
    let runs = [
        ["--shorebird-key", "s.key", "--signature", "s.sig", "lib"],
        [
            "--flutter-patcher-key",
            "f.key",
            "--signature",
            "f.sig",
            "empty",
        ],
        [
            "--flutter-patcher-key",
            "f.key",
            "--signature",
            "f.sig",
            "lib",
        ],
    ];
    let runs = runs.map(|args| shown(&world.run(&[&["verify"][..], &args].concat())));
    insta::assert_snapshot!(runs.join("\n"));
}

#[test]
fn every_help_page() {
    let world = World::empty();
    let pages: [&[&str]; 12] = [
        &["keygen"],
        &["root"],
        &["root", "init"],
        &["root", "rotate"],
        &["root", "sign"],
        &["root", "show"],
        &["sign"],
        &["sign", "patch"],
        &["sign", "channel"],
        &["sign", "add"],
        &["sign", "place"],
        &["verify"],
    ];
    let pages = pages.map(|page| {
        let help = world.ok(&[page, &["--help"]].concat()).stdout;
        format!("=== {}\n{help}", page.join(" "))
    });
    let text = pages
        .join("\n")
        .replace("patchproof_under_test", "patchproof");
    insta::assert_snapshot!(text);
}
