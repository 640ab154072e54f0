//! What may be otherwise without anything being wrong: no run over it may be refused.

mod documents;
mod inputs;
mod packings;
mod patches;
mod zips;

use super::kind::Family;

/// Every family of harmless changes.
pub(crate) const FAMILIES: [&Family; 5] = [
    &zips::ZIPS,
    &packings::PACKINGS,
    &patches::PATCHES,
    &documents::DOCUMENTS,
    &inputs::INPUTS,
];

/// How a run over a harmless change ends.
pub(crate) const ENDS: &[&str] = &["verified 0"];
