//! How a report leaves the process: one format on standard output or in a file, and any number
//! of others beside it.

use std::path::{Path, PathBuf};

use clap::ValueEnum;
use patchproof_report::{
    ExitCode, Report, report_github, report_html, report_junit, report_markdown, report_sarif,
    report_text,
};

use crate::files::write_file;
use crate::output::{fail, pretty_json, print, say, shown};

/// The formats of a report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
#[non_exhaustive]
pub enum ReportFormat {
    /// For a person; coloured on a terminal, unless NO_COLOR is set
    #[default]
    Text,
    /// For a program: docs/schemas/report.schema.json; within a version fields are only added
    Json,
    /// For a pull request or a job summary
    Markdown,
    /// Annotations of a GitHub workflow, at most ten of each kind
    Github,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML: a suite an ABI, a case a link
    Junit,
    /// One page for a browser, with nothing to load beside it
    Html,
}

/// How a report is printed.
#[derive(Clone, Debug, Default, clap::Args)]
#[non_exhaustive]
pub struct PrintingArgs {
    /// How to print
    #[arg(long, value_enum, default_value_t)]
    pub format: ReportFormat,
    /// Write the report here; standard output then gets the summary only
    #[arg(short, value_name = "FILE")]
    pub output: Option<PathBuf>,
    /// Write the report in another format too, without FILE to standard output; may be given again
    #[arg(long, value_name = "FORMAT[=FILE]", value_parser = parse_extra)]
    pub report: Vec<ExtraReport>,
}

/// A report in one more format, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExtraReport {
    format: ReportFormat,
    /// `None` is standard output.
    path: Option<PathBuf>,
}

/// Prints a report as asked, and answers its exit code. It is never written over one of `inputs`.
///
/// A report that could not be written makes the answer [`ExitCode::Undecided`], unless something
/// is broken anyhow: a pipeline that waits for the file must not go on without it.
#[must_use]
pub fn print_report(report: &Report, printing: &PrintingArgs, inputs: &[&Path]) -> ExitCode {
    let mut code = report.exit_code();
    for extra in &printing.report {
        let text = rendered(report, extra.format);
        code = match &extra.path {
            Some(path) => write(path, &text, inputs, code),
            None => print(&text, code),
        };
    }
    let text = rendered(report, printing.format);
    let Some(path) = &printing.output else {
        return print(&text, code);
    };
    code = write(path, &text, inputs, code);
    print(&format!("{}\n", report.summary()), code)
}

fn rendered(report: &Report, format: ReportFormat) -> String {
    match format {
        ReportFormat::Text => report_text(report),
        ReportFormat::Json => pretty_json(report),
        ReportFormat::Markdown => report_markdown(report),
        ReportFormat::Github => report_github(report),
        ReportFormat::Sarif => report_sarif(report, env!("CARGO_PKG_VERSION")),
        ReportFormat::Junit => report_junit(report),
        ReportFormat::Html => report_html(report),
    }
}

fn write(path: &Path, text: &str, inputs: &[&Path], code: ExitCode) -> ExitCode {
    // A file is no terminal: it gets no colours.
    let plain = anstream::adapter::strip_str(text).to_string();
    match write_file(path, plain.as_bytes(), inputs) {
        Ok(()) => code,
        Err(error) => {
            let why = format!("{}: {error}", shown(path));
            if code == ExitCode::Verified {
                return fail(&why);
            }
            say(&why);
            code
        }
    }
}

fn parse_extra(text: &str) -> Result<ExtraReport, String> {
    let (name, path) = match text.split_once('=') {
        Some((_, "")) => return Err("a file must be named after `=`".to_owned()),
        Some((name, path)) => (name, Some(PathBuf::from(path))),
        None => (text, None),
    };
    let format = ReportFormat::from_str(name, false).map_err(|_| {
        let known = ReportFormat::value_variants().iter();
        let known: Vec<String> = known
            .filter_map(|format| Some(format.to_possible_value()?.get_name().to_owned()))
            .collect();
        format!("`{name}` is no format; there are {}", known.join(", "))
    })?;
    Ok(ExtraReport { format, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_format_may_have_a_file_behind_it_whose_name_has_an_equals_sign() {
        let extra = parse_extra("html=out=1.html").unwrap();
        assert_eq!(extra.format, ReportFormat::Html);
        assert_eq!(extra.path, Some("out=1.html".into()));
        assert_eq!(parse_extra("github").unwrap().path, None);
    }

    #[test]
    fn a_format_that_is_not_there_and_a_file_without_a_name_are_refused() {
        assert!(parse_extra("pdf=out.pdf").unwrap_err().contains("sarif"));
        assert!(parse_extra("html=").is_err());
    }
}
