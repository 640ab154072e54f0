//! What a chain is given: files that the caller read, or tried to.

use std::collections::BTreeSet;

use patchproof_report::LinkId;

/// A file that was named: what to call it, and its bytes or why there are none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Input {
    /// What a person calls it, such as its path.
    pub name: String,
    /// Its bytes, or why it could not be read.
    pub bytes: Result<Vec<u8>, String>,
}

impl Input {
    /// Names what was read.
    #[must_use]
    pub fn new(name: impl Into<String>, bytes: Result<Vec<u8>, String>) -> Self {
        Self {
            name: name.into(),
            bytes,
        }
    }
}

/// A patch, and the ABI it was given for where the command line says it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LabelledPatch {
    /// Such as `x86_64`; `None` takes the one ABI there is.
    pub abi: Option<String>,
    /// The file.
    pub file: Input,
}

impl LabelledPatch {
    /// A patch for an ABI, or for the only one.
    #[must_use]
    pub fn new(abi: Option<String>, file: Input) -> Self {
        Self { abi, file }
    }
}

/// Everything a chain may be given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inputs {
    /// The library as it was shipped.
    pub release: Input,
    /// The library that the patch is to give.
    pub patched: Option<Input>,
    /// The patches, at most one an ABI.
    pub patches: Vec<LabelledPatch>,
    /// The engine beside the release.
    pub engine: Option<Input>,
    /// The ABIs that count; empty for every ABI of the release.
    pub abis: BTreeSet<String>,
    /// Links that must hold besides those that always must.
    pub required: BTreeSet<LinkId>,
}

impl Inputs {
    /// A chain over a release, with nothing else given.
    #[must_use]
    pub const fn new(release: Input) -> Self {
        Self {
            release,
            patched: None,
            patches: Vec::new(),
            engine: None,
            abis: BTreeSet::new(),
            required: BTreeSet::new(),
        }
    }
}
