//! Whether one snapshot may replace another: what the VM of the one would say to the other.

use std::fmt;
use std::ops::Deref;

use patchproof_report::{Comparison, Finding, Rule, Severity};

use crate::container::{Arch, Container, Os};
use crate::engine::Engine;
use crate::predict::predict;
use crate::snapshot::Snapshot;

/// A thing and what to call it in a finding, such as `the released library`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Named<'a, T> {
    /// What a person calls it.
    pub name: &'a str,
    /// The thing.
    pub thing: &'a T,
}

impl<'a, T> Named<'a, T> {
    /// Names a thing.
    #[must_use]
    pub const fn new(name: &'a str, thing: &'a T) -> Self {
        Self { name, thing }
    }
}

impl<T> Clone for Named<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Named<'_, T> {}

impl<T> Deref for Named<'_, T> {
    type Target = T;
    fn deref(&self) -> &T {
        self.thing
    }
}

impl<T> fmt::Display for Named<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Says whether `candidate` may stand where `base` stood, and what `engine` would do with it.
#[must_use]
pub fn compare(
    base: Named<'_, Snapshot>,
    candidate: Named<'_, Snapshot>,
    engine: Option<Named<'_, Engine<'_>>>,
) -> Comparison {
    let same_bytes = base.sha256 == candidate.sha256;
    let mut findings = own_findings(base);
    if !same_bytes {
        let news = own_findings(candidate)
            .into_iter()
            .filter(|own| !says_already(&findings, own));
        let news: Vec<Finding> = news.collect();
        findings.extend(news);
        findings.extend(differences(base, candidate));
    }
    let mut outcome = None;
    if let Some(engine) = engine {
        let prediction = predict(candidate, engine);
        outcome = Some(prediction.outcome);
        add_new(&mut findings, prediction.findings);
        let same_header = base.identity_sha256() == candidate.identity_sha256();
        if !same_header || base.embedder != candidate.embedder {
            add_new(&mut findings, predict(base, engine).findings);
        }
    }
    Comparison::conclude(same_bytes, outcome, findings)
}

/// A note or warning that the base has in the same form is no news of the candidate.
fn says_already(findings: &[Finding], own: &Finding) -> bool {
    own.severity < Severity::Undecided
        && findings
            .iter()
            .any(|known| known.rule == own.rule && known.found == own.found)
}

fn add_new(findings: &mut Vec<Finding>, more: Vec<Finding>) {
    for finding in more {
        if !findings.contains(&finding) {
            findings.push(finding);
        }
    }
}

/// What one library shows without another beside it.
pub(crate) fn own_findings(library: Named<'_, Snapshot>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for blob in library.blobs() {
        let expected = library.layout.kind();
        if blob.header.kind != expected {
            let message = format!(
                "{} of {library} is of a kind that the {} layout does not have: no VM takes it",
                blob.symbol,
                library.layout.word()
            );
            let found = blob.header.kind.to_string();
            let finding = Finding::new(Rule::KindUnexpected, message);
            findings.push(finding.comparing(expected.to_string(), found));
        }
        if !blob.length_fits() {
            let message = format!(
                "{} of {library} declares a length that it does not have: the VM refuses it or \
                 reads outside the file",
                blob.symbol
            );
            let finding = Finding::new(Rule::BlobLength, message);
            let expected = format!("at most {} bytes, header included", blob.size);
            findings.push(finding.comparing(expected, blob.header.length.to_string()));
        }
    }
    if !library.misfits.is_empty() {
        let message = format!(
            "{library} is damaged, or of a layout that is not known here: an image in it does not \
             have the size that it says, and a VM may crash over it"
        );
        let finding = Finding::new(Rule::ImageMisfits, message);
        findings.push(finding.showing(library.misfits.join(", ")));
    }
    findings.extend(blobs_disagree(library));
    findings.extend(machine_word(library));
    // Only Android's 64-bit processes ask for it.
    let android = library.os == Some(Os::Android) && library.container == Container::Elf64;
    if android && !library.ready_for_16k_pages {
        let message = format!("{library} cannot be mapped on devices with 16 KiB pages");
        let found = format!("{} bytes", library.load_alignment);
        let finding = Finding::new(Rule::NotReadyFor16KiBPages, message);
        findings.push(finding.comparing("16384 bytes or more", found));
    }
    if !library.absolute_paths.is_empty() {
        let message = format!("{library} holds absolute paths of the machine that built it");
        let finding = Finding::new(Rule::AbsolutePath, message);
        findings.push(finding.showing(library.absolute_paths.join(", ")));
    }
    findings
}

