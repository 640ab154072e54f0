//! The report as SARIF 2.1.0, for code scanning.
//!
//! The shapes are written out in `sarif/log.rs`: the crate that generates them from the schema
//! brings three generations of build-time parsers, for a dozen structures.

mod log;
mod results;
mod rules;

use crate::exit_code::ExitCode;
use crate::release_report::Report;
use crate::render::sarif::log::{
    AutomationDetails, Driver, Invocation, Log, Message, Run, RunProperties, Tool,
};

/// The report as SARIF 2.1.0; `version` is that of the tool, such as `0.1.0`.
///
/// Links that held have no result. Each result has fingerprints that stay the same from run to run.
#[must_use]
pub fn report_sarif(report: &Report, version: &str) -> String {
    let code = report.exit_code();
    let run = Run {
        tool: Tool {
            driver: Driver {
                name: "Patchproof",
                semantic_version: version.to_owned(),
                rules: rules::all(),
            },
        },
        automation_details: AutomationDetails {
            id: "patchproof/verify-release/",
        },
        invocations: [Invocation {
            // No results must not read as "nothing is wrong" where nothing was settled.
            execution_successful: !matches!(code, ExitCode::Undecided | ExitCode::OurBug),
            exit_code: code.number(),
            exit_code_description: code.meaning(),
        }],
        results: results::of(report),
        properties: RunProperties {
            verdict: report.verdict().word(),
            summary: report.summary().to_owned(),
        },
    };
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [run],
    };
    // Our own shapes have string keys and no numbers that JSON lacks.
    serde_json::to_string_pretty(&log).unwrap_or_default() + "\n"
}

/// A message in which nothing is a placeholder or a link.
fn message(text: &str) -> Message {
    Message {
        text: text
            .replace("](", "] (")
            .replace('{', "{{")
            .replace('}', "}}"),
    }
}
