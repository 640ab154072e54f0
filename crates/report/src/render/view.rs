//! What every rendering asks of a report: its rows by ABI, how a row stands, what was said once.

use crate::exit_code::ExitCode;
use crate::finding::{Finding, Severity};
use crate::link::{Link, LinkId, LinkState};
use crate::release_report::{Report, ReportVerdict};
use crate::render::plain::shown;

/// How a row stands, in the words that a reader acts upon: finer than [`LinkState`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Standing {
    /// It holds.
    Held,
    /// Broken by nothing but an equivalence that nobody accepted.
    Equivalent,
    /// It does not hold.
    Broken,
    /// It could not be settled.
    Undecided,
    /// It is required, and its input was not given.
    Missing,
    /// Nobody asked for it.
    NotAsked,
}

impl Standing {
    pub(crate) const ALL: [Self; 6] = [
        Self::Held,
        Self::Equivalent,
        Self::Broken,
        Self::Undecided,
        Self::Missing,
        Self::NotAsked,
    ];

    pub(crate) fn of(link: &Link) -> Self {
        match link.state {
            LinkState::Held => Self::Held,
            LinkState::Broken if link.broken_exit_code() == ExitCode::EquivalentOnly => {
                Self::Equivalent
            }
            LinkState::Broken => Self::Broken,
            LinkState::Undecided => Self::Undecided,
            // A row that nobody asked for has nothing to complain of.
            LinkState::NotAsked if gravest(&link.findings) >= Some(Severity::Undecided) => {
                Self::Missing
            }
            LinkState::NotAsked => Self::NotAsked,
        }
    }

    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Equivalent => "equivalent only",
            Self::Broken => "broken",
            Self::Undecided => "undecided",
            Self::Missing => "missing",
            Self::NotAsked => "not asked",
        }
    }

    /// One letterless sign: a second way beside the word, and a third beside the colour.
    pub(crate) const fn sign(self) -> &'static str {
        match self {
            Self::Held => "✓",
            Self::Equivalent => "≈",
            Self::Broken => "✗",
            Self::Undecided => "?",
            Self::Missing => "!",
            Self::NotAsked => "–",
        }
    }

    /// What the word says, for a legend.
    pub(crate) const fn meaning(self) -> &'static str {
        match self {
            Self::Held => "it holds",
            Self::Equivalent => "other bytes that change nothing, not accepted",
            Self::Broken => "it does not hold",
            Self::Undecided => "it could not be settled",
            Self::Missing => "required, and its input was not given",
            Self::NotAsked => "nobody asked for it",
        }
    }

    /// Whether a pipeline must not be green over it.
    pub(crate) const fn is_amiss(self) -> bool {
        !matches!(self, Self::Held | Self::NotAsked)
    }
}

/// The gravest severity among findings.
pub(crate) fn gravest(findings: &[Finding]) -> Option<Severity> {
    findings.iter().map(|finding| finding.severity).max()
}

/// The verdict in the words of a headline.
pub(crate) const fn headline(report: &Report) -> &'static str {
    match (report.verdict(), report.exit_code()) {
        (ReportVerdict::Verified, _) => "Verified",
        (ReportVerdict::Broken, ExitCode::EquivalentOnly) => "Equivalent only",
        (ReportVerdict::Broken, _) => "Broken",
        (ReportVerdict::Undecided, _) => "Undecided",
    }
}

/// How the whole report stands.
pub(crate) const fn standing_of(report: &Report) -> Standing {
    match (report.verdict(), report.exit_code()) {
        (ReportVerdict::Verified, _) => Standing::Held,
        (ReportVerdict::Broken, ExitCode::EquivalentOnly) => Standing::Equivalent,
        (ReportVerdict::Broken, _) => Standing::Broken,
        (ReportVerdict::Undecided, _) => Standing::Undecided,
    }
}

/// An ABI's name for a heading.
pub(crate) fn abi_name(abi: Option<&str>) -> String {
    abi.map_or_else(|| UNKNOWN_ABI.to_owned(), |abi| shown(abi, ABI_CHARS))
}

/// The rows by ABI, each chain in its order; ABIs in the order in which they first come.
pub(crate) fn by_abi(report: &Report) -> Vec<(Option<&str>, Vec<&Link>)> {
    let mut chains: Vec<(Option<&str>, Vec<&Link>)> = vec![];
    for link in report.links() {
        let abi = link.abi.as_deref();
        match chains.iter_mut().find(|(known, _)| *known == abi) {
            Some((_, rows)) => rows.push(link),
            None => chains.push((abi, vec![link])),
        }
    }
    chains
}

/// A finding, and every place where it was said word for word.
pub(crate) struct Said<'a> {
    pub(crate) finding: &'a Finding,
    pub(crate) places: Vec<Place<'a>>,
    /// Whether one of the places is amiss.
    is_about_amiss: bool,
}

/// A row of the report by its two names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place<'a> {
    pub(crate) id: LinkId,
    pub(crate) abi: Option<&'a str>,
}

impl Said<'_> {
    /// `compatibility (arm64-v8a, x86_64), base (arm64-v8a)`.
    pub(crate) fn place_words(&self) -> String {
        let mut links: Vec<(LinkId, Vec<String>)> = vec![];
        for place in &self.places {
            let abi = abi_name(place.abi);
            match links.iter_mut().find(|(id, _)| *id == place.id) {
                Some((_, abis)) => abis.push(abi),
                None => links.push((place.id, vec![abi])),
            }
        }
        let words = links
            .iter()
            .map(|(id, abis)| format!("{} ({})", id.id(), abis.join(", ")));
        words.collect::<Vec<_>>().join(", ")
    }
}

/// What was said, the gravest first, and what was said of several ABIs once.
pub(crate) fn said(report: &Report) -> Vec<Said<'_>> {
    let mut all: Vec<Said<'_>> = vec![];
    let mut known = std::collections::HashMap::new();
    for link in report.links() {
        let place = Place {
            id: link.id,
            abi: link.abi.as_deref(),
        };
        let is_amiss = Standing::of(link).is_amiss();
        for finding in &link.findings {
            let index = *known.entry(key(finding)).or_insert(all.len());
            match all.get_mut(index) {
                Some(said) => {
                    said.places.push(place);
                    said.is_about_amiss |= is_amiss;
                }
                None => all.push(Said {
                    finding,
                    places: vec![place],
                    is_about_amiss: is_amiss,
                }),
            }
        }
    }
    for said in &mut all {
        said.places.dedup();
    }
    // A note beside what is broken may be its cause, and comes before notes on what held.
    let order = |said: &Said<'_>| std::cmp::Reverse((said.finding.severity, said.is_about_amiss));
    all.sort_by_key(order);
    all
}

/// Everything that a reader sees of a finding.
fn key(finding: &Finding) -> impl Eq + std::hash::Hash + '_ {
    (
        finding.rule,
        finding.severity,
        (&finding.message, &finding.remedy, &finding.subject),
        (&finding.expected, &finding.found),
        finding.certainty,
    )
}

/// Every ABI there is has a name of a few letters.
const ABI_CHARS: usize = 60;

const UNKNOWN_ABI: &str = "ABI not known";
