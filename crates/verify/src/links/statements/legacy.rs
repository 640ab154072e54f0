//! The legacy profile: Shorebird's RSA signature over the hash of what a patch gives.

use patchproof_report::{Finding, LinkId, Rule};
use patchproof_trust::Digest;
use patchproof_trust::legacy::{LegacyProfile as _, LegacyRefusal, Shorebird};

use super::super::OneAbi;
use super::{Files, Looked};
use crate::inputs::Input;
use crate::rows::{not_reached, option_missing, unreadable};

impl OneAbi<'_> {
    /// `None` where neither a key nor a signature was named, or a key and no patch.
    pub(super) fn by_legacy_signature(&self, files: &Files<'_>) -> Option<Looked> {
        let id = LinkId::Statements;
        let key = self.scene.inputs.signed.public_key.as_ref();
        let (key, patch) = match (key, files.signature, files.patch) {
            (Some(key), _, Some(patch)) => (key, patch),
            (Some(_), Some(_), None) => return Some(option_missing(id, "--patch").into()),
            (None, Some(_), _) => return Some(option_missing(id, "--public-key").into()),
            (Some(_), None, None) | (None, None, _) => return None,
        };
        let profile = match profile(key) {
            Ok(profile) => profile,
            Err(finding) => return Some(finding.into()),
        };
        let mut looked = self
            .signed_output(patch, files.signature, &profile)
            .unwrap_or_else(Looked::from);
        let lost = profile.lost_guarantees().iter();
        let lost = lost.map(|line| Finding::new(Rule::LegacyGuaranteeLost, *line));
        looked.findings.extend(lost);
        Some(looked)
    }

    /// What is signed is the hash of what the patch gives.
    fn signed_output(
        &self,
        patch: &Input,
        signature: Option<&Input>,
        profile: &Shorebird,
    ) -> Result<Looked, Finding> {
        let bytes = patch.bytes.as_ref();
        let bytes = bytes.map_err(|why| unreadable("the patch", &patch.name, why))?;
        let output = self
            .inflated(bytes)
            .map_err(|_| not_reached("the patch does not inflate over the released library"))?;
        let signature = signature.map(|signature| text(signature, "the signature"));
        let signature = signature.transpose()?;
        let output = Digest::of(output);
        let verified = profile.verify(&output, signature.as_deref());
        let found = output.to_string();
        Ok(Looked {
            expected_sha256: verified.is_ok().then(|| found.clone()),
            found_sha256: Some(found),
            findings: verified
                .err()
                .map(|refusal| of_refusal(&patch.name, &refusal))
                .into_iter()
                .collect(),
        })
    }
}

fn profile(key: &Input) -> Result<Shorebird, Finding> {
    let text = text(key, "the public key")?;
    let base64: String = text
        .lines()
        // A key in PEM is the same base64 between two lines of words.
        .filter(|line| !line.starts_with("-----"))
        .map(str::trim)
        .collect();
    Shorebird::from_patch_public_key(&base64).map_err(|refusal| of_refusal(&key.name, &refusal))
}

/// A short text file without the blanks at its end. What is no text is no base64 either.
fn text(input: &Input, role: &str) -> Result<String, Finding> {
    let bytes = input.bytes.as_ref();
    let bytes = bytes.map_err(|why| unreadable(role, &input.name, why))?;
    let text = String::from_utf8_lossy(bytes.get(..TEXT_BYTES_MAX).unwrap_or(bytes));
    Ok(text.trim().to_owned())
}

fn of_refusal(name: &str, refusal: &LegacyRefusal) -> Finding {
    let rule = match refusal {
        LegacyRefusal::Missing => Rule::LegacySignatureMissing,
        LegacyRefusal::Key { .. } => Rule::LegacyKeyUnusable,
        _ => Rule::LegacySignatureWrong,
    };
    Finding::new(rule, format!("{name}: {refusal}"))
}

/// Far above a key or signature of 8192 bits.
const TEXT_BYTES_MAX: usize = 64 << 10;
