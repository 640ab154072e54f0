//! Keys on the disk: made once, for one reader, and never shown.

use patchproof_tests::bench::check;

use crate::rotating::by_two;
use crate::world::{PASSPHRASE, World, init, sign_channel, sign_patch};

fn keygen<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&["keygen", "-o", "key.pem"][..], more].concat()
}

#[cfg(unix)]
#[test]
fn a_private_key_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::empty();
    for (name, args) in [
        ("key.pem", keygen(&["--passphrase-file", "pass"])),
        (
            "open.pem",
            vec!["keygen", "-o", "open.pem", "--no-passphrase"],
        ),
    ] {
        world.ok(&args);
        let mode = std::fs::metadata(world.bench.path(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o7777, 0o600, "{name}");
    }
}

#[test]
fn a_key_is_never_written_over() {
    let world = World::empty();
    world.ok(&keygen(&["--no-passphrase"]));
    let before = (world.bench.get("key.pem"), world.bench.get("key.pem.pub"));
    let again = world.run(&keygen(&["--no-passphrase"]));
    check(&again, 2, &["key.pem: it is there already"]);
    let other = world.run(&[
        "keygen",
        "-o",
        "b.pem",
        "--public",
        "key.pem.pub",
        "--no-passphrase",
    ]);
    check(&other, 2, &["key.pem.pub: it is there already"]);
    assert_eq!(
        before,
        (world.bench.get("key.pem"), world.bench.get("key.pem.pub"))
    );
    assert!(!world.bench.path("b.pem").exists());
}

#[test]
fn openssl_opens_a_key_of_ours_and_finds_the_public_key_that_we_wrote() {
    let world = World::empty();
    world.ok(&keygen(&["--passphrase-file", "pass"]));
    let public = world.openssl(&["pkey", "-in", "key.pem", "-passin", "file:pass", "-pubout"]);
    assert_eq!(public, world.bench.get("key.pem.pub"));
}

#[test]
fn keys_that_openssl_encrypted_sign_roots() {
    let world = World::empty();
    for name in ["bob", "carol", "patch", "channel"] {
        world.open_key(name);
    }
    let plain = ["genpkey", "-algorithm", "ed25519", "-out", "plain.pem"];
    let ways: [&[&str]; 3] = [
        &[
            "pkcs8",
            "-topk8",
            "-scrypt",
            "-in",
            "plain.pem",
            "-out",
            "alice.pem",
        ],
        &[
            "pkcs8",
            "-topk8",
            "-v2",
            "aes-256-cbc",
            "-in",
            "plain.pem",
            "-out",
            "alice.pem",
        ],
        &["pkey", "-aes128", "-in", "plain.pem", "-out", "alice.pem"],
    ];
    for (number, way) in ways.into_iter().enumerate() {
        world.openssl(&plain);
        world.openssl(&[way, &["-passout", "file:pass"]].concat());
        world.openssl(&[
            "pkey",
            "-in",
            "plain.pem",
            "-pubout",
            "-out",
            "alice.pem.pub",
        ]);
        let output = format!("root-{number}.json");
        let args = [
            "--key",
            "alice.pem",
            "--passphrase-file",
            "pass",
            "-o",
            &output,
        ];
        check(&world.run(&init(&args)), 0, &["has 1 of the 2 signatures"]);
    }
}

#[test]
fn a_wrong_passphrase_is_told_and_shown_nowhere() {
    let world = World::new();
    world.ok(&keygen(&["--passphrase-file", "pass"]));
    let ran = world.run_with(
        &["root", "sign", "root.json", "--key", "key.pem"],
        "a wrong passphrase 4711",
    );
    check(&ran, 2, &["key.pem: the passphrase does not open it"]);
    assert!(!format!("{ran:?}").contains("4711"), "{ran:?}");
}

#[test]
fn no_output_of_any_command_holds_the_passphrase() {
    let world = World::new();
    let file = ["--passphrase-file", "pass"];
    let runs = [
        world.run(&keygen(&file)),
        world.run(&keygen(&file)),
        world.run_with(&["keygen", "-o", "b.pem"], PASSPHRASE),
        world.run_with(
            &["root", "sign", "root.json", "--key", "key.pem"],
            PASSPHRASE,
        ),
        world.run(
            &[
                &["root", "sign", "nothing.json", "--key", "key.pem"][..],
                &file,
            ]
            .concat(),
        ),
        world.run(&[&["root", "sign", "root.json", "--key", "pass"][..], &file].concat()),
        world.run(&["root", "show", "pass"]),
        world.run(&["verify", "--root", "pass", "pass"]),
        world.run(&["root", "init", "--root-key", "pass"]),
    ];
    for ran in runs {
        let all = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!all.contains(PASSPHRASE), "{all}");
        assert!(!all.is_empty());
    }
}

