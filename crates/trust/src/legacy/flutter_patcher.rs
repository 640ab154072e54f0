//! flutter_patcher's signature: Ed25519 over the text of an MD5.

use data_encoding::BASE64;

use crate::key::PublicKey;
use crate::legacy::{LegacyProfile, LegacyRefusal, signature_bytes};

/// Ed25519 over the 32 ASCII characters of the lower-case hex of the download's MD5.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FlutterPatcher {
    public_key: PublicKey,
}

impl FlutterPatcher {
    /// Of the plugin's public key: base64 of a `SubjectPublicKeyInfo` in DER, 44 bytes.
    ///
    /// # Errors
    ///
    /// [`LegacyRefusal::Key`].
    pub fn from_public_key(base64: &str) -> Result<Self, LegacyRefusal> {
        let refused = |reason| LegacyRefusal::Key { reason };
        let der = BASE64
            .decode(base64.as_bytes())
            .map_err(|_| refused(NO_SPKI))?;
        let bytes = der.strip_prefix(SPKI_ED25519).ok_or(refused(NO_SPKI))?;
        let bytes = <&[u8; 32]>::try_from(bytes).map_err(|_| refused(NO_SPKI))?;
        let public_key = PublicKey::from_bytes(bytes).map_err(|_| refused(BAD_POINT))?;
        Ok(Self { public_key })
    }
}

impl LegacyProfile for FlutterPatcher {
    /// The MD5 of the download.
    type Hash = [u8; 16];

    fn name(&self) -> &'static str {
        "flutter_patcher"
    }

    fn lost_guarantees(&self) -> &'static [&'static str] {
        LOST
    }

    fn verify(&self, hash: &[u8; 16], signature: Option<&str>) -> Result<(), LegacyRefusal> {
        let signature = signature_bytes(signature)?;
        let signature = <[u8; 64]>::try_from(signature).map_err(|_| LegacyRefusal::Encoding)?;
        if self
            .public_key
            .verifies(hex::encode(hash).as_bytes(), &signature)
        {
            return Ok(());
        }
        Err(LegacyRefusal::Wrong)
    }
}

const NO_SPKI: &str = "it is no base64 of the 44 bytes of an Ed25519 SubjectPublicKeyInfo";
const BAD_POINT: &str = "its point is not written in one form, not on the curve, or of small order";
/// The DER in front of each Ed25519 key (RFC 8410).
const SPKI_ED25519: &[u8] = &[
    0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00,
];
const LOST: &[&str] = &[
    "the bytes: what is signed is an MD5, and two files of one MD5 can be made; whoever \
     prepares what is signed can swap it afterwards",
    "wrong target: the signature does not say for which app, release, platform or ABI a patch is",
    "mix-and-match: the signature is over the download, and not over the files that come out of it",
    "downgrade: the version is not signed, so there is no floor",
    "replay and freeze: nothing expires and nothing counts; an old answer is as good as a new one",
    "roll back: a withdrawal is not signed; whoever answers can hold it back",
    "endless data: the size of the download is not signed; only the device's own limits hold",
    "rotation: one key signs alone, and it is replaced or revoked by a new release only",
];

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = include_str!("../../vectors/flutter_patcher.public_key");
    const SIGNATURE: &str = include_str!("../../vectors/flutter_patcher.signature");
    /// Of the empty input.
    const MD5: [u8; 16] = [
        0xd4, 0x1d, 0x8c, 0xd9, 0x8f, 0x00, 0xb2, 0x04, 0xe9, 0x80, 0x09, 0x98, 0xec, 0xf8, 0x42,
        0x7e,
    ];

    fn profile() -> FlutterPatcher {
        FlutterPatcher::from_public_key(KEY.trim_end()).unwrap()
    }

    #[test]
    fn a_signature_that_openssl_made_over_the_hex_is_taken() {
        assert_eq!(profile().verify(&MD5, Some(SIGNATURE.trim_end())), Ok(()));
    }

    #[test]
    fn the_signature_of_another_md5_is_refused() {
        let mut other = MD5;
        other[0] ^= 1;
        let refused = profile().verify(&other, Some(SIGNATURE.trim_end()));
        assert_eq!(refused, Err(LegacyRefusal::Wrong));
    }

    #[test]
    fn no_signature_and_the_word_null_are_refused() {
        assert_eq!(profile().verify(&MD5, None), Err(LegacyRefusal::Missing));
        assert_eq!(
            profile().verify(&MD5, Some("")),
            Err(LegacyRefusal::Missing)
        );
        assert_eq!(
            profile().verify(&MD5, Some("null")),
            Err(LegacyRefusal::Encoding)
        );
    }

    #[test]
    fn a_raw_key_without_its_der_is_refused() {
        let raw = BASE64.encode(&[7; 32]);
        let refused = FlutterPatcher::from_public_key(&raw);
        assert_eq!(refused, Err(LegacyRefusal::Key { reason: NO_SPKI }));
    }

    #[test]
    fn it_says_that_md5_collides() {
        assert!(
            profile()
                .lost_guarantees()
                .iter()
                .any(|line| line.contains("MD5"))
        );
    }
}
