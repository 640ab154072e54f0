//! SARIF against the schema that its editors published.

use std::fs;
use std::path::PathBuf;

use libtest_mimic::{Arguments, Failed, Trial};
use patchproof_report::{Report, report_sarif};
use patchproof_testkit::corpora;
use serde_json::Value;

#[path = "reports/samples.rs"]
mod samples;

fn main() -> std::process::ExitCode {
    let hostile = "</script>\u{202e}[a](1){0}\u{0}|`";
    let mut reports: Vec<(&str, Report)> = samples::pinned().into();
    reports.push(("hostile", samples::hostile(hostile)));
    reports.push((
        "crowded",
        samples::crowded(200, &[samples::ARM64, samples::X86]),
    ));
    reports.push(("empty", samples::conclude(vec![])));
    let mut trials: Vec<Trial> = reports
        .into_iter()
        .map(|(name, report)| {
            let name = format!("a_report_that_is_{name}_is_of_the_published_schema");
            corpora::trial(name, &[SCHEMA], move |paths| {
                let log: Value = serde_json::from_str(&report_sarif(&report, "0.1.0"))?;
                let problems = problems(&read(paths)?, &log)?;
                count_is(0, &problems)
            })
        })
        .collect();
    trials.push(corpora::trial(
        "the_published_schema_refuses_what_is_no_sarif",
        &[SCHEMA],
        |paths| {
            let mut log: Value = serde_json::from_str(&report_sarif(&samples::broken(), "0.1.0"))?;
            let level = log
                .pointer_mut("/runs/0/results/0/level")
                .ok_or("no result")?;
            *level = Value::from("fatal");
            let problems = problems(&read(paths)?, &log)?;
            count_is(1, &problems)
        },
    ));
    libtest_mimic::run(&Arguments::from_args(), trials).exit_code()
}

fn read(paths: &[PathBuf]) -> Result<String, Failed> {
    let path = paths.first().ok_or("the schema was asked for")?;
    Ok(fs::read_to_string(path)?)
}

fn problems(schema: &str, log: &Value) -> Result<Vec<String>, Failed> {
    // As published, the pattern of a language's name has a bracket too many, which no strict reader
    // of patterns takes. We write no language.
    let schema = schema.replace(LANGUAGE_AS_PUBLISHED, "^[a-zA-Z]{2}(-[a-zA-Z]{2})?$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema)?)?;
    let problem =
        |error: jsonschema::ValidationError<'_>| format!("{} at {}", error, error.instance_path());
    Ok(validator.iter_errors(log).map(problem).collect())
}

/// Passes where there are as many problems as expected, else tells them.
fn count_is(expected: usize, problems: &[String]) -> Result<(), Failed> {
    if problems.len() == expected {
        Ok(())
    } else {
        Err(format!("expected {expected} problems, found {problems:#?}").into())
    }
}

const SCHEMA: &str = "@microsoft/jest-sarif@1.0.0-beta.0/sarif-2.1.0-rtm.5.json";

const LANGUAGE_AS_PUBLISHED: &str = "^[a-zA-Z]{2}|^[a-zA-Z]{2}-[a-zA-Z]{2}]?$";
