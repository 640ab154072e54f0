//! The chain itself: which links are looked at, in which order, for which ABI.

use std::collections::BTreeSet;

use patchproof_report::{Finding, Link, LinkId, LinkState, Report, Rule};
use patchproof_snapshot::Snapshot;

use crate::inputs::{Input, Inputs};
use crate::links;

/// Verifies a release: every link for every ABI, and the report drawn from them.
#[must_use]
pub fn verify_release(inputs: &Inputs) -> Report {
    let required: BTreeSet<LinkId> = LinkId::ALWAYS_REQUIRED
        .into_iter()
        .chain(inputs.required.iter().copied())
        .collect();
    let mut rows = match released(&inputs.release) {
        Ok(release) => one_library(inputs, &release),
        Err(finding) => unreadable(finding),
    };
    let abi = rows.first().and_then(|row| row.abi.clone());
    rows.extend(not_looked_at(&inputs.required, abi.as_ref()));
    Report::conclude(rows, &required)
}

/// The released library, read.
pub(crate) struct Released<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) snapshot: Snapshot,
    pub(crate) abi: &'static str,
}

fn released(input: &Input) -> Result<Released<'_>, Finding> {
    let unreadable = |reason: String| {
        let message = format!(
            "the released library {} cannot be read: {reason}",
            input.name
        );
        Finding::new(Rule::InputUnreadable, message)
    };
    let bytes = input
        .bytes
        .as_deref()
        .map_err(|reason| unreadable(reason.clone()))?;
    let snapshot = Snapshot::read(bytes).map_err(|error| unreadable(error.to_string()))?;
    let no_abi = || unreadable("it is for a machine that no Dart compiler writes for".to_owned());
    let abi = snapshot.arch.abi().ok_or_else(no_abi)?;
    Ok(Released {
        bytes,
        snapshot,
        abi,
    })
}

/// A bare library is a release of one ABI.
fn one_library(inputs: &Inputs, release: &Released<'_>) -> Vec<Link> {
    let abi = release.abi;
    let wanted = inputs.abis.is_empty() || inputs.abis.contains(abi);
    let mut rows: Vec<Link> = inputs
        .abis
        .iter()
        .filter(|other| *other != abi)
        .map(|other| missing_abi(other, abi, &inputs.release.name))
        .collect();
    if wanted {
        rows.push(links::artefact(release));
        rows.push(links::compatibility(inputs, release));
        rows.extend(links::base_and_inflate(inputs, release));
    }
    rows
}

fn missing_abi(asked: &str, abi: &str, release: &str) -> Link {
    let message = format!("`--abi {asked}` was asked for, and {release} is for {abi}");
    let finding = Finding::new(Rule::OtherAbi, message).comparing(asked, abi);
    Link::new(
        LinkId::Artefact,
        Some(asked.to_owned()),
        LinkState::Undecided,
    )
    .with_finding(finding)
}

/// Without a released library nothing after it can be looked at.
fn unreadable(finding: Finding) -> Vec<Link> {
    let artefact = Link::new(LinkId::Artefact, None, LinkState::Undecided).with_finding(finding);
    let rest = [LinkId::Compatibility, LinkId::Base, LinkId::Inflate].map(|id| {
        let message = "the released library could not be read, so there is nothing to look at";
        let finding = Finding::new(Rule::NotReached, message);
        Link::new(id, None, LinkState::Undecided).with_finding(finding)
    });
    std::iter::once(artefact).chain(rest).collect()
}

/// The links that this version has no input for: rows all the same, so that nobody takes silence
/// for a yes.
fn not_looked_at(required: &BTreeSet<LinkId>, abi: Option<&String>) -> Vec<Link> {
    let ids = [
        LinkId::Rebuild,
        LinkId::Surroundings,
        LinkId::Statements,
        LinkId::Rehearsal,
    ];
    let row = |id: LinkId| {
        let link = Link::not_asked(id, abi.cloned());
        if !required.contains(&id) {
            return link;
        }
        let message = format!(
            "`--require {}` asks for a link that this version of Patchproof cannot look at",
            id.id()
        );
        let remedy = "Leave it out, or use a version whose --help offers an input for it.";
        link.with_finding(Finding::new(Rule::InputMissing, message).mended_by(remedy))
    };
    ids.map(row).into()
}
