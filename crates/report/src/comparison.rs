//! What `patchproof compare` answers: a verdict and its findings.

use schemars::JsonSchema;
use serde::Serialize;

use crate::exit_code::ExitCode;
use crate::finding::{Finding, Severity};

/// Whether code of one snapshot may replace the other's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum CompareVerdict {
    /// The same bytes.
    Identical,
    /// Other bytes, and the same VM takes both.
    Compatible,
    /// The VM that runs the one refuses the other, or the named engine refuses the candidate.
    Incompatible,
    /// Something needed for an answer could not be read or settled.
    Undecided,
}

impl CompareVerdict {
    /// The word in reports.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Identical => "identical",
            Self::Compatible => "compatible",
            Self::Incompatible => "incompatible",
            Self::Undecided => "undecided",
        }
    }

    /// The exit code of `patchproof compare`.
    #[must_use]
    pub const fn exit_code(self) -> ExitCode {
        match self {
            Self::Identical | Self::Compatible => ExitCode::Verified,
            Self::Incompatible => ExitCode::Incompatible,
            Self::Undecided => ExitCode::Undecided,
        }
    }
}

/// What an engine does with a snapshot, in the order in which it finds out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum EngineOutcome {
    /// The loader refuses the file: another machine or another container.
    RefusedForMachineOrContainer,
    /// The process aborts: the engine asks for symbols that this layout does not have.
    Aborts,
    /// `Wrong full snapshot version`.
    RefusedForVersion,
    /// A header that this VM does not take: its kind, or a length that leaves no room for it.
    RefusedForHeader,
    /// `Snapshot not compatible with the current VM configuration`.
    RefusedForFeatures,
    /// The VM takes it, and its embedder does not find the libraries it needs.
    RefusedByEmbedder,
    /// What the engine shows does not settle it.
    Unsettled,
    /// The VM takes it.
    Runs,
}

/// The answer of `patchproof compare`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[non_exhaustive]
pub struct Comparison {
    /// The verdict; see [`CompareVerdict`].
    pub verdict: CompareVerdict,
    /// What the engine given with `--engine` does with the candidate; absent without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub engine_outcome: Option<EngineOutcome>,
    /// Everything the checks had to say, gravest first.
    pub findings: Vec<Finding>,
}

impl Comparison {
    /// Draws the verdict from findings: an error is incompatible, else an undecided one undecided,
    /// else the files are identical or compatible.
    #[must_use]
    pub fn conclude(
        same_bytes: bool,
        engine_outcome: Option<EngineOutcome>,
        mut findings: Vec<Finding>,
    ) -> Self {
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
        let verdict = match findings.first().map(|finding| finding.severity) {
            Some(Severity::Error) => CompareVerdict::Incompatible,
            Some(Severity::Undecided) => CompareVerdict::Undecided,
            _ if same_bytes => CompareVerdict::Identical,
            _ => CompareVerdict::Compatible,
        };
        Self {
            verdict,
            engine_outcome,
            findings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Rule;

    #[test]
    fn an_error_outweighs_what_is_undecided_and_that_outweighs_identity() {
        let undecided = Finding::new(Rule::EngineVersionUnsettled, "two candidates");
        let error = Finding::new(Rule::VersionDiffers, "another compiler");
        let both = Comparison::conclude(true, None, vec![undecided.clone(), error]);
        assert_eq!(both.verdict, CompareVerdict::Incompatible);
        let one = Comparison::conclude(true, None, vec![undecided]);
        assert_eq!(one.verdict, CompareVerdict::Undecided);
        assert_eq!(
            Comparison::conclude(true, None, vec![]).verdict,
            CompareVerdict::Identical
        );
    }

    #[test]
    fn a_verdicts_word_is_its_name_in_json() {
        for verdict in [
            CompareVerdict::Identical,
            CompareVerdict::Compatible,
            CompareVerdict::Incompatible,
            CompareVerdict::Undecided,
        ] {
            assert_eq!(serde_json::to_value(verdict).unwrap(), verdict.word());
        }
    }

    #[test]
    fn a_warning_changes_no_verdict() {
        let warning = Finding::new(Rule::NotReadyFor16KiBPages, "4 KiB pages");
        let comparison = Comparison::conclude(false, None, vec![warning]);
        assert_eq!(comparison.verdict, CompareVerdict::Compatible);
    }
}
