//! What a step wants done.

use std::collections::BTreeSet;

use crate::{GenerationId, Note, Offer, State};

/// What a step comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "explorers take it apart")]
pub struct Outcome {
    /// The state from now on, once it is committed; where no effect commits it, it is the old one.
    /// A start alone carries it on in memory, from [`Event::Start`](crate::Event::Start) through
    /// each [`Event::Checked`](crate::Event::Checked), also where it could not be committed.
    pub state: State,
    /// In this order; the first that fails ends the operation, and what it changed in memory is
    /// forgotten. [`Effect::Sweep`] alone may fail without harm.
    pub effects: Vec<Effect>,
    /// For people.
    pub notes: Vec<Note>,
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever carries them out has to know them all"
)]
pub enum Effect {
    /// Make the state last.
    Commit(Durability),
    /// Give the staged folder of this generation its place. Comes before the commit that names it.
    Publish(GenerationId),
    /// Look at the files of this generation and say what was found, as
    /// [`Event::Checked`](crate::Event::Checked).
    Check(GenerationId),
    /// Hand this over to the engine; none is the bundled release. It is the last effect of a start.
    Boot(Option<GenerationId>),
    /// Fetch, inflate, verify and stage this.
    Fetch(Offer),
    /// Delete every generation but these, and but those that a live process holds.
    Sweep(BTreeSet<GenerationId>),
}

/// How the state is made to last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "whoever carries them out has to know them all"
)]
pub enum Durability {
    /// In the older slot: outlives a power cut.
    OneSlot,
    /// In both slots, one after the other: words that forbid outlive a rotten slot as well.
    BothSlots,
}