fn blobs_disagree(library: Named<'_, Snapshot>) -> Option<Finding> {
    let first = library.blobs().next()?;
    let identity =
        |blob: &crate::blob::DataBlob| format!("{} {}", blob.header.version, blob.header.features);
    let other = library
        .blobs()
        .find(|blob| identity(blob) != identity(first))?;
    let message = format!(
        "{} and {} of {library} disagree: the VM refuses one of them",
        first.symbol, other.symbol
    );
    Some(Finding::new(Rule::HeadersDisagree, message).comparing(identity(first), identity(other)))
}

fn machine_word(library: Named<'_, Snapshot>) -> Option<Finding> {
    let expected = library.arch.feature_word()?;
    let names_it = |word: &str| Arch::from_feature_word(word) == Some(library.arch);
    if library.features().any(names_it) {
        return None;
    }
    let message = format!(
        "the container of {library} is for {}, and its features do not say `{expected}`: \
         the VM refuses it",
        library.arch.word()
    );
    let finding = Finding::new(Rule::MachineWordDisagrees, message);
    Some(finding.comparing(expected, library.features().collect::<Vec<_>>().join(" ")))
}

fn differences(base: Named<'_, Snapshot>, candidate: Named<'_, Snapshot>) -> Vec<Finding> {
    let pair = |rule: Rule, message: String, expected: &str, found: &str| {
        (expected != found).then(|| Finding::new(rule, message).comparing(expected, found))
    };
    let (old, new) = (base.header(), candidate.header());
    [
        pair(
            Rule::MachineDiffers,
            format!("{candidate} is for another machine than {base}: the loader refuses it"),
            base.arch.word(),
            candidate.arch.word(),
        ),
        pair(
            Rule::ContainerDiffers,
            format!("{candidate} is in another container than {base}: the loader refuses it"),
            base.container.word(),
            candidate.container.word(),
        ),
        pair(
            Rule::LayoutDiffers,
            format!("{candidate} has another layout than {base}: the engine of {base} aborts"),
            base.layout.word(),
            candidate.layout.word(),
        ),
        pair(
            Rule::VersionDiffers,
            format!(
                "{candidate} was built by another compiler than {base}: the engine of {base} \
                 answers `Wrong full snapshot version` and the app does not start"
            ),
            &old.version,
            &new.version,
        ),
        features_differ(base, candidate),
        embedder_differs(base, candidate),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The VM compares feature strings as text; a person wants the words. Between two compilers the
/// words differ anyway, and the VM stops at the version.
fn features_differ(base: Named<'_, Snapshot>, candidate: Named<'_, Snapshot>) -> Option<Finding> {
    let (old, new) = (&base.header().features, &candidate.header().features);
    if old == new || base.header().version != candidate.header().version {
        return None;
    }
    let words = words_between(old, new);
    let message = format!(
        "{candidate} has other features than {base} ({words}): the engine of {base} answers \
         `Snapshot not compatible with the current VM configuration` and the app does not start"
    );
    Some(Finding::new(Rule::FeaturesDiffer, message).comparing(old, new))
}

/// In which words two feature strings differ.
pub(crate) fn words_between(old: &str, new: &str) -> String {
    let only = |these: &str, others: &str| {
        let has = |word: &str| others.split_ascii_whitespace().any(|other| other == word);
        let own = these.split_ascii_whitespace().filter(|word| !has(word));
        own.collect::<Vec<_>>().join(" ")
    };
    let (gone, come) = (only(old, new), only(new, old));
    match (gone.is_empty(), come.is_empty()) {
        (true, true) => "the same words in another order".to_owned(),
        (false, true) => format!("without `{gone}`"),
        (true, false) => format!("with `{come}` besides"),
        (false, false) => format!("`{come}` instead of `{gone}`"),
    }
}

/// Only where both show it: an app that mentions both libraries does not.
fn embedder_differs(base: Named<'_, Snapshot>, candidate: Named<'_, Snapshot>) -> Option<Finding> {
    let (old, new) = (base.embedder?, candidate.embedder?);
    let message = format!(
        "{candidate} was compiled for {}, and {base} for {}: {} is not found and the app does not \
         start",
        new.word(),
        old.word(),
        old.library()
    );
    let finding = Finding::new(Rule::EmbedderDiffers, message);
    (old != new).then(|| finding.comparing(old.library(), new.library()))
}
