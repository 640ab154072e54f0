//! Attacks with keys, and without any.

use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::{
    publish, put_channel, put_download, put_root, put_statement,
};
use patchproof_trust::Digest;

use super::{CDN, CHANNEL_KEY};
use crate::folder::Told;
use crate::told::Tale;

/// Everything that a thief would need, with the publisher's key ids and signatures of nobody.
pub(super) fn forged_signatures() -> Told {
    let row = "arbitrary code, by the network";
    let mut tale = Tale::new(
        row,
        CDN,
        "statements of his own under the publisher's key ids",
    );
    let patch = tale.patch(9, 9);
    let channel = tale.says(1, &[&patch]);
    let envelope = tale.publisher.signed_channel(&channel);
    put_channel(tale.served(), &with_wrong_signatures(&envelope));
    put_statement(
        tale.served(),
        &patch.name,
        &with_wrong_signatures(&patch.envelope),
    );
    tale.step(0, "refused: is not over this channel statement", 0);
    tale.stopped_by("signature", "installs 9", 9)
        .told("forged-signatures")
}

pub(super) fn stolen_channel_key_signs_a_patch() -> Told {
    let row = "arbitrary code, by the server";
    let mut tale = Tale::new(row, CHANNEL_KEY, "a patch statement under keys of his own");
    let library = Library::patched(0, 9);
    let forged = tale.thief.signed_patch(tale.thief.statement(9, &library));
    publish(tale.served(), &forged, &library);
    let channel = tale.says(1, &[&forged]);
    tale.channel(&channel);
    tale.step(0, "refused: which the root does not name for it", 0);
    tale.told("stolen-channel-key-signs-a-patch")
}

pub(super) fn one_patch_key_of_two() -> Told {
    let row = "single key compromise";
    let who = "a server with the channel key and one of two patch keys";
    let mut tale = Tale::new(row, who, "a patch statement with one signature");
    let library = Library::patched(0, 9);
    let mut patch = tale
        .publisher
        .signed_patch(tale.publisher.statement(9, &library));
    patch.envelope = tale.publisher.sign(&patch.statement, &["patch-1"]);
    publish(tale.served(), &patch, &library);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: has 1 of the 2 signatures", 0);
    tale.stopped_by("threshold", "installs 9", 9)
        .told("one-patch-key-of-two")
}

pub(super) fn one_root_key_of_two() -> Told {
    let row = "single key compromise";
    let who = "one of two root keys, and the network";
    let mut tale = Tale::new(row, who, "a next root that names the thief's keys");
    let thief = tale.thief;
    let mut root = thief.root();
    root.version = 2;
    root.roles.root.keys.insert(tale.publisher.id("root-1"));
    tale.publisher.name_keys(&mut root, &["root-1"]);
    let envelope = tale.publisher.sign(&root, &["root-1"]);
    put_root(tale.served(), 2, &envelope);
    let library = Library::patched(0, 9);
    let patch = thief.signed_patch(thief.statement(9, &library));
    publish(tale.served(), &patch, &library);
    let channel = tale.says(1, &[&patch]);
    put_channel(tale.served(), &thief.signed_channel(&channel));
    tale.step(0, "refused: the root has 1 of the 2 signatures", 0);
    tale.stopped_by("threshold", "installs 9", 9)
        .told("one-root-key-of-two")
}

pub(super) fn stripped_signature() -> Told {
    let mut tale = Tale::new("stripped signature", CDN, "a channel statement without any");
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let mut envelope = envelope(&tale.publisher.signed_channel(&channel));
    signatures_of(&mut envelope).clear();
    put_channel(tale.served(), envelope.to_string().as_bytes());
    tale.step(0, "refused: carries no signature", 0);
    tale.told("stripped-signature")
}

pub(super) fn confused_payload_type() -> Told {
    let row = "confused payload type";
    let mut tale = Tale::new(
        row,
        CDN,
        "the channel statement in the patch statement's place",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let envelope = tale.publisher.signed_channel(&channel);
    put_channel(tale.served(), &envelope);
    put_statement(tale.served(), &patch.name, &envelope);
    tale.step(0, "refused: expected a patch statement", 0);
    tale.told("confused-payload-type")
}

pub(super) fn shorebirds_unsigned_answer() -> Told {
    let row = "stripped signature";
    let mut tale = Tale::new(
        row,
        CDN,
        "an answer of Shorebird's kind, with a patch and no statement",
    );
    let library = Library::patched(0, 9);
    put_download(tale.served(), &library);
    let hash = hex::encode(library.sha256);
    let path = patchproof_protocol::download_path(&Digest::of(&library.patch).to_string());
    let url = format!("{}{path}", patchproof_testkit::phone::BASE_URL);
    let patch = serde_json::json!({ "number": 9, "hash": hash, "download_url": url });
    let answer = serde_json::json!({ "patch_available": true, "patch": patch });
    tale.served()
        .put("/check.json", answer.to_string().as_bytes());
    tale.step(0, "refused: has no `patchproof.channel_statement`", 0);
    tale.asks_a_server().told("shorebirds-unsigned-answer")
}

fn envelope(bytes: &[u8]) -> serde_json::Value {
    serde_json::from_slice(bytes).expect("an envelope")
}

/// Signatures of nobody under the ids of those who should have signed.
fn with_wrong_signatures(bytes: &[u8]) -> Vec<u8> {
    let mut envelope = envelope(bytes);
    for signature in signatures_of(&mut envelope) {
        // R is the base point and S is 1: a signature, and nobody's.
        let mut nobodys = [0_u8; 64];
        nobodys[..32].fill(0x66);
        nobodys[0] = 0x58;
        nobodys[32] = 1;
        let text = data_encoding::BASE64.encode(&nobodys);
        signature["sig"] = serde_json::Value::String(text);
    }
    envelope.to_string().into_bytes()
}

fn signatures_of(envelope: &mut serde_json::Value) -> &mut Vec<serde_json::Value> {
    let signatures = envelope.get_mut("signatures");
    let signatures = signatures.and_then(serde_json::Value::as_array_mut);
    signatures.expect("an envelope has signatures")
}
