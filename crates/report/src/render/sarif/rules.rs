//! The catalogue as SARIF's rules: all of them, so that an index means the same in every report.

use crate::finding::Severity;
use crate::render::sarif::log::{
    Configuration, Level, Message, MultiformatMessage, ReportingDescriptor, RuleProperties,
};
use crate::render::sarif::message;
use crate::rule::Rule;

/// Every rule of the catalogue in the order of their ids, and behind them [`CHAIN`].
///
/// There is no `helpUri`: the help is whole here, and a page's address would be one more thing that
/// can go stale.
pub(super) fn all() -> Vec<ReportingDescriptor> {
    let chain = ReportingDescriptor {
        id: CHAIN.to_owned(),
        name: "ChainNotWhole".to_owned(),
        short_description: message("the chain is not whole"),
        full_description: message("A link is not held, and no finding says why."),
        help: MultiformatMessage {
            text: CHAIN_HELP.to_owned(),
            markdown: CHAIN_HELP.to_owned(),
        },
        default_configuration: Configuration {
            level: Level::Warning,
        },
        properties: properties(Severity::Undecided),
    };
    Rule::all().map(descriptor).chain([chain]).collect()
}

/// Where the rule stands in [`all`].
pub(super) fn index_of(id: &str) -> usize {
    let position = Rule::all().position(|rule| rule.id() == id);
    position.unwrap_or_else(|| Rule::all().count())
}

/// Only what is wrong is an error; what could not be settled is a warning.
pub(super) const fn level_of(severity: Severity) -> Level {
    match severity {
        Severity::Error => Level::Error,
        Severity::Undecided | Severity::Warning => Level::Warning,
        Severity::Note => Level::Note,
    }
}

fn descriptor(rule: Rule) -> ReportingDescriptor {
    let text = rule.text();
    ReportingDescriptor {
        id: text.id.to_owned(),
        name: format!("{rule:?}"),
        short_description: message(text.title),
        full_description: message(text.symptom),
        help: help(rule),
        default_configuration: Configuration {
            level: level_of(text.severity),
        },
        properties: properties(text.severity),
    }
}

fn help(rule: Rule) -> MultiformatMessage {
    let text = rule.text();
    let Message { text: plain } = message(&format!(
        "Symptom: {}\nCause: {}\nRemedy: {}",
        text.symptom, text.cause, text.remedy
    ));
    // The catalogue is ours, and its backticks are Markdown already.
    let Message { text: markdown } = message(&format!(
        "**Symptom.** {}\n\n**Cause.** {}\n\n**Remedy.** {}",
        text.symptom, text.cause, text.remedy
    ));
    MultiformatMessage {
        text: plain,
        markdown,
    }
}

const fn properties(severity: Severity) -> RuleProperties {
    RuleProperties {
        problem_severity: match severity {
            Severity::Error => "error",
            Severity::Undecided | Severity::Warning => "warning",
            Severity::Note => "recommendation",
        },
        tags: ["flutter", "release"],
    }
}

/// The id under which a row is told that has no finding of its own.
pub(super) const CHAIN: &str = "chain";

const CHAIN_HELP: &str = "Look at the whole report: a link that is required did not hold, or was \
    not looked at.";
