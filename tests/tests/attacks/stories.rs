//! The attacks.

use patchproof_testkit::phone::publisher::{name_of, release};
use patchproof_testkit::phone::{Library, NOW_MS, answer_with};
use patchproof_trust::{Digest, Nonce, ReleaseRules, Word};

use crate::folder::Told;
use crate::told::Tale;

pub(crate) const STORIES: &[fn() -> Told] = &[
    forged_signatures,
    stolen_channel_key_signs_a_patch,
    one_patch_key_of_two,
    one_root_key_of_two,
    stripped_signature,
    confused_payload_type,
    shorebirds_unsigned_answer,
    replay_of_a_withdrawn_patch,
    two_choices_under_one_counter,
    freeze,
    answer_from_the_future,
    recorded_live_answer,
    file_in_place_of_a_live_answer,
    downgrade_below_the_floor,
    revoked_patch,
    revoked_after_its_install,
    patch_of_another_app,
    patch_of_another_release,
    another_channel,
    another_snapshot,
    another_base_size,
    mix_and_match,
    relabelled_number,
    root_rollback,
    expired_root,
    endless_data,
    other_bytes,
    fast_forward,
];

const CDN: &str = "the network or a CDN, without a key";
const CHANNEL_KEY: &str = "a server with the channel key";
const ROOT_KEYS: [&str; 2] = ["root-1", "root-2"];

/// Everything that a thief would need, with the publisher's key ids and signatures of nobody.
fn forged_signatures() -> Told {
    let row = "arbitrary code, by the network";
    let mut tale = Tale::new(
        row,
        CDN,
        "statements of his own under the publisher's key ids",
    );
    let patch = tale.patch(9, 9);
    let channel = tale.says(1, &[&patch]);
    let envelope = tale.publisher.signed_channel(&channel);
    tale.put_channel(&with_wrong_signatures(&envelope));
    tale.put_patch(&patch, &with_wrong_signatures(&patch.envelope));
    tale.step(0, "refused: is not over this channel statement", 0);
    tale.stopped_by("signature", "installs 9", 9)
        .told("forged-signatures")
}

fn stolen_channel_key_signs_a_patch() -> Told {
    let row = "arbitrary code, by the server";
    let mut tale = Tale::new(row, CHANNEL_KEY, "a patch statement under keys of his own");
    let library = Library::patched(0, 9);
    let forged = tale.thief.signed_patch(tale.thief.statement(9, &library));
    tale.put_patch(&forged, &forged.envelope.clone());
    tale.put_download(&library);
    let channel = tale.says(1, &[&forged]);
    tale.channel(&channel);
    tale.step(0, "refused: which the root does not name for it", 0);
    tale.told("stolen-channel-key-signs-a-patch")
}

fn one_patch_key_of_two() -> Told {
    let row = "single key compromise";
    let who = "a server with the channel key and one of two patch keys";
    let mut tale = Tale::new(row, who, "a patch statement with one signature");
    let library = Library::patched(0, 9);
    let mut patch = tale
        .publisher
        .signed_patch(tale.publisher.statement(9, &library));
    patch.envelope = tale.publisher.sign(&patch.statement, &["patch-1"]);
    tale.put_patch(&patch, &patch.envelope.clone());
    tale.put_download(&library);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: has 1 of the 2 signatures", 0);
    tale.stopped_by("threshold", "installs 9", 9)
        .told("one-patch-key-of-two")
}

fn one_root_key_of_two() -> Told {
    let row = "single key compromise";
    let who = "one of two root keys, and the network";
    let mut tale = Tale::new(row, who, "a next root that names the thief's keys");
    let thief = tale.thief;
    let mut root = thief.root();
    root.version = 2;
    root.roles.root.keys.insert(tale.publisher.id("root-1"));
    tale.publisher.name_keys(&mut root, &["root-1"]);
    let envelope = tale.publisher.sign(&root, &["root-1"]);
    tale.put_root(2, &envelope);
    let library = Library::patched(0, 9);
    let patch = thief.signed_patch(thief.statement(9, &library));
    tale.put_patch(&patch, &patch.envelope.clone());
    tale.put_download(&library);
    let channel = tale.says(1, &[&patch]);
    tale.put_channel(&thief.signed_channel(&channel));
    tale.step(0, "refused: the root has 1 of the 2 signatures", 0);
    tale.stopped_by("threshold", "installs 9", 9)
        .told("one-root-key-of-two")
}

fn stripped_signature() -> Told {
    let mut tale = Tale::new("stripped signature", CDN, "a channel statement without any");
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let mut envelope = envelope(&tale.publisher.signed_channel(&channel));
    envelope["signatures"] = serde_json::json!([]);
    tale.put_channel(envelope.to_string().as_bytes());
    tale.step(0, "refused: carries no signature", 0);
    tale.told("stripped-signature")
}

