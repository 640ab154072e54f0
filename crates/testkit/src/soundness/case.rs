//! One change of one honest run, and how that run then ends.

use std::collections::BTreeMap;
use std::path::PathBuf;

use patchproof_report::{Link, LinkId, LinkState, Report};

use super::bundle::{Bundle, Seen};
use super::kind::{Family, Kind};
use super::limits::{LIMITS, TRUTHS};
use super::stories::Story;
use super::world::World;
use super::{harmless, tampering};

/// What a change is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Section {
    /// Reported, whatever else.
    Tampering,
    /// Verified, whatever else.
    Harmless,
    /// Either; where it is verified, the claim is true.
    Limit,
}

/// One change: of a kind, on a story, and which of its kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Case {
    /// What it is to be.
    pub section: Section,
    /// Which run it changes.
    pub story: Story,
    family: usize,
    kind: usize,
    turn: usize,
}

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ended {
    /// Whether the report says verified.
    pub is_verified: bool,
    /// The link that decided and the exit code, such as `statements 4`.
    pub words: String,
}

/// An honest run, and the cases that were held against it so far.
#[derive(Debug)]
pub struct Stage {
    story: Story,
    world: World,
    honest: Bundle,
    honestly_seen: Seen,
    honest_fingerprint: [u8; 32],
    known: BTreeMap<[u8; 32], Case>,
}

/// Every case of a story, in order.
#[must_use]
pub fn cases(story: Story) -> Vec<Case> {
    let sections = [Section::Tampering, Section::Harmless, Section::Limit];
    let mut cases = Vec::new();
    for section in sections {
        for (family, it) in families(section).iter().enumerate() {
            for (kind, it) in it.kinds.iter().enumerate() {
                let on = it.on.iter().filter(|(on, _)| *on == story);
                let turns = on.flat_map(|(_, count)| 0..*count);
                cases.extend(turns.map(|turn| Case {
                    section,
                    story,
                    family,
                    kind,
                    turn,
                }));
            }
        }
    }
    cases
}

/// The families of a section.
pub(crate) fn families(section: Section) -> &'static [&'static Family] {
    match section {
        Section::Tampering => &tampering::FAMILIES,
        Section::Harmless => &harmless::FAMILIES,
        Section::Limit => &[&LIMITS],
    }
}

impl Case {
    /// The name of the family that its kind belongs to.
    #[must_use]
    pub fn family(&self) -> &'static str {
        let family = families(self.section).get(self.family);
        family.map_or("", |family| family.name)
    }

    /// The name of its kind.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.kind().map_or("", |kind| kind.name)
    }

    fn kind(&self) -> Option<&'static Kind> {
        let families: &'static [&'static Family] = families(self.section);
        families.get(self.family)?.kinds.get(self.kind)
    }

    fn words(&self) -> String {
        let (story, family) = (self.story.word(), self.family());
        format!("{story}: {family}: {} #{}", self.name(), self.turn)
    }
}

impl Stage {
    /// The honest run of a story over its artefacts, which has to be verified.
    ///
    /// # Errors
    ///
    /// What is missing, or what the report says instead.
    pub fn new(story: Story, paths: &[PathBuf]) -> Result<Self, String> {
        let world = story.world(paths)?;
        let honest = world.bundle();
        let report = honest.report();
        if !is_verified(&report) {
            let text = patchproof_report::report_text(&report);
            return Err(format!(
                "the honest run of `{}` ends so:\n{text}",
                story.word()
            ));
        }
        Ok(Self {
            story,
            world,
            honestly_seen: honest.seen(),
            honest_fingerprint: honest.fingerprint(),
            honest,
            known: BTreeMap::new(),
        })
    }

    /// Holds one case against the run.
    ///
    /// # Errors
    ///
    /// A change that changes nothing or was made before, a tampering that is verified, a harmless
    /// change that is not, and an end that its kind does not name.
    pub fn hold(&mut self, case: Case) -> Result<Ended, String> {
        let (Some(kind), true) = (case.kind(), case.story == self.story) else {
            return Err(format!("{}: no such case here", case.words()));
        };
        let changed = kind.made(&self.world, &self.honest, case.turn).written();
        self.is_another(case, &changed)?;
        let report = changed.report();
        let ended = Ended::of(&report);
        let wanted = match case.section {
            Section::Tampering => !ended.is_verified,
            Section::Harmless => ended.is_verified,
            Section::Limit => !ended.is_verified || self.is_true(case, &changed),
        };
        let is_named = kind.ends.is_empty() || kind.ends.contains(&ended.words.as_str());
        if wanted && is_named {
            return Ok(ended);
        }
        let text = patchproof_report::report_text(&report);
        let (words, found) = (case.words(), &ended.words);
        Err(format!(
            "{words} ends with `{found}`, not in {:?}\n{text}",
            kind.ends
        ))
    }

    /// Whether the bytes are others than those of the honest run and of every case before; what
    /// tampers has to change what another reader sees.
    fn is_another(&mut self, case: Case, changed: &Bundle) -> Result<(), String> {
        let words = case.words();
        let fingerprint = changed.fingerprint();
        if fingerprint == self.honest_fingerprint {
            return Err(format!("{words}: nothing was changed"));
        }
        let seen = changed.seen();
        if case.section == Section::Tampering && seen == self.honestly_seen {
            return Err(format!("{words}: no reader sees the change"));
        }
        match self.known.insert(fingerprint, case) {
            None => Ok(()),
            Some(known) => Err(format!("{words} is {} once more", known.words())),
        }
    }

    fn is_true(&self, case: Case, changed: &Bundle) -> bool {
        let truth = TRUTHS.get(case.kind);
        truth.is_some_and(|(truth, _)| truth(&self.honest, changed))
    }
}

impl Ended {
    pub(crate) fn of(report: &Report) -> Self {
        let code = report.exit_code().number();
        let links = report.links();
        let first = |state: LinkState| links.iter().filter(|it| it.state == state).map(id).min();
        let deciding = match is_verified(report) {
            true => None,
            false => first(LinkState::Broken).or_else(|| first(LinkState::Undecided)),
        };
        let link = deciding.map_or("verified", LinkId::id);
        Self {
            is_verified: is_verified(report),
            words: format!("{link} {code}"),
        }
    }
}

fn id(link: &Link) -> LinkId {
    link.id
}

/// By the word or by the code: each alone would be taken for it.
fn is_verified(report: &Report) -> bool {
    let says_so = report.verdict() == patchproof_report::ReportVerdict::Verified;
    says_so || report.exit_code().number() == 0
}
