//! Whether a patch statement is believed by the devices that it is for, and says what is published.

use std::collections::BTreeSet;

use patchproof_trust::{
    Device, Digest, PatchStatement, Release, Remembered, Snapshot, Text, Verified, Verifier,
};

use super::library::Library;
use super::roots::word;
use super::unfit::Unfit;

/// What a request says of a patch for one platform and architecture.
#[derive(Clone, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Said<'a> {
    /// The app's id.
    pub app_id: &'a str,
    /// The release's version.
    pub version: &'a str,
    /// The platform.
    pub platform: &'a str,
    /// The architecture, as statements call it.
    pub abi: &'a str,
    /// The patch's number.
    pub number: u64,
    /// The library of the release.
    pub base: &'a Library,
    /// SHA-256 of what it becomes, in hex.
    pub hash: &'a str,
    /// The size of what it becomes.
    pub size_bytes: u64,
    /// The ways to get it.
    pub downloads: Vec<SaidDownload<'a>>,
}

/// A way to get a patch.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct SaidDownload<'a> {
    /// SHA-256 of the file, in hex.
    pub sha256: &'a str,
    /// Its size.
    pub size_bytes: u64,
    /// How it is packed.
    pub container: &'a str,
    /// SHA-256 of what it is applied to, in hex; none for the release's library.
    pub from_sha256: Option<&'a str>,
}

/// The statement, if devices that know this root believe it and it says the same as the request.
///
/// # Errors
///
/// Why no device would believe it, or which of its words is another.
pub fn patch_statement(
    root: &Remembered,
    envelope: &[u8],
    said: &Said<'_>,
) -> Result<Verified<PatchStatement>, Unfit> {
    let device = device(said)?;
    let statement = Verifier::new(&device, root)?.standing(envelope)?;
    same("the number", &said.number, &statement.number)?;
    same_file(&statement, said)?;
    same_downloads(&statement, said)?;
    Ok(statement)
}

/// The device that the patch is for, by what was released.
fn device(said: &Said<'_>) -> Result<Device, Unfit> {
    let snapshot = &said.base.snapshot;
    let text = |feature: &str| {
        Text::new(feature).map_err(|error| Unfit::Word {
            what: "a feature of the snapshot",
            why: error.to_string(),
        })
    };
    Ok(Device {
        app: word("the app's id", said.app_id)?,
        release: Release {
            abi: word("the ABI", said.abi)?,
            base_sha256: Digest::of(&said.base.bytes),
            platform: word("the platform", said.platform)?,
            version: word("the release's version", said.version)?,
        },
        base_size_bytes: u64::try_from(said.base.bytes.len()).unwrap_or(u64::MAX),
        snapshot: Snapshot {
            features: snapshot.features().map(text).collect::<Result<_, _>>()?,
            version: word("the snapshot's version", &snapshot.header().version)?,
        },
    })
}

fn same_file(statement: &PatchStatement, said: &Said<'_>) -> Result<(), Unfit> {
    let [file] = &*statement.files else {
        let found = format!("{} files", statement.files.len());
        return same("of", &"1 file".to_owned(), &found);
    };
    same("the file", &LIBRARY.to_owned(), &file.name.to_string())?;
    same(
        "the output",
        &said.hash.to_owned(),
        &file.sha256.to_string(),
    )?;
    same("the output's size", &said.size_bytes, &file.size_bytes)
}

fn same_downloads(statement: &PatchStatement, said: &Said<'_>) -> Result<(), Unfit> {
    let line = |sha256: &str, size_bytes: u64, container: &str, from: &str| {
        format!("{sha256} ({size_bytes} bytes, {container}, from {from})")
    };
    let found: BTreeSet<String> = statement
        .downloads
        .iter()
        .map(|download| {
            let from = download.from_sha256.map(|from| from.to_string());
            line(
                &download.sha256.to_string(),
                download.size_bytes,
                download.container.as_str(),
                from.as_deref().unwrap_or("nothing"),
            )
        })
        .collect();
    let expected: BTreeSet<String> = said
        .downloads
        .iter()
        .map(|download| {
            let from = download.from_sha256.unwrap_or(&said.base.sha256);
            line(
                download.sha256,
                download.size_bytes,
                download.container,
                from,
            )
        })
        .collect();
    let list = |lines: BTreeSet<String>| lines.into_iter().collect::<Vec<_>>().join(", ");
    same("the downloads", &list(expected), &list(found))
}

fn same<T: PartialEq + ToString>(
    field: &'static str,
    expected: &T,
    found: &T,
) -> Result<(), Unfit> {
    if expected == found {
        return Ok(());
    }
    Err(Unfit::Says {
        field,
        expected: expected.to_string(),
        found: found.to_string(),
    })
}

/// The one file that a patch replaces.
const LIBRARY: &str = "libapp.so";
