//! Attacks with words that were right once, or will be.

use patchproof_testkit::phone::publisher::{publish, put_root};
use patchproof_testkit::phone::{Library, NOW_MS, answer_with};
use patchproof_trust::Nonce;

use super::{CDN, CHANNEL_KEY, DAY_S, ROOT_KEYS};
use crate::folder::Told;
use crate::told::Tale;

pub(super) fn replay_of_a_withdrawn_patch() -> Told {
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

pub(super) fn two_choices_under_one_counter() -> Told {
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

pub(super) fn freeze() -> Told {
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

pub(super) fn answer_from_the_future() -> Told {
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

pub(super) fn recorded_live_answer() -> Told {
    let mut tale = Tale::new("replay", CDN, "an answer that was given to another device");
    let patch = tale.patch(1, 1);
    let mut channel = tale.says(1, &[&patch]);
    channel.nonce = Some(Nonce::of_bytes([7; 32]));
    let recorded = answer_with(&tale.publisher.signed_channel(&channel));
    tale.served().put("/check.json", &recorded);
    tale.step(0, "refused: repeats another device's nonce", 0);
    tale.asks_a_server()
        .stopped_by("nonce", "installs 1", 1)
        .told("recorded-live-answer")
}

pub(super) fn file_in_place_of_a_live_answer() -> Told {
    let mut tale = Tale::new(
        "freeze",
        CDN,
        "the file for a CDN, where a live answer was asked for",
    );
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    let ready = answer_with(&tale.publisher.signed_channel(&channel));
    tale.served().put("/check.json", &ready);
    tale.step(0, "refused: repeats no nonce", 0);
    tale.asks_a_server()
        .stopped_by("live", "installs 1", 1)
        .told("file-in-place-of-a-live-answer")
}

/// Root 2 took the channel's key away; the thief has it and serves root 1 as the next one.
pub(super) fn root_rollback() -> Told {
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
    publisher.replace_channel_key(&mut root);
    put_root(tale.served(), 2, &publisher.sign(&root, &ROOT_KEYS));
    let mut channel = tale.says(1, &[&one]);
    channel.root_version = 2;
    publisher.publish_channel_by(tale.served(), &channel, "channel-2");
    tale.step(0, "installs 1", 1);
    tale.forget_what_is_served();
    put_root(tale.served(), 3, &first);
    publish(tale.served(), &two, &Library::patched(0, 2));
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

pub(super) fn expired_root() -> Told {
    let who = "a server with the channel key that holds the next root back";
    let mut tale = Tale::new("freeze", who, "new words under a root that is out of date");
    let mut root = tale.root.clone();
    root.expires_s = Some(NOW_MS / 1000 + 60);
    tale.embeds(root);
    let patch = tale.patch(1, 1);
    let channel = tale.says(1, &[&patch]);
    tale.channel(&channel);
    tale.step(120, "refused: root 1 expired", 0);
    tale.stopped_by("root_expiry", "installs 1", 1)
        .told("expired-root")
}

/// What the publisher does about it is part of the story.
pub(super) fn fast_forward() -> Told {
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
    publisher.replace_channel_key(&mut root);
    put_root(tale.served(), 2, &publisher.sign(&root, &ROOT_KEYS));
    let mut honest = tale.says(7, &[&two]);
    honest.root_version = 2;
    publisher.publish_channel_by(tale.served(), &honest, "channel-2");
    tale.step(60, "installs 2", 2);
    tale.told("fast-forward")
}
