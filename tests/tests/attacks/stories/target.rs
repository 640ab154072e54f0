//! Attacks with words for somebody else, and with bytes.

use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::{put_channel, put_root, put_statement, rules};
use patchproof_trust::{Digest, Word};

use super::{CDN, CHANNEL_KEY};
use crate::folder::Told;
use crate::told::Tale;

fn with_rules(tale: &mut Tale, minimum_number: u64, revoked: &[Digest]) {
    let mut root = tale.root.clone();
    root.releases = rules(minimum_number, revoked);
    tale.embeds(root);
}

pub(super) fn downgrade_below_the_floor() -> Told {
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

pub(super) fn revoked_patch() -> Told {
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

pub(super) fn revoked_after_its_install() -> Told {
    let row = "arbitrary code, by the server";
    let who = "whoever had a bad patch signed and installed before it was noticed";
    let mut tale = Tale::new(row, who, "nothing: the publisher's next root revokes it");
    let bad = tale.patch(1, 1);
    let channel = tale.says(1, &[&bad]);
    tale.channel(&channel);
    tale.step(0, "installs 1", 1);
    let mut root = tale.root.clone();
    root.version = 2;
    root.releases = rules(0, &[bad.name]);
    let envelope = tale.publisher.signed_root(&root);
    put_root(tale.served(), 2, &envelope);
    let nothing = tale.says(2, &[]);
    tale.channel(&nothing);
    tale.step(60, "up to date", 0);
    tale.stopped_by("boot", "up to date", 1)
        .told("revoked-after-its-install")
}

pub(super) fn patch_of_another_app() -> Told {
    let row = "wrong target";
    let mut tale = Tale::new(row, CHANNEL_KEY, "a patch that was signed for another app");
    let patch = tale.patch_as(1, 1, |statement| statement.app = word("other"));
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(0, "refused: it is for the app other", 0);
    tale.stopped_by("app", "installs 1", 1)
        .told("patch-of-another-app")
}

pub(super) fn patch_of_another_release() -> Told {
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

pub(super) fn another_channel() -> Told {
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
    put_channel(tale.served(), &envelope);
    tale.step(0, "refused: it is for the channel beta", 0);
    tale.stopped_by("channel", "installs 1", 1)
        .told("another-channel")
}

pub(super) fn another_snapshot() -> Told {
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

pub(super) fn another_base_size() -> Told {
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

pub(super) fn mix_and_match() -> Told {
    let row = "mix and match";
    let mut tale = Tale::new(
        row,
        CDN,
        "a signed patch statement under the name of another one",
    );
    let (one, two) = (tale.patch(1, 1), tale.patch(2, 2));
    let channel = tale.says(1, &[&one]);
    tale.channel(&channel);
    put_statement(tale.served(), &one.name, &two.envelope);
    tale.step(0, "refused: does not offer the patch statement", 0);
    tale.stopped_by("selected", "installs 2", 2)
        .told("mix-and-match")
}

pub(super) fn relabelled_number() -> Told {
    let row = "downgrade";
    let mut tale = Tale::new(
        row,
        CHANNEL_KEY,
        "patch 1 under the number 9, above what runs",
    );
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    for entry in &mut channel.selected {
        entry.number = 9;
    }
    tale.channel(&channel);
    tale.step(0, "refused: calls patch 1 number 9", 0);
    tale.stopped_by("number", "installs 1", 1)
        .told("relabelled-number")
}

pub(super) fn endless_data() -> Told {
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
    tale.served().put(&path, &endless);
    tale.step(0, "refused: the server sends a file of more than", 0);
    // All of it is taken in before its hash gives it away.
    tale.stopped_by("size", "refused: its bytes have the SHA-256", 0)
        .told("endless-data")
}

pub(super) fn other_bytes() -> Told {
    let row = "arbitrary code, by the network";
    let mut tale = Tale::new(row, CDN, "another patch, for the download that was signed");
    let patch = tale.patch_as(1, 1, |statement| {
        for download in &mut statement.downloads {
            download.size_bytes += 10_000;
        }
    });
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    let (signed, other) = (Library::patched(0, 1), Library::patched(0, 9));
    let path = patchproof_protocol::download_path(&Digest::of(&signed.patch).to_string());
    tale.served().put(&path, &other.patch);
    tale.step(0, "refused: its bytes have the SHA-256", 0);
    tale.stopped_by("bytes", "installs 1", 1)
        .told("other-bytes")
}

fn word(word: &str) -> Word {
    Word::new(word).expect("a word")
}
