//! The machine.

use crate::{Event, Outcome, Policy, State};

/// What `event` makes of `state`.
#[must_use]
pub fn step(policy: &Policy, state: &State, event: &Event) -> Outcome {
    let _ = (policy, event);
    Outcome {
        state: state.clone(),
        effects: Vec::new(),
        notes: Vec::new(),
    }
}
