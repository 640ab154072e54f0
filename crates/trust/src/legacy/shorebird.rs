//! Shorebird's `patch_public_key`: RSA over the hash of what a patch becomes.

use data_encoding::BASE64;
use ring::signature::{RSA_PKCS1_2048_8192_SHA256, UnparsedPublicKey};

use crate::digest::Digest;
use crate::legacy::{LegacyProfile, LegacyRefusal, signature_bytes};

/// RSA PKCS#1 v1.5 with SHA-256, of 2048 to 8192 bits, over the 64 ASCII characters of the
/// lower-case hex of the output's SHA-256.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shorebird {
    public_key: Vec<u8>,
}

impl Shorebird {
    /// Of the `patch_public_key` of `shorebird.yaml`: base64 of a PKCS#1 `RSAPublicKey` in DER.
    ///
    /// # Errors
    ///
    /// [`LegacyRefusal::Key`] if it is no base64, or a key of another form. What RSA itself does
    /// not take shows when it is used.
    pub fn from_patch_public_key(base64: &str) -> Result<Self, LegacyRefusal> {
        let decoded = BASE64.decode(base64.as_bytes());
        let public_key = decoded.map_err(|_| LegacyRefusal::Key { reason: NO_BASE64 })?;
        // PKCS#1 begins with an integer inside the sequence; the common SPKI with a sequence.
        match public_key.as_slice() {
            [0x30, 0x82, _, _, 0x02, ..] => Ok(Self { public_key }),
            _ => Err(LegacyRefusal::Key { reason: NO_PKCS1 }),
        }
    }
}

impl LegacyProfile for Shorebird {
    type Hash = Digest;

    fn name(&self) -> &'static str {
        "shorebird"
    }

    fn lost_guarantees(&self) -> &'static [&'static str] {
        LOST
    }

    fn verify(&self, hash: &Digest, signature: Option<&str>) -> Result<(), LegacyRefusal> {
        let signature = signature_bytes(signature)?;
        let key = UnparsedPublicKey::new(&RSA_PKCS1_2048_8192_SHA256, &self.public_key);
        let verified = key.verify(hash.to_string().as_bytes(), &signature);
        verified.map_err(|_| LegacyRefusal::Wrong)
    }
}

const NO_BASE64: &str = "it is no base64; expected a PKCS#1 RSAPublicKey in DER, as base64";
const NO_PKCS1: &str = "it is no PKCS#1 RSAPublicKey of 2048 bits or more; if it begins with \
                        `MIIBIjANBg` it is a SubjectPublicKeyInfo: convert it";
const LOST: &[&str] = &[
    "wrong target: the signature does not say for which app, release, platform or ABI a patch is",
    "downgrade: the patch number is not signed, so there is no floor, and an old patch can be \
     served under a new number",
    "replay and freeze: nothing expires and nothing counts; an old answer is as good as a new one",
    "roll back: the list of withdrawn numbers is not signed; whoever answers can withdraw any \
     patch and hold any withdrawal back",
    "endless data: the size of the download is not signed; only the device's own limits hold",
    "rotation: one key signs alone, and it is replaced or revoked by a new release only",
];

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = include_str!("../../vectors/shorebird.public_key");
    const SIGNATURE: &str = include_str!("../../vectors/shorebird.signature");

    fn profile() -> Shorebird {
        Shorebird::from_patch_public_key(KEY.trim_end()).unwrap()
    }

    fn verify(output: &[u8], signature: Option<&str>) -> Result<(), LegacyRefusal> {
        profile().verify(&Digest::of(output), signature)
    }

    #[test]
    fn a_signature_that_openssl_made_over_the_hex_is_taken() {
        assert_eq!(verify(b"libapp", Some(SIGNATURE.trim_end())), Ok(()));
    }

    #[test]
    fn the_signature_of_other_bytes_is_refused() {
        let refused = verify(b"libapp.", Some(SIGNATURE.trim_end()));
        assert_eq!(refused, Err(LegacyRefusal::Wrong));
    }

    #[test]
    fn a_stripped_signature_is_refused() {
        assert_eq!(verify(b"libapp", None), Err(LegacyRefusal::Missing));
        assert_eq!(verify(b"libapp", Some("")), Err(LegacyRefusal::Missing));
    }

    #[test]
    fn a_signature_that_is_no_base64_is_refused() {
        assert_eq!(verify(b"libapp", Some("null")), Err(LegacyRefusal::Wrong));
        assert_eq!(verify(b"libapp", Some("?")), Err(LegacyRefusal::Encoding));
    }

    #[test]
    fn a_key_of_the_common_form_is_refused_with_what_to_do() {
        let spki = include_str!("../../vectors/shorebird.spki");
        let refused = Shorebird::from_patch_public_key(spki.trim_end());
        assert_eq!(refused, Err(LegacyRefusal::Key { reason: NO_PKCS1 }));
    }

    #[test]
    fn a_key_of_1024_bits_is_refused() {
        let short = include_str!("../../vectors/shorebird.1024.public_key");
        assert!(Shorebird::from_patch_public_key(short.trim_end()).is_err());
    }

    #[test]
    fn it_says_that_a_downgrade_is_possible() {
        assert!(
            profile()
                .lost_guarantees()
                .iter()
                .any(|line| line.starts_with("downgrade"))
        );
    }
}
