//! The chain itself: which links are looked at, in which order, for which ABI.

use std::collections::BTreeSet;

use patchproof_archive::Release;
use patchproof_report::{Finding, Link, LinkId, LinkState, Report, Rule};

use crate::inputs::{Build, Inputs};
use crate::libraries::Libraries;
use crate::links::{Scene, rows_of};
use crate::parallel::in_parallel;
use crate::rows::{PATCHED, REBUILT, RELEASED, not_reached, undecided, unopened};
use crate::shared::Shared;

/// Verifies a release: every link for every ABI, and the report drawn from them.
#[must_use]
pub fn verify_release(inputs: &Inputs) -> Report {
    let required = inputs.must_hold();
    let rows = match &inputs.release.opened {
        Ok(release) => over_release(inputs, release),
        Err(error) => nothing_to_look_at(&required, None, unopened("the release", error)),
    };
    Report::conclude(rows, &required)
}

fn over_release(inputs: &Inputs, release: &Release) -> Vec<Link> {
    let released = Libraries::of(release, RELEASED);
    let required = inputs.must_hold();
    if let Some(fault) = &released.fault {
        return nothing_to_look_at(&required, None, fault.clone());
    }
    let all: BTreeSet<&str> = released.abis().collect();
    let wanted = |abi: &&str| inputs.abis.is_empty() || inputs.abis.contains(*abi);
    let looked_at: Vec<&str> = all.iter().copied().filter(wanted).collect();
    let scene = Scene {
        inputs,
        release,
        released: &released,
        rebuilt: libraries(inputs.rebuilt.as_ref(), REBUILT),
        patched: libraries(inputs.patched.as_ref(), PATCHED),
        shared: Shared::of(inputs, release),
        looked_at: &looked_at,
    };
    let mut rows: Vec<Link> = inputs
        .abis
        .iter()
        .filter(|abi| !all.contains(abi.as_str()))
        .flat_map(|abi| abi_that_is_not_there(abi, &all, inputs, &required))
        .collect();
    rows.extend(scene.labels_for_nobody(&all));
    let rows_of_each = in_parallel(&looked_at, |abi| rows_of(&scene, abi));
    rows.extend(rows_of_each.into_iter().flatten());
    rows
}

fn libraries<'a>(
    build: Option<&'a Build>,
    role: &'static str,
) -> Option<Result<Libraries<'a>, Finding>> {
    build.map(|build| match &build.opened {
        Ok(release) => {
            let libraries = Libraries::of(release, role);
            libraries.fault.clone().map_or(Ok(libraries), Err)
        }
        Err(error) => Err(unopened(role, error)),
    })
}

/// An ABI that was asked for and that the release does not have.
fn abi_that_is_not_there(
    asked: &str,
    there: &BTreeSet<&str>,
    inputs: &Inputs,
    required: &BTreeSet<LinkId>,
) -> Vec<Link> {
    let there: Vec<&str> = there.iter().copied().collect();
    let there = there.join(", ");
    let name = &inputs.release.name;
    let message = format!("`--abi {asked}` was asked for, and {name} is for {there}");
    let finding = Finding::new(Rule::OtherAbi, message).comparing(asked, there);
    nothing_to_look_at(required, Some(asked), finding)
}

/// Without a released library nothing after it can be looked at.
fn nothing_to_look_at(
    required: &BTreeSet<LinkId>,
    abi: Option<&str>,
    finding: Finding,
) -> Vec<Link> {
    let owned = abi.map(str::to_owned);
    let row = |id: LinkId| match id {
        LinkId::Artefact => {
            Link::new(id, owned.clone(), LinkState::Undecided).with_finding(finding.clone())
        }
        id if required.contains(&id) => {
            let why = "there is no released library, so there is nothing to look at";
            Link::new(id, owned.clone(), LinkState::Undecided).with_finding(not_reached(why))
        }
        id => Link::not_asked(id, owned.clone()),
    };
    LinkId::ALL.into_iter().map(row).collect()
}

impl Scene<'_> {
    /// Files whose label is no ABI of the release.
    fn labels_for_nobody(&self, there: &BTreeSet<&str>) -> Vec<Link> {
        let patches = self.inputs.patches.iter().map(|file| (LinkId::Base, file));
        let signed = self.inputs.signed.labelled();
        let signed = signed.map(|file| (LinkId::Statements, file));
        let nobody = patches.chain(signed).filter_map(|(id, labelled)| {
            let label = labelled
                .abi
                .as_deref()
                .filter(|label| !there.contains(label))?;
            Some((id, label, &labelled.file.name))
        });
        let row = |(id, label, file): (LinkId, &str, &String)| {
            let there: Vec<&str> = there.iter().copied().collect();
            let there = there.join(", ");
            let message = format!("{file} is given for {label}, and the release is for {there}");
            let finding = Finding::new(Rule::OtherAbi, message).comparing(there, label);
            undecided(id, label, finding)
        };
        nobody.map(row).collect()
    }
}
