//! Small models of how others install and boot patches, made from what is known of their protocols.
//!
//! [`shorebird`] is the updater as it was in April 2026, [`flutter_patcher`] version 0.1.3. Each
//! models the order of file operations and what is decided in between, and leaves out what decides
//! nothing (bytes, transports, events). Each known failure is one property, and a small world in
//! which the explorer breaks it; `docs/old-designs.md` has the table.

pub mod flutter_patcher;
pub mod shorebird;

use super::{Bounds, Design, Explored, Story, explore};

/// One known failure of an old design: a property, and a small world in which it breaks.
#[non_exhaustive]
pub struct Failure<D> {
    /// As in the lists of failures: `6.3`, or `row 12`.
    pub number: &'static str,
    /// The property, by the name that the design gives it.
    pub property: &'static str,
    /// The world.
    pub design: D,
}

impl<D: Design> Failure<D> {
    /// Sees every state of this world.
    #[must_use]
    pub fn explore(&self) -> Explored {
        explore(&self.design, Bounds::states(STATES_MAX))
    }

    /// The shortest way to break the property; none if it holds in every state, or if there are too
    /// many states to tell.
    #[must_use]
    pub fn story(&self) -> Option<Story> {
        let mut explored = self.explore();
        let violation = explored.violations.remove(self.property)?;
        explored.complete.then_some(violation.story)
    }
}

/// No world of an old design needs as many.
const STATES_MAX: usize = 2_000_000;
