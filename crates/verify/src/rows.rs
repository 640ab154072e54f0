//! Rows and the findings that several links share.

use std::fmt::Display;

use patchproof_archive::{OpenError, PartError};
use patchproof_report::{Finding, Link, LinkId, LinkState, Rule, Severity};
use sha2::{Digest as _, Sha256};

use crate::inputs::Inputs;

/// What the three builds are called in findings.
pub(crate) const RELEASED: &str = "the released library";
pub(crate) const REBUILT: &str = "the rebuilt library";
pub(crate) const PATCHED: &str = "the patched build";
pub(crate) const ENGINE: &str = "the engine";

/// A row whose state follows from its findings: the gravest decides, none is held.
pub(crate) fn judged(id: LinkId, abi: &str, findings: Vec<Finding>) -> Link {
    let state = state_of(&findings);
    let mut link = Link::new(id, Some(abi.to_owned()), state);
    link.findings = findings;
    link
}

/// The state that findings give a link.
pub(crate) fn state_of(findings: &[Finding]) -> LinkState {
    match findings.iter().map(|finding| finding.severity).max() {
        Some(Severity::Error) => LinkState::Broken,
        Some(Severity::Undecided) => LinkState::Undecided,
        _ => LinkState::Held,
    }
}

/// A row for a link whose input was not given: where the chain needs it, with the option that gives
/// it.
pub(crate) fn not_given(inputs: &Inputs, id: LinkId, abi: &str, option: &str) -> Link {
    let link = Link::not_asked(id, Some(abi.to_owned()));
    if !inputs.must_hold().contains(&id) {
        return link;
    }
    let mut finding = option_missing(id, option);
    if inputs.required.contains(&id) {
        let asked = format!("; `--require {}` asks for it", id.id());
        finding.message.push_str(&asked);
    }
    link.with_finding(finding)
}

pub(crate) fn option_missing(id: LinkId, option: &str) -> Finding {
    let message = format!("`{}` needs `{option}`, which was not given", id.id());
    let remedy = format!("Give {option}; `patchproof verify-release --help` shows how.");
    Finding::new(Rule::InputMissing, message).mended_by(remedy)
}

pub(crate) fn undecided(id: LinkId, abi: &str, finding: Finding) -> Link {
    Link::new(id, Some(abi.to_owned()), LinkState::Undecided).with_finding(finding)
}

pub(crate) fn not_reached(message: impl Into<String>) -> Finding {
    Finding::new(Rule::NotReached, message)
}

/// A build that could not be opened, under the rule that fits.
pub(crate) fn unopened(role: &str, error: &OpenError) -> Finding {
    let rule = match error {
        OpenError::Refused { .. }
        | OpenError::TwoShapes { .. }
        | OpenError::Conflict { .. }
        | OpenError::Folder { .. } => Rule::ArchiveRefused,
        OpenError::ManyBuilds { .. } => Rule::ManyBuilds,
        OpenError::Part(error) => return unread(role, error),
        _ => Rule::InputUnreadable,
    };
    // The error names the file itself.
    Finding::new(rule, format!("{role}: {error}"))
}

/// A part whose bytes could not be had; the error names it.
pub(crate) fn unread(role: &str, error: &PartError) -> Finding {
    let rule = match error {
        PartError::Damaged { .. } => Rule::ArchiveRefused,
        _ => Rule::InputUnreadable,
    };
    Finding::new(rule, format!("{role}: {error}"))
}

/// A file that was read and is not what it should be.
pub(crate) fn unreadable(role: &str, name: &str, why: impl Display) -> Finding {
    let message = format!("{role} {name} cannot be read: {why}");
    Finding::new(Rule::InputUnreadable, message)
}

pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

pub(crate) fn wide(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
