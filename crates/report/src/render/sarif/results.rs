//! Findings as SARIF's results.

use std::collections::{BTreeMap, HashMap};

use sha2::{Digest, Sha256};

use crate::finding::{Finding, Severity};
use crate::link::Link;
use crate::release_report::Report;
use crate::render::plain::{shown, visible};
use crate::render::sarif::log::{
    ArtifactLocation, Level, Location, LogicalLocation, PhysicalLocation, Region, ResultProperties,
    SarifResult,
};
use crate::render::sarif::message;
use crate::render::sarif::rules::{CHAIN, index_of, level_of};
use crate::render::view::{Standing, abi_name, gravest, standing_of};
use crate::rules_page::severity_word;

/// Every finding, and a result for what is amiss without one.
pub(super) fn of(report: &Report) -> Vec<SarifResult> {
    let mut results = vec![];
    let mut fingerprints = Fingerprints::default();
    for link in report.links() {
        for finding in &link.findings {
            results.push(result(link, finding, &mut fingerprints));
        }
        let explained = gravest(&link.findings) >= Some(Severity::Undecided);
        if Standing::of(link).is_amiss() && !explained {
            results.push(unexplained_row(link, &mut fingerprints));
        }
    }
    let shows_it = results.iter().any(|result| result.level != Level::Note);
    if standing_of(report).is_amiss() && !shows_it {
        results.push(unexplained_verdict(report, &mut fingerprints));
    }
    results
}

fn result(link: &Link, finding: &Finding, fingerprints: &mut Fingerprints) -> SarifResult {
    let rule_id = finding.rule.id();
    let subject = finding.subject.as_deref();
    let value = |text: &Option<String>| text.as_deref().map(|text| shown(text, VALUE_CHARS));
    SarifResult {
        rule_id: rule_id.to_owned(),
        rule_index: index_of(rule_id),
        level: level_of(finding.severity),
        message: message(&text(finding)),
        locations: [location(Some(link), subject)],
        partial_fingerprints: fingerprints.of(rule_id, Some(link), subject),
        properties: ResultProperties {
            severity: severity_word(finding.severity),
            undecided: finding.severity == Severity::Undecided,
            artefact: value(&finding.subject),
            certainty: finding.certainty.map(crate::Certainty::word),
            expected: value(&finding.expected),
            found: value(&finding.found),
            remedy: Some(shown(&finding.remedy, VALUE_CHARS)),
            ..row_properties(link)
        },
    }
}

/// The message of an alert is all that most viewers show of it, so it has everything.
fn text(finding: &Finding) -> String {
    let mut text = shown(&finding.message, VALUE_CHARS);
    let values = [
        ("Expected", finding.expected.as_ref()),
        ("Found", finding.found.as_ref()),
        ("Remedy", Some(&finding.remedy)),
    ];
    for (label, value) in values {
        if let Some(value) = value {
            text.push_str(&format!("\n{label}: {}", shown(value, VALUE_CHARS)));
        }
    }
    text
}

fn unexplained_row(link: &Link, fingerprints: &mut Fingerprints) -> SarifResult {
    let standing = Standing::of(link);
    let broken = matches!(standing, Standing::Broken | Standing::Equivalent);
    let (id, abi) = (link.id.id(), abi_name(link.abi.as_deref()));
    SarifResult {
        rule_id: CHAIN.to_owned(),
        rule_index: index_of(CHAIN),
        level: if broken { Level::Error } else { Level::Warning },
        message: message(&format!("{id} ({abi}) is {}", standing.word())),
        locations: [location(Some(link), None)],
        partial_fingerprints: fingerprints.of(CHAIN, Some(link), None),
        properties: ResultProperties {
            severity: if broken { "error" } else { "undecided" },
            undecided: !broken,
            ..row_properties(link)
        },
    }
}

/// A link that is required and has no row at all is known to the verdict alone.
fn unexplained_verdict(report: &Report, fingerprints: &mut Fingerprints) -> SarifResult {
    SarifResult {
        rule_id: CHAIN.to_owned(),
        rule_index: index_of(CHAIN),
        level: Level::Warning,
        message: message(report.summary()),
        locations: [location(None, None)],
        partial_fingerprints: fingerprints.of(CHAIN, None, None),
        properties: ResultProperties {
            undecided: true,
            ..no_properties("undecided")
        },
    }
}

fn row_properties(link: &Link) -> ResultProperties {
    ResultProperties {
        link: Some(link.id.id()),
        abi: link.abi.as_deref().map(|abi| visible(abi).into_owned()),
        expected_sha256: link.expected_sha256.clone(),
        found_sha256: link.found_sha256.clone(),
        ..no_properties("")
    }
}

fn no_properties(severity: &'static str) -> ResultProperties {
    ResultProperties {
        severity,
        undecided: false,
        link: None,
        abi: None,
        artefact: None,
        certainty: None,
        expected: None,
        found: None,
        remedy: None,
        expected_sha256: None,
        found_sha256: None,
    }
}

fn location(link: Option<&Link>, subject: Option<&str>) -> Location {
    let mut logical = vec![];
    if let Some(link) = link {
        let abi = abi_name(link.abi.as_deref());
        let row = format!("{abi}/{}", link.id.id());
        logical.push(logical_location(&abi, &abi, "abi"));
        logical.push(logical_location(link.id.id(), &row, "link"));
        if let Some(subject) = subject {
            let subject = shown(subject, VALUE_CHARS);
            let inside = format!("{row}/{subject}");
            logical.push(logical_location(&subject, &inside, "member"));
        }
    }
    Location {
        physical_location: PhysicalLocation {
            artifact_location: ArtifactLocation { uri: ANCHOR },
            region: Region { start_line: 1 },
        },
        logical_locations: logical,
    }
}

fn logical_location(name: &str, path: &str, kind: &'static str) -> LogicalLocation {
    LogicalLocation {
        name: name.to_owned(),
        fully_qualified_name: path.to_owned(),
        kind,
    }
}

/// Names of results that stay the same from run to run: no file name of a runner, no hash and no
/// number of a build is in them.
#[derive(Default)]
struct Fingerprints {
    seen: HashMap<String, u32>,
}

impl Fingerprints {
    fn of(
        &mut self,
        rule_id: &str,
        link: Option<&Link>,
        subject: Option<&str>,
    ) -> BTreeMap<&'static str, String> {
        let id = link.map(|link| link.id.id());
        let abi = link.and_then(|link| link.abi.as_deref());
        let mut hash = Sha256::new();
        for part in [Some(rule_id), id, abi, subject] {
            // With lengths, so that no two lists of parts run together into one.
            let length = part.map_or(-1, |part| i128::try_from(part.len()).unwrap_or(i128::MAX));
            hash.update(length.to_le_bytes());
            hash.update(part.unwrap_or_default());
        }
        let name = hex::encode(hash.finalize());
        let count = self.seen.entry(name.clone()).or_default();
        *count += 1;
        let value = format!("{name}:{count}");
        // GitHub tells alerts apart by its own key. Without it, it would hash the line, which is
        // the same for all of ours, and keep one alert for each rule.
        BTreeMap::from([
            ("patchproofFinding/v1", value.clone()),
            ("primaryLocationLineHash", value),
        ])
    }
}

/// GitHub shows an alert only at a file of the repository, and what this is about is a build. Every
/// Flutter app has this file at its root; it names the app, its version and what it is built from.
/// The path inside the release is a property and a logical location.
const ANCHOR: &str = "pubspec.yaml";

const VALUE_CHARS: usize = 2000;
