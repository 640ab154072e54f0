//! Signatures of the field: Shorebird's RSA over a hash, flutter_patcher's Ed25519 over an MD5.

use patchproof_tests::bench::{Ran, check};

use crate::world::World;

/// A library signed as Shorebird's tools do it, by openssl.
fn shorebird() -> World {
    let world = World::empty();
    let hash = patchproof_trust::Digest::of(&world.bench.get("patched.so"));
    world.bench.put("hash", hash.to_string().as_bytes());
    let bits = "rsa_keygen_bits:2048";
    world.openssl(&[
        "genpkey",
        "-algorithm",
        "RSA",
        "-pkeyopt",
        bits,
        "-out",
        "rsa.pem",
    ]);
    world.openssl(&["pkey", "-in", "rsa.pem", "-pubout", "-out", "spki.pem"]);
    world.openssl(&[
        "rsa",
        "-in",
        "rsa.pem",
        "-RSAPublicKey_out",
        "-out",
        "pkcs1.pem",
    ]);
    world.openssl(&["dgst", "-sha256", "-sign", "rsa.pem", "-out", "sig", "hash"]);
    world
}

fn verify_shorebird(world: &World, key: &str, library: &str) -> Ran {
    world.run(&[
        "verify",
        "--shorebird-key",
        key,
        "--signature",
        "sig",
        library,
    ])
}

/// A patch signed as flutter_patcher's tools do it, by openssl.
fn flutter_patcher() -> World {
    let world = World::empty();
    let md5 = world.openssl(&["dgst", "-md5", "-r", "good.patch"]);
    world.bench.put("md5", &md5[..32]);
    world.openssl(&["genpkey", "-algorithm", "ed25519", "-out", "key.pem"]);
    world.openssl(&["pkey", "-in", "key.pem", "-pubout", "-out", "key.pub"]);
    let sign = [
        "pkeyutl", "-sign", "-rawin", "-inkey", "key.pem", "-in", "md5", "-out", "sig",
    ];
    world.openssl(&sign);
    world
}

fn verify_flutter_patcher(world: &World, key: &str, patch: &str) -> Ran {
    world.run(&[
        "verify",
        "--flutter-patcher-key",
        key,
        "--signature",
        "sig",
        patch,
    ])
}

fn base64_of_pem(world: &World, name: &str) -> String {
    let pem = String::from_utf8(world.bench.get(name)).unwrap();
    pem.lines().filter(|line| !line.starts_with('-')).collect()
}

#[test]
fn shorebirds_signature_holds_with_the_key_in_each_form_and_says_what_is_lost() {
    let world = shorebird();
    world
        .bench
        .put("yaml.key", base64_of_pem(&world, "pkcs1.pem").as_bytes());
    for key in ["spki.pem", "pkcs1.pem", "yaml.key"] {
        let ran = verify_shorebird(&world, key, "patched.so");
        check(
            &ran,
            0,
            &[
                "signed for Shorebird, holds",
                "NOT covered downgrade:",
                "endless data",
            ],
        );
    }
}

#[test]
fn shorebirds_signature_as_base64_holds() {
    let world = shorebird();
    let text = data_encoding::BASE64.encode(&world.bench.get("sig"));
    world.bench.put("sig", format!("{text}\n").as_bytes());
    check(
        &verify_shorebird(&world, "spki.pem", "patched.so"),
        0,
        &["holds"],
    );
}

#[test]
fn shorebirds_signature_is_over_the_library_that_comes_out() {
    let world = shorebird();
    let ran = verify_shorebird(&world, "spki.pem", "release.so");
    check(
        &ran,
        4,
        &[
            "does not hold",
            "not of this key over this hash",
            "NOT covered",
        ],
    );
}

#[test]
fn flutter_patchers_signature_holds_and_says_that_md5_collides() {
    let world = flutter_patcher();
    world
        .bench
        .put("text.key", base64_of_pem(&world, "key.pub").as_bytes());
    for key in ["key.pub", "text.key"] {
        let ran = verify_flutter_patcher(&world, key, "good.patch");
        check(
            &ran,
            0,
            &[
                "signed for flutter_patcher, holds",
                "two files of one MD5 can be made",
            ],
        );
    }
}

#[test]
fn flutter_patchers_signature_of_another_patch_does_not_hold() {
    let world = flutter_patcher();
    world.spoil("good.patch", 40);
    check(
        &verify_flutter_patcher(&world, "key.pub", "good.patch"),
        4,
        &["does not hold"],
    );
}

#[test]
fn an_empty_signature_does_not_hold() {
    let world = flutter_patcher();
    world.bench.put("sig", b"");
    let ran = verify_flutter_patcher(&world, "key.pub", "good.patch");
    check(&ran, 4, &["carries no signature"]);
}

#[test]
fn a_key_of_the_other_kind_is_undecided_and_named() {
    let world = flutter_patcher();
    check(
        &verify_shorebird(&world, "key.pub", "patched.so"),
        2,
        &["key.pub: the public key"],
    );
    let ran = verify_flutter_patcher(&world, "md5", "good.patch");
    check(&ran, 2, &["md5: the public key cannot be used"]);
}

#[test]
fn a_signature_that_is_not_there_is_undecided() {
    let world = flutter_patcher();
    std::fs::remove_file(world.bench.path("sig")).unwrap();
    assert_eq!(
        verify_flutter_patcher(&world, "key.pub", "good.patch").code,
        2
    );
}
