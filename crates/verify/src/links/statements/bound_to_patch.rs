//! Whether a statement is about this patch: the download, what it is called, and what it gives.

use patchproof_patch::{DeclaredBase, Header};
use patchproof_report::{Finding, LinkId, Rule};
use patchproof_trust::{Digest, Download, PatchStatement};

use super::super::OneAbi;
use super::{Looked, other, size};
use crate::inputs::Input;
use crate::rows::{not_reached, option_missing, unreadable, wide};

impl OneAbi<'_> {
    /// Holds what the statement says of the patch against the patch and what it gives.
    pub(super) fn bound_to_the_patch(
        &self,
        statement: &PatchStatement,
        patch: Option<&Input>,
        looked: &mut Looked,
    ) {
        let findings = &mut looked.findings;
        let Some(patch) = patch else {
            return findings.push(option_missing(LinkId::Statements, "--patch"));
        };
        let bytes = match &patch.bytes {
            Ok(bytes) => bytes,
            Err(why) => return findings.push(unreadable("the patch", &patch.name, why)),
        };
        let found = Digest::of(bytes);
        let download = statement.downloads.iter().find(|it| it.sha256 == found);
        let meant = download.or_else(|| self.only_download(statement));
        match download {
            Some(download) => findings.extend(self.mislabelled(download, bytes)),
            None => findings.push(other_download(&patch.name, meant, found)),
        }
        findings.extend(self.other_output(statement));
        findings.extend(covers_more(statement, found));
        looked.found_sha256 = Some(found.to_string());
        looked.expected_sha256 = meant.map(|download| download.sha256.to_string());
    }

    /// The one way from the released library to the new one, if there is only one.
    fn only_download<'s>(&self, statement: &'s PatchStatement) -> Option<&'s Download> {
        let is_ours = |download: &&Download| {
            let from = download.from_sha256.map(|sha256| sha256.to_string());
            download.makes.as_str() == LIBRARY
                && from.is_none_or(|from| from == self.released.sha256)
        };
        let mut downloads = statement.downloads.iter().filter(is_ours);
        let only = downloads.next();
        only.filter(|_| downloads.next().is_none())
    }

    /// What the statement calls the patch, against what it is.
    fn mislabelled(&self, download: &Download, patch: &[u8]) -> Vec<Finding> {
        let (container, codec, holds_all) = match Header::of(patch) {
            None => ("shorebird", "zstd", false),
            Some(Ok(header)) => (
                "patchproof",
                header.codec.word(),
                header.base == DeclaredBase::None,
            ),
            Some(Err(_)) => return vec![not_reached("the patch's header cannot be read")],
        };
        let base = &self.released.sha256;
        let from = download.from_sha256.map(|sha256| sha256.to_string());
        // What holds the whole file may say so, or be offered for the release alone.
        let from = from.unwrap_or_else(|| {
            if holds_all {
                base.clone()
            } else {
                NOTHING.into()
            }
        });
        let (signed_bytes, found_bytes) = (size(download.size_bytes), size(wide(patch.len())));
        let called = [
            ("container", container, download.container.as_str()),
            ("codec", codec, download.codec.as_str()),
            ("base of the patch", base, &from),
            (
                "file that the patch makes",
                LIBRARY,
                download.makes.as_str(),
            ),
            ("size of the patch", &found_bytes, &signed_bytes),
        ];
        called
            .into_iter()
            .filter(|(_, expected, found)| expected != found)
            .map(|(what, expected, found)| {
                other(Rule::StatementDownloadMislabelled, what, expected, found)
            })
            .collect()
    }

    /// What the statement promises, against what the patch gives.
    fn other_output(&self, statement: &PatchStatement) -> Option<Finding> {
        let Some(Ok(output)) = self.inflated() else {
            return Some(not_reached(
                "the patch does not inflate over the released library",
            ));
        };
        let rule = Rule::StatementOtherOutput;
        let mut files = statement.files.iter();
        let Some(file) = files.find(|file| file.name.as_str() == LIBRARY) else {
            let message = format!("the statement names no {LIBRARY}, which the patch gives");
            return Some(Finding::new(rule, message));
        };
        let (expected, found) = (Digest::of(output), file.sha256);
        if expected != found {
            let (expected, found) = (expected.to_string(), found.to_string());
            return Some(other(rule, "patched library", &expected, &found));
        }
        let (expected, found) = (wide(output.len()), file.size_bytes);
        let what = "patched library's size";
        (expected != found).then(|| other(rule, what, &size(expected), &size(found)))
    }
}

fn other_download(patch: &str, meant: Option<&Download>, found: Digest) -> Finding {
    let message = format!("{patch} is none of the downloads that the statement names");
    let finding = Finding::new(Rule::StatementOtherDownload, message);
    match meant {
        Some(meant) => finding.comparing(meant.sha256.to_string(), found.to_string()),
        None => finding.showing(found.to_string()),
    }
}

/// What else the statement lets devices fetch: nobody looked at it here.
fn covers_more(statement: &PatchStatement, patch: Digest) -> Option<Finding> {
    let files = statement.files.iter().map(|file| file.name.as_str());
    let files = files.filter(|name| *name != LIBRARY).map(str::to_owned);
    let downloads = statement.downloads.iter().map(|it| it.sha256);
    let downloads = downloads.filter(|it| *it != patch);
    let more: Vec<String> = files.chain(downloads.map(|it| it.to_string())).collect();
    let message = format!(
        "the statement covers {} more files and downloads, which were not given",
        more.len()
    );
    let finding = Finding::new(Rule::StatementCoversMore, message);
    (!more.is_empty()).then(|| finding.showing(more.join(", ")))
}

/// What a generation calls the app's Dart library, on every platform.
const LIBRARY: &str = "libapp.so";
const NOTHING: &str = "nothing: it is to be the whole file";
