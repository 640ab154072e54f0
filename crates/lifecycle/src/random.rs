//! Any event on any state: nothing panics, no invariant breaks, and what is written is read back.

use std::collections::{BTreeMap, BTreeSet};

use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use crate::invariants::violated;
use crate::*;

mod hostile;

use hostile::{events, findings, hostile_states, policies, releases};

/// The same cases in every run; `PROPTEST_RNG_SEED` makes others.
fn the_same_each_time(cases: u32) -> ProptestConfig {
    let mut config = ProptestConfig::with_cases(cases);
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(1);
    }
    config.failure_persistence = None;
    config
}

fn check(policy: &Policy, state: &State, event: &Event) -> Result<State, TestCaseError> {
    let outcome = step(policy, state, event);
    let broken = violated(policy, state, event, &outcome);
    prop_assert_eq!(broken, None, "{:?}\n-> {:?}", event, outcome);
    Ok(outcome.state)
}

proptest! {
    #![proptest_config(the_same_each_time(40_000))]

    #[test]
    fn no_event_on_any_state_panics_or_breaks_an_invariant(
        policy in policies(),
        state in hostile_states(),
        event in events(),
    ) {
        check(&policy, &state, &event)?;
    }

    #[test]
    fn a_state_is_read_back_as_it_was_written(state in hostile_states()) {
        let text = serde_json::to_string(&state).unwrap();
        prop_assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state);
    }
}

proptest! {
    #![proptest_config(the_same_each_time(4_000))]

    #[test]
    fn no_sequence_of_events_breaks_an_invariant(
        policy in policies(),
        hostile in option::weighted(0.5, hostile_states()),
        events in vec(events(), 1..40),
    ) {
        let mut state = hostile.unwrap_or_default();
        for event in &events {
            state = check(&policy, &state, event)?;
        }
    }

    /// A device that goes on as the effects say gets to the end of every start.
    #[test]
    fn every_start_comes_to_its_boot_within_three_looks(
        policy in policies(),
        state in hostile_states(),
        findings in vec((findings(), any::<bool>()), 3),
        release in releases(),
    ) {
        let slot = ProcessSlot(0);
        let start = Event::Start { slot, release, ended: BTreeMap::new(), now_ms: 1 };
        let mut outcome = step(&policy, &state, &start);
        for (finding, writable) in findings {
            let Some(Effect::Check(id)) = outcome.effects.last().cloned() else { break };
            let look = Event::Checked { slot, process: 1, id, finding, writable, now_ms: 1 };
            outcome = step(&policy, &outcome.state, &look);
        }
        let boots = matches!(outcome.effects.last(), Some(Effect::Boot(_)));
        prop_assert!(boots, "{:?}", outcome);
    }

    /// Mending is done once: what a step wrote needs none.
    #[test]
    fn a_mended_state_is_not_mended_again(policy in policies(), state in hostile_states()) {
        let nothing = Event::Acknowledged { ids: BTreeSet::new() };
        let mended = step(&policy, &state, &nothing).state;
        let again = step(&policy, &mended, &nothing);
        prop_assert_eq!(again.state, mended);
        prop_assert_eq!(again.effects, vec![]);
    }
}
