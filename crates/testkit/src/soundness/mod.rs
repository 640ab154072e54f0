//! Whether `verify-release` can be deceived: releases, patches and statements that were tampered
//! with, each of which it must report, and harmless changes, none of which it may refuse.
//!
//! Kinds of changes are data: a name, what is changed, on which honest runs how often, and how a
//! run may end then. A kind and a number make a change, the same on every machine. What lies at the
//! limits of the claim is counted apart, and where it is verified, another reader or decoder has to
//! find the claim true.
//!
//! - [`Case`] is one change of one run; [`cases`] are all of them.
//! - [`Stage`] is an honest run, and holds cases against it.
//! - [`Matrix`] counts how they end.

mod bundle;
mod case;
mod chance;
pub(crate) mod deceiving;
mod edit;
mod harmless;
mod keys;
mod kind;
mod limits;
mod matrix;
mod page;
mod rsa;
mod stories;
mod tampering;
mod world;

pub use case::{Case, Ended, Section, Stage, cases};
pub use matrix::{Count, Matrix, pinned};
pub use page::{page, table};
pub use stories::Story;
