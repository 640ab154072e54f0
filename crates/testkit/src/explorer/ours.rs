//! Our own lifecycle, explored: every world that a device with two processes can get into, with
//! `patchproof_lifecycle::step` itself deciding in it.
//!
//! The world is the state on the disk, the folders beside it, what each process really runs and has
//! fetched, and which release is installed. One action is one event and the carrying out of its
//! effects under the operation lock, in every variant: to the end, with the process killed or the
//! power cut between any two effects, or with one effect failing. What the lock keeps apart is not
//! interleaved; a start that cannot have the lock is. `docs/lifecycle.md` lists what is abstracted.
//!
//! After every step all invariants are asked, and what only a world can break: that what boots is
//! there and whole, that who is blamed really ran, and that from here an honest server's newest
//! patch runs within two starts.

mod action;
mod alike;
mod carry;
mod ending;
mod events;
mod ghosts;
mod look;
mod names;
mod starting;
mod world;

use std::collections::HashSet;
use std::sync::Mutex;

use patchproof_lifecycle::{Event, Outcome, Policy, State, step};

use super::{Bounds, Design, Explored};
use action::Action;
use look::Events;
use world::{Setting, World};

/// How far the worlds reach. What never ends is bounded by how much of it meets in one history;
/// each of the lists is explored to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Scale {
    /// One process and two contents: a moment, to see that a planted fault is found.
    One,
    /// Two contents on the first release, one on the second: for every test run.
    Two,
    /// Three contents, and rare events beside two processes: minutes.
    Three,
}

impl Scale {
    /// Processes at once, rare events in one history, the server's offers by bits.
    fn settings(self) -> &'static [(u8, u8, u8)] {
        match self {
            Self::One => &[(1, 0, 0b111)],
            Self::Two => &[(2, 0, 0b111), (1, 1, 0b1_1111), (2, 1, 0b11)],
            Self::Three => &[(2, 0, 0b1_1111), (1, 1, 0b10_0111), (1, 2, 0b111)],
        }
    }
}

/// How the machine is asked; a test puts a faulty one in its place.
pub type Step = fn(&Policy, &State, &Event) -> Outcome;

/// Sees every world there is at this scale.
///
/// What is reached is counted in worlds, and where its name begins with `step:` in steps, those of
/// the honest continuations included.
#[must_use]
pub fn explore(scale: Scale) -> Explored {
    explore_with(scale, step)
}

/// The same over another machine, to see that the explorer finds what is wrong with it.
#[must_use]
pub fn explore_with(scale: Scale, step: Step) -> Explored {
    let ours = Ours {
        scale,
        step,
        events: Events::default(),
        ended_well: Mutex::default(),
    };
    let mut explored = super::explore(&ours, Bounds::states(STATES_MAX));
    explored.reached.extend(ours.events.into_counts());
    explored
}

/// The policy of the model: that of every device, but for windows and queues of two.
const POLICY: Policy = Policy {
    known_crashes_max: 1,
    unfinished_boots_max: 3,
    proven_crashes_max: 2,
    proven_boots_window: 2,
    failed_downloads_max: 2,
    queue_max: 2,
    queued_age_max_ms: u64::MAX,
    known_bad_max: 16,
    known_bad_elsewhere_max: 16,
};

/// A search that comes here is not complete, and says so.
const STATES_MAX: usize = 60_000_000;

/// The design that is explored.
struct Ours {
    scale: Scale,
    step: Step,
    /// Steps at which something worth knowing happened, by name.
    events: Events,
    /// What lasts of worlds from which the newest patch was seen to run.
    ended_well: Mutex<HashSet<u128>>,
}

impl Design for Ours {
    type State = World;
    type Action = Action;

    fn starts(&self) -> Vec<World> {
        let settings = self.scale.settings().iter();
        let start = |(processes, rare, offers): &(u8, u8, u8)| World {
            bounds: Setting {
                processes: *processes,
                rare: *rare,
                offers: *offers,
            },
            ..World::default()
        };
        settings.map(start).collect()
    }

    fn actions(&self, world: &World) -> Vec<Action> {
        action::actions(world)
    }

    fn next(&self, world: &World, action: &Action) -> Option<World> {
        let mut next = carry::carried_out(self, world, action)?;
        let same = next.disk == world.disk
            && next.folders == world.folders
            && next.release == world.release;
        if next.broken.is_none() && !same {
            next.broken = ending::dead_end(self, &next);
        }
        Some(next)
    }

    fn violated(&self, world: &World) -> Vec<&'static str> {
        world.broken.into_iter().collect()
    }

    fn interesting(&self, world: &World) -> Vec<&'static str> {
        look::interesting(world)
    }

    fn tell(&self, _: &World, action: &Action, after: &World) -> String {
        names::told(action, after)
    }
}
