//! Keys on their way into files.

use pkcs8::der::asn1::{BitStringRef, OctetStringRef};
use pkcs8::der::pem::LineEnding;
use pkcs8::der::{Decode as _, Document, SecretDocument};
use pkcs8::pkcs5::pbes2::Parameters;
use pkcs8::pkcs5::scrypt::Params;
use pkcs8::{PrivateKeyInfoRef, SubjectPublicKeyInfoRef};
use zeroize::Zeroizing;

use crate::key::PublicKey;
use crate::key_file::{ED25519, ENCRYPTED, KeyFileError, PRIVATE, PUBLIC, SEED_HEAD};
use crate::sign::{Sign as _, SigningKey};

/// What encrypting takes from the system's randomness, 16 bytes each.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "whoever makes a key fills it in")]
pub struct KeyFileRandomness {
    /// Of scrypt.
    pub salt: [u8; 16],
    /// Of AES-256-CBC: its initialization vector.
    pub iv: [u8; 16],
}

/// The file of a private key under a passphrase: scrypt with N = 16384, r = 8, p = 5 (16 MiB, which
/// openssl takes), AES-256-CBC.
///
/// # Errors
///
/// [`KeyFileError::Encoding`]: none is known that could be met.
pub fn write_encrypted_pem(
    key: &SigningKey,
    passphrase: &[u8],
    randomness: &KeyFileRandomness,
) -> Result<Zeroizing<String>, KeyFileError> {
    encrypted(key, passphrase, randomness, LOG_N)
}

/// The file of a private key that lies open: whoever reads it signs.
///
/// # Errors
///
/// As [`write_encrypted_pem`].
pub fn write_plain_pem(key: &SigningKey) -> Result<Zeroizing<String>, KeyFileError> {
    let pem = pkcs8_der(key)?.to_pem(PRIVATE, LineEnding::LF);
    beside_public(pem.map_err(|_| KeyFileError::Encoding)?, key)
}

/// The file of a public key.
///
/// # Errors
///
/// As [`write_encrypted_pem`].
pub fn write_public_pem(key: &PublicKey) -> Result<String, KeyFileError> {
    let spki = SubjectPublicKeyInfoRef {
        algorithm: ED25519,
        subject_public_key: BitStringRef::from_bytes(key.bytes())
            .map_err(|_| KeyFileError::Encoding)?,
    };
    let der = Document::encode_msg(&spki).map_err(|_| KeyFileError::Encoding)?;
    der.to_pem(PUBLIC, LineEnding::LF)
        .map_err(|_| KeyFileError::Encoding)
}

pub(super) fn encrypted(
    key: &SigningKey,
    passphrase: &[u8],
    KeyFileRandomness { salt, iv }: &KeyFileRandomness,
    log_n: u8,
) -> Result<Zeroizing<String>, KeyFileError> {
    let params = Params::new(log_n, R, P).map_err(|_| KeyFileError::Encoding)?;
    let params = Parameters::generate_scrypt_aes256cbc(params, salt, *iv);
    let params = params.map_err(|_| KeyFileError::Encoding)?;
    let plain = pkcs8_der(key)?;
    let plain =
        PrivateKeyInfoRef::from_der(plain.as_bytes()).map_err(|_| KeyFileError::Encoding)?;
    let der = plain.encrypt_with_params(params, passphrase);
    let der = der.map_err(|_| KeyFileError::Encoding)?;
    let pem = der.to_pem(ENCRYPTED, LineEnding::LF);
    beside_public(pem.map_err(|_| KeyFileError::Encoding)?, key)
}

fn beside_public(
    private: Zeroizing<String>,
    key: &SigningKey,
) -> Result<Zeroizing<String>, KeyFileError> {
    let public = write_public_pem(&key.public_key())?;
    // All of the room at once: a text that grows leaves copies behind.
    let mut both = Zeroizing::new(String::with_capacity(private.len() + public.len()));
    both.push_str(&private);
    both.push_str(&public);
    Ok(both)
}

/// Version 1, without the public key: the one that every openssl reads.
pub(super) fn pkcs8_der(key: &SigningKey) -> Result<SecretDocument, KeyFileError> {
    let mut octets = Zeroizing::new([0; 34]);
    let (head, seed) = octets.split_at_mut(SEED_HEAD.len());
    head.copy_from_slice(&SEED_HEAD);
    seed.copy_from_slice(key.seed());
    let private_key = OctetStringRef::new(&*octets).map_err(|_| KeyFileError::Encoding)?;
    let info = PrivateKeyInfoRef::new(ED25519, private_key);
    SecretDocument::encode_msg(&info).map_err(|_| KeyFileError::Encoding)
}

/// openssl gives scrypt 32 MiB at most; these take 16 MiB, five times.
const LOG_N: u8 = 14;
pub(super) const R: u32 = 8;
pub(super) const P: u32 = 5;
