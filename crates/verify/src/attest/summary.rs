//! The statement: which files, and the summary of their verification.

use std::collections::BTreeMap;

use jiff::Timestamp;
use patchproof_report::{Link, LinkId, LinkState, Report, ReportVerdict};
use serde::Serialize;

use super::AttestError;
use crate::inputs::{Inputs, LabelledPatch};
use crate::rows::sha256;

/// An in-toto statement, version 1.
#[derive(Serialize)]
pub(super) struct Statement {
    #[serde(rename = "_type")]
    statement_type: &'static str,
    subject: Vec<Descriptor>,
    #[serde(rename = "predicateType")]
    predicate_type: &'static str,
    predicate: Summary,
}

/// SLSA's verification summary, version 1. The field with a URI for a name is ours.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Summary {
    verifier: Verifier,
    time_verified: String,
    resource_uri: String,
    policy: Descriptor,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    input_attestations: Vec<Descriptor>,
    verification_result: &'static str,
    verified_levels: Vec<String>,
    #[serde(rename = "urn:patchproof:report:v1")]
    ours: Ours,
}

#[derive(Serialize)]
struct Verifier {
    id: &'static str,
    version: BTreeMap<&'static str, &'static str>,
}

/// A file or document by its hash: SLSA's `ResourceDescriptor`.
#[derive(Serialize)]
struct Descriptor {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    uri: Option<&'static str>,
    digest: BTreeMap<&'static str, String>,
}

/// What of the report the summary has no place for.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Ours {
    verdict: &'static str,
    exit_code: u8,
    links: Vec<Row>,
    policy: Policy,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    id: &'static str,
    abi: Option<String>,
    state: &'static str,
    expected_sha256: Option<String>,
    found_sha256: Option<String>,
    rules: Vec<&'static str>,
}

/// What had to hold. Its hash is the policy's digest.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Policy {
    abis: Vec<String>,
    accepted: Vec<&'static str>,
    required: Vec<&'static str>,
}

/// Draws the statement from a report and what it was drawn from.
pub(super) fn statement(
    report: &Report,
    inputs: &Inputs,
    verified_s: u64,
) -> Result<Statement, AttestError> {
    let subject = subjects(report, inputs);
    if subject.is_empty() {
        return Err(AttestError::NoSubject);
    }
    let policy = Policy::of(inputs);
    let policy_bytes = serde_json::to_vec(&policy).map_err(|error| AttestError::Unwritable {
        reason: error.to_string(),
    })?;
    let passed = report.verdict() == ReportVerdict::Verified;
    let version = [("patchproof", env!("CARGO_PKG_VERSION"))];
    Ok(Statement {
        statement_type: "https://in-toto.io/Statement/v1",
        subject,
        predicate_type: "https://slsa.dev/verification_summary/v1",
        predicate: Summary {
            verifier: Verifier {
                id: "urn:patchproof:verify-release",
                version: version.into(),
            },
            time_verified: date(verified_s)?,
            resource_uri: resource(report, inputs),
            policy: Descriptor {
                uri: Some("urn:patchproof:policy:v1"),
                ..Descriptor::of(None, sha256(&policy_bytes))
            },
            input_attestations: attestations(inputs),
            verification_result: if passed { "PASSED" } else { "FAILED" },
            verified_levels: levels(report, passed),
            ours: Ours {
                verdict: report.verdict().word(),
                exit_code: report.exit_code().number(),
                links: report.links().iter().map(Row::of).collect(),
                policy,
            },
        },
    })
}

impl Descriptor {
    fn of(name: Option<String>, sha256: String) -> Self {
        Self {
            name,
            uri: None,
            digest: [("sha256", sha256)].into(),
        }
    }
}

impl Row {
    fn of(link: &Link) -> Self {
        Self {
            id: link.id.id(),
            abi: link.abi.clone(),
            state: link.state.word(),
            expected_sha256: link.expected_sha256.clone(),
            found_sha256: link.found_sha256.clone(),
            rules: link.findings.iter().map(|it| it.rule.id()).collect(),
        }
    }
}

impl Policy {
    fn of(inputs: &Inputs) -> Self {
        let mut accepted: Vec<&str> = inputs.accepted.iter().map(|it| it.name()).collect();
        accepted.sort_unstable();
        Self {
            abis: inputs.abis.iter().cloned().collect(),
            accepted,
            required: inputs.must_hold().iter().map(|link| link.id()).collect(),
        }
    }
}

