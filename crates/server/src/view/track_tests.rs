//! What is offered, against a model that looks at every patch and every file for itself.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

/// The words of the protocol, one by one: the highest that is open to this device, of all that were
/// ever promoted.
fn model<'a>(
    patches: &'a [ViewPatch],
    asking: &Asking<'_>,
    now_s: i64,
) -> Option<(u64, &'a ViewDownload)> {
    let mut best: Option<(u64, &ViewDownload)> = None;
    for patch in patches {
        let is_reached = match asking.reach {
            Reach::Client(client) => {
                bucket(asking.app_id, &patch.hash, client) < patch.rollout_basis_points
            }
            Reach::Unnamed => patch.rollout_basis_points == 10_000,
            Reach::Any => patch.rollout_basis_points > 0,
        };
        let is_expired = matches!(patch.expires_at_s, Some(at_s) if now_s >= at_s);
        let is_higher = patch.number > asking.above.unwrap_or(0);
        if !is_reached || is_expired || !is_higher {
            continue;
        }
        for download in &patch.downloads {
            let is_usable = match (asking.runs_sha256, download.from_sha256) {
                (None, None) => download.container == Container::Shorebird,
                (None, Some(_)) => false,
                (Some(_), None) => true,
                (Some(runs), Some(from)) => runs == from,
            };
            let is_better = best.is_none_or(|(number, least)| {
                (patch.number, least.size_bytes) > (number, download.size_bytes)
                    || patch.number > number
            });
            if is_usable && is_better {
                best = Some((patch.number, download));
            }
        }
    }
    best
}

fn some_library() -> impl Strategy<Value = [u8; 32]> {
    (0_u8..3).prop_map(|byte| [byte; 32])
}

fn some_download() -> impl Strategy<Value = ViewDownload> {
    let container = prop_oneof![Just(Container::Shorebird), Just(Container::Patchproof)];
    let from = prop::option::of(some_library());
    (any::<[u8; 32]>(), 0_u64..5, container, from).prop_map(|parts| {
        let (sha256, size_bytes, container, from_sha256) = parts;
        ViewDownload {
            sha256,
            size_bytes,
            container,
            from_sha256,
        }
    })
}

fn some_patch(number: u64) -> impl Strategy<Value = ViewPatch> {
    let rollout = prop_oneof![Just(10_000_u16), Just(0), 0_u16..=10_000];
    let downloads = prop::collection::vec(some_download(), 1..4);
    let expiry = prop::option::of(95_i64..105);
    let signed = any::<bool>();
    (any::<[u8; 32]>(), downloads, expiry, rollout, signed).prop_map(move |parts| {
        let (hash, downloads, expires_at_s, rollout_basis_points, signed) = parts;
        ViewPatch {
            number,
            hash,
            downloads: downloads.into(),
            hash_signature: None,
            notes: None,
            force_update: false,
            expires_at_s,
            rollout_basis_points,
            statement_sha256: signed.then(|| Digest::of_bytes(hash)),
        }
    })
}

fn some_patches() -> impl Strategy<Value = Vec<ViewPatch>> {
    let numbers = prop::collection::btree_set(1_u64..20, 0..8);
    let patches = numbers.prop_flat_map(|numbers: BTreeSet<u64>| {
        numbers.into_iter().map(some_patch).collect::<Vec<_>>()
    });
    patches.prop_shuffle()
}

#[test]
fn below_a_patch_for_all_as_many_signed_ones_are_kept_as_a_channel_statement_holds() {
    let patch = |number| ViewPatch {
        number,
        hash: [1; 32],
        downloads: Box::new([ViewDownload {
            sha256: [2; 32],
            size_bytes: 1,
            container: Container::Shorebird,
            from_sha256: None,
        }]),
        hash_signature: None,
        notes: None,
        force_update: false,
        // One that expires must not take the place of the last one.
        expires_at_s: (number == 90).then_some(7),
        rollout_basis_points: 10_000,
        // And one that is not signed is of no use to who falls back.
        statement_sha256: (number != 80).then(|| Digest::of_bytes([1; 32])),
    };
    let track = Track::new((1..=100).map(patch).collect());
    let kept: Vec<u64> = track.patches().iter().map(|patch| patch.number).collect();
    let expected: Vec<u64> = (35..=100).rev().filter(|number| *number != 80).collect();
    assert_eq!(kept, expected);
}

proptest! {
    #[test]
    fn what_is_offered_is_what_the_words_of_the_protocol_say(
        patches in some_patches(),
        client in prop::option::of(any::<[u8; 4]>()),
        any_device in any::<bool>(),
        above in prop::option::of(0_u64..20),
        runs_sha256 in prop::option::of(some_library()),
        now_s in 94_i64..106,
    ) {
        let reach = match (&client, any_device) {
            (_, true) => Reach::Any,
            (Some(client), _) => Reach::Client(client),
            (None, _) => Reach::Unnamed,
        };
        let asking = Asking { app_id: "app", reach, above, runs_sha256 };
        let track = Track::new(patches.clone());
        let found = track.answer(&asking, now_s);
        let expected = model(&patches, &asking, now_s);
        let found = found.map(|offer| (offer.patch.number, offer.download.size_bytes));
        let expected = expected.map(|(number, download)| (number, download.size_bytes));
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn what_is_left_out_of_memory_is_below_a_patch_for_all(patches in some_patches()) {
        let track = Track::new(patches.clone());
        let kept: BTreeSet<u64> = track.patches().iter().map(|patch| patch.number).collect();
        for patch in patches.iter().filter(|patch| !kept.contains(&patch.number)) {
            let is_covered = track.patches().iter().any(|above| {
                above.number > patch.number
                    && above.rollout_basis_points == 10_000
                    && above.expires_at_s.is_none()
            });
            prop_assert!(is_covered);
            // There are fewer than a channel statement holds.
            prop_assert!(patch.statement_sha256.is_none());
        }
    }

    #[test]
    fn a_device_that_was_reached_is_reached_by_every_larger_rollout(
        patch in some_patch(1),
        client in any::<[u8; 16]>(),
        more in 0_u16..=10_000,
    ) {
        let asking = Asking {
            app_id: "app",
            reach: Reach::Client(&client),
            above: None,
            runs_sha256: None,
        };
        let larger = ViewPatch {
            rollout_basis_points: patch.rollout_basis_points.saturating_add(more).min(10_000),
            ..patch.clone()
        };
        prop_assert!(!asking.is_reached(&patch) || asking.is_reached(&larger));
    }
}
