//! What a chain is given: builds that the caller opened and files that it read, or tried to.

use std::collections::BTreeSet;
use std::sync::Arc;

use patchproof_archive::{OpenError, Release};
use patchproof_report::LinkId;
use patchproof_snapshot::Equivalence;

use crate::signed::SignedInputs;

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

/// A build that was named: an archive, an app folder or a bare library; or why it is none.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Build {
    /// What a person calls it, such as its path.
    pub name: String,
    /// What is in it, or why it could not be opened.
    pub opened: Result<Arc<Release>, Arc<OpenError>>,
}

impl Build {
    /// Names what was opened.
    #[must_use]
    pub fn new(name: impl Into<String>, opened: Result<Release, OpenError>) -> Self {
        Self {
            name: name.into(),
            opened: opened.map(Arc::new).map_err(Arc::new),
        }
    }

    /// A bare library, or an archive, that is in memory already.
    #[must_use]
    pub fn in_memory(name: &str, bytes: Vec<u8>) -> Self {
        Self::new(name, Release::from_bytes(name, bytes))
    }
}

/// A patch or what belongs to one, and the ABI it was given for where the command line says it.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct LabelledPatch {
    /// Such as `x86_64`; `None` takes the one ABI there is.
    pub abi: Option<String>,
    /// The file.
    pub file: Input,
}

impl LabelledPatch {
    /// A file for an ABI, or for the only one.
    #[must_use]
    pub fn new(abi: Option<String>, file: Input) -> Self {
        Self { abi, file }
    }
}

/// Everything a chain may be given.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Inputs {
    /// The build as it was shipped.
    pub release: Build,
    /// What the sources of the release rebuild to.
    pub rebuilt: Option<Build>,
    /// The build that the patch is to give.
    pub patched: Option<Build>,
    /// The patches, at most one an ABI.
    pub patches: Vec<LabelledPatch>,
    /// The engine, where it does not lie beside the library in the release.
    pub engine: Option<Input>,
    /// The ABIs that count; empty for every ABI of the release.
    pub abis: BTreeSet<String>,
    /// Links that must hold besides those that always must.
    pub required: BTreeSet<LinkId>,
    /// Whether the patches are rehearsed, which takes seconds. Where the link is required, they
    /// are.
    pub rehearse: bool,
    /// Differences that count as none.
    pub accepted: Vec<Equivalence>,
    /// Statements, roots and keys.
    pub signed: SignedInputs,
    /// The moment at which nothing may have expired, in seconds since 1970. Where nobody says it,
    /// everything that can expire has.
    pub now_s: u64,
}

impl Inputs {
    /// A chain over a release, with nothing else given.
    #[must_use]
    pub fn new(release: Build) -> Self {
        Self {
            release,
            rebuilt: None,
            patched: None,
            patches: Vec::new(),
            engine: None,
            abis: BTreeSet::new(),
            required: BTreeSet::new(),
            rehearse: false,
            accepted: Vec::new(),
            signed: SignedInputs::default(),
            now_s: u64::MAX,
        }
    }

    /// The links that must hold: a release beside its rebuild and nothing else is a question about
    /// the rebuild alone.
    pub(crate) fn must_hold(&self) -> BTreeSet<LinkId> {
        let rebuild_alone =
            self.rebuilt.is_some() && self.patched.is_none() && self.patches.is_empty();
        let always: &[LinkId] = if rebuild_alone {
            &[LinkId::Artefact, LinkId::Rebuild]
        } else {
            &LinkId::ALWAYS_REQUIRED
        };
        always.iter().chain(&self.required).copied().collect()
    }
}
