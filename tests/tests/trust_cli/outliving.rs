//! What a root says of statements that were signed before it: floors, revocations, other keys.

use patchproof_tests::bench::check;
use patchproof_trust::{PatchStatement, Unverified};

use crate::rotating::by_two;
use crate::world::{World, sign_patch, verify};

#[test]
fn a_revoked_statement_holds_under_the_old_root_alone() {
    let world = World::with_patch();
    check(&by_two(&world, &["--revoke", "patch.json"]), 0, &[]);
    check(&world.run(&verify(&["patch.json"])), 0, &["holds"]);
    let under_next = ["verify", "--root", "next.json", "patch.json"];
    check(
        &world.run(&under_next),
        4,
        &["the root revokes the patch statement"],
    );
}

#[test]
fn a_floor_is_set_by_a_statement_or_by_the_name_of_its_release() {
    let world = World::with_patch();
    let shown = world.ok(&verify(&["patch.json"])).stdout;
    let release = shown
        .split_whitespace()
        .find(|word| word.starts_with("linux/x86_64/"))
        .unwrap();
    for floor in ["patch.json=2".to_owned(), format!("{release}=2")] {
        check(&by_two(&world, &["--minimum-number", &floor]), 0, &[]);
        let under_next = ["verify", "--root", "next.json", "patch.json"];
        check(&world.run(&under_next), 4, &["patch 1 is below 2"]);
        let ran = world.run(&sign_patch(&[
            "--root",
            "next.json",
            "--key",
            "patch.pem",
            "--unencrypted",
            "-o",
            "x.json",
        ]));
        check(&ran, 2, &["lets no patch below 2 run"]);
        std::fs::remove_file(world.bench.path("next.json")).unwrap();
    }
}

#[test]
fn a_floor_is_not_lowered() {
    let world = World::with_patch();
    check(
        &by_two(&world, &["--minimum-number", "patch.json=5"]),
        0,
        &[],
    );
    let args = [
        "root",
        "rotate",
        "next.json",
        "-o",
        "third.json",
        "--minimum-number",
    ];
    let ran = world.run(&[&args[..], &["patch.json=4"]].concat());
    check(&ran, 2, &["asks for 5 already"]);
}

#[test]
fn a_statement_outlives_its_key_under_its_own_name() {
    let world = World::with_patch();
    world.open_key("new");
    let old = world.id("patch");
    let change = ["--add-patch-key", "new.pem.pub", "--remove-patch-key", &old];
    check(&by_two(&world, &change), 0, &[]);
    let before = Unverified::<PatchStatement>::read(&world.bench.get("patch.json")).unwrap();
    let under_next = ["verify", "--root", "next.json", "patch.json"];
    check(
        &world.run(&under_next),
        4,
        &["which the root does not name"],
    );
    let add = ["sign", "add", "patch.json", "--root", "next.json"];
    let looked = world.run(&add);
    check(
        &looked,
        0,
        &[
            "has 0 of the 1",
            &format!("the signature of {old} is wrong, or of no key"),
        ],
    );
    let signed = world.run(&[&add[..], &["--key", "new.pem", "--unencrypted"]].concat());
    check(
        &signed,
        0,
        &[
            &format!("took off the signature of {old}"),
            "has 1 of the 1",
        ],
    );
    check(&world.run(&under_next), 0, &["holds"]);
    let after = Unverified::<PatchStatement>::read(&world.bench.get("patch.json")).unwrap();
    assert_eq!(before.sha256(), after.sha256());
}
