//! `statements`: a signed statement is there, is about these very bytes, and is believed by the
//! devices that have the release's root.

mod bound_to_patch;
mod bound_to_release;
mod channel;
mod claims;
mod legacy;
mod previous;
mod refused;
mod roots;

use patchproof_report::{Finding, Link, LinkId, Rule};
use patchproof_trust::{Device, PatchStatement, Verified, Verifier};

use super::OneAbi;
use super::labelled::Named;
use crate::inputs::Input;
use crate::rows::{judged, not_given, option_missing, sha256, undecided, unreadable};
use crate::shared::{RootFile, RootOfTrust};
pub use legacy::legacy_signature;
use roots::Roots;

/// What was named for one ABI.
struct Files<'a> {
    patch: Option<&'a Input>,
    statement: Option<&'a Input>,
    channel: Option<&'a Input>,
    signature: Option<&'a Input>,
}

/// A statement whose signatures hold, and the device that it is for.
struct Believed<'a> {
    statement: Verified<PatchStatement>,
    envelope: &'a [u8],
    device: Device,
    roots: Roots,
}

/// What one of the two ways to sign came to.
#[derive(Default)]
struct Looked {
    findings: Vec<Finding>,
    expected_sha256: Option<String>,
    found_sha256: Option<String>,
}

impl From<Finding> for Looked {
    fn from(finding: Finding) -> Self {
        Self {
            findings: vec![finding],
            ..Self::default()
        }
    }
}

impl OneAbi<'_> {
    pub(super) fn statements(&self) -> Link {
        let id = LinkId::Statements;
        let files = match self.signed_files() {
            Ok(files) => files,
            Err(finding) => return undecided(id, self.abi, finding),
        };
        let statement = self.by_statement(&files);
        let legacy = self.by_legacy_signature(&files);
        if statement.is_none() && legacy.is_none() {
            return self.no_statement();
        }
        let mut looked = statement.unwrap_or_default();
        let legacy = legacy.unwrap_or_default();
        looked.findings.extend(legacy.findings);
        let expected = looked.expected_sha256.or(legacy.expected_sha256);
        let found = looked.found_sha256.or(legacy.found_sha256);
        judged(id, self.abi, looked.findings).with_hashes(expected, found)
    }

    fn signed_files(&self) -> Result<Files<'_>, Finding> {
        let signed = &self.scene.inputs.signed;
        let named = |noun, option| Named { noun, option };
        Ok(Files {
            patch: self.patch()?,
            statement: self.labelled(&signed.statements, named("statement", "--statement"))?,
            channel: self.labelled(&signed.channels, named("channel statement", "--channel"))?,
            signature: self.labelled(&signed.signatures, named("signature", "--signature"))?,
        })
    }

    /// Nothing is signed, and no root asks for it.
    fn no_statement(&self) -> Link {
        not_given(
            self.scene.inputs,
            LinkId::Statements,
            self.abi,
            "--statement",
        )
    }

    /// `None` where neither a statement nor a root is there.
    fn by_statement(&self, files: &Files<'_>) -> Option<Looked> {
        let id = LinkId::Statements;
        match (&self.scene.shared.root, files.statement) {
            (RootOfTrust::Fault(finding), _) => Some(finding.clone().into()),
            (RootOfTrust::There(root), Some(statement)) => {
                Some(self.under_root(root, statement, files))
            }
            (RootOfTrust::There(root), None) => self.without_statement(root, files.patch),
            (RootOfTrust::None { shows_assets: true }, Some(statement)) => {
                let message = format!(
                    "{} cannot be checked: {} holds no flutter_assets/patchproof/root.json",
                    statement.name,
                    self.scene.release.name()
                );
                Some(Finding::new(Rule::RootMissing, message).into())
            }
            (RootOfTrust::None { .. }, Some(_)) => Some(option_missing(id, "--root").into()),
            (RootOfTrust::None { .. }, None) => self
                .scene
                .inputs
                .signed
                .belongs_to_a_statement()
                .then(|| option_missing(id, "--statement").into()),
        }
    }

    /// A release with a root and nothing signed: what its devices say to a patch.
    fn without_statement(&self, root: &RootFile, patch: Option<&Input>) -> Option<Looked> {
        let signed = &self.scene.inputs.signed;
        let (device, roots) = match Roots::walk(root, &signed.next_roots, self.any_device()) {
            Ok(walked) => walked,
            Err(finding) => return Some(finding.into()),
        };
        if let Some(patch) = patch {
            let message = format!(
                "{} embeds a root, and no statement was given for {}",
                self.scene.release.name(),
                patch.name
            );
            let found = patch.bytes.as_deref().ok().map(sha256);
            return Some(Looked {
                findings: vec![Finding::new(Rule::StatementMissing, message)],
                expected_sha256: None,
                found_sha256: found,
            });
        }
        let expired = roots.expired(&device, self.scene.inputs.now_s);
        let expired = expired.map(Looked::from);
        let missing = || option_missing(LinkId::Statements, "--statement").into();
        expired.or_else(|| signed.belongs_to_a_statement().then(missing))
    }

    fn under_root(&self, root: &RootFile, statement: &Input, files: &Files<'_>) -> Looked {
        let envelope = match &statement.bytes {
            Ok(bytes) => bytes.as_slice(),
            Err(why) => return unreadable("the statement", &statement.name, why).into(),
        };
        let signed = &self.scene.inputs.signed;
        let device = self.device_of(envelope);
        let (device, roots) = match Roots::walk(root, &signed.next_roots, device) {
            Ok(walked) => walked,
            Err(finding) => return finding.into(),
        };
        let mut looked = Looked::default();
        looked.findings.extend(roots.stands_in());
        looked
            .findings
            .extend(roots.expired(&device, self.scene.inputs.now_s));
        let verified =
            Verifier::new(&device, roots.newest()).and_then(|verifier| verifier.standing(envelope));
        match verified {
            Err(refusal) => looked
                .findings
                .push(refused::finding(&statement.name, &refusal)),
            Ok(statement) => {
                let believed = Believed {
                    statement,
                    envelope,
                    device,
                    roots,
                };
                self.believed(&believed, files, &mut looked);
            }
        }
        looked
    }

    /// Everything that the signatures do not show: whether the statement is about this release and
    /// this patch, whether it is news, and whether it is offered.
    fn believed(&self, believed: &Believed<'_>, files: &Files<'_>, looked: &mut Looked) {
        let statement = &believed.statement;
        looked.findings.extend(self.bound_to_the_release(statement));
        self.bound_to_the_patch(statement, files.patch, looked);
        looked.findings.extend(self.above_the_previous(believed));
        let channel = files
            .channel
            .and_then(|it| self.not_offered_by(it, believed));
        looked.findings.extend(channel);
    }
}

/// The statement says one thing, and what was given shows another.
fn other(rule: Rule, what: &str, expected: &str, found: &str) -> Finding {
    let message = format!("the {what} in the statement is not the one that was given");
    Finding::new(rule, message).comparing(expected, found)
}

fn size(bytes: u64) -> String {
    format!("{bytes} bytes")
}
