//! Documents that are pinned byte for byte: what was signed once is read for ever.
//!
//! After a change of a format, which needs a new version of it: `PATCHPROOF_BLESS=1 cargo test -p
//! patchproof-trust`, then read the difference.

use std::path::{Path, PathBuf};

use patchproof_trust::{
    ChannelStatement, Digest, Kind, PatchStatement, Remembered, RolledBack, Root, Sign, Verifier,
    pre_authentication_encoding,
};
use ring::signature::{ED25519, UnparsedPublicKey};
use serde_json::{Value, json};

use crate::world::*;

fn path(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name)
}

/// Compares a pinned file with what the code makes; with `PATCHPROOF_BLESS=1` writes it.
fn pinned(name: &str, now: &[u8]) {
    if std::env::var_os("PATCHPROOF_BLESS").is_some_and(|value| value == "1") {
        std::fs::write(path(name), now).expect("a file of the repository can be written");
    }
    let pinned = std::fs::read(path(name)).unwrap_or_default();
    assert!(
        pinned == now,
        "vectors/{name} is not what the code makes; see the top of this test"
    );
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).expect("a pinned file is there")
}

/// A second root: patch key r is replaced by s, a floor is set and a patch revoked.
fn second_root() -> Root {
    let mut second = next(&root());
    second.keys = keys(&["a", "b", "c", "p", "q", "s", "channel"]);
    second.roles.patch = role(&["p", "q", "s"], 2);
    second.releases = rules(2, &[name_of(&patch(2))]);
    second.expires_s = Some(NOW_S + 365 * DAY_S);
    second
}

fn third_patch() -> PatchStatement {
    let mut third = patch(3);
    third.minimum_number = 2;
    third.reads_data_epoch = 2;
    third.extensions = [(word("org.example.build"), text("4711"))].into();
    third
}

fn text(text: &str) -> patchproof_trust::Text {
    patchproof_trust::Text::new(text).expect("plain")
}

fn choice() -> ChannelStatement {
    let mut statement = channel(9, &[&third_patch()]);
    statement.rolled_back = vec![RolledBack {
        number: 2,
        patch: name_of(&patch(2)),
    }];
    statement.selected[0].rollout_basis_points = 2_500;
    statement.root_version = 2;
    statement.nonce = Some(patchproof_trust::Nonce::of_bytes([0x5a; 32]));
    statement
}

fn documents() -> [(&'static str, Kind, Vec<u8>); 4] {
    [
        ("root-1", Kind::Root, signed(&root(), &["a", "b"])),
        (
            "root-2",
            Kind::Root,
            signed(&second_root(), &["a", "b", "c"]),
        ),
        ("patch", Kind::Patch, signed(&third_patch(), &["p", "q"])),
        ("channel", Kind::Channel, signed(&choice(), &["channel"])),
    ]
}

#[test]
fn the_pinned_documents_are_what_the_code_makes() {
    for (name, _, envelope) in documents() {
        pinned(&format!("{name}.envelope.json"), &envelope);
        pinned(&format!("{name}.payload.json"), &payload_of(&envelope));
    }
}

#[test]
fn the_pinned_keys_are_what_the_code_makes() {
    let listed: Vec<Value> = ["a", "b", "c", "p", "q", "r", "s", "channel"]
        .into_iter()
        .map(|name| {
            let public = hex::encode(key(name).public_key().bytes());
            let seed = Digest::of(format!("patchproof test key {name}").as_bytes());
            json!({ "name": name, "seed": seed, "public": public, "keyid": id(name) })
        })
        .collect();
    let text = serde_json::to_string_pretty(&listed).unwrap() + "\n";
    pinned("keys.json", text.as_bytes());
}

/// As a reader without our code would do it: any JSON reader, base64, ring.
fn verified_by_hand(name: &str, kind: Kind) -> usize {
    let envelope: Value = serde_json::from_slice(&read(&format!("{name}.envelope.json"))).unwrap();
    let listed: Value = serde_json::from_slice(&read("keys.json")).unwrap();
    let payload = read(&format!("{name}.payload.json"));
    let message = pre_authentication_encoding(kind.payload_type(), &payload);
    let signatures = envelope["signatures"].as_array().unwrap();
    for signature in signatures {
        let mut listed = listed.as_array().unwrap().iter();
        let key = listed
            .find(|key| key["keyid"] == signature["keyid"])
            .unwrap();
        let public = hex::decode(key["public"].as_str().unwrap()).unwrap();
        let bytes = signature["sig"].as_str().unwrap().as_bytes();
        let bytes = data_encoding::BASE64.decode(bytes).unwrap();
        UnparsedPublicKey::new(&ED25519, public)
            .verify(&message, &bytes)
            .unwrap();
    }
    signatures.len()
}

#[test]
fn another_library_verifies_the_pinned_documents() {
    let counts = documents().map(|(name, kind, _)| verified_by_hand(name, kind));
    assert_eq!(counts, [2, 3, 2, 1]);
}

#[test]
fn the_pinned_documents_lead_from_the_first_root_to_a_patch() {
    let first = Remembered::from_embedded(&read("root-1.envelope.json")).unwrap();
    let second = ask_root(&first, &read("root-2.envelope.json")).unwrap();
    let device = device();
    let question = patchproof_trust::Question {
        freshness: patchproof_trust::Freshness::Nonce(patchproof_trust::Nonce::of_bytes(
            [0x5a; 32],
        )),
        ..question()
    };
    let verifier = Verifier::new(&device, &second).unwrap();
    let channel = verifier
        .channel(&read("channel.envelope.json"), &question)
        .unwrap();
    let verifier = Verifier::new(&device, &channel.remembered).unwrap();
    let taken = verifier
        .patch(&read("patch.envelope.json"), &channel.statement)
        .unwrap();
    assert_eq!(taken.statement.number, 3);
    assert_eq!(
        taken.statement.sha256(),
        Digest::of(&read("patch.payload.json"))
    );
    pinned("remembered.json", &taken.remembered.encode());
}
