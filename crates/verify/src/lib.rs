//! The chain behind `verify-release`: each link looks at its inputs and says held, broken,
//! undecided or not asked; the report draws the verdict.
//!
//! This room decides over releases that the caller opened and files that it read. It knows no
//! terminal, names no path of its own and reads no CI vendor's variables. A link never passes for
//! lack of input: what was not given is `not asked`, and where the chain needs it the report is not
//! verified.
//!
//! - [`verify_release`] is the chain; [`Inputs`] is what it is given.
//! - [`attest`] is a signed attestation of the report, for tools that never heard of us.
//! - One ABI after another is looked at, two at a time: a release of six needs no more memory than
//!   a release of two.

mod abi;
mod attest;
mod chain;
mod fitting;
mod inputs;
mod libraries;
mod links;
mod parallel;
mod rehearse;
mod rows;
mod shared;
mod signed;

pub use abi::abi_as_signed;
pub use attest::{AttestError, attest};
pub use chain::verify_release;
pub use fitting::{Unfit, fitting_output};
pub use inputs::{Build, Input, Inputs, LabelledPatch};
pub use links::legacy_signature;
pub use patchproof_rehearsal::{BootedCounts, Cancel, CrashPoint, Rehearsing, Scene, Totals};
pub use patchproof_snapshot::Equivalence;
pub use rehearse::{FittingPatch, RehearsedRelease, rehearse_release};
pub use shared::{embedded_root, shows_assets};
pub use signed::SignedInputs;
