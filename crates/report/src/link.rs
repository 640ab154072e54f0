//! One link of the chain: a row of the report.

use schemars::JsonSchema;
use serde::Serialize;

use crate::difference::Difference;
use crate::exit_code::ExitCode;
use crate::finding::{Finding, Severity};

/// The links, in the order of the chain. Ids are stable: more may come, none is renamed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum LinkId {
    /// The released library is there and is a Dart AOT snapshot.
    Artefact,
    /// The released library is what the sources rebuild to.
    Rebuild,
    /// The same VM takes the released and the patched library, and the engine beside them does.
    Compatibility,
    /// The patch was made against the released library.
    Base,
    /// Two independent decoders turn base and patch into the patched library.
    Inflate,
    /// Nothing changed that a code patch cannot carry.
    Surroundings,
    /// Signatures and statements hold.
    Statements,
    /// A simulated device takes the patch and falls back from every crash point.
    Rehearsal,
}

impl LinkId {
    /// Every link, in the order of the chain.
    pub const ALL: [Self; 8] = [
        Self::Artefact,
        Self::Rebuild,
        Self::Compatibility,
        Self::Base,
        Self::Inflate,
        Self::Surroundings,
        Self::Statements,
        Self::Rehearsal,
    ];

    /// The links without which nothing is verified.
    pub const ALWAYS_REQUIRED: [Self; 4] = [
        Self::Artefact,
        Self::Compatibility,
        Self::Base,
        Self::Inflate,
    ];

    /// The id in reports and on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Artefact => "artefact",
            Self::Rebuild => "rebuild",
            Self::Compatibility => "compatibility",
            Self::Base => "base",
            Self::Inflate => "inflate",
            Self::Surroundings => "surroundings",
            Self::Statements => "statements",
            Self::Rehearsal => "rehearsal",
        }
    }

    /// The link with this id.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|link| link.id() == id)
    }

    /// The exit code of a run in which this is the first broken link.
    #[must_use]
    pub const fn broken_exit_code(self) -> ExitCode {
        match self {
            Self::Artefact
            | Self::Rebuild
            | Self::Inflate
            | Self::Surroundings
            | Self::Rehearsal => ExitCode::Different,
            Self::Compatibility => ExitCode::Incompatible,
            Self::Base => ExitCode::OtherBase,
            Self::Statements => ExitCode::StatementInvalid,
        }
    }
}

/// What became of a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[non_exhaustive]
pub enum LinkState {
    /// It holds.
    #[serde(rename = "held")]
    Held,
    /// It does not hold.
    #[serde(rename = "broken")]
    Broken,
    /// It could not be settled.
    #[serde(rename = "undecided")]
    Undecided,
    /// Its input was not given.
    #[serde(rename = "not asked")]
    NotAsked,
}

impl LinkState {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Broken => "broken",
            Self::Undecided => "undecided",
            Self::NotAsked => "not asked",
        }
    }
}

/// One row of the report: a link for one ABI.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Link {
    /// Which link.
    pub id: LinkId,
    /// For which ABI (`arm64-v8a`, `armeabi-v7a`, `x86_64`, `x86`, `riscv64`, `riscv32`); null
    /// where it is not known, because the library could not be read.
    pub abi: Option<String>,
    /// What became of it.
    pub state: LinkState,
    /// SHA-256 in lowercase hex of what was expected: of a library; for `compatibility` of the
    /// released library's snapshot version and features. Null where nothing was.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub expected_sha256: Option<String>,
    /// SHA-256 in lowercase hex of what was found, of the same kind.
    #[schemars(regex(pattern = "^[0-9a-f]{64}$"))]
    pub found_sha256: Option<String>,
    /// What the checks of this link had to say.
    pub findings: Vec<Finding>,
    /// How the two libraries differ, where the link is about two that should be the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub difference: Option<Box<Difference>>,
}

impl Link {
    /// A link whose input was not given.
    #[must_use]
    pub fn not_asked(id: LinkId, abi: Option<String>) -> Self {
        Self::new(id, abi, LinkState::NotAsked)
    }

    /// A link in a state, without hashes or findings.
    #[must_use]
    pub fn new(id: LinkId, abi: Option<String>, state: LinkState) -> Self {
        Self {
            id,
            abi,
            state,
            expected_sha256: None,
            found_sha256: None,
            findings: vec![],
            difference: None,
        }
    }

    /// Adds a finding.
    #[must_use]
    pub fn with_finding(mut self, finding: Finding) -> Self {
        self.findings.push(finding);
        self
    }

    /// Adds the two hashes, in lowercase hex.
    #[must_use]
    pub fn with_hashes(mut self, expected: Option<String>, found: Option<String>) -> Self {
        self.expected_sha256 = expected;
        self.found_sha256 = found;
        self
    }

    /// Adds how the two libraries differ.
    #[must_use]
    pub fn with_difference(mut self, difference: Difference) -> Self {
        self.difference = Some(Box::new(difference));
        self
    }

    /// The exit code if this is the first broken link: its own, unless a finding is a bug of ours
    /// or every error in it is an equivalence that nobody accepted.
    #[must_use]
    pub fn broken_exit_code(&self) -> ExitCode {
        let mut errors = self
            .findings
            .iter()
            .filter(|finding| finding.severity == Severity::Error)
            .peekable();
        if errors.clone().any(|finding| finding.rule.is_our_bug()) {
            ExitCode::OurBug
        } else if errors.peek().is_some() && errors.all(|finding| finding.rule.is_equivalence()) {
            ExitCode::EquivalentOnly
        } else {
            self.id.broken_exit_code()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_id_finds_its_link_again() {
        for link in LinkId::ALL {
            assert_eq!(LinkId::from_id(link.id()), Some(link));
        }
        assert_eq!(LinkId::from_id("artifact"), None);
    }
}
