//! What the machine decides, case by case: each bound from both of its sides.

mod bounds;
mod ends;
mod offers;
mod proven;
mod starts;
mod words;

use crate::*;

/// One event under the usual policy.
fn outcome(state: &State, event: &Event) -> Outcome {
    step(&Policy::default(), state, event)
}

/// Why an offer was not taken, if it was not.
fn refusal(outcome: &Outcome) -> Option<Refusal> {
    outcome.notes.iter().find_map(|note| match note {
        Note::NotTaken { why, .. } => Some(*why),
        _ => None,
    })
}

fn is_fetched(outcome: &Outcome) -> bool {
    let fetches = |effect: &Effect| matches!(effect, Effect::Fetch(_));
    outcome.effects.iter().any(fetches)
}

/// The kinds of what waits to be told.
fn told(state: &State) -> Vec<QueuedKind> {
    state.queue.events.iter().map(|event| event.kind).collect()
}

fn record(state: &State, number: u8) -> &Installed {
    &state.installed[&made::generation(number)]
}
