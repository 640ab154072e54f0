//! A release and its patches, made ready for a simulated device.

use patchproof_rehearsal::{
    Cancel, Rehearsal, RehearseError, Rehearsed, RehearsedPatch, Rehearsing, rehearse,
};
use patchproof_report::{ExitCode, Finding, Rule, Severity};
use patchproof_snapshot::Snapshot;

use crate::abi::arch;
use crate::fitting::{Unfit, fitting_output};
use crate::inputs::{Build, LabelledPatch};
use crate::libraries::{Libraries, Library};
use crate::rows::{RELEASED, sha256, unopened};

/// A release of which one ABI was rehearsed, or could not be.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RehearsedRelease {
    /// Which ABI, where one was chosen.
    pub abi: Option<String>,
    /// SHA-256 of its library in lowercase hex, where it could be read.
    pub release_sha256: Option<String>,
    /// The patches that fit, in order.
    pub patches: Vec<FittingPatch>,
    /// What came of it; empty where it was not run.
    pub rehearsed: Rehearsed,
    /// Why it was not run.
    pub refused: Vec<Finding>,
    /// What all of it comes to.
    pub exit_code: ExitCode,
}

/// A patch of the release.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FittingPatch {
    /// What a person calls it.
    pub name: String,
    /// SHA-256 of the patch in lowercase hex.
    pub sha256: String,
    /// SHA-256 of the library that it gives in lowercase hex.
    pub library_sha256: String,
}

/// Rehearses a release with patches that its users would be given in this order. Patches that are
/// labelled with another ABI than the one that is rehearsed are left out.
#[must_use]
pub fn rehearse_release(
    release: &Build,
    patches: &[LabelledPatch],
    abi: Option<&str>,
    progress: &mut dyn FnMut(Rehearsing<'_>),
    cancel: &Cancel,
) -> RehearsedRelease {
    let mut answer = RehearsedRelease {
        abi: abi.map(str::to_owned),
        release_sha256: None,
        patches: Vec::new(),
        rehearsed: Rehearsed::default(),
        refused: Vec::new(),
        exit_code: ExitCode::Undecided,
    };
    match answer.run(release, patches, progress, cancel) {
        Ok(()) => answer.exit_code = answer.rehearsed.exit_code(),
        Err(Unfit {
            exit_code,
            findings,
        }) => {
            answer.exit_code = exit_code;
            answer.refused = findings;
        }
    }
    answer
}

impl RehearsedRelease {
    /// All that there is to say.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.refused.iter().chain(&self.rehearsed.findings)
    }

    fn run(
        &mut self,
        release: &Build,
        patches: &[LabelledPatch],
        progress: &mut dyn FnMut(Rehearsing<'_>),
        cancel: &Cancel,
    ) -> Result<(), Unfit> {
        let opened = release.opened.as_ref();
        let opened = opened.map_err(|error| undecided(unopened("the release", error)))?;
        let libraries = Libraries::of(opened, RELEASED);
        if let Some(fault) = &libraries.fault {
            return Err(undecided(fault.clone()));
        }
        let abi = chosen(&libraries, patches, self.abi.as_deref())?;
        self.abi = Some(abi.clone());
        let library = match libraries.read(&abi) {
            Some(Ok(library)) => library,
            Some(Err(finding)) => return Err(undecided(finding)),
            None => return Err(undecided(no_such_abi(&libraries, &abi))),
        };
        self.release_sha256 = Some(library.sha256.clone());
        let base = library.snapshot(RELEASED).map_err(undecided)?;
        let mine = patches
            .iter()
            .filter(|patch| patch.abi.as_deref().is_none_or(|it| it == abi));
        let mut rehearsed = Vec::new();
        for patch in mine {
            let (bytes, output) = fitting(&library, base, patch)?;
            self.patches.push(FittingPatch {
                name: patch.file.name.clone(),
                sha256: sha256(bytes),
                library_sha256: sha256(&output),
            });
            rehearsed.push(RehearsedPatch::new(patch.file.name.clone(), bytes, output));
        }
        self.rehearsed = run(&abi, &library, rehearsed, progress, cancel).map_err(undecided)?;
        Ok(())
    }
}

/// Runs a rehearsal whose patches are known to fit.
pub(crate) fn run(
    abi: &str,
    released: &Library,
    patches: Vec<RehearsedPatch>,
    progress: &mut dyn FnMut(Rehearsing<'_>),
    cancel: &Cancel,
) -> Result<Rehearsed, Finding> {
    let not_run = |why: String| Finding::new(Rule::RehearsalNotRun, why);
    let Some(arch) = arch(abi) else {
        return Err(not_run(format!(
            "there is no device library for {abi}, so that nothing can be rehearsed for it"
        )));
    };
    let rehearsal = Rehearsal::new(arch, released.bytes.as_slice(), patches);
    rehearse(&rehearsal, progress, cancel)
        .map_err(|error: RehearseError| not_run(error.to_string()))
}

/// The ABI that was asked for, the only one there is, or the only one that patches are given for.
fn chosen(
    libraries: &Libraries<'_>,
    patches: &[LabelledPatch],
    asked: Option<&str>,
) -> Result<String, Unfit> {
    if let Some(abi) = asked {
        return Ok(abi.to_owned());
    }
    let there: Vec<&str> = libraries.abis().collect();
    let mut labels: Vec<&str> = patches.iter().filter_map(|it| it.abi.as_deref()).collect();
    labels.dedup();
    match (there.as_slice(), labels.as_slice()) {
        ([one], []) => Ok((*one).to_owned()),
        (_, [label]) => Ok((*label).to_owned()),
        _ => {
            let there = there.join(", ");
            let message = format!("the release is for {there}, and one ABI is rehearsed at a time");
            let remedy = "Say which with --abi, and name the ABI before each patch: x86_64=FILE.";
            Err(undecided(
                Finding::new(Rule::OtherAbi, message).mended_by(remedy),
            ))
        }
    }
}

fn no_such_abi(libraries: &Libraries<'_>, abi: &str) -> Finding {
    let there: Vec<&str> = libraries.abis().collect();
    let there = there.join(", ");
    let message = format!("{abi} is to be rehearsed, and the release is for {there}");
    Finding::new(Rule::OtherAbi, message).comparing(abi, there)
}

/// The patch's bytes and what it gives, if the release's engine would take it.
fn fitting<'p>(
    released: &Library,
    base: &Snapshot,
    patch: &'p LabelledPatch,
) -> Result<(&'p [u8], Vec<u8>), Unfit> {
    let name = &patch.file.name;
    let bytes = patch.file.bytes.as_ref().map_err(|why| {
        let message = format!("{name} cannot be read: {why}");
        undecided(Finding::new(Rule::InputUnreadable, message))
    })?;
    Ok((bytes, fitting_output(&released.bytes, base, name, bytes)?))
}

fn undecided(finding: Finding) -> Unfit {
    Unfit {
        exit_code: ExitCode::Undecided,
        findings: vec![finding.weighing(Severity::Undecided)],
    }
}