fn confused_payload_type() -> Told {
    let row = "confused payload type";
    let mut tale = Tale::new(
        row,
        CDN,
        "the channel statement in the patch statement's place",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let envelope = tale.publisher.signed_channel(&channel);
    tale.put_channel(&envelope);
    tale.put_patch(&patch, &envelope);
    tale.step(0, "refused: expected a patch statement", 0);
    tale.told("confused-payload-type")
}

fn shorebirds_unsigned_answer() -> Told {
    let row = "stripped signature";
    let mut tale = Tale::new(
        row,
        CDN,
        "an answer of Shorebird's kind, with a patch and no statement",
    );
    let library = Library::patched(0, 9);
    tale.put_download(&library);
    let hash = hex::encode(library.sha256);
    let path = patchproof_protocol::download_path(&Digest::of(&library.patch).to_string());
    let url = format!("{}{path}", patchproof_testkit::phone::BASE_URL);
    let patch = serde_json::json!({ "number": 9, "hash": hash, "download_url": url });
    let answer = serde_json::json!({ "patch_available": true, "patch": patch });
    tale.put("/check.json", answer.to_string().as_bytes());
    tale.step(0, "refused: has no `patchproof.channel_statement`", 0);
    tale.asks_a_server().told("shorebirds-unsigned-answer")
}

fn replay_of_a_withdrawn_patch() -> Told {
    let mut tale = Tale::new(
        "replay",
        CDN,
        "an older word, which still holds, after a withdrawal",
    );
    let patch = tale.patch(1, 1);
    let before = tale.says(1, &[&patch]);
    tale.channel(&before);
    tale.step(0, "installs 1", 1);
    let mut after = tale.says(2, &[]);
    after.rolled_back.push(patchproof_trust::RolledBack {
        number: 1,
        patch: patch.name,
    });
    tale.channel(&after);
    tale.step(60, "up to date", 0);
    tale.channel(&before);
    tale.step(
        60,
        "refused: the channel's counter is 1, and 2 was already seen",
        0,
    );
    tale.stopped_by("replay", "installs 1", 1)
        .told("replay-of-a-withdrawn-patch")
}

fn two_choices_under_one_counter() -> Told {
    let row = "mix and match";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "another choice under a counter that was used",
    );
    let (one, two) = (tale.patch(1, 1), tale.patch(2, 2));
    let first = tale.says(5, &[&one]);
    tale.channel(&first);
    tale.step(0, "installs 1", 1);
    let second = tale.says(5, &[&two]);
    tale.channel(&second);
    tale.step(60, "refused: two different choices carry the counter 5", 1);
    tale.stopped_by("counter_reuse", "installs 2", 2)
        .told("two-choices-under-one-counter")
}

