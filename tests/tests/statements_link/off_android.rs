//! Off Android, statements call an ABI as devices there do, and reports as Android does.

use patchproof_testkit::made::{
    Container, Embedder, Layout, Machine, MadeLibraries, MadeSnapshot, Os,
};
use patchproof_tests::bench::{Ran, check, patch};
use patchproof_trust::{ChannelStatement, PatchStatement, Unverified};

use crate::world::{World, check_broken, key, only_for_its_owner, signed, statement, word};

/// An app of Linux on arm64 with a root inside, its patched build, a patch and its statement.
fn linux_on_arm64() -> World {
    let mut world = World::new();
    let snapshot = MadeSnapshot::new(Container::Elf64, Machine::Arm64, Layout::Split)
        .for_target(Os::Linux, Embedder::Flutter);
    let root = signed(&world.root, &["a", "b"]);
    for app in [&mut world.release, &mut world.patched] {
        app.linux = MadeLibraries::of(&snapshot);
        let path = "patchproof/root.json".to_owned();
        app.assets.insert(path, root.clone());
    }
    world.patched.linux.dart = snapshot.edited(7).build();
    let base = &world.release.linux.dart;
    let made = patch(base, &world.patched.linux.dart);
    world.statement = statement(base, &made);
    world.statement.release.platform = word("linux");
    world.statement.release.abi = word("aarch64");
    let bench = &world.bench;
    bench.put("root.json", &root);
    bench.put("good.patch", &made);
    bench.put("release.zip", &world.release.zip_of_bundle());
    bench.put("patched.zip", &world.patched.zip_of_bundle());
    world
}

fn verify(world: &World, more: &[&str]) -> Ran {
    let builds = ["--release", "release.zip", "--patched", "patched.zip"];
    let patch = ["--patch", "good.patch", "--now", NOW];
    world
        .bench
        .run(&[&["verify-release"], &builds[..], &patch, more].concat())
}

fn sign(world: &World, args: &[&str]) {
    check(&world.bench.run(&[&["sign"], args].concat()), 0, &[]);
}

fn put_key(world: &World, name: &str) {
    let pem = patchproof_trust::write_plain_pem(&key(name)).unwrap();
    let file = format!("{name}.key");
    world.bench.put(&file, pem.as_bytes());
    only_for_its_owner(&world.bench.path(&file));
}

/// Signed by the command, into `signed.json`.
fn signed_by_the_command() -> World {
    let world = linux_on_arm64();
    put_key(&world, "p");
    put_key(&world, "q");
    let what = ["patch", "--root", "root.json", "--patch", "good.patch"];
    let build = ["--release-build", "release.zip", "--version", "1.2.3+45"];
    let target = ["--platform", "linux", "--abi", "arm64-v8a", "--number", "7"];
    let by = ["--key", "p.key", "--key", "q.key", "--unencrypted"];
    let args = [&what[..], &build, &target, &by, &["-o", "signed.json"]];
    sign(&world, &args.concat());
    world
}

#[test]
fn a_statement_that_calls_the_abi_as_devices_do_holds() {
    let world = linux_on_arm64();
    let envelope = signed(&world.statement, &world.signers);
    world.bench.put("statement.json", &envelope);
    let ran = verify(&world, &["--statement", "statement.json"]);
    check(&ran, 0, &["statements arm64-v8a held"]);
}

#[test]
fn a_statement_that_calls_the_abi_as_android_does_is_broken() {
    let mut world = linux_on_arm64();
    world.statement.release.abi = word("arm64-v8a");
    let envelope = signed(&world.statement, &world.signers);
    world.bench.put("statement.json", &envelope);
    let ran = verify(&world, &["--statement", "statement.json"]);
    check_broken(&ran, &["PP535", "aarch64", "arm64-v8a"]);
}

#[test]
fn what_the_command_signs_calls_the_abi_as_devices_do_and_holds() {
    let world = signed_by_the_command();
    let envelope = world.bench.get("signed.json");
    let document = Unverified::<PatchStatement>::read(&envelope).unwrap();
    let release = &document.statement().release;
    assert_eq!(*release, world.statement.release);
    let ran = verify(&world, &["--statement", "signed.json"]);
    check(&ran, 0, &["statements arm64-v8a held"]);
}

#[test]
fn a_channel_is_held_against_the_abi_by_the_name_in_reports() {
    let world = signed_by_the_command();
    put_key(&world, "channel");
    let what = ["channel", "--root", "root.json", "--channel", "stable"];
    let choice = ["--counter", "1", "--select", "signed.json", "--now", NOW];
    let until = ["--expires-in-days", "1", "-o", "channel.json"];
    let by = ["--key", "channel.key", "--unencrypted"];
    let args = [&what[..], &choice, &until, &by].concat();
    sign(&world, &[&args[..], &["--abi", "arm64-v8a"]].concat());
    let envelope = world.bench.get("channel.json");
    let document = Unverified::<ChannelStatement>::read(&envelope).unwrap();
    assert_eq!(document.statement().release.abi, word("aarch64"));
    let other = [&["sign"], &args[..], &["--abi", "x86_64"]].concat();
    check(&world.bench.run(&other), 2, &["x86_64", "aarch64"]);
}

#[test]
fn a_previous_statement_of_the_same_abi_counts() {
    let mut world = linux_on_arm64();
    world.statement.number = 8;
    let previous = signed(&world.statement, &world.signers);
    world.bench.put("previous.json", &previous);
    world.statement.number = 7;
    let envelope = signed(&world.statement, &world.signers);
    world.bench.put("statement.json", &envelope);
    let ran = verify(
        &world,
        &[
            "--statement",
            "statement.json",
            "--previous",
            "previous.json",
        ],
    );
    check_broken(&ran, &["previous.json has the number 8"]);
}

const NOW: &str = "1800000000";
