//! A command that signs, as an HSM or a KMS brings one: here openssl, over a key of ours and of its
//! own.

use patchproof_tests::bench::check;

use crate::world::{World, sign_patch, verify};

/// openssl signs only what has a length, so standard input is named as the file that it is.
const SIGN: &str = "openssl pkeyutl -sign -rawin -in /dev/stdin -inkey";

fn by(world: &World, public: &str, command: &str) -> patchproof_tests::bench::Ran {
    world.run(&sign_patch(&["--signer", &format!("{public}={command}")]))
}

#[test]
fn openssl_signs_with_a_key_of_ours() {
    let world = World::new();
    world.openssl(&["version"]);
    let ran = by(&world, "patch.pem.pub", &format!("{SIGN} patch.pem"));
    check(&ran, 0, &["has 1 of the 1"]);
    check(&world.run(&verify(&["patch.json"])), 0, &["holds"]);
}

#[test]
fn the_signature_of_a_command_is_the_one_that_the_key_file_gives() {
    let world = World::new();
    world.openssl(&["version"]);
    for (way, command) in [
        ("raw.json", format!("{SIGN} patch.pem")),
        (
            "base64.json",
            format!("{SIGN} patch.pem | openssl base64 -A"),
        ),
        (
            "hex.json",
            format!("{SIGN} patch.pem | od -An -v -tx1 | tr -d ' \\n'"),
        ),
    ] {
        check(&by(&world, "patch.pem.pub", &command), 0, &[]);
        std::fs::rename(world.bench.path("patch.json"), world.bench.path(way)).unwrap();
    }
    world.ok(&sign_patch(&["--key", "patch.pem", "--unencrypted"]));
    for way in ["raw.json", "base64.json", "hex.json"] {
        assert_eq!(world.bench.get(way), world.bench.get("patch.json"), "{way}");
    }
}

#[test]
fn a_key_that_never_leaves_openssl_signs_a_root_with_us() {
    let world = World::new();
    world.openssl(&["genpkey", "-algorithm", "ed25519", "-out", "hsm.pem"]);
    world.openssl(&["pkey", "-in", "hsm.pem", "-pubout", "-out", "hsm.pem.pub"]);
    let signer = format!("hsm.pem.pub={SIGN} hsm.pem");
    let ran = world.run(&[
        "root",
        "rotate",
        "root.json",
        "-o",
        "next.json",
        "--add-root-key",
        "hsm.pem.pub",
        "--key",
        "alice.pem",
        "--key",
        "bob.pem",
        "--unencrypted",
        "--signer",
        &signer,
    ]);
    check(&ran, 0, &["has 3 of the 2 signatures that root 2"]);
    check(
        &world.run(&["verify", "--root", "root.json", "next.json"]),
        0,
        &["holds"],
    );
}

#[test]
fn the_signature_of_another_key_is_refused() {
    let world = World::new();
    world.openssl(&["version"]);
    let ran = by(&world, "patch.pem.pub", &format!("{SIGN} alice.pem"));
    check(
        &ran,
        4,
        &[
            "no signature of",
            "check which key it uses",
            "nothing was written",
        ],
    );
    assert!(!world.bench.path("patch.json").exists());
}

#[test]
fn a_command_that_fails_is_told_with_what_it_said() {
    let ran = by(
        &World::new(),
        "patch.pem.pub",
        "echo the token is not plugged in >&2; exit 7",
    );
    check(
        &ran,
        2,
        &[
            "the token is not plugged in",
            "failed",
            "nothing was written",
        ],
    );
}

#[test]
fn a_command_is_not_shown_in_errors() {
    let ran = by(&World::new(), "patch.pem.pub", "true --pin 471147");
    check(&ran, 2, &["printed nothing"]);
    assert!(!format!("{ran:?}").contains("471147"), "{ran:?}");
}

#[test]
fn openssl_verifies_what_we_signed() {
    let world = World::with_patch();
    let envelope: serde_json::Value =
        serde_json::from_slice(&world.bench.get("patch.json")).unwrap();
    let text = |pointer: &str| {
        envelope
            .pointer(pointer)
            .unwrap()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let decoded = |text: &str| data_encoding::BASE64.decode(text.as_bytes()).unwrap();
    let signed = patchproof_trust::pre_authentication_encoding(
        &text("/payloadType"),
        &decoded(&text("/payload")),
    );
    world.bench.put("signed", &signed);
    world.bench.put("sig", &decoded(&text("/signatures/0/sig")));
    world.openssl(&[
        "pkeyutl",
        "-verify",
        "-rawin",
        "-pubin",
        "-inkey",
        "patch.pem.pub",
        "-in",
        "signed",
        "-sigfile",
        "sig",
    ]);
}
