//! A key of Shorebird's kind that protects nothing.

use data_encoding::BASE64;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};

/// The public half, as `patch_public_key` has it: base64 of a PKCS#1 `RSAPublicKey`.
#[must_use]
pub fn public() -> String {
    BASE64.encode(key().public_key().as_ref())
}

/// The signature of a library, in base64: over the hash's text.
///
/// # Panics
/// Where ring does not sign.
#[must_use]
pub fn signature(library_sha256_hex: &str) -> String {
    let key = key();
    let mut signature = vec![0; key.public().modulus_len()];
    let random = SystemRandom::new();
    let message = library_sha256_hex.as_bytes();
    key.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature)
        .expect("ring signs");
    BASE64.encode(&signature)
}

fn key() -> RsaKeyPair {
    let base64: String = PRIVATE_KEY.lines().collect();
    let der = BASE64.decode(base64.as_bytes()).expect("it is base64");
    RsaKeyPair::from_der(&der).expect("it is a key")
}

/// Base64 of a PKCS#1 `RSAPrivateKey`.
const PRIVATE_KEY: &str = include_str!("shorebird.rsa_key");
