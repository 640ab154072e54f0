//! The chain behind `verify-release`: each link looks at its inputs and says held, broken,
//! undecided or not asked; the report draws the verdict.
//!
//! This room decides over bytes that the caller read. It knows no terminal, no file system and no
//! CI vendor. A link never passes for lack of input: what was not given is `not asked`, and where
//! the chain needs it the report is not verified.

mod chain;
mod inputs;
mod links;

pub use chain::verify_release;
pub use inputs::{Input, Inputs, LabelledPatch};
