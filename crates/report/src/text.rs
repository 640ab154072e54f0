//! The renderings for people: plain lines with styles that the terminal's edge may strip.

mod difference;
mod sections;

use std::borrow::Cow;
use std::fmt::Write as _;

use anstyle::{AnsiColor, Style};

use crate::comparison::{CompareVerdict, Comparison};
use crate::finding::{Finding, Severity};
use crate::link::{Link, LinkState};
use crate::release_report::{Report, ReportVerdict};
use crate::render::{shown, visible};
use crate::rule::Rule;
use crate::rules_page::severity_word;

/// `patchproof compare` for a person.
#[must_use]
pub fn comparison_text(comparison: &Comparison) -> String {
    let mut out = String::new();
    for finding in &comparison.findings {
        push_finding(&mut out, finding);
    }
    let style = match comparison.verdict {
        CompareVerdict::Identical | CompareVerdict::Compatible => GOOD,
        CompareVerdict::Incompatible => BAD,
        CompareVerdict::Undecided => UNSURE,
    };
    line(&mut out, &styled(style, comparison.verdict.word()));
    out
}

/// `patchproof verify-release` for a person: the chain as a table, the findings, the summary.
#[must_use]
pub fn report_text(report: &Report) -> String {
    let mut out = String::new();
    let abi_width = report
        .links()
        .iter()
        .map(|link| abi_of(link).len())
        .max()
        .unwrap_or(3)
        .max(3);
    line(
        &mut out,
        &format!(
            "{:<14} {:<abi_width$} {:<10} expected      found",
            "link", "abi", "state"
        ),
    );
    for link in report.links() {
        line(&mut out, &row(link, abi_width));
    }
    for section in sections::of(report) {
        out.push('\n');
        let abis = section.abis.join(", ");
        line(&mut out, &format!("{} ({abis})", section.link.id()));
        for finding in section.findings {
            push_finding(&mut out, finding);
        }
        if let Some(difference) = section.difference {
            difference::push(&mut out, difference);
        }
    }
    out.push('\n');
    let style = match report.verdict() {
        ReportVerdict::Verified => GOOD,
        ReportVerdict::Broken => BAD,
        ReportVerdict::Undecided => UNSURE,
    };
    line(&mut out, &styled(style, report.summary()));
    out
}

/// Findings for a person, wherever they come from.
#[must_use]
pub fn findings_text(findings: &[Finding]) -> String {
    let mut out = String::new();
    for finding in findings {
        push_finding(&mut out, finding);
    }
    out
}

/// `patchproof explain` for a person.
#[must_use]
pub fn explain_text(rule: Rule) -> String {
    let text = rule.text();
    let head = format!(
        "{} {} ({})\n",
        styled(STRONG, text.id),
        text.title,
        severity_word(text.severity)
    );
    let parts = [
        ("Symptom", text.symptom),
        ("Cause", text.cause),
        ("Remedy", text.remedy),
    ];
    let paragraphs = parts.map(|(title, text)| format!("{title}\n{}\n", filled("  ", "  ", text)));
    format!("{head}\n{}", paragraphs.join("\n"))
}

fn row(link: &Link, abi_width: usize) -> String {
    let style = match link.state {
        LinkState::Held => GOOD,
        LinkState::Broken => BAD,
        LinkState::Undecided => UNSURE,
        LinkState::NotAsked => FAINT,
    };
    // Pad before styling: escape codes have a length but no width.
    let state = styled(style, &format!("{:<10}", link.state.word()));
    let expected = short(link.expected_sha256.as_deref());
    let found = short(link.found_sha256.as_deref());
    format!(
        "{:<14} {:<abi_width$} {state} {expected:<13} {found}",
        link.id.id(),
        abi_of(link)
    )
    .trim_end()
    .to_owned()
}

fn abi_of(link: &Link) -> Cow<'_, str> {
    visible(link.abi.as_deref().unwrap_or("-"))
}

/// The first twelve digits: enough to tell two files apart by eye; JSON has them all.
fn short(sha256: Option<&str>) -> &str {
    sha256.map_or("-", |hex| hex.get(..12).unwrap_or(hex))
}

fn push_finding(out: &mut String, finding: &Finding) {
    let style = match finding.severity {
        Severity::Error => BAD,
        Severity::Undecided => UNSURE,
        Severity::Warning => WARN,
        Severity::Note => FAINT,
    };
    let word = severity_word(finding.severity);
    let sure = finding
        .certainty
        .map_or_else(String::new, |it| format!(" ({})", it.word()));
    let head = format!("  {word} {}{sure}: ", finding.rule.id());
    let text = wrapped(&head, &shown(&finding.message, TEXT_CHARS));
    // Styled after wrapping: escape codes have a length but no width.
    line(out, &text.replacen(word, &styled(style, word), 1));
    let values = [
        ("about", finding.subject.as_ref()),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
        ("mend", Some(&finding.remedy)),
    ];
    for (label, value) in values {
        if let Some(value) = value {
            let value = shown(value, TEXT_CHARS);
            line(out, &wrapped(&format!("      {label:<9} "), &value));
        }
    }
}

/// A label and a text behind it, the further lines indented as deep as the first text.
fn wrapped(label: &str, text: &str) -> String {
    let indent = if label.starts_with("      ") {
        " ".repeat(label.len())
    } else {
        " ".repeat(6)
    };
    filled(label, &indent, text)
}

fn filled(first: &str, further: &str, text: &str) -> String {
    let options = textwrap::Options::new(TEXT_COLUMNS)
        .initial_indent(first)
        .subsequent_indent(further)
        .break_words(false)
        // A path or a flag with a hyphen stays whole, to be copied.
        .word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, options)
}

fn line(out: &mut String, text: &str) {
    // Writing to a String cannot fail.
    let _ = writeln!(out, "{text}");
}

fn styled(style: Style, text: &str) -> String {
    format!("{style}{text}{style:#}")
}

/// Fixed, so that the same report is the same text everywhere.
const TEXT_COLUMNS: usize = 100;

/// More than a terminal's screen of one value; JSON has it whole.
const TEXT_CHARS: usize = 2000;

const STRONG: Style = Style::new().bold();
const GOOD: Style = AnsiColor::Green.on_default();
const BAD: Style = AnsiColor::Red.on_default().bold();
const UNSURE: Style = AnsiColor::Yellow.on_default().bold();
const WARN: Style = AnsiColor::Yellow.on_default();
const FAINT: Style = Style::new().dimmed();
