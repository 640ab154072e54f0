//! A statement under a root, as a device would take it; the patch's bytes and the base beside it.

use std::path::Path;

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{InflateError, Limits, inflate_through};
use patchproof_report::ExitCode;
use patchproof_snapshot::Snapshot;
use patchproof_trust::{
    ChannelStatement, Device, Digest, Field, Freshness, PatchStatement, Question, Refusal, Release,
    Remembered, Root, Snapshot as SignedSnapshot, Unverified, Verified, Verifier, Word, WordError,
};

use crate::commands::apply;
use crate::commands::sign_patch::signed_snapshot;
use crate::commands::stopped::{Stopped, read};
use crate::progress::working;

/// What runs where a statement is to be believed: the released library, read.
pub(crate) struct Base {
    bytes: Vec<u8>,
    snapshot: SignedSnapshot,
}

impl Base {
    pub(crate) fn read(path: &Path) -> Result<Self, Stopped> {
        let bytes = read(path)?;
        let snapshot = Snapshot::read(&bytes).map_err(|error| Stopped::at(path, error))?;
        let snapshot = signed_snapshot(&snapshot)?;
        Ok(Self { bytes, snapshot })
    }
}

/// A patch statement by offline words alone. Without a base the device is the very one that the
/// statement is for: what is left is the root, its signatures, floors and revocations.
pub(crate) fn verified_patch(
    known: &Remembered,
    envelope: &[u8],
    base: Option<&Base>,
) -> Result<Verified<PatchStatement>, Refusal> {
    let said = Unverified::<PatchStatement>::read(envelope)?;
    let said = said.statement();
    let mut device = Device {
        app: said.app.clone(),
        release: said.release.clone(),
        base_size_bytes: said.base_size_bytes,
        snapshot: said.snapshot.clone(),
    };
    if let Some(base) = base {
        device.release.base_sha256 = Digest::of(&base.bytes);
        device.base_size_bytes = length(&base.bytes);
        device.snapshot = base.snapshot.clone();
    }
    Verifier::new(&device, known)?.standing(envelope)
}

/// A channel statement, as the device sees it that it is for. One with a nonce is an answer to
/// whoever sent it.
pub(crate) fn verified_channel(
    known: &Remembered,
    envelope: &[u8],
    now_s: u64,
) -> Result<Verified<ChannelStatement>, Refusal> {
    let said = Unverified::<ChannelStatement>::read(envelope)?;
    let said = said.statement();
    let device = some_device(said.app.clone(), said.release.clone())?;
    let question = Question {
        channel: said.channel.clone(),
        freshness: said.nonce.map_or(Freshness::Expiry, Freshness::Nonce),
        now_s,
    };
    let accepted = Verifier::new(&device, known)?.channel(envelope, &question)?;
    Ok(accepted.statement)
}

/// The root that comes next.
pub(crate) fn verified_next_root(
    known: &Remembered,
    envelope: &[u8],
) -> Result<Verified<Root>, Refusal> {
    let device = device_of_any_release(known)?;
    let next = Verifier::new(&device, known)?.root(envelope)?;
    Ok(next.root().clone())
}

/// Whether something may still be installed under the root.
pub(crate) fn root_in_time(known: &Remembered, now_s: u64) -> Result<(), Refusal> {
    Verifier::new(&device_of_any_release(known)?, known)?.root_is_in_time(now_s)
}

/// Why the bytes beside a statement are not what it says, and with which exit code.
#[derive(Debug)]
pub(crate) struct NotThese {
    pub(crate) code: ExitCode,
    pub(crate) reason: String,
}

impl From<Refusal> for NotThese {
    fn from(refusal: Refusal) -> Self {
        let code = match &refusal {
            Refusal::WrongTarget { field, .. } => match field {
                Field::Base | Field::BaseSize => ExitCode::OtherBase,
                Field::SnapshotVersion | Field::SnapshotFeatures => ExitCode::Incompatible,
                _ => ExitCode::StatementInvalid,
            },
            _ => ExitCode::StatementInvalid,
        };
        Self {
            code,
            reason: refusal.to_string(),
        }
    }
}

/// The bytes of a patch, and what comes out of them over the base.
pub(crate) fn check_bytes(
    statement: &PatchStatement,
    patch: &[u8],
    base: Option<&Base>,
) -> Result<(), NotThese> {
    let sha256 = Digest::of(patch);
    let mut downloads = statement.downloads.iter();
    let Some(download) = downloads.find(|download| download.sha256 == sha256) else {
        return Err(NotThese {
            code: ExitCode::StatementInvalid,
            reason: format!(
                "the patch ({} bytes, SHA-256 {sha256}) is none of the downloads that are signed",
                patch.len()
            ),
        });
    };
    let mut measure = download.measure();
    measure.take(patch)?;
    measure.finish()?;
    let Some(base) = base else {
        return Ok(());
    };
    if download
        .from_sha256
        .is_some_and(|from| from != statement.release.base_sha256)
    {
        return Err(NotThese {
            code: ExitCode::OtherBase,
            reason: "this download is made against another patch, not against the release".into(),
        });
    }
    let limits = Limits::for_base(length(&base.bytes));
    let output = working("inflating", || {
        inflate_through(&base.bytes, patch, limits, KNOWN)
    });
    let output = output.map_err(of_inflate)?;
    let mut files = statement.files.iter();
    if let Some(file) = files.find(|file| file.name == download.makes) {
        let mut measure = file.measure();
        measure.take(&output)?;
        measure.finish()?;
    }
    Ok(())
}

fn of_inflate(error: InflateError) -> NotThese {
    NotThese {
        code: apply::code_of(&error),
        reason: error.to_string(),
    }
}

/// A device of the root's app, of which nothing else is looked at.
fn device_of_any_release(known: &Remembered) -> Result<Device, Refusal> {
    let any = || word("any");
    let release = Release {
        abi: any()?,
        base_sha256: Digest::of(b""),
        platform: any()?,
        version: any()?,
    };
    some_device(known.root().app.clone(), release)
}

/// A device of which the base and the engine are not looked at.
fn some_device(app: Word, release: Release) -> Result<Device, Refusal> {
    Ok(Device {
        app,
        release,
        base_size_bytes: 0,
        snapshot: SignedSnapshot {
            features: Vec::new(),
            version: word("any")?,
        },
    })
}

fn word(text: &str) -> Result<Word, Refusal> {
    Word::new(text).map_err(|error: WordError| Refusal::Memory {
        reason: error.to_string(),
    })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