#[test]
fn a_passphrase_that_others_can_read_is_refused() {
    let world = World::empty();
    world.chmod("pass", 0o644);
    let ran = world.run(&keygen(&["--passphrase-file", "pass"]));
    check(&ran, 2, &["pass: others than you can read it"]);
    assert!(!world.bench.path("key.pem").exists());
}

#[test]
fn without_a_terminal_a_passphrase_has_to_come_from_somewhere() {
    let ran = World::empty().run(&keygen(&[]));
    check(&ran, 2, &["--passphrase-file", "PATCHPROOF_PASSPHRASE"]);
}

#[test]
fn a_short_passphrase_makes_no_key() {
    let world = World::empty();
    let ran = world.run_with(&keygen(&[]), "secret7");
    check(&ran, 2, &["shorter than 8 bytes"]);
    assert!(!world.bench.path("key.pem").exists());
}

#[test]
fn an_open_key_says_what_that_means_and_is_used_only_where_that_is_meant() {
    let world = World::new();
    let made = world.run(&keygen(&["--no-passphrase"]));
    check(
        &made,
        0,
        &["whoever reads or copies the file signs in your name"],
    );
    let args = ["root", "sign", "root.json", "--key", "carol.pem"];
    check(
        &world.run(&args),
        2,
        &["the key has no passphrase", "--unencrypted"],
    );
    check(
        &world.run(&[&args[..], &["--unencrypted"]].concat()),
        0,
        &["has 3 of the 2"],
    );
}

#[cfg(unix)]
#[test]
fn an_open_key_that_others_can_read_is_not_used() {
    let world = World::new();
    world.chmod("carol.pem", 0o644);
    let ran = world.run(&[
        "root",
        "sign",
        "root.json",
        "--key",
        "carol.pem",
        "--unencrypted",
    ]);
    check(&ran, 2, &["carol.pem: others than you can read it"]);
}

#[test]
fn a_key_file_with_a_changed_byte_signs_nothing() {
    let world = World::new();
    world.ok(&keygen(&["--passphrase-file", "pass"]));
    let before = world.bench.get("root.json");
    // A character in the middle of the encrypted seed, and one of the public key.
    for at in [230, 340] {
        world.spoil("key.pem", at);
        let ran = world.run(&[
            "root",
            "sign",
            "root.json",
            "--key",
            "key.pem",
            "--passphrase-file",
            "pass",
        ]);
        check(&ran, 2, &["key.pem: "]);
        world.spoil("key.pem", at);
    }
    assert_eq!(world.bench.get("root.json"), before);
}

#[test]
fn no_document_is_written_over_a_key_that_signs_it() {
    let world = World::with_patch();
    world.ok(&sign_patch(&["-o", "bare.json"]));
    let signed_by = |line: &[&'static str], key: &'static str| {
        let key = ["--unencrypted", "--key", key, "-o", key];
        [line, &key].concat()
    };
    let add = ["sign", "add", "bare.json", "--root", "root.json"];
    let rotate = ["root", "rotate", "root.json"];
    let (input, there) = ("one of the inputs", "it is there already");
    for (key, why, args) in [
        ("patch.pem", input, sign_patch(&signed_by(&[], "patch.pem"))),
        ("patch.pem", input, signed_by(&add, "patch.pem")),
        (
            "channel.pem",
            input,
            sign_channel(&["--select", "patch.json", "-o", "channel.pem"]),
        ),
        (
            "carol.pem",
            input,
            signed_by(&["root", "sign", "root.json"], "carol.pem"),
        ),
        ("alice.pem", there, init(&signed_by(&[], "alice.pem"))),
        ("bob.pem", there, signed_by(&rotate, "bob.pem")),
    ] {
        let before = world.bench.get(key);
        check(&world.run(&args), 2, &[key, why]);
        assert_eq!(world.bench.get(key), before, "{args:?}");
    }
}

#[test]
fn no_document_is_written_over_the_passphrase_nor_over_the_root_before_it() {
    let world = World::new();
    let sign = ["root", "sign", "root.json", "--unencrypted"];
    let key = ["--key", "carol.pem", "--passphrase-file", "pass"];
    check(
        &world.run(&[&sign[..], &key, &["-o", "pass"]].concat()),
        2,
        &["pass", "one of the inputs"],
    );
    assert_eq!(world.bench.get("pass"), PASSPHRASE.as_bytes());
    check(&by_two(&world, &[]), 0, &[]);
    let before = world.bench.get("root.json");
    let sign = ["root", "sign", "next.json", "--previous", "root.json"];
    let more = ["--unencrypted", "--key", "carol.pem", "-o", "root.json"];
    check(
        &world.run(&[&sign[..], &more].concat()),
        2,
        &["root.json", "one of the inputs"],
    );
    assert_eq!(world.bench.get("root.json"), before);
}
