//! No byte of a signed document can be another.

use std::sync::OnceLock;

use patchproof_trust::{Refusal, Remembered};
use proptest::prelude::*;

use crate::world::*;

struct Served {
    root: Vec<u8>,
    patch: Vec<u8>,
    channel: Vec<u8>,
    first_root: Vec<u8>,
    memory: Remembered,
}

fn served() -> &'static Served {
    static SERVED: OnceLock<Served> = OnceLock::new();
    SERVED.get_or_init(|| Served {
        // More signatures than the threshold: not one of them goes unchecked.
        root: signed(&next(&root()), &["a", "b", "c"]),
        patch: signed(&patch(3), &["p", "q", "r"]),
        channel: signed(&channel(7, &[&patch(3)]), &["channel"]),
        first_root: signed(&root(), &["a", "b"]),
        memory: remembered(),
    })
}

fn each(ask: fn(&Remembered, &[u8]) -> Result<(), Refusal>, bytes: &[u8], at: usize, xor: u8) {
    let mut changed = bytes.to_vec();
    *changed.get_mut(at).expect("the place is in the document") ^= xor;
    let answer = ask(&served().memory, &changed);
    assert!(
        answer.is_err(),
        "byte {at} may be another: {}",
        String::from_utf8_lossy(&changed)
    );
}

const ROOT: fn(&Remembered, &[u8]) -> Result<(), Refusal> = |m, b| ask_root(m, b).map(drop);
const PATCH: fn(&Remembered, &[u8]) -> Result<(), Refusal> = |m, b| ask_standing(m, b).map(drop);
const CHANNEL: fn(&Remembered, &[u8]) -> Result<(), Refusal> = |m, b| ask_channel(m, b).map(drop);
const FIRST: fn(&Remembered, &[u8]) -> Result<(), Refusal> =
    |_, b| Remembered::from_embedded(b).map(drop);

#[test]
fn the_documents_themselves_are_taken() {
    let Served {
        root,
        patch,
        channel,
        first_root,
        memory,
    } = served();
    for (ask, bytes) in [
        (ROOT, root),
        (PATCH, patch),
        (CHANNEL, channel),
        (FIRST, first_root),
    ] {
        assert_eq!(ask(memory, bytes), Ok(()));
    }
}

#[test]
fn no_lowest_bit_of_any_byte_can_be_flipped() {
    let Served {
        root,
        patch,
        channel,
        ..
    } = served();
    for (ask, bytes) in [(ROOT, root), (PATCH, patch), (CHANNEL, channel)] {
        for at in 0..bytes.len() {
            each(ask, bytes, at, 1);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn no_byte_of_a_root_can_be_another(at in any::<prop::sample::Index>(), xor in 1_u8..) {
        let bytes = &served().root;
        each(ROOT, bytes, at.index(bytes.len()), xor);
    }

    #[test]
    fn no_byte_of_a_patch_statement_can_be_another(
        at in any::<prop::sample::Index>(),
        xor in 1_u8..,
    ) {
        let bytes = &served().patch;
        each(PATCH, bytes, at.index(bytes.len()), xor);
    }

    #[test]
    fn no_byte_of_a_channel_statement_can_be_another(
        at in any::<prop::sample::Index>(),
        xor in 1_u8..,
    ) {
        let bytes = &served().channel;
        each(CHANNEL, bytes, at.index(bytes.len()), xor);
    }

    #[test]
    fn no_byte_of_an_embedded_root_can_be_another(
        at in any::<prop::sample::Index>(),
        xor in 1_u8..,
    ) {
        let bytes = &served().first_root;
        each(FIRST, bytes, at.index(bytes.len()), xor);
    }

    #[test]
    fn a_document_that_is_cut_anywhere_is_refused(at in any::<prop::sample::Index>()) {
        let bytes = &served().patch;
        let cut = &bytes[..at.index(bytes.len())];
        prop_assert!(PATCH(&served().memory, cut).is_err());
    }

    #[test]
    fn no_bytes_at_all_are_taken_or_make_a_device_panic(bytes: Vec<u8>) {
        for ask in [ROOT, PATCH, CHANNEL, FIRST] {
            prop_assert!(ask(&served().memory, &bytes).is_err());
        }
    }
}
