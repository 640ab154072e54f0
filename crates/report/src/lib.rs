//! What Patchproof says: rules, findings, verdicts, exit codes, and the report as data.
//!
//! This room knows words and shapes only. It reads no file and knows no other room; every other
//! room may use it. Human text is rendered from the same values that are serialised as JSON, never
//! the other way round.
//!
//! - [`Rule`] is the catalogue: stable ids (`PP101`), symptom, cause, remedy.
//! - [`Finding`] is one thing a check has to say, under a rule.
//! - [`Comparison`] is what `patchproof compare` answers.
//! - [`Report`] is what `patchproof verify-release` answers: a chain of [`Link`]s.
//! - [`ExitCode`] is what the process says to the shell.

mod comparison;
mod difference;
mod exit_code;
mod finding;
mod link;
mod release_report;
mod render;
mod rule;
mod rule_texts;
mod rules_page;
mod schema;
mod text;

pub use comparison::{CompareVerdict, Comparison, EngineOutcome};
pub use difference::{Difference, Extent, FunctionDifference, RegionDifference, RegionKind};
pub use exit_code::ExitCode;
pub use finding::{Certainty, Finding, Severity};
pub use link::{Link, LinkId, LinkState};
pub use release_report::{REPORT_VERSION, Report, ReportVerdict};
pub use render::{report_github, report_html, report_junit, report_markdown, report_sarif};
pub use rule::{Rule, RuleText, UnknownRule};
pub use rules_page::rules_page;
pub use schema::{comparison_schema, report_schema};
pub use text::{comparison_text, explain_text, findings_text, report_text};
