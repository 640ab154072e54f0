//! `patchproof explain`: a rule's page.

use patchproof_report::{ExitCode, Rule, Severity, explain_text};
use serde::Serialize;

use crate::args::ExplainArgs;
use crate::output::{Format, fail, pretty_json, print};

pub(crate) fn run(args: &ExplainArgs) -> ExitCode {
    let rule = match Rule::from_id(&args.rule) {
        Ok(rule) => rule,
        Err(unknown) => return fail(&unknown.to_string()),
    };
    let text = match args.format {
        Format::Text => explain_text(rule),
        Format::Json => pretty_json(&Explained::from(rule)),
    };
    print(&text, ExitCode::Verified)
}

#[derive(Serialize)]
struct Explained {
    rule: Rule,
    title: &'static str,
    severity: Severity,
    symptom: &'static str,
    cause: &'static str,
    remedy: &'static str,
}

impl From<Rule> for Explained {
    fn from(rule: Rule) -> Self {
        let text = rule.text();
        Self {
            rule,
            title: text.title,
            severity: text.severity,
            symptom: text.symptom,
            cause: text.cause,
            remedy: text.remedy,
        }
    }
}
