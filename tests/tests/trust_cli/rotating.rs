//! The next root, and the one after it.

use patchproof_tests::bench::{Ran, check};
use patchproof_trust::{Device, Digest, Release, Remembered, Snapshot, Verifier, Word};

use crate::world::World;

fn rotate<'a>(more: &[&'a str]) -> Vec<&'a str> {
    let fixed = [
        "root",
        "rotate",
        "root.json",
        "-o",
        "next.json",
        "--unencrypted",
    ];
    [&fixed[..], more].concat()
}

/// By alice and bob, who are enough for the root before it.
pub(crate) fn by_two(world: &World, more: &[&str]) -> Ran {
    world.run(&rotate(
        &[&["--key", "alice.pem", "--key", "bob.pem"], more].concat(),
    ))
}

#[test]
fn ten_roots_follow_each_other_each_with_another_root_key() {
    let world = World::new();
    let mut newest = "alice".to_owned();
    for number in 2..=11 {
        let name = format!("person-{number}");
        world.open_key(&name);
        let [old, new] = [number - 1, number].map(|number| match number {
            1 => "root.json".to_owned(),
            number => format!("root-{number}.json"),
        });
        let [key, public, id] = [
            format!("{name}.pem"),
            format!("{name}.pem.pub"),
            world.id(&newest),
        ];
        let ran = world.run(&[
            "root",
            "rotate",
            &old,
            "-o",
            &new,
            "--unencrypted",
            "--key",
            &format!("{newest}.pem"),
            "--key",
            "bob.pem",
            "--key",
            &key,
            "--remove-root-key",
            &id[..8],
            "--add-root-key",
            &public,
        ]);
        check(&ran, 0, &[&format!("root {number} of com.example.app")]);
        check(
            &world.run(&["verify", "--root", &old, &new]),
            0,
            &["next root, holds"],
        );
        newest = name;
    }
    let device = device();
    let first = Remembered::from_embedded(&world.bench.get("root.json")).unwrap();
    let newest = (2..=11).fold(first, |known, number| {
        let next = world.bench.get(&format!("root-{number}.json"));
        Verifier::new(&device, &known).unwrap().root(&next).unwrap()
    });
    assert_eq!(newest.root().version, 11);
}

fn device() -> Device {
    let word = |text: &str| Word::new(text).unwrap();
    Device {
        app: word("com.example.app"),
        release: Release {
            abi: word("x86_64"),
            base_sha256: Digest::of(b""),
            platform: word("linux"),
            version: word("1"),
        },
        base_size_bytes: 0,
        snapshot: Snapshot {
            features: vec![],
            version: word("any"),
        },
    }
}

#[test]
fn what_is_missing_is_told_for_the_old_root_and_for_the_new_one() {
    let world = World::new();
    world.open_key("dave");
    let [alice, carol] = [world.id("alice"), world.id("carol")];
    let args = rotate(&[
        "--remove-root-key",
        &alice,
        "--remove-root-key",
        &carol,
        "--add-root-key",
        "dave.pem.pub",
        "--key",
        "dave.pem",
    ]);
    let ran = world.run(&args);
    check(
        &ran,
        0,
        &[
            "has 0 of the 2 signatures that root 1 asks for",
            "has 1 of the 2 signatures that root 2 asks for",
            "no device takes it yet",
        ],
    );
    check(
        &world.run(&["verify", "--root", "root.json", "next.json"]),
        4,
        &["next root"],
    );
    let sign = [
        "root",
        "sign",
        "next.json",
        "--previous",
        "root.json",
        "--unencrypted",
        "--key",
    ];
    let ran = world.run(&[&sign[..], &["alice.pem"]].concat());
    check(
        &ran,
        0,
        &[
            "has 1 of the 2 signatures that root 1",
            "has 1 of the 2 signatures that root 2",
        ],
    );
    let ran = world.run(&[&sign[..], &["bob.pem"]].concat());
    check(
        &ran,
        0,
        &[
            "has 2 of the 2 signatures that root 1",
            "has 2 of the 2 signatures that root 2",
        ],
    );
    check(
        &world.run(&["verify", "--root", "root.json", "next.json"]),
        0,
        &["holds"],
    );
}

#[test]
fn a_key_that_was_removed_signs_only_with_the_root_before_it() {
    let world = World::new();
    let carol = world.id("carol");
    check(&by_two(&world, &["--remove-root-key", &carol]), 0, &[]);
    let args = [
        "root",
        "sign",
        "next.json",
        "--key",
        "carol.pem",
        "--unencrypted",
    ];
    check(&world.run(&args), 2, &["does not name the key"]);
    check(
        &world.run(&[&args[..], &["--previous", "root.json"]].concat()),
        0,
        &["has 3 of the 2"],
    );
}

#[test]
fn a_key_is_removed_by_enough_of_its_id_and_not_by_less() {
    let world = World::new();
    let carol = world.id("carol");
    check(
        &by_two(&world, &["--remove-root-key", &carol[..7]]),
        2,
        &["at least 8 digits"],
    );
    check(
        &by_two(&world, &["--remove-root-key", "00000000"]),
        2,
        &["no key of this role"],
    );
    check(
        &by_two(&world, &["--remove-root-key", &carol[..8]]),
        0,
        &["root 2"],
    );
}

#[test]
fn a_root_that_is_there_is_not_rotated_over() {
    let world = World::new();
    check(&by_two(&world, &[]), 0, &[]);
    check(&by_two(&world, &[]), 2, &["next.json: it is there already"]);
}

#[test]
fn an_expiry_stays_unless_another_is_given() {
    let world = World::new();
    check(&by_two(&world, &[]), 0, &[]);
    check(
        &world.run(&["root", "show", "next.json"]),
        0,
        &["2030-01-01T00:00:00Z"],
    );
    std::fs::remove_file(world.bench.path("next.json")).unwrap();
    check(&by_two(&world, &["--expires", "2031-02-03"]), 0, &[]);
    check(
        &world.run(&["root", "show", "next.json"]),
        0,
        &["2031-02-03T00:00:00Z"],
    );
}

#[test]
fn a_wrong_signature_beside_enough_right_ones_is_shown() {
    let world = World::new();
    check(
        &by_two(&world, &["--key", "carol.pem"]),
        0,
        &["has 3 of the 2"],
    );
    spoil_one_signature(&world);
    let show = ["root", "show", "next.json", "--previous", "root.json"];
    check(
        &world.run(&show),
        4,
        &["does not hold", "2 of the 2", "it was changed on its way"],
    );
}

/// In `next.json`: the second signature is a copy of the first.
pub(crate) fn spoil_one_signature(world: &World) {
    let mut json: serde_json::Value =
        serde_json::from_slice(&world.bench.get("next.json")).unwrap();
    let copied = json["signatures"][0]["sig"].clone();
    json["signatures"][1]["sig"] = copied;
    world.bench.put("next.json", json.to_string().as_bytes());
}
