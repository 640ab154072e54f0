//! What of a chain's inputs is signed, and the keys that are named beside it.

use crate::inputs::{Input, LabelledPatch};

/// Statements, roots and legacy signatures. Labels are as with patches: one a file and ABI.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct SignedInputs {
    /// The signed statement of each patch.
    pub statements: Vec<LabelledPatch>,
    /// Statements that were published before, for whichever ABI: each says itself for which.
    pub previous: Vec<Input>,
    /// Channel statements that are to offer the patch.
    pub channels: Vec<LabelledPatch>,
    /// The root, where the release is a bare library and shows none; else it must be the same.
    pub root: Option<Input>,
    /// The roots that follow it, in the order of their versions.
    pub next_roots: Vec<Input>,
    /// Shorebird's `patch_public_key`, for the legacy profile.
    pub public_key: Option<Input>,
    /// The signature of each patch's output, as base64, for the legacy profile.
    pub signatures: Vec<LabelledPatch>,
}

impl SignedInputs {
    /// Everything with a label.
    pub(crate) fn labelled(&self) -> impl Iterator<Item = &LabelledPatch> {
        let lists = [&self.statements, &self.channels, &self.signatures];
        lists.into_iter().flatten()
    }

    /// Whether something was named that only says something beside a statement.
    pub(crate) fn belongs_to_a_statement(&self) -> bool {
        !self.previous.is_empty() || !self.channels.is_empty() || !self.next_roots.is_empty()
    }
}
