//! The statement of a patch: what it is for, what it gives, and every way to get it.

use patchproof_patch::{DeclaredBase, Header, InflateError};
use patchproof_snapshot::Snapshot;
use patchproof_trust::{
    Digest, Download, Extensions, FileName, OutputFile, PatchStatement, Release,
    Snapshot as SignedSnapshot, Text, Word, WordError,
};
use patchproof_verify::abi_as_signed;

use crate::patch::Words;

/// What a statement says of a patch.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever signs fills it in")]
pub struct Described<'a> {
    /// The app's id.
    pub app: &'a Word,
    /// What devices call the release.
    pub version: &'a Word,
    /// Its platform, as devices say it.
    pub platform: &'a Word,
    /// Its ABI, as reports call it.
    pub abi: &'a str,
    /// The library in the release.
    pub base: &'a [u8],
    /// The same, taken apart.
    pub snapshot: &'a Snapshot,
    /// What all of the patches give.
    pub output: &'a [u8],
    /// The ways to get it.
    pub patches: &'a [OnePatch<'a>],
    /// Its number within the release.
    pub number: u64,
    /// What the publisher says besides.
    pub words: Words,
    /// For people; in seconds since 1970.
    pub created_s: u64,
}

/// A patch file.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever signs fills it in")]
pub struct OnePatch<'a> {
    /// The file.
    pub bytes: &'a [u8],
    /// What it is applied to. Nothing where it holds all of the output, and may be applied to
    /// whatever there is; one that is offered for the release alone names it all the same.
    pub from_sha256: Option<Digest>,
}

/// Whether a patch needs nothing that it is applied to.
///
/// # Errors
///
/// A header that cannot be read.
pub fn holds_all(patch: &[u8]) -> Result<bool, InflateError> {
    let header = Header::of(patch).transpose()?;
    Ok(header.is_some_and(|header| header.base == DeclaredBase::None))
}

/// Why a statement cannot say it.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatementError {
    /// A word that no statement can hold.
    #[error("a statement cannot say what this library is: {0}")]
    Unwritable(#[from] WordError),
    /// A patch whose header cannot be read.
    #[error(transparent)]
    Patch(#[from] InflateError),
}

/// Writes what is to be signed. Nothing is believed here: whoever signs has inflated every patch.
///
/// # Errors
///
/// [`StatementError`].
pub fn patch_statement(described: &Described<'_>) -> Result<PatchStatement, StatementError> {
    let makes = FileName::new(LIBRARY_NAME)?;
    let downloads = described.patches.iter();
    let mut downloads: Vec<Download> = downloads
        .map(|patch| download(patch, &makes))
        .collect::<Result<_, _>>()?;
    downloads.sort_by_key(|download| download.sha256);
    downloads.dedup_by_key(|download| download.sha256);
    Ok(PatchStatement {
        app: described.app.clone(),
        base_size_bytes: length(described.base),
        created_s: described.created_s,
        data_epoch: described.words.data_epoch,
        downloads,
        extensions: Extensions::new(),
        files: vec![OutputFile {
            name: makes,
            sha256: Digest::of(described.output),
            size_bytes: length(described.output),
        }],
        minimum_number: described.words.minimum_number,
        number: described.number,
        reads_data_epoch: described.words.reads_data_epoch,
        release: Release {
            abi: Word::new(abi_as_signed(described.abi, described.platform.as_str()))?,
            base_sha256: Digest::of(described.base),
            platform: described.platform.clone(),
            version: described.version.clone(),
        },
        snapshot: signed_snapshot(described.snapshot)?,
    })
}

/// What an engine must be able to run, as statements write it.
///
/// # Errors
///
/// A feature or version that no statement can hold.
pub fn signed_snapshot(snapshot: &Snapshot) -> Result<SignedSnapshot, WordError> {
    Ok(SignedSnapshot {
        features: snapshot
            .features()
            .map(Text::new)
            .collect::<Result<_, _>>()?,
        version: Word::new(&snapshot.header().version)?,
    })
}

fn download(patch: &OnePatch<'_>, makes: &FileName) -> Result<Download, StatementError> {
    let header = Header::of(patch.bytes).transpose()?;
    Ok(Download {
        codec: Word::new(header.map_or("zstd", |header| header.codec.word()))?,
        container: Word::new(header.map_or("shorebird", |_| "patchproof"))?,
        from_sha256: patch.from_sha256,
        makes: makes.clone(),
        sha256: Digest::of(patch.bytes),
        size_bytes: length(patch.bytes),
    })
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

/// What the library is called in a generation, whatever the platform calls it.
const LIBRARY_NAME: &str = "libapp.so";

#[cfg(test)]
mod tests {
    use patchproof_protocol::{Arch, Platform};

    use super::*;

    #[test]
    fn statements_call_an_abi_as_devices_ask_for_it() {
        use Platform::{Android, Ios, Linux, Macos, Windows};
        for platform in [Android, Ios, Linux, Macos, Windows] {
            for arch in [Arch::Aarch64, Arch::Arm, Arch::X64, Arch::X86] {
                // Reports call every machine as Android does.
                let reported = arch.abi(Android);
                let signed = abi_as_signed(reported, platform.name());
                assert_eq!(signed, arch.abi(platform), "{platform}");
            }
        }
    }
}
