//! What a device remembers, between two answers.

use std::collections::BTreeSet;

use patchproof_trust::{
    Device, Kind, Question, Refusal, Release, ReleaseRules, Remembered, Roles, Root, Verifier, Word,
};
use proptest::prelude::*;

use crate::world::*;

/// A memory with a counter and a floor in it.
fn lived() -> Remembered {
    let mut patch = patch(5);
    patch.minimum_number = 5;
    let envelope = signed(&patch, &["p", "q"]);
    ask_patch(&remembered(), &channel(7, &[&patch]), &envelope)
        .expect("honest")
        .remembered
}

#[test]
fn what_is_written_is_read_as_the_same() {
    assert_eq!(Remembered::decode(&lived().encode()), Ok(lived()));
}

#[test]
fn a_memory_that_was_read_again_still_refuses_a_replay_and_a_downgrade() {
    let known = Remembered::decode(&lived().encode()).unwrap();
    let replay = ask_channel(&known, &signed(&channel(6, &[]), &["channel"]));
    assert_eq!(
        replay,
        Err(Refusal::Replayed {
            remembered: 7,
            found: 6
        })
    );
    assert_eq!(known.minimum_number(&release()), 5);
}

#[test]
fn an_unreadable_memory_is_an_error_and_not_an_empty_one() {
    for bytes in [&b""[..], b"{}", b"null", b"\0\0\0\0"] {
        let refused = Remembered::decode(bytes);
        assert!(
            matches!(refused, Err(Refusal::Memory { .. })),
            "{refused:?}"
        );
    }
}

#[test]
fn the_same_answer_twice_leaves_the_same_memory() {
    let envelope = signed(&channel(7, &[]), &["channel"]);
    let once = ask_channel(&remembered(), &envelope).unwrap().remembered;
    let twice = ask_channel(&once, &envelope).unwrap().remembered;
    assert_eq!(once.encode(), twice.encode());
}

#[test]
fn memory_stays_bounded_however_many_channels_are_asked() {
    let mut known = remembered();
    let device = device();
    for n in 0..300 {
        let mut statement = channel(1, &[]);
        statement.channel = word(&format!("channel-{n}"));
        let mut question = question();
        question.channel = statement.channel.clone();
        let verifier = patchproof_trust::Verifier::new(&device, &known).unwrap();
        let envelope = signed(&statement, &["channel"]);
        known = verifier.channel(&envelope, &question).unwrap().remembered;
    }
    let entries = String::from_utf8(known.encode())
        .unwrap()
        .matches("choice_sha256")
        .count();
    assert_eq!(entries, 256);
}

/// The longest word, and its own for each number.
fn longest(n: u64) -> Word {
    word(&format!("{n:0>128}"))
}

/// A release with the longest names that there are.
fn longest_release(n: u64) -> Release {
    Release {
        abi: longest(n),
        base_sha256: digest("a base"),
        platform: longest(0),
        version: longest(0),
    }
}

const CHANNEL_KEYS: [&str; 32] = [
    "k0", "k1", "k2", "k3", "k4", "k5", "k6", "k7", "k8", "k9", "k10", "k11", "k12", "k13", "k14",
    "k15", "k16", "k17", "k18", "k19", "k20", "k21", "k22", "k23", "k24", "k25", "k26", "k27",
    "k28", "k29", "k30", "k31",
];

/// A root whose envelope is as long as one may be, to a kilobyte.
fn largest_root() -> Root {
    let all = [&CHANNEL_KEYS[..], &["a", "b", "p"]].concat();
    let mut large = Root {
        keys: keys(&all),
        roles: Roles {
            channel: role(&CHANNEL_KEYS, 1),
            patch: role(&["p"], 1),
            root: role(&["a", "b"], 2),
        },
        ..root()
    };
    let of = |count: u64| {
        let revoked = (0..1024).map(|n| digest(&n.to_string())).collect();
        let rules = |n: u64| ReleaseRules {
            minimum_number: 0,
            release: longest_release(n),
            revoked: BTreeSet::new(),
        };
        let mut rules: Vec<_> = (0..count).map(rules).collect();
        for (at, rules) in rules.iter_mut().enumerate().take(4) {
            rules.minimum_number = u64::try_from(at).unwrap();
            rules.revoked.clone_from(&revoked);
        }
        rules
    };
    large.releases = of(4);
    let mut envelope_bytes = |count: u64| {
        large.releases = of(count);
        signed(&large, &["a", "b"]).len()
    };
    let (some, more) = (envelope_bytes(4), envelope_bytes(14));
    let left = (Kind::Root.limit_bytes() - some) * 10 / (more - some);
    assert!(envelope_bytes(4 + u64::try_from(left).unwrap()) > Kind::Root.limit_bytes() - 1024);
    large
}

/// The largest root, under which 32 keys spoke in 8 channels, and 64 floors of other releases.
fn largest() -> Remembered {
    let mut known = starting_with(&largest_root());
    for n in 0..64 {
        let mut statement = patch(LARGEST);
        statement.release = longest_release(10_000 + n);
        statement.minimum_number = LARGEST;
        let device = Device {
            release: statement.release.clone(),
            ..device()
        };
        let mut offer = channel(LARGEST, &[&statement]);
        offer.release = statement.release.clone();
        offer.channel = longest(n);
        offer.issued_s = LARGEST;
        offer.expires_s = LARGEST;
        let question = Question {
            channel: longest(n),
            now_s: LARGEST - 1,
            ..question()
        };
        let signers = if n < 56 {
            &CHANNEL_KEYS[..1]
        } else {
            &CHANNEL_KEYS[..]
        };
        let verifier = Verifier::new(&device, &known).unwrap();
        let believed = verifier
            .channel(&signed(&offer, signers), &question)
            .unwrap();
        let verifier = Verifier::new(&device, &believed.remembered).unwrap();
        let envelope = signed(&statement, &["p"]);
        let accepted = verifier.patch(&envelope, &believed.statement).unwrap();
        known = accepted.remembered;
    }
    known
}

#[test]
fn the_largest_memory_is_written_and_read_again() {
    let known = largest();
    let encoded = known.encode();
    let text = std::str::from_utf8(&encoded).unwrap();
    let count = |what: &str| text.matches(what).count();
    assert_eq!((count("choice_sha256"), count("minimum_number")), (256, 64));
    assert!(encoded.len() > 700 << 10, "{}", encoded.len());
    assert_eq!(Remembered::decode(&encoded), Ok(known));
    // Each takes one byte more where this lies in a text of JSON.
    assert!(count("\"") < 12 << 10, "{}", count("\""));
}

/// 2^53 - 1.
const LARGEST: u64 = 9_007_199_254_740_991;

proptest! {
    #[test]
    fn a_changed_memory_is_refused_or_reads_back_as_it_was_changed(
        at in any::<prop::sample::Index>(),
        xor in 1_u8..,
    ) {
        let mut bytes = lived().encode();
        let at = at.index(bytes.len());
        bytes[at] ^= xor;
        if let Ok(read) = Remembered::decode(&bytes) {
            prop_assert_eq!(read.encode(), bytes);
        }
    }
}
