//! What a device remembers, between two answers.

use patchproof_trust::{Extensions, Refusal, Remembered, Root, Text};
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

#[test]
fn the_largest_root_fits_into_memory() {
    let text = Text::new("x".repeat(1024)).unwrap();
    let extensions: Extensions = (0..16)
        .map(|n| (word(&format!("e{n}")), text.clone()))
        .collect();
    let large = Root {
        extensions,
        ..root()
    };
    let known = starting_with(&large);
    assert_eq!(Remembered::decode(&known.encode()), Ok(known));
}

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
