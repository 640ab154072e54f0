//! What `patchproof verify-release` answers: the chain of links, and the code drawn from it.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit_code::ExitCode;
use crate::link::{Link, LinkId, LinkState};

/// The version of the report's shape; within a version fields are only added.
pub const REPORT_VERSION: u32 = 1;

/// The word over the whole report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum ReportVerdict {
    /// Every required link held, nothing is broken and nothing undecided.
    Verified,
    /// A link is broken; the first one decides the exit code.
    Broken,
    /// Nothing is broken, and something needed could not be settled or was not given.
    Undecided,
}

impl ReportVerdict {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::Broken => "broken",
            Self::Undecided => "undecided",
        }
    }
}

/// The answer of `patchproof verify-release`.
///
/// It can only be made by [`Report::conclude`], so that a verdict never contradicts its links.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Report {
    /// The version of this shape; within a version fields are only added.
    report_version: u32,
    /// The word over the whole report.
    verdict: ReportVerdict,
    /// The exit code of the process: 0 verified, 1 different, 2 undecided, 3 equivalent only, 4 a
    /// statement is invalid, 5 another base, 6 incompatible, 70 a bug of Patchproof's.
    #[schemars(with = "u8")]
    exit_code: ExitCode,
    /// One line that counts the links.
    summary: String,
    /// The rows, in the order of the chain.
    links: Vec<Link>,
}

impl Report {
    /// Draws verdict and exit code from the links, which must be in the order of the chain.
    ///
    /// Verified needs every link of `required` held for every ABI, at least one link, nothing
    /// broken and nothing undecided. The first broken link decides the code; with none broken,
    /// whatever is missing gives [`ExitCode::Undecided`]. A link that is broken only because an
    /// equivalence was not accepted hides neither: [`ExitCode::EquivalentOnly`] says that nothing
    /// else is amiss.
    #[must_use]
    pub fn conclude(mut links: Vec<Link>, required: &BTreeSet<LinkId>) -> Self {
        links.sort_by_key(|link| link.id);
        let (verdict, exit_code) = if let Some(code) = first_real_break(&links) {
            (ReportVerdict::Broken, code)
        } else if !all_settled(&links, required) {
            (ReportVerdict::Undecided, ExitCode::Undecided)
        } else if links.iter().any(|link| link.state == LinkState::Broken) {
            (ReportVerdict::Broken, ExitCode::EquivalentOnly)
        } else {
            (ReportVerdict::Verified, ExitCode::Verified)
        };
        let summary = summarise(verdict, exit_code, &links, required);
        Self {
            report_version: REPORT_VERSION,
            verdict,
            exit_code,
            summary,
            links,
        }
    }

    /// The word over the whole report.
    #[must_use]
    pub const fn verdict(&self) -> ReportVerdict {
        self.verdict
    }

    /// What the process says to the shell.
    #[must_use]
    pub const fn exit_code(&self) -> ExitCode {
        self.exit_code
    }

    /// One line that counts the links.
    #[must_use]
    pub fn summary(&self) -> &str {
        &self.summary
    }

    /// The rows, in the order of the chain.
    #[must_use]
    pub fn links(&self) -> &[Link] {
        &self.links
    }
}

/// The code of the first link that is broken by more than an equivalence; within one link, which
/// has a row for each ABI, a bug of ours comes first.
fn first_real_break(links: &[Link]) -> Option<ExitCode> {
    let real = |link: &&Link| {
        link.state == LinkState::Broken && link.broken_exit_code() != ExitCode::EquivalentOnly
    };
    let first = links.iter().find(real)?;
    let mut same = links.iter().filter(real).filter(|link| link.id == first.id);
    let our_bug = same.any(|link| link.broken_exit_code() == ExitCode::OurBug);
    Some(if our_bug {
        ExitCode::OurBug
    } else {
        first.broken_exit_code()
    })
}

/// Whether nothing is undecided and nothing required is missing; what is broken is judged
/// elsewhere.
fn all_settled(links: &[Link], required: &BTreeSet<LinkId>) -> bool {
    let none_undecided = links.iter().all(|link| link.state != LinkState::Undecided);
    let required_held = required.iter().all(|&id| {
        matches!(
            state_of(id, links),
            Some(LinkState::Held | LinkState::Broken)
        )
    });
    none_undecided && required_held && !links.is_empty()
}

/// The state of a link over all its ABIs: the gravest. `None` where it has no row.
fn state_of(id: LinkId, links: &[Link]) -> Option<LinkState> {
    let gravity = |state: LinkState| match state {
        LinkState::Held => 0,
        LinkState::NotAsked => 1,
        LinkState::Undecided => 2,
        LinkState::Broken => 3,
    };
    let rows = links.iter().filter(|link| link.id == id);
    rows.map(|link| link.state)
        .max_by_key(|&state| gravity(state))
}

fn summarise(
    verdict: ReportVerdict,
    code: ExitCode,
    links: &[Link],
    required: &BTreeSet<LinkId>,
) -> String {
    let in_state = |wanted: LinkState| -> Vec<&'static str> {
        let of_state = |id: &LinkId| state_of(*id, links).unwrap_or(LinkState::NotAsked) == wanted;
        LinkId::ALL
            .iter()
            .filter(|id| of_state(id))
            .map(|id| id.id())
            .collect()
    };
    let count = format!(
        "{} of {} links",
        in_state(LinkState::Held).len(),
        LinkId::ALL.len()
    );
    let mut line = match verdict {
        ReportVerdict::Verified => format!("verified: {count}"),
        ReportVerdict::Broken => {
            let broken = in_state(LinkState::Broken).join(", ");
            format!("broken at {broken} (exit {}): {count} held", code.number())
        }
        ReportVerdict::Undecided => format!("undecided (exit {}): {count} held", code.number()),
    };
    append(
        &mut line,
        LinkState::Undecided.word(),
        &in_state(LinkState::Undecided),
    );
    let (missing, not_asked): (Vec<_>, Vec<_>) = in_state(LinkState::NotAsked)
        .into_iter()
        .partition(|id| LinkId::from_id(id).is_some_and(|link| required.contains(&link)));
    append(&mut line, "missing", &missing);
    append(&mut line, LinkState::NotAsked.word(), &not_asked);
    line
}

fn append(line: &mut String, word: &str, ids: &[&str]) {
    if !ids.is_empty() {
        line.push_str(&format!(", {word}: {}", ids.join(", ")));
    }
}

#[cfg(test)]
mod tests;
