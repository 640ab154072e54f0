//! Shorebird's way to sign: verified where its key is given, and never in place of a statement.

use patchproof_tests::bench::{Ran, check};
use patchproof_tests::shorebird_key;
use patchproof_trust::Digest;

use crate::world::{World, check_broken};

/// A release without a root, its key in `key.txt`, and this signature in `good.sig`.
fn signed_over(output: impl Fn(&World) -> Vec<u8>) -> World {
    let world = World::new();
    world.put_builds();
    let key = shorebird_key::public();
    world.bench.put("key.txt", key.as_bytes());
    let text = format!(
        "{}\n",
        shorebird_key::signature(&Digest::of(&output(&world)).to_string())
    );
    world.bench.put("good.sig", text.as_bytes());
    world
}

fn honest() -> World {
    signed_over(|world| world.patched.abis["x86_64"].dart.clone())
}

fn verify(world: &World) -> Ran {
    world.verify_unsigned(&["--public-key", "key.txt", "--signature", "good.sig"])
}

#[test]
fn a_signature_over_the_output_holds_and_says_what_it_does_not_cover() {
    let ran = verify(&honest());
    check(
        &ran,
        0,
        &[
            "statements x86_64 held",
            "note PP564",
            "downgrade",
            "rotation",
        ],
    );
}

#[test]
fn a_signature_over_another_output_is_broken() {
    let world = signed_over(|world| world.release.abis["x86_64"].dart.clone());
    check_broken(&verify(&world), &["PP562"]);
}

#[test]
fn a_signature_that_is_no_base64_is_broken() {
    let world = honest();
    world.bench.put("good.sig", b"?");
    check_broken(&verify(&world), &["PP562"]);
}

#[test]
fn a_key_without_a_signature_is_broken() {
    let ran = honest().verify_unsigned(&["--public-key", "key.txt"]);
    check_broken(&ran, &["PP561"]);
}

#[test]
fn a_signature_without_a_key_is_undecided() {
    let ran = honest().verify_unsigned(&["--signature", "good.sig"]);
    check(&ran, 2, &["`statements` needs `--public-key`"]);
}

#[test]
fn a_key_that_is_none_is_broken() {
    let world = honest();
    world.bench.put("key.txt", b"no key");
    check_broken(&verify(&world), &["PP563"]);
}

#[test]
fn a_key_between_the_lines_of_pem_is_taken() {
    let world = honest();
    let base64 = String::from_utf8(world.bench.get("key.txt")).unwrap();
    let mut pem = "-----BEGIN RSA PUBLIC KEY-----\n".to_owned();
    for line in base64.trim().as_bytes().chunks(64) {
        pem.push_str(std::str::from_utf8(line).unwrap());
        pem.push('\n');
    }
    pem.push_str("-----END RSA PUBLIC KEY-----\n");
    world.bench.put("key.txt", pem.as_bytes());
    check(&verify(&world), 0, &["statements x86_64 held"]);
}

#[test]
fn a_legacy_signature_never_stands_in_for_a_statement() {
    let mut world = honest();
    world.put();
    check_broken(&verify(&world), &["PP521"]);
}
