//! Signatures of the field, and which guarantees go with them.

use std::path::Path;

use md5::{Digest as _, Md5};
use patchproof_report::ExitCode;
use patchproof_trust::legacy::{FlutterPatcher, LegacyProfile, LegacyRefusal, Shorebird};
use patchproof_trust::{Digest, legacy_public_key};
use patchproof_verify::legacy_signature;

use crate::commands::stopped::{Stopped, read};
use crate::commands::verify::{Answer, VerifyArgs};
use crate::commands::verify_documents::NotThese;

/// Verifies by whichever key was given. The outer error is that nothing could be decided.
pub(crate) fn held(
    args: &VerifyArgs,
    answer: &mut Answer,
) -> Result<Result<(), NotThese>, Stopped> {
    let signed = read(&args.file)?;
    let signature = args.signature.as_deref().map(signature).transpose()?;
    let signature = signature.as_deref();
    if let Some(path) = &args.shorebird_key {
        let profile = Shorebird::from_patch_public_key(&key(path)?);
        let profile = profile.map_err(|error| Stopped::at(path, error))?;
        answer.kind = Some("output signed for Shorebird");
        let sha256 = Digest::of(&signed);
        answer.sha256 = Some(sha256.to_string());
        return Ok(verified(&profile, &sha256, signature, answer));
    }
    let Some(path) = &args.flutter_patcher_key else {
        return Err(Stopped::undecided("no key was given"));
    };
    let profile = FlutterPatcher::from_public_key(&key(path)?);
    let profile = profile.map_err(|error| Stopped::at(path, error))?;
    answer.kind = Some("patch signed for flutter_patcher");
    answer.sha256 = Some(Digest::of(&signed).to_string());
    let hash: [u8; 16] = Md5::digest(&signed).into();
    Ok(verified(&profile, &hash, signature, answer))
}

fn verified<P: LegacyProfile>(
    profile: &P,
    hash: &P::Hash,
    signature: Option<&str>,
    answer: &mut Answer,
) -> Result<(), NotThese> {
    answer.lost_guarantees = profile.lost_guarantees();
    profile.verify(hash, signature).map_err(of_legacy)?;
    answer.checked.push("signature");
    Ok(())
}

fn of_legacy(refusal: LegacyRefusal) -> NotThese {
    NotThese {
        code: ExitCode::StatementInvalid,
        reason: refusal.to_string(),
    }
}

fn key(path: &Path) -> Result<String, Stopped> {
    legacy_public_key(&read(path)?).map_err(|error| Stopped::at(path, error))
}

fn signature(path: &Path) -> Result<String, Stopped> {
    Ok(legacy_signature(&read(path)?))
}
