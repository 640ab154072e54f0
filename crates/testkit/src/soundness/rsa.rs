//! RSA keys of Shorebird's kind that protect nothing, and what they sign.

use data_encoding::BASE64;
use patchproof_trust::Digest;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};

/// Whose key it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holder {
    /// The one whose public half is in the app.
    Publisher,
    /// Somebody else.
    Thief,
}

impl Holder {
    /// The public half, as `patch_public_key` has it.
    pub(crate) fn public(self) -> Vec<u8> {
        BASE64.encode(self.key().public_key().as_ref()).into_bytes()
    }

    /// The signature over what is signed of a library, in base64; the same for the same bytes.
    pub(crate) fn sign(self, library: &[u8]) -> Vec<u8> {
        let key = self.key();
        let mut signature = vec![0; key.public().modulus_len()];
        let message = Digest::of(library).to_string();
        let random = SystemRandom::new();
        key.sign(
            &RSA_PKCS1_SHA256,
            &random,
            message.as_bytes(),
            &mut signature,
        )
        .expect("ring signs with a key that it read");
        BASE64.encode(&signature).into_bytes()
    }

    fn key(self) -> RsaKeyPair {
        let text = match self {
            Self::Publisher => include_str!("keys/publisher.rsa_key"),
            Self::Thief => include_str!("keys/thief.rsa_key"),
        };
        let text: String = text.lines().collect();
        let der = BASE64.decode(text.as_bytes()).expect("it is base64");
        RsaKeyPair::from_der(&der).expect("it is a key")
    }
}
