//! `artefact`: the released library is there, is a snapshot with one reading, and is what users
//! would be given.

use patchproof_archive::Release;
use patchproof_report::{Finding, Link, LinkId, Rule, Severity};
use patchproof_snapshot::{Named, Snapshot, compare};

use super::{OneAbi, Other};
use crate::rows::{PATCHED, REBUILT, RELEASED, judged};

impl OneAbi<'_> {
    pub(super) fn artefact(&self) -> Link {
        let mut findings = match self.released.snapshot(RELEASED) {
            Ok(snapshot) => self.of_snapshot(snapshot),
            Err(finding) => vec![finding],
        };
        findings.extend(identity_findings(self.scene.release));
        findings.extend(self.not_covered());
        findings.extend(self.more_abis());
        let link = judged(LinkId::Artefact, self.abi, findings);
        link.with_hashes(None, Some(self.released.sha256.clone()))
    }

    fn of_snapshot(&self, snapshot: &Snapshot) -> Vec<Finding> {
        let mut findings = Vec::new();
        let found = snapshot.arch.abi().unwrap_or("another machine");
        if found != self.abi {
            let message = format!(
                "{} lies in the folder of {} and is machine code for {found}",
                self.released.name, self.abi
            );
            findings
                .push(Finding::new(Rule::AbiFolderDisagrees, message).comparing(self.abi, found));
        }
        findings.extend(worth_knowing(snapshot));
        if !snapshot.features().any(|word| word == "product") {
            let message = format!("{RELEASED} is not built in product mode");
            let mode = snapshot.features().find(|word| MODES.contains(word));
            let finding = Finding::new(Rule::NotAReleaseBuild, message);
            findings.push(finding.comparing("product", mode.unwrap_or("no mode")));
        }
        findings.extend(self.stripped_alike(snapshot));
        findings
    }

    /// A release that is stripped beside a build that is not was not taken from the same place.
    fn stripped_alike(&self, released: &Snapshot) -> Vec<Finding> {
        let word = |stripped: bool| if stripped { "stripped" } else { "not stripped" };
        let others = [(REBUILT, &self.rebuilt), (PATCHED, &self.patched)];
        let others = others.into_iter().filter_map(|(role, other)| {
            let snapshot = other.library()?.snapshot.as_ref().ok()?;
            Some((role, snapshot.stripped))
        });
        others
            .filter(|(_, stripped)| *stripped != released.stripped)
            .map(|(role, stripped)| {
                let (of_release, of_other) = (word(released.stripped), word(stripped));
                let message = format!("{RELEASED} is {of_release}, and {role} is {of_other}");
                Finding::new(Rule::StrippedOnOneSideOnly, message).comparing(of_release, of_other)
            })
            .collect()
    }

    /// An ABI without a patched build or patch, where the others have one: its users would be left
    /// out in silence.
    fn not_covered(&self) -> Vec<Finding> {
        let mut findings = Vec::new();
        if let Other::Fault(finding) = &self.patched
            && finding.rule == Rule::AbiMissing
        {
            findings.push(finding.clone());
        }
        let patches = &self.scene.inputs.patches;
        let labelled = |abi: &str| {
            patches
                .iter()
                .any(|patch| patch.abi.as_deref() == Some(abi))
        };
        if !patches.is_empty()
            && patches.iter().all(|patch| patch.abi.is_some())
            && !labelled(self.abi)
        {
            let given: Vec<&str> = patches
                .iter()
                .filter_map(|patch| patch.abi.as_deref())
                .collect();
            let message = format!(
                "the release is for {} too, and no patch is given for it",
                self.abi
            );
            findings.push(
                Finding::new(Rule::AbiMissing, message).comparing(self.abi, given.join(", ")),
            );
        }
        findings
    }

    /// ABIs that only the patched build has need no patch; worth a line, once.
    fn more_abis(&self) -> Option<Finding> {
        let Some(Ok(patched)) = &self.scene.patched else {
            return None;
        };
        if self.scene.looked_at.first() != Some(&self.abi) || !patched.has(self.abi) {
            return None;
        }
        let more: Vec<&str> = patched
            .abis()
            .filter(|abi| !self.scene.released.has(abi))
            .collect();
        if more.is_empty() {
            return None;
        }
        let message = "the patched build has libraries for ABIs that the release does not have";
        let finding = Finding::new(Rule::AbiMissing, message).showing(more.join(", "));
        let remedy = "Nothing: no user has them.";
        Some(finding.mended_by(remedy).weighing(Severity::Note))
    }
}

/// What a library shows of itself that changes no verdict. What does is `compatibility`'s to say.
pub(super) fn worth_knowing(snapshot: &Snapshot) -> Vec<Finding> {
    let released = Named::new(RELEASED, snapshot);
    let mut findings = compare(released, released, None).findings;
    findings.retain(|finding| finding.severity < Severity::Undecided);
    findings
}

/// What the manifests of a release say of it, and of one another.
fn identity_findings(release: &Release) -> Vec<Finding> {
    let app = release.app();
    let mut findings = Vec::new();
    for words in &app.disagreements {
        findings.push(Finding::new(Rule::VersionsDisagree, words));
    }
    for words in &app.unreadable {
        findings.push(Finding::new(Rule::ManifestUnreadable, words));
    }
    if app.debuggable == Some(true) {
        let message = format!(
            "the manifest of {} says that the app is debuggable",
            release.name()
        );
        findings.push(Finding::new(Rule::NotAReleaseBuild, message));
    }
    findings
}

/// The words for how a snapshot was built.
const MODES: [&str; 3] = ["product", "release", "debug"];
