//! The roots of an app: which comes next, and which one statements are verified under.

use patchproof_trust::{Device, Digest, Release, Remembered, Snapshot, Verifier, Word};

use super::unfit::Unfit;

/// The version of the first root of an app, which its own keys signed.
///
/// # Errors
///
/// Where it is none, or of another app.
pub fn first_root(app_id: &str, envelope: &[u8]) -> Result<u64, Unfit> {
    version_of(app_id, &Remembered::from_embedded(envelope)?)
}

/// The version of the root after `newest`, signed by both.
///
/// # Errors
///
/// Where it is not the next one, or of another app.
pub fn next_root(app_id: &str, newest: &[u8], envelope: &[u8]) -> Result<u64, Unfit> {
    let known = Remembered::from_embedded(newest)?;
    let device = any_device(app_id)?;
    version_of(app_id, &Verifier::new(&device, &known)?.root(envelope)?)
}

/// The newest root of an app, which was believed when it came.
///
/// # Errors
///
/// Where it cannot be read any more.
pub fn newest_root(envelope: &[u8]) -> Result<Remembered, Unfit> {
    Ok(Remembered::from_embedded(envelope)?)
}

/// A text as statements have it; `what` is what messages call it.
///
/// # Errors
///
/// What of it cannot stand there.
pub fn word(what: &'static str, text: &str) -> Result<Word, Unfit> {
    Word::new(text).map_err(|error| Unfit::Word {
        what,
        why: error.to_string(),
    })
}

/// Of a root that is of this app.
fn version_of(app_id: &str, root: &Remembered) -> Result<u64, Unfit> {
    let device = any_device(app_id)?;
    // Says for which app it is.
    Verifier::new(&device, root)?;
    Ok(root.root().version)
}

/// A device of this app: for questions that are the same for all of them.
fn any_device(app_id: &str) -> Result<Device, Unfit> {
    let none = word("the word", "none")?;
    Ok(Device {
        app: word("the app's id", app_id)?,
        release: Release {
            abi: none.clone(),
            base_sha256: Digest::of(b""),
            platform: none.clone(),
            version: none.clone(),
        },
        base_size_bytes: 0,
        snapshot: Snapshot {
            features: Vec::new(),
            version: none,
        },
    })
}
