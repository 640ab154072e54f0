//! What a channel offers one release, as a statement says it. Pure.

use patchproof_trust::{ChannelStatement, Digest, Extensions, Release, RolledBack, Selected, Word};

use crate::view::SELECTED_MAX;

/// A patch of a release that was published with a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    pub(super) number: u64,
    pub(super) statement: Digest,
    pub(super) rollout_basis_points: u16,
    pub(super) expires_at_s: Option<i64>,
    /// Whether it is taken back, wherever it sat; else it sits on the channel that is asked for.
    pub(super) is_rolled_back: bool,
}

/// What is chosen, and until when that stands if nobody changes anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Without a counter, a time or a nonce.
    pub(super) statement: ChannelStatement,
    /// The next moment at which a patch expires.
    pub(super) until_s: Option<i64>,
}

/// For whom the choice is.
#[derive(Clone, Debug)]
pub(super) struct Target<'a> {
    pub(super) app: &'a Word,
    pub(super) channel: &'a Word,
    pub(super) release: &'a Release,
    pub(super) root_version: u64,
}

/// Offers the newest patches that did not expire, and takes back the newest that were.
pub(super) fn choose(target: &Target<'_>, candidates: &[Candidate], now_s: i64) -> Choice {
    let in_time = |expires_at_s: i64| expires_at_s > now_s;
    let mut offered: Vec<&Candidate> = candidates
        .iter()
        .filter(|patch| !patch.is_rolled_back)
        .filter(|patch| patch.expires_at_s.is_none_or(in_time))
        .collect();
    let mut taken_back: Vec<&Candidate> = candidates
        .iter()
        .filter(|patch| patch.is_rolled_back)
        .collect();
    newest(&mut offered, SELECTED_MAX);
    newest(&mut taken_back, ROLLED_BACK_MAX);
    let until_s = offered.iter().filter_map(|patch| patch.expires_at_s).min();
    let selected = offered.into_iter().map(|patch| Selected {
        number: patch.number,
        patch: patch.statement,
        rollout_basis_points: patch.rollout_basis_points,
    });
    let rolled_back = taken_back.into_iter().map(|patch| RolledBack {
        number: patch.number,
        patch: patch.statement,
    });
    let statement = ChannelStatement {
        app: target.app.clone(),
        channel: target.channel.clone(),
        counter: 0,
        expires_s: 0,
        extensions: Extensions::default(),
        issued_s: 0,
        nonce: None,
        release: target.release.clone(),
        rolled_back: rolled_back.collect(),
        root_version: target.root_version,
        selected: selected.collect(),
    };
    Choice { statement, until_s }
}

/// The highest numbers, in ascending order, each once.
fn newest(patches: &mut Vec<&Candidate>, most: usize) {
    patches.sort_by_key(|patch| patch.number);
    patches.dedup_by_key(|patch| patch.number);
    patches.drain(..patches.len().saturating_sub(most));
}

/// How many a channel statement takes back.
const ROLLED_BACK_MAX: usize = 256;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::signing::testing::{app, release, word};

    fn candidate(number: u64) -> Candidate {
        Candidate {
            number,
            statement: Digest::of(&number.to_be_bytes()),
            rollout_basis_points: 10_000,
            expires_at_s: None,
            is_rolled_back: false,
        }
    }

    fn chosen(candidates: &[Candidate], now_s: i64) -> Choice {
        let (app, channel, release) = (app(), word("stable"), release());
        let target = Target {
            app: &app,
            channel: &channel,
            release: &release,
            root_version: 1,
        };
        choose(&target, candidates, now_s)
    }

    fn selected(choice: &Choice) -> Vec<u64> {
        choice
            .statement
            .selected
            .iter()
            .map(|entry| entry.number)
            .collect()
    }

    #[test]
    fn an_expired_patch_is_offered_no_more_and_the_choice_says_when_that_will_be() {
        let mut short = candidate(2);
        short.expires_at_s = Some(100);
        let patches = [candidate(1), short];
        let before = chosen(&patches, 99);
        assert_eq!((selected(&before), before.until_s), (vec![1, 2], Some(100)));
        let after = chosen(&patches, 100);
        assert_eq!((selected(&after), after.until_s), (vec![1], None));
    }

    proptest! {
        #[test]
        fn whatever_there_is_a_device_takes_the_statement(
            patches in prop::collection::vec(
                (1_u64..600, any::<bool>(), 0_u16..=10_000, prop::option::of(0_i64..9)),
                0..700,
            ),
        ) {
            // Numbers are one of a kind in a release.
            let patches: std::collections::BTreeMap<u64, _> =
                patches.into_iter().map(|patch| (patch.0, patch)).collect();
            let patches: Vec<Candidate> = patches
                .into_values()
                .map(|(number, is_rolled_back, rollout, expires_at_s)| Candidate {
                    rollout_basis_points: rollout,
                    expires_at_s,
                    is_rolled_back,
                    ..candidate(number)
                })
                .collect();
            let mut statement = chosen(&patches, 4).statement;
            (statement.counter, statement.expires_s) = (1, 1);
            let key = crate::signing::testing::channel_key();
            prop_assert!(patchproof_trust::sign(&statement, &[&key]).is_ok());
        }
    }

    #[test]
    fn of_too_many_the_newest_are_offered() {
        let patches: Vec<Candidate> = (1..=100).map(candidate).collect();
        let expected: Vec<u64> = (37..=100).collect();
        assert_eq!(selected(&chosen(&patches, 0)), expected);
    }
}
