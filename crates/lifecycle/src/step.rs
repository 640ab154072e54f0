//! The machine.

use crate::turn::Turn;
use crate::{Event, Outcome, Policy, State};

/// What `event` makes of `state`.
///
/// It is total: whatever the state says, also one that nothing of ours wrote, each event has an
/// outcome, and what does not hold together in it is mended on the way.
#[must_use]
pub fn step(policy: &Policy, state: &State, event: &Event) -> Outcome {
    let mut turn = Turn::of(policy, state);
    if let Event::Start { release, .. } = event {
        turn.incoming = Some(*release);
    }
    turn.repair();
    match event {
        Event::Start {
            slot,
            release,
            ended,
            now_ms,
        } => turn.start(*slot, release, ended, *now_ms),
        Event::Checked {
            slot,
            process,
            id,
            finding,
            writable,
            now_ms,
        } => turn.checked((*slot, *process), id, *finding, *writable, *now_ms),
        Event::Healthy { slot, now_ms } => turn.healthy(*slot, *now_ms),
        Event::FailureReported { slot, now_ms } => turn.failure_reported(*slot, *now_ms),
        Event::Answered {
            release,
            answer,
            now_ms,
        } => turn.answered(release, answer, *now_ms),
        Event::Refused {
            release,
            offer,
            fault,
            now_ms,
        } => turn.refused(release, offer, *fault, *now_ms),
        Event::Installed {
            release,
            offer,
            now_ms,
        } => turn.installed(release, offer, *now_ms),
        Event::Acknowledged { ids } => turn.acknowledged(ids),
        Event::EventsRefused { ids } => turn.events_refused(ids),
        Event::FloorRaised {
            release,
            minimum_number,
        } => turn.floor_raised(release, *minimum_number),
        Event::BansCleared { release, ids } => turn.bans_cleared(release, ids),
    }
    turn.into_outcome()
}
