//! Whether a patch does what is said of it: both decoders inflate it, to the announced bytes, and
//! what comes out fits the release.

use patchproof_dart_delta::KNOWN;
use patchproof_patch::{Limits, inflate_through};
use patchproof_protocol::developer::Container;
use sha2::{Digest as _, Sha256};

use super::library::{LIBRARY_BYTES_MAX, Library};
use super::unfit::Unfit;

/// What is said of a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Claim<'a> {
    /// SHA-256 of what it becomes, in hex.
    pub hash: &'a str,
    /// The size of what it becomes; none where nobody said.
    pub size_bytes: Option<u64>,
    /// How it is packed.
    pub container: Container,
}

/// What the patch becomes over `base`, if that is what was said.
///
/// # Errors
///
/// Which word of the claim does not hold.
pub fn inflated(base: &Library, patch: &[u8], claim: &Claim<'_>) -> Result<Library, Unfit> {
    let name = hex::encode(Sha256::digest(patch));
    packed_as(claim.container, patch, &name)?;
    let base_bytes = u64::try_from(base.bytes.len()).unwrap_or(u64::MAX);
    let mut limits = Limits::for_base(base_bytes);
    limits.output_bytes_max = limits.output_bytes_max.min(LIBRARY_BYTES_MAX);
    let output =
        inflate_through(&base.bytes, patch, limits, KNOWN).map_err(|error| Unfit::Inflate {
            patch: name.clone(),
            why: error.to_string(),
        })?;
    let found = hex::encode(Sha256::digest(&output));
    if found != claim.hash {
        return Err(Unfit::Output {
            patch: name,
            expected: claim.hash.to_owned(),
            found,
        });
    }
    let found = u64::try_from(output.len()).unwrap_or(u64::MAX);
    match claim.size_bytes {
        Some(expected) if expected != found => Err(Unfit::OutputSize {
            patch: name,
            expected,
            found,
        }),
        _ => Library::read("the patched library", output),
    }
}

/// A Shorebird client cannot read the other container: it must not be told that it can.
fn packed_as(expected: Container, patch: &[u8], name: &str) -> Result<(), Unfit> {
    let found = match patch.starts_with(&ZSTD_MAGIC) {
        true => Container::Shorebird,
        false => Container::Patchproof,
    };
    if found == expected {
        return Ok(());
    }
    Err(Unfit::Container {
        patch: name.to_owned(),
        expected: expected.name(),
        found: found.name(),
    })
}

const ZSTD_MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
