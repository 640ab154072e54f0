//! Signatures that the field has already, and what they do not promise.
//!
//! A profile verifies what such a signature says and nothing more. A missing signature is refused
//! in each of them: where there is a key, there is no way around it.

mod flutter_patcher;
#[cfg(feature = "shorebird")]
mod shorebird;

pub use flutter_patcher::FlutterPatcher;
#[cfg(feature = "shorebird")]
pub use shorebird::Shorebird;

/// A way to sign that is not ours.
pub trait LegacyProfile {
    /// What it signs: the hash of a patch.
    type Hash;

    /// Whose way it is.
    fn name(&self) -> &'static str;

    /// What a user of this profile goes without, a line each. To be printed wherever it is used.
    fn lost_guarantees(&self) -> &'static [&'static str];

    /// Whether the key signed this hash; `signature` is base64 as the server's answer has it.
    ///
    /// # Errors
    ///
    /// Why it is not believed.
    fn verify(&self, hash: &Self::Hash, signature: Option<&str>) -> Result<(), LegacyRefusal>;
}

/// Why a hash is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LegacyRefusal {
    /// The app's key cannot be used.
    #[error("the public key cannot be used: {reason}")]
    Key {
        /// What is wrong and how to mend it.
        reason: &'static str,
    },
    /// There is a key and no signature.
    #[error("a public key is configured and the patch carries no signature: sign it")]
    Missing,
    /// The signature is not base64 of the right length.
    #[error("the signature is no base64, or of the wrong length")]
    Encoding,
    /// The signature is another key's, or over another hash.
    #[error("the signature is not of this key over this hash: the patch or its hash was changed")]
    Wrong,
}

/// The bytes of a signature that has to be there.
fn signature_bytes(signature: Option<&str>) -> Result<Vec<u8>, LegacyRefusal> {
    let text = signature
        .filter(|text| !text.is_empty())
        .ok_or(LegacyRefusal::Missing)?;
    let decoded = data_encoding::BASE64.decode(text.as_bytes());
    decoded.map_err(|_| LegacyRefusal::Encoding)
}
