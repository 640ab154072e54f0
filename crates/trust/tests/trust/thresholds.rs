//! Thresholds, for every size of a role and every set of signers.

use std::collections::BTreeSet;

use patchproof_trust::{Kind, Refusal, Remembered, Root};
use proptest::prelude::*;

use crate::world::*;

const NAMES: [&str; 6] = ["t0", "t1", "t2", "t3", "t4", "t5"];

/// A root whose patch role has these keys and this threshold.
fn with_patch_role(keys_in_role: usize, threshold: u64) -> Root {
    let of_role = &NAMES[..keys_in_role];
    let mut root = root();
    root.keys = keys(&[&["a", "b", "c", "channel"], of_role].concat());
    root.roles.patch = role(of_role, threshold);
    root
}

fn signers() -> impl Strategy<Value = BTreeSet<usize>> {
    prop::collection::btree_set(0..NAMES.len(), 1..=NAMES.len())
}

fn names(signers: &BTreeSet<usize>) -> Vec<&'static str> {
    signers.iter().map(|index| NAMES[*index]).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_patch_is_taken_by_the_threshold_of_its_role_and_never_below(
        (keys_in_role, threshold) in (1..=NAMES.len()).prop_flat_map(|n| (Just(n), 1..=n)),
        signers in signers(),
    ) {
        let needed = u64::try_from(threshold).unwrap();
        let known = starting_with(&with_patch_role(keys_in_role, needed));
        let answer = ask_standing(&known, &signed(&patch(1), &names(&signers)));
        let stranger = signers.iter().any(|index| *index >= keys_in_role);
        match answer {
            Ok(_) => prop_assert!(!stranger && signers.len() >= threshold),
            Err(Refusal::UnknownKey { .. }) => prop_assert!(stranger),
            Err(Refusal::TooFewSignatures { found, needed: asked, .. }) => {
                prop_assert_eq!(found, u64::try_from(signers.len()).unwrap());
                prop_assert!(signers.len() < threshold && asked == needed);
            }
            Err(other) => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn a_root_follows_only_by_the_threshold_of_both(
        old_threshold in 1_u64..=3,
        new_threshold in 1_u64..=3,
        old_signers in prop::collection::btree_set(0_usize..3, 0..=3),
        new_signers in prop::collection::btree_set(3_usize..6, 0..=3),
    ) {
        let of = |range: &[&str], threshold, version| {
            let mut root = root();
            root.keys = keys(&[&["p", "q", "r", "channel"], range].concat());
            root.roles.root = role(range, threshold);
            root.version = version;
            root
        };
        let old = of(&NAMES[..3], old_threshold, 1);
        let new = of(&NAMES[3..], new_threshold, 2);
        let start = Remembered::from_embedded(&signed(&old, &NAMES[..3])).unwrap();
        let signers: BTreeSet<usize> = old_signers.union(&new_signers).copied().collect();
        let answer = ask_root(&start, &signed(&new, &names(&signers)));
        let enough = |signers: &BTreeSet<usize>, threshold: u64| {
            u64::try_from(signers.len()).unwrap() >= threshold
        };
        let both = enough(&old_signers, old_threshold) && enough(&new_signers, new_threshold);
        prop_assert_eq!(answer.is_ok(), both);
        if let Err(refusal) = answer {
            let few = matches!(refusal, Refusal::TooFewSignatures { kind: Kind::Root, .. });
            prop_assert!(few || matches!(refusal, Refusal::Unsigned { .. }), "{refusal:?}");
        }
    }
}