fn freeze() -> Told {
    let mut tale = Tale::new(
        "freeze",
        CDN,
        "the word of two days ago, which offered patch 1",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(2 * DAY_S, "refused: the channel statement expired", 0);
    tale.stopped_by("expiry", "installs 1", 1).told("freeze")
}

fn answer_from_the_future() -> Told {
    let row = "freeze";
    let mut tale = Tale::new(row, CHANNEL_KEY, "a word that was issued in ten days");
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    channel.issued_s += 10 * DAY_S;
    channel.expires_s += 10 * DAY_S;
    tale.channel(&channel);
    tale.step(0, "refused: was issued at", 0);
    tale.stopped_by("future", "installs 1", 1)
        .told("answer-from-the-future")
}

fn recorded_live_answer() -> Told {
    let mut tale = Tale::new("replay", CDN, "an answer that was given to another device");
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    channel.nonce = Some(Nonce::of_bytes([7; 32]));
    let recorded = answer_with(&tale.publisher.signed_channel(&channel));
    tale.put("/check.json", &recorded);
    tale.step(0, "refused: repeats another device's nonce", 0);
    tale.asks_a_server()
        .stopped_by("nonce", "installs 1", 1)
        .told("recorded-live-answer")
}

fn file_in_place_of_a_live_answer() -> Told {
    let mut tale = Tale::new(
        "freeze",
        CDN,
        "the file for a CDN, where a live answer was asked for",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let ready = answer_with(&tale.publisher.signed_channel(&channel));
    tale.put("/check.json", &ready);
    tale.step(0, "refused: repeats no nonce", 0);
    tale.asks_a_server()
        .stopped_by("live", "installs 1", 1)
        .told("file-in-place-of-a-live-answer")
}

fn with_rules(tale: &mut Tale, minimum_number: u64, revoked: &[Digest]) {
    let mut root = tale.root.clone();
    root.releases = vec![ReleaseRules {
        minimum_number,
        release: release(0),
        revoked: revoked.iter().copied().collect(),
    }];
    tale.embeds(&root);
}

fn downgrade_below_the_floor() -> Told {
    let mut tale = Tale::new(
        "downgrade",
        CHANNEL_KEY,
        "an old signed patch with a known hole",
    );
    with_rules(&mut tale, 2, &[]);
    let old = tale.patch(1, 1);
    let channel = tale.says(1, &[&old]);
    tale.channel(&channel);
    tale.step(0, "refused: patch 1 is below 2", 0);
    tale.stopped_by("floor", "installs 1", 1)
        .told("downgrade-below-the-floor")
}

fn revoked_patch() -> Told {
    let mut tale = Tale::new(
        "downgrade",
        CHANNEL_KEY,
        "a signed patch that the root revokes",
    );
    let bad = tale.patch(1, 1);
    with_rules(&mut tale, 0, &[bad.name]);
    let channel = tale.says(1, &[&bad]);
    tale.channel(&channel);
    tale.step(0, "refused: the root revokes the patch statement", 0);
    tale.stopped_by("revoked", "installs 1", 1)
        .told("revoked-patch")
}

fn revoked_after_its_install() -> Told {
    let row = "arbitrary code, by the server";
    let who = "whoever had a bad patch signed and installed before it was noticed";
    let mut tale = Tale::new(row, who, "nothing: the publisher's next root revokes it");
    let bad = tale.patch(1, 1);
    let channel = tale.says(1, &[&bad]);
    tale.channel(&channel);
    tale.step(0, "installs 1", 1);
    let mut root = tale.root.clone();
    root.version = 2;
    root.releases = vec![ReleaseRules {
        minimum_number: 0,
        release: release(0),
        revoked: [bad.name].into(),
    }];
    let envelope = tale.publisher.signed_root(&root);
    tale.put_root(2, &envelope);
    let nothing = tale.says(2, &[]);
    tale.channel(&nothing);
    tale.step(60, "up to date", 0);
    tale.stopped_by("boot", "up to date", 1)
        .told("revoked-after-its-install")
}

fn patch_of_another_app() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(row, CHANNEL_KEY, "a patch that was signed for another app");
    let patch = tale.patch_as(1, 1, |statement| statement.app = word("other"));
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: it is for the app other", 0);
    tale.stopped_by("app", "installs 1", 1)
        .told("patch-of-another-app")
}

fn patch_of_another_release() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "a patch that was signed for a later release",
    );
    let patch = tale.patch_as(1, 1, |statement| {
        statement.release.version = word("9.9.9+9")
    });
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: it is for the release 9.9.9+9", 0);
    tale.stopped_by("release", "installs 1", 1)
        .told("patch-of-another-release")
}

fn another_channel() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(
        row,
        CDN,
        "the word of the channel beta under the name of stable",
    );
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    channel.channel = word("beta");
    let envelope = tale.publisher.signed_channel(&channel);
    tale.put_channel(&envelope);
    tale.step(0, "refused: it is for the channel beta", 0);
    tale.stopped_by("channel", "installs 1", 1)
        .told("another-channel")
}

fn another_snapshot() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "a patch that was signed for another Dart VM",
    );
    let patch = tale.patch_as(1, 1, |statement| {
        statement.snapshot.version = word("00000000000000000000000000000000");
    });
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: it is for the snapshot version 0000", 0);
    tale.stopped_by("snapshot", "installs 1", 1)
        .told("another-snapshot")
}

fn another_base_size() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "a patch that was signed for a base of another size",
    );
    let patch = tale.patch_as(1, 1, |statement| statement.base_size_bytes += 1);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: it is for the base size in bytes", 0);
    tale.stopped_by("base_size", "installs 1", 1)
        .told("another-base-size")
}

fn mix_and_match() -> Told {
    let row = "mix and match";
    let mut tale = Tale::new(
        row,
        CDN,
        "a signed patch statement under the name of another one",
    );
    let (one, two) = (tale.patch(1, 1), tale.patch(2, 2));
    let channel = tale.says(1, &[&one]);
    tale.channel(&channel);
    tale.put_patch(&one, &two.envelope);
    tale.step(0, "refused: does not offer the patch statement", 0);
    tale.stopped_by("selected", "installs 2", 2)
        .told("mix-and-match")
}

fn relabelled_number() -> Told {
    let row = "downgrade";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "patch 1 under the number 9, above what runs",
    );
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    channel.selected[0].number = 9;
    tale.channel(&channel);
    tale.step(0, "refused: calls patch 1 number 9", 0);
    tale.stopped_by("number", "installs 1", 1)
        .told("relabelled-number")
}

