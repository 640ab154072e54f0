//! Ours through Shorebird's decoder, and Shorebird's through ours.

use patchproof_patch::{inflate, make, plain, reference};
use patchproof_tests::patches::shorebirds;
use proptest::prelude::*;

use crate::decoders::{limits, streamed};
use crate::pairs::{Pair, pair, shared_out};

/// Shorebird's tool ends with a panic on an empty base.
fn with_a_base() -> impl Strategy<Value = Pair> {
    pair().prop_map(|mut pair| {
        if pair.base.is_empty() {
            pair.base.push(0);
        }
        pair
    })
}

proptest! {
    #![proptest_config(shared_out(10))]

    #[test]
    fn what_shorebirds_tool_makes_is_inflated_by_every_decoder_here(pair in with_a_base()) {
        let Pair { base, new } = pair;
        let patch = shorebirds(&base, &new);
        prop_assert!(plain::inflate(&base, &patch, limits(&base)).as_ref() == Ok(&new));
        prop_assert!(streamed(&base, &patch).as_ref() == Ok(&new));
        prop_assert!(inflate(&base, &patch, limits(&base)).as_ref() == Ok(&new));
    }

    #[test]
    fn what_is_made_here_is_inflated_by_shorebirds_decoder(pair in pair(), level in 1..=22) {
        let Pair { base, new } = pair;
        let patch = make(&base, &new, level).unwrap();
        prop_assert!(reference(&base, &patch, limits(&base)).as_ref() == Ok(&new));
    }
}
