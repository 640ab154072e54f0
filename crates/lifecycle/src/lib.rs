//! What a device decides about its patches: a pure state machine.
//!
//! [`step`] takes the state and one [`Event`] and gives the next state, the [`Effect`]s to carry
//! out in their order, and [`Note`]s for people. There is no clock, no disk, no network and no
//! randomness here: time and what the disk showed come in with the event. The fourteen invariants
//! are in [`invariants`] as code; `docs/lifecycle.md` names the test that shows each.

mod answer;
mod bounds;
mod choose;
mod effect;
mod event;
mod ids;
pub mod invariants;
mod note;
mod policy;
mod queue;
mod repair;
mod settle;
mod state;
mod step;
mod turn;
mod words;

pub use bounds::{FAILED_DOWNLOADS_MAX, OTHER_RELEASES_MAX, ROLLED_BACK_MAX, SET_ASIDE_MAX};
pub use effect::{Durability, Effect, Outcome};
pub use event::{Answer, Content, Event, Exit, Fault, Finding, Offer, Validity};
pub use ids::{GenerationId, ProcessSlot, ReleaseKey};
pub use note::{Dropped, Note, Refusal};
pub use policy::Policy;
pub use state::{
    BadReason, Installed, Queue, Queued, QueuedKind, SetAside, SetAsideReason, State, Token, Words,
};
pub use step::step;

#[cfg(test)]
mod decisions;
#[cfg(test)]
mod made;
#[cfg(test)]
mod random;
