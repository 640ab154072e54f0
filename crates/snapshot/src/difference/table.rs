//! Which causes are named for what was seen: one table, without the sentences.
//!
//! Each row says what shows a cause, and which other causes, where they hold, already account for
//! what shows it: strings that came say nothing of the sources when another compiler made them.

use patchproof_report::{Certainty, Rule};

use Certainty::{Certain, Likely, Possible};

/// What was seen of two libraries that differ.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one thing that was looked for"
)]
pub(super) struct Seen {
    /// One file is the beginning of the other.
    pub(super) cut_short: bool,
    /// Processors, containers or layouts differ.
    pub(super) machine: bool,
    /// Snapshot versions differ.
    pub(super) compiler: bool,
    /// Feature strings differ.
    pub(super) features: bool,
    /// The words for mode or system differ, which every compiler writes alike.
    pub(super) mode_or_system: bool,
    /// One is for Flutter and one for the plain runtime.
    pub(super) embedder: bool,
    /// A loader maps the same from both.
    pub(super) same_loaded: bool,
    /// Every snapshot blob is the same.
    pub(super) same_blobs: bool,
    /// Load segments are aligned otherwise.
    pub(super) alignment: bool,
    /// One file has two addresses; whether that is all that differs.
    pub(super) path: Option<bool>,
    /// Names are short in one of the two only.
    pub(super) obfuscation: bool,
    /// How surely something was written otherwise.
    pub(super) sources: Option<Certainty>,
    /// Functions or strings stand in another order.
    pub(super) order: bool,
    /// An equivalence accounts for everything.
    pub(super) equivalent: bool,
}

/// The causes, the most certain first; of those that are equally certain, the wider ones first.
pub(super) fn causes(seen: &Seen) -> Vec<(Rule, Certainty)> {
    if seen.equivalent {
        return vec![];
    }
    let given: Vec<(&Row, Certainty)> = ROWS
        .iter()
        .filter_map(|row| (row.shown)(seen).map(|certainty| (row, certainty)))
        .collect();
    let holds = |rule: &Rule| given.iter().any(|(row, _)| row.rule == *rule);
    let mut causes: Vec<(Rule, Certainty)> = given
        .iter()
        .filter(|(row, _)| !row.accounted_for_by.iter().any(holds))
        .map(|(row, certainty)| (row.rule, *certainty))
        .collect();
    if causes.is_empty() {
        causes.push((Rule::CauseUnknown, Certain));
    }
    causes.sort_by_key(|(_, certainty)| std::cmp::Reverse(*certainty));
    causes
}

struct Row {
    rule: Rule,
    shown: fn(&Seen) -> Option<Certainty>,
    accounted_for_by: &'static [Rule],
}

const ROWS: [Row; 12] = [
    Row {
        rule: Rule::CauseCutShort,
        shown: |seen| seen.cut_short.then_some(Certain),
        accounted_for_by: &[],
    },
    Row {
        rule: Rule::CauseOtherMachine,
        shown: |seen| seen.machine.then_some(Certain),
        accounted_for_by: &[Rule::CauseCutShort],
    },
    Row {
        rule: Rule::CauseOtherCompiler,
        shown: |seen| seen.compiler.then_some(Certain),
        accounted_for_by: &[Rule::CauseCutShort],
    },
    Row {
        rule: Rule::CauseOtherEmbedder,
        shown: |seen| seen.embedder.then_some(Certain),
        accounted_for_by: &[Rule::CauseCutShort],
    },
    Row {
        // Between two compilers words differ anyway, but not these.
        rule: Rule::CauseOtherFeatures,
        shown: |seen| {
            let words = seen.features && (!seen.compiler || seen.mode_or_system);
            words.then_some(Certain)
        },
        accounted_for_by: &[Rule::CauseCutShort, Rule::CauseOtherMachine],
    },
    Row {
        rule: Rule::CauseStripping,
        shown: |seen| seen.same_loaded.then_some(Certain),
        accounted_for_by: &[Rule::CauseCutShort],
    },
    Row {
        rule: Rule::CauseOtherLinking,
        shown: |seen| seen.same_blobs.then_some(Certain),
        accounted_for_by: &[Rule::CauseCutShort, Rule::CauseStripping],
    },
    Row {
        // Compilers and machines each have an alignment of their own.
        rule: Rule::CausePageAlignment,
        shown: |seen| seen.alignment.then_some(Certain),
        accounted_for_by: &[
            Rule::CauseCutShort,
            Rule::CauseOtherMachine,
            Rule::CauseOtherCompiler,
        ],
    },
    Row {
        rule: Rule::CauseOtherPath,
        shown: |seen| seen.path.map(|all| if all { Certain } else { Likely }),
        accounted_for_by: &[
            Rule::CauseCutShort,
            Rule::CauseOtherMachine,
            Rule::CauseOtherEmbedder,
        ],
    },
    Row {
        rule: Rule::CauseObfuscation,
        shown: |seen| seen.obfuscation.then_some(Likely),
        accounted_for_by: &[
            Rule::CauseCutShort,
            Rule::CauseOtherMachine,
            Rule::CauseOtherEmbedder,
        ],
    },
    Row {
        rule: Rule::CauseOtherSources,
        shown: |seen| seen.sources.filter(|_| seen.path != Some(true)),
        accounted_for_by: OTHER_CODE_ANYWAY,
    },
    Row {
        rule: Rule::CauseNotDeterministic,
        shown: |seen| seen.order.then(|| order(seen)),
        accounted_for_by: OTHER_CODE_ANYWAY,
    },
];

/// Another order may come of other sources or another path as well.
fn order(seen: &Seen) -> Certainty {
    let else_shown = seen.sources == Some(Likely) || seen.path.is_some();
    if else_shown { Possible } else { Likely }
}

/// With these other functions and strings are to be expected, or none differ.
const OTHER_CODE_ANYWAY: &[Rule] = &[
    Rule::CauseCutShort,
    Rule::CauseOtherMachine,
    Rule::CauseOtherCompiler,
    Rule::CauseOtherEmbedder,
    Rule::CauseOtherFeatures,
    Rule::CauseStripping,
    Rule::CauseOtherLinking,
    Rule::CauseObfuscation,
];
