//! The report as JUnit XML: an ABI is a suite, a link is a case.
//!
//! What is broken fails. What could not be settled, or is required and missing, is an error: the
//! test did not run. Only a link that nobody asked for is skipped.

use quick_junit::{NonSuccessKind, Property, Report as Junit, TestCase, TestCaseStatus, TestSuite};

use crate::finding::Finding;
use crate::link::Link;
use crate::release_report::Report;
use crate::render::plain::{shown, visible};
use crate::render::view::{Standing, abi_name, by_abi, standing_of};
use crate::rules_page::severity_word;

/// The report as JUnit XML.
///
/// The counts are never all green where the verdict is not: what no row shows is a case of its own.
#[must_use]
pub fn report_junit(report: &Report) -> String {
    let mut junit = Junit::new("patchproof verify-release");
    for (abi, rows) in by_abi(report) {
        let mut suite = TestSuite::new(abi_name(abi));
        suite.add_test_cases(rows.iter().map(|link| case(link)));
        junit.add_test_suite(suite);
    }
    let shows_red = junit.failures + junit.errors > 0;
    if standing_of(report).is_amiss() && !shows_red {
        junit.add_test_suite(verdict_suite(report));
    }
    // Writing to memory does not fail; should it, a broken file is red in every reader.
    junit.to_string().unwrap_or_default()
}

/// A link that is required and has no row at all is known to the verdict alone.
fn verdict_suite(report: &Report) -> TestSuite {
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type("verdict").set_message(report.summary());
    let mut case = TestCase::new("verdict", status);
    case.set_classname(CLASS);
    let mut suite = TestSuite::new("release");
    suite.add_test_case(case);
    suite
}

fn case(link: &Link) -> TestCase {
    let mut case = TestCase::new(link.id.id(), status(link));
    case.set_classname(format!("{CLASS}.{}", abi_name(link.abi.as_deref())));
    case.add_property(Property::new("state", Standing::of(link).word()));
    let hashes = [
        ("expected_sha256", &link.expected_sha256),
        ("found_sha256", &link.found_sha256),
    ];
    for (name, hash) in hashes {
        if let Some(hash) = hash {
            case.add_property(Property::new(name, visible(hash)));
        }
    }
    // Elsewhere the texts stand in the failure itself.
    if !link.findings.is_empty() && !Standing::of(link).is_amiss() {
        case.set_system_out(texts(&link.findings));
    }
    case
}

fn status(link: &Link) -> TestCaseStatus {
    let kind = match Standing::of(link) {
        Standing::Held => return TestCaseStatus::success(),
        Standing::NotAsked => {
            let mut status = TestCaseStatus::skipped();
            status.set_message("not asked: its input was not given");
            return status;
        }
        Standing::Broken | Standing::Equivalent => NonSuccessKind::Failure,
        Standing::Undecided | Standing::Missing => NonSuccessKind::Error,
    };
    let mut status = TestCaseStatus::non_success(kind);
    // The gravest decides the state, so it names it; the first of several.
    let gravest = link.findings.iter().rev().max_by_key(|it| it.severity);
    if let Some(finding) = gravest {
        status.set_type(finding.rule.id());
        status.set_message(shown(&finding.message, VALUE_CHARS));
        status.set_description(texts(&link.findings));
    } else {
        status.set_type(Standing::of(link).word());
    }
    status
}

fn texts(findings: &[Finding]) -> String {
    findings.iter().map(text).collect::<Vec<_>>().join("\n\n")
}

fn text(finding: &Finding) -> String {
    let sure = finding
        .certainty
        .map_or_else(String::new, |it| format!(" ({})", it.word()));
    let mut text = format!(
        "{} {}{sure}: {}",
        severity_word(finding.severity),
        finding.rule.id(),
        shown(&finding.message, VALUE_CHARS)
    );
    let values = [
        ("about", finding.subject.as_ref()),
        ("expected", finding.expected.as_ref()),
        ("found", finding.found.as_ref()),
        ("remedy", Some(&finding.remedy)),
    ];
    for (label, value) in values {
        if let Some(value) = value {
            text.push_str(&format!("\n{label}: {}", shown(value, VALUE_CHARS)));
        }
    }
    text
}

const CLASS: &str = "verify-release";

const VALUE_CHARS: usize = 2000;
