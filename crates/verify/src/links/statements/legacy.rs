//! The legacy profile: Shorebird's RSA signature over the hash of what a patch gives.

use data_encoding::BASE64;
use patchproof_report::{Finding, LinkId, Rule};
use patchproof_trust::legacy::{LegacyProfile as _, LegacyRefusal, Shorebird};
use patchproof_trust::{Digest, legacy_public_key};

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
        if let Err(why) = &patch.bytes {
            return Err(unreadable("the patch", &patch.name, why));
        }
        let Some(Ok(output)) = self.inflated() else {
            let why = "the patch does not inflate over the released library";
            return Err(not_reached(why));
        };
        let signature = signature.map(|signature| {
            let bytes = signature.bytes.as_deref();
            let bytes = bytes.map_err(|why| unreadable("the signature", &signature.name, why))?;
            Ok(legacy_signature(bytes))
        });
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
    let name = &key.name;
    let bytes = key.bytes.as_deref();
    let bytes = bytes.map_err(|why| unreadable("the public key", name, why))?;
    let base64 = legacy_public_key(bytes)
        .map_err(|error| Finding::new(Rule::LegacyKeyUnusable, format!("{name}: {error}")))?;
    Shorebird::from_patch_public_key(&base64).map_err(|refusal| of_refusal(name, &refusal))
}

/// The signature of a legacy profile as its verifier wants it, base64: from the text that servers
/// answer with, or from the bytes themselves, as openssl writes them. Never fails: what is neither
/// is the signature of nothing.
#[must_use]
pub fn legacy_signature(file: &[u8]) -> String {
    let bytes = file.get(..FILE_BYTES_MAX).unwrap_or(file);
    let text = bytes.trim_ascii();
    if BASE64.decode(text).is_ok() {
        return String::from_utf8_lossy(text).into_owned();
    }
    BASE64.encode(bytes)
}

fn of_refusal(name: &str, refusal: &LegacyRefusal) -> Finding {
    let rule = match refusal {
        LegacyRefusal::Missing => Rule::LegacySignatureMissing,
        LegacyRefusal::Key { .. } => Rule::LegacyKeyUnusable,
        _ => Rule::LegacySignatureWrong,
    };
    Finding::new(rule, format!("{name}: {refusal}"))
}

/// Far above a signature of 8192 bits.
const FILE_BYTES_MAX: usize = 64 << 10;