/// Root 2 took the channel's key away; the thief has it and serves root 1 as the next one.
fn root_rollback() -> Told {
    let who = "a server with a channel key that the root replaced";
    let mut tale = Tale::new(
        "root rollback",
        who,
        "the first root in the place of the third",
    );
    let publisher = tale.publisher;
    let first = publisher.signed_root(&tale.root);
    let (one, two) = (tale.patch(1, 1), tale.patch(2, 2));
    let mut root = tale.root.clone();
    root.version = 2;
    root.roles.channel.keys = [publisher.id("channel-2")].into();
    publisher.name_keys(&mut root, &["channel-2"]);
    tale.put_root(2, &publisher.sign(&root, &ROOT_KEYS));
    let mut channel = tale.says(1, &[&one]);
    channel.root_version = 2;
    tale.put_channel(&publisher.sign(&channel, &["channel-2"]));
    tale.step(0, "installs 1", 1);
    tale.forget_what_is_served();
    tale.put_root(3, &first);
    tale.put_patch(&two, &two.envelope);
    tale.put_download(&Library::patched(0, 2));
    let stolen = tale.says(2, &[&two]);
    tale.channel(&stolen);
    tale.step(
        60,
        "refused: root 1 was served, and root 2 is already known",
        1,
    );
    tale.stopped_by("root_order", "installs 2", 2)
        .told("root-rollback")
}

fn expired_root() -> Told {
    let who = "a server with the channel key that holds the next root back";
    let mut tale = Tale::new("freeze", who, "new words under a root that is out of date");
    let mut root = tale.root.clone();
    root.expires_s = Some(NOW_MS / 1000 + 60);
    tale.embeds(&root);
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(120, "refused: root 1 expired", 0);
    tale.stopped_by("root_expiry", "installs 1", 1)
        .told("expired-root")
}

fn endless_data() -> Told {
    let mut tale = Tale::new(
        "endless data",
        CDN,
        "a download that goes on behind its end",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    let library = Library::patched(0, 1);
    let path = patchproof_protocol::download_path(&Digest::of(&library.patch).to_string());
    let endless = [library.patch.as_ref(), &vec![0; 100_000]].concat();
    tale.put(&path, &endless);
    tale.step(0, "refused: the server sends a file of more than", 0);
    // All of it is taken in before its hash gives it away.
    tale.stopped_by("size", "refused: its bytes have the SHA-256", 0)
        .told("endless-data")
}

fn other_bytes() -> Told {
    let row = "arbitrary code, by the network";
    let mut tale = Tale::new(row, CDN, "another patch, for the download that was signed");
    let patch = tale.patch_as(1, 1, |statement| {
        statement.downloads[0].size_bytes += 10_000
    });
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    let (signed, other) = (Library::patched(0, 1), Library::patched(0, 9));
    let path = patchproof_protocol::download_path(&Digest::of(&signed.patch).to_string());
    tale.put(&path, &other.patch);
    tale.step(0, "refused: its bytes have the SHA-256", 0);
    tale.stopped_by("bytes", "installs 1", 1)
        .told("other-bytes")
}

/// What the publisher does about it is part of the story.
fn fast_forward() -> Told {
    let mut tale = Tale::new(
        "fast-forward",
        CHANNEL_KEY,
        "the highest counter that there is",
    );
    let publisher = tale.publisher;
    let (one, two) = (tale.patch(1, 1), tale.patch(2, 2));
    let highest = tale.says((1 << 53) - 1, &[&one]);
    tale.channel(&highest);
    tale.step(0, "installs 1", 1);
    let honest = tale.says(7, &[&two]);
    tale.channel(&honest);
    tale.step(60, "refused: a replay", 1);
    let mut root = tale.root.clone();
    root.version = 2;
    root.roles.channel.keys = [publisher.id("channel-2")].into();
    publisher.name_keys(&mut root, &["channel-2"]);
    tale.put_root(2, &publisher.sign(&root, &ROOT_KEYS));
    let mut honest = tale.says(7, &[&two]);
    honest.root_version = 2;
    tale.put_channel(&publisher.sign(&honest, &["channel-2"]));
    tale.step(60, "installs 2", 2);
    tale.told("fast-forward")
}

fn envelope(bytes: &[u8]) -> serde_json::Value {
    // Its name, to see that it is one.
    let _name = name_of(bytes);
    serde_json::from_slice(bytes).expect("an envelope")
}

/// Signatures of nobody under the ids of those who should have signed.
fn with_wrong_signatures(bytes: &[u8]) -> Vec<u8> {
    let mut envelope = envelope(bytes);
    let signatures = envelope["signatures"].as_array_mut().expect("signatures");
    for signature in signatures {
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

fn word(word: &str) -> Word {
    Word::new(word).expect("a word")
}

const DAY_S: u64 = 24 * 60 * 60;
