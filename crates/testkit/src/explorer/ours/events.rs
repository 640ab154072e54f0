//! The event that an action is, as the machine is told it.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Answer, Event, ProcessSlot};

use super::action::{Action, Cut};
use super::world::{World, offer, release_key};

/// By which process, what cuts it short, and the event.
pub(super) fn event_of(world: &World, action: &Action) -> Option<(u8, Cut, Event)> {
    let running = |process: u8| world.processes.get(usize::from(process))?.running();
    let slot = ProcessSlot;
    Some(match action {
        Action::Healthy { process, cut } => {
            let (slot, now_ms) = (slot(*process), 1);
            (*process, *cut, Event::Healthy { slot, now_ms })
        }
        Action::FailureReported { process, cut } => {
            let (slot, now_ms) = (slot(*process), 1);
            (*process, *cut, Event::FailureReported { slot, now_ms })
        }
        Action::Answered {
            process,
            offer: offered,
            rolled_back,
            now,
            cut,
        } => {
            let release = release_key(running(*process)?.release);
            let answer = Answer {
                offer: offered.map(|index| offer(index).1),
                rolled_back: numbers(*rolled_back),
            };
            let now_ms = u64::from(*now);
            let event = Event::Answered {
                release,
                answer,
                now_ms,
            };
            (*process, *cut, event)
        }
        Action::Refused {
            process,
            fault,
            cut,
        } => {
            let (release, offer) = offer(running(*process)?.fetched?);
            let event = Event::Refused {
                release,
                offer,
                fault: *fault,
                now_ms: 1,
            };
            (*process, *cut, event)
        }
        Action::Installed { process, now, cut } => {
            let (release, offer) = offer(running(*process)?.fetched?);
            let now_ms = u64::from(*now);
            let event = Event::Installed {
                release,
                offer,
                now_ms,
            };
            (*process, *cut, event)
        }
        _ => (0, Cut::None, outside(world, action)?),
    })
}

/// What no process of the two does.
fn outside(world: &World, action: &Action) -> Option<Event> {
    Some(match action {
        Action::Acknowledged => Event::Acknowledged { ids: [0].into() },
        Action::FloorRaised => Event::FloorRaised {
            release: release_key(0),
            minimum_number: 2,
        },
        Action::BansCleared => Event::BansCleared {
            release: world.disk.release?,
            ids: BTreeSet::new(),
        },
        _ => return None,
    })
}

/// The bits that are set.
pub(super) fn numbers(bits: u8) -> BTreeSet<u64> {
    let is_set = |number: &u64| bits >> number & 1 == 1;
    (0..8).filter(is_set).collect()
}