/// The released libraries and the patches, by ABI: names say what a file is, and no path of the
/// machine that verified it.
fn subjects(report: &Report, inputs: &Inputs) -> Vec<Descriptor> {
    let released = libraries(report).map(|(abi, sha256)| {
        let name = format!("release/{abi}/libapp.so");
        Descriptor::of(Some(name), sha256.to_owned())
    });
    let patches = inputs.patches.iter().filter_map(|patch| {
        let bytes = patch.file.bytes.as_ref().ok()?;
        // A patch for an ABI that nobody looked at is not vouched for.
        let abi = match &patch.abi {
            Some(abi) => libraries(report).find(|(of, _)| of == abi)?.0,
            None => only_abi(report)?,
        };
        Some(Descriptor::of(Some(format!("patch/{abi}")), sha256(bytes)))
    });
    released.chain(patches).collect()
}

/// The released library of each ABI that was looked at.
fn libraries(report: &Report) -> impl Iterator<Item = (&str, &str)> {
    let rows = report.links().iter();
    rows.filter(|row| row.id == LinkId::Artefact)
        .filter_map(|row| Some((row.abi.as_deref()?, row.found_sha256.as_deref()?)))
}

fn only_abi(report: &Report) -> Option<&str> {
    let mut libraries = libraries(report);
    let (abi, _) = libraries.next()?;
    libraries.next().is_none().then_some(abi)
}

/// Statements and roots are attestations themselves: each counted in, so each is named. The root in
/// the release is part of that.
fn attestations(inputs: &Inputs) -> Vec<Descriptor> {
    let signed = &inputs.signed;
    let labelled = signed.statements.iter().chain(&signed.channels);
    let files = labelled.map(|LabelledPatch { file, .. }| file);
    let read = files
        .chain(&signed.previous)
        .chain(&signed.root)
        .chain(&signed.next_roots)
        .filter_map(|file| file.bytes.as_ref().ok());
    let mut hashes: Vec<String> = read.map(|bytes| sha256(bytes)).collect();
    hashes.sort_unstable();
    hashes.dedup();
    hashes
        .into_iter()
        .map(|sha256| Descriptor::of(None, sha256))
        .collect()
}

/// A level for each link that held for every ABI. None is one of SLSA's own: nothing is said about
/// how the files were built.
fn levels(report: &Report, passed: bool) -> Vec<String> {
    if !passed {
        return vec!["FAILED".to_owned()];
    }
    let held = |id: &LinkId| {
        let mut rows = report.links().iter().filter(|row| row.id == *id).peekable();
        rows.peek().is_some() && rows.all(|row| row.state == LinkState::Held)
    };
    let level = |id: LinkId| format!("PATCHPROOF_{}", id.id().to_ascii_uppercase());
    LinkId::ALL.into_iter().filter(held).map(level).collect()
}

/// What the files are of: the app and its version as the release's manifest names them, or its
/// first library.
fn resource(report: &Report, inputs: &Inputs) -> String {
    let app = inputs.release.opened.as_ref().ok().map(|it| it.app());
    let named = app.and_then(|app| {
        let version = app.version_name.as_deref()?;
        let code = app.version_code.map(|code| format!("+{code}"));
        let version = format!("{version}{}", code.unwrap_or_default());
        Some([app.app_id.as_deref()?, &version].map(escaped))
    });
    if let Some([app, version]) = named {
        return format!("urn:patchproof:release:{app}:{version}");
    }
    let library = libraries(report).next().map(|(_, sha256)| sha256);
    format!(
        "urn:patchproof:library:sha256:{}",
        library.unwrap_or("unknown")
    )
}

/// As a URI writes what it has no letter for.
fn escaped(text: &str) -> String {
    let written = |byte: u8| match byte {
        b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'+' => {
            char::from(byte).to_string()
        }
        _ => format!("%{byte:02X}"),
    };
    text.bytes().map(written).collect()
}

fn date(seconds: u64) -> Result<String, AttestError> {
    let timestamp = i64::try_from(seconds).ok();
    let timestamp = timestamp.and_then(|seconds| Timestamp::from_second(seconds).ok());
    let timestamp = timestamp.ok_or(AttestError::NoDate { seconds })?;
    Ok(timestamp.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_rfc_3339_writes_it_in_utc() {
        assert_eq!(date(0).unwrap(), "1970-01-01T00:00:00Z");
        assert_eq!(date(1_800_000_000).unwrap(), "2027-01-15T08:00:00Z");
    }

    #[test]
    fn a_moment_that_no_calendar_has_is_no_date() {
        assert_eq!(
            date(u64::MAX),
            Err(AttestError::NoDate { seconds: u64::MAX })
        );
    }

    #[test]
    fn a_blank_in_a_version_is_no_blank_in_a_uri() {
        assert_eq!(escaped("1.0 beta/2"), "1.0%20beta%2F2");
    }
}
