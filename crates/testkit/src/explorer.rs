//! An exhaustive explorer of small designs: every state that can be reached, and for each property
//! that breaks the shortest way there, told step by step.
//!
//! To explore a design, implement [`Design`] and call [`explore`]:
//!
//! - A state holds everything: disks, processes, the server's mind, the budgets that bound the
//!   world (starts, answers, cuts), and what the property needs to remember of the past. Two states
//!   that are equal have the same future.
//! - [`Design::actions`] lists what may happen next, in a fixed order; a crash, a kill or a power
//!   cut between two file operations is an action like any other.
//! - [`Design::violated`] is asked of every state once. A broken state is explored further, so that
//!   one property does not hide another.
//! - [`Design::tell`] puts one step in plain words; it is only asked along counterexamples.
//!
//! The search is breadth-first, layer by layer, so the first counterexample of a property is a
//! shortest one; among those, the first in the order of actions. Threads only compute successors,
//! and these are taken in by order of discovery: counts and stories are the same on any machine,
//! with any number of threads, and can be pinned. A state is remembered by 128 bits of its hash, 24
//! bytes in all; whole states are kept for two layers alone. That two of a hundred million states
//! share a hash has a chance below 10^-22.

use std::collections::BTreeMap;
use std::fmt;
use std::hash::Hash;

mod fingerprint;
pub mod old;
pub mod ours;
mod search;

pub use search::explore;

/// What is explored.
pub trait Design: Sync {
    /// All there is to know at one moment.
    type State: Clone + Hash + Send + Sync;
    /// One thing that may happen.
    type Action;

    /// Where it begins; duplicates are fine.
    fn starts(&self) -> Vec<Self::State>;

    /// What may happen in this state, always in the same order.
    fn actions(&self, state: &Self::State) -> Vec<Self::Action>;

    /// What this action makes of this state; none if it cannot happen after all.
    fn next(&self, state: &Self::State, action: &Self::Action) -> Option<Self::State>;

    /// The properties that do not hold in this state, by name.
    fn violated(&self, state: &Self::State) -> Vec<&'static str>;

    /// What is worth knowing to be reachable and holds in this state, by name.
    fn interesting(&self, state: &Self::State) -> Vec<&'static str> {
        let _ = state;
        Vec::new()
    }

    /// This step in plain words, without a full stop.
    fn tell(&self, before: &Self::State, action: &Self::Action, after: &Self::State) -> String;
}

/// Where the search ends at the latest.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Bounds {
    /// So many different states; beyond it the search stops and is not [`Explored::complete`].
    pub states_max: usize,
    /// So many steps from the start; states at this depth are looked at and not expanded.
    pub depth_max: u32,
    /// How many threads compute successors; at least one does.
    pub threads: usize,
}

impl Bounds {
    /// Two threads, any depth.
    #[must_use]
    pub const fn states(states_max: usize) -> Self {
        Self {
            states_max,
            depth_max: u32::MAX,
            threads: 2,
        }
    }
}

/// What a search came to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explored {
    /// Different states.
    pub states: u64,
    /// Steps between states, those to known states and those that change nothing included.
    pub transitions: u64,
    /// Steps to the state that is farthest from the start.
    pub depth: u32,
    /// Whether every reachable state was seen; false where a bound ended the search.
    pub complete: bool,
    /// How many states are [`Design::interesting`], by name.
    pub reached: BTreeMap<&'static str, u64>,
    /// For every property that broke: in how many states, and a shortest way to one.
    pub violations: BTreeMap<&'static str, Violation>,
}

/// A property that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Violation {
    /// In so many states.
    pub states: u64,
    /// A shortest way to one of them.
    pub story: Story,
}

/// A way from the start to a state, in plain words; shown as a numbered list under its title.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Story {
    /// What is wrong, or reached, at its end.
    pub title: &'static str,
    /// One step each.
    pub steps: Vec<String>,
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.title)?;
        for (at, step) in self.steps.iter().enumerate() {
            write!(f, "\n{:>3}. {step}", at + 1)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;
