//! The links of one ABI, in the order of the chain.

mod artefact;
mod base_and_inflate;
mod compatibility;
mod labelled;
mod other_base;
mod rebuild;
mod rehearsal;
mod statements;

use std::cell::OnceCell;

use patchproof_archive::Release;
use patchproof_dart_delta::KNOWN;
use patchproof_patch::{InflateError, Limits, inflate_through};
use patchproof_report::{Finding, Link, LinkId, LinkState, Rule};

use crate::inputs::Inputs;
use crate::libraries::{Libraries, Library};
use crate::rows::{not_reached, undecided, wide};
use crate::shared::Shared;
pub use statements::legacy_signature;

/// Everything that stands around one ABI.
pub(crate) struct Scene<'a> {
    pub(crate) inputs: &'a Inputs,
    pub(crate) release: &'a Release,
    pub(crate) released: &'a Libraries<'a>,
    /// The other two builds: `None` where not given, an error where they hold no library.
    pub(crate) rebuilt: Option<Result<Libraries<'a>, Finding>>,
    pub(crate) patched: Option<Result<Libraries<'a>, Finding>>,
    /// What is the same for every ABI.
    pub(crate) shared: Shared,
    /// The ABIs that count.
    pub(crate) looked_at: &'a [&'a str],
}

/// One ABI: its name, and its library in each of the builds.
pub(crate) struct OneAbi<'a> {
    pub(crate) scene: &'a Scene<'a>,
    pub(crate) abi: &'a str,
    pub(crate) released: &'a Library,
    pub(crate) rebuilt: Other,
    pub(crate) patched: Other,
    /// What the patch gives over the released library, once somebody asked.
    inflated: OnceCell<Option<Result<Vec<u8>, InflateError>>>,
}

/// The library of the same ABI in another build.
pub(crate) enum Other {
    /// The build was not given.
    NotGiven,
    /// It was, and it has no library for this ABI, or none that can be read.
    Fault(Finding),
    There(Box<Library>),
}

impl Other {
    pub(crate) fn library(&self) -> Option<&Library> {
        match self {
            Self::There(library) => Some(library),
            Self::NotGiven | Self::Fault(_) => None,
        }
    }
}

/// Every row of one ABI.
pub(crate) fn rows_of(scene: &Scene<'_>, abi: &str) -> Vec<Link> {
    let released = match scene.released.read(abi) {
        Some(Ok(library)) => library,
        Some(Err(finding)) => return without_release(scene, abi, &finding),
        None => return Vec::new(),
    };
    let one = OneAbi {
        scene,
        abi,
        released: &released,
        rebuilt: scene.other(scene.rebuilt.as_ref(), abi, &released, "--rebuilt"),
        patched: scene.other(scene.patched.as_ref(), abi, &released, "--patched"),
        inflated: OnceCell::new(),
    };
    let mut rows = vec![one.artefact(), one.rebuild(), one.compatibility()];
    rows.extend(one.base_and_inflate());
    rows.push(scene.shared.surroundings(scene.inputs, abi));
    rows.push(one.statements());
    rows.push(one.rehearsal());
    rows
}

impl OneAbi<'_> {
    /// What this ABI's patch gives over the released library; `None` without a patch that can be
    /// read. Several links need it, and it takes two decoders.
    fn inflated(&self) -> Option<Result<&[u8], &InflateError>> {
        let inflated = self.inflated.get_or_init(|| {
            let patch = self.patch().ok().flatten()?.bytes.as_ref().ok()?;
            let limits = Limits::for_base(wide(self.released.bytes.len()));
            Some(inflate_through(&self.released.bytes, patch, limits, KNOWN))
        });
        Some(inflated.as_ref()?.as_ref().map(Vec::as_slice))
    }
}

impl Scene<'_> {
    fn other(
        &self,
        build: Option<&Result<Libraries<'_>, Finding>>,
        abi: &str,
        released: &Library,
        option: &str,
    ) -> Other {
        let libraries = match build {
            None => return Other::NotGiven,
            Some(Err(finding)) => return Other::Fault(finding.clone()),
            Some(Ok(libraries)) => libraries,
        };
        let lone = || {
            (self.looked_at.len() == 1)
                .then(|| libraries.read_lone())
                .flatten()
        };
        match libraries.read_beside(abi, released).or_else(lone) {
            Some(Ok(library)) => Other::There(Box::new(library)),
            Some(Err(finding)) => Other::Fault(finding),
            None => {
                let there: Vec<&str> = libraries.abis().collect();
                let message = format!("what {option} names has no library for {abi}");
                let finding = Finding::new(Rule::AbiMissing, message);
                Other::Fault(finding.comparing(abi, there.join(", ")))
            }
        }
    }
}

/// The released library is there and cannot be read.
fn without_release(scene: &Scene<'_>, abi: &str, finding: &Finding) -> Vec<Link> {
    let required = scene.inputs.must_hold();
    let row = |id: LinkId| match id {
        LinkId::Artefact => undecided(id, abi, finding.clone()),
        id if required.contains(&id) => {
            undecided(id, abi, not_reached("the released library cannot be read"))
        }
        id => Link::new(id, Some(abi.to_owned()), LinkState::NotAsked),
    };
    let ids = [
        LinkId::Artefact,
        LinkId::Rebuild,
        LinkId::Compatibility,
        LinkId::Base,
        LinkId::Inflate,
        LinkId::Statements,
        LinkId::Rehearsal,
    ];
    let mut rows: Vec<Link> = ids.map(row).into();
    rows.push(scene.shared.surroundings(scene.inputs, abi));
    rows
}
