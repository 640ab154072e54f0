//! The proof against power loss: every scenario, cut at every storage operation, on every disk that
//! the cut may leave.
//!
//! A [`Scenario`] prepares a phone, then acts. The acts are run once for each of their storage
//! operations, with the power going just before it. What a person would observe of the phone if
//! only the process had been killed there is a *stage*; by hand each scenario says which stages
//! there are. On an honest disk every image of the cut must start into one of the stages since the
//! last call that was acknowledged: what was before or what comes after, and nothing else. On a
//! lying disk what boots must be whole and of this release. From all of them the newest good patch
//! runs after a bounded number of starts, and nothing is left over.
//!
//! The expectations come from the outside: starts, bans, what the server was told. Nothing of
//! `lifecycle` decides them.

mod acts;
mod cuts;
mod faults;
mod figures;
mod known;
mod observed;
mod prepared;
mod rot;
mod scenarios;
mod signed;
mod syncs;
mod told;

use patchproof_rehearsal::{Bounds, Honesty};

pub use acts::{Acts, Blames, Process, Stop};
pub use cuts::{Cuts, cuts};
pub use faults::{Faults, faults};
pub use figures::{Counts, PARTS, Part, part};
pub(crate) use observed::safe;
pub use observed::{Observed, Violation};
pub use rot::{Rots, rots};
pub use scenarios::{SCENARIOS, Scenario};
pub use syncs::{SYNC_SITES, Sync, Syncs, syncs};

/// How much of everything there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests take it apart")]
pub struct Effort {
    /// How the images of a cut are enumerated.
    pub bounds: Bounds,
    /// Whether each image of a cut is taken through second cuts.
    pub has_second_cuts: bool,
    /// How the images of a power cut after a failed operation are enumerated.
    pub after_a_failure: Bounds,
}

impl Effort {
    /// As the test command has it.
    #[must_use]
    pub const fn normal(honesty: Honesty) -> Self {
        let mut bounds = Bounds::normal();
        if let Honesty::Lying = honesty {
            bounds.undone_syncs_max = UNDONE_SYNCS_MAX;
        }
        Self {
            bounds,
            has_second_cuts: true,
            after_a_failure: syncs::swept(),
        }
    }

    /// As `--full` has it.
    #[must_use]
    pub const fn full(honesty: Honesty) -> Self {
        let mut bounds = Bounds::full();
        if let Honesty::Lying = honesty {
            bounds.undone_syncs_max = UNDONE_SYNCS_MAX_IN_FULL;
        }
        Self {
            bounds,
            has_second_cuts: true,
            after_a_failure: Bounds::normal(),
        }
    }
}

/// Of a lying disk, in the test command.
const UNDONE_SYNCS_MAX: usize = 1;
/// With each more the images and second cuts are about twice as many.
const UNDONE_SYNCS_MAX_IN_FULL: usize = 3;
