//! Key files: PKCS#8 and `SubjectPublicKeyInfo` in PEM, as openssl reads and writes them.
//!
//! A private key's file holds two blocks: the encrypted key, and beside it the public key. AES-CBC
//! alone would not notice a changed byte, and the file would hold another key; so the two have to
//! agree. The cost of a passphrase is read before it is paid: a hostile file cannot ask for more.

mod error;
mod legacy;
mod write;

use pkcs8::der::{Decode as _, Document, SecretDocument};
use pkcs8::pkcs5::EncryptionScheme;
use pkcs8::pkcs5::pbes2::Kdf;
use pkcs8::{
    AlgorithmIdentifierRef, EncryptedPrivateKeyInfoRef, ObjectIdentifier, PrivateKeyInfoRef,
    SubjectPublicKeyInfoRef,
};
use zeroize::Zeroizing;

pub use self::error::KeyFileError;
pub use self::legacy::legacy_public_key;
pub use self::write::{KeyFileRandomness, write_encrypted_pem, write_plain_pem, write_public_pem};
use crate::key::PublicKey;
use crate::sign::{Sign as _, SigningKey};

/// A private key's file, taken apart.
#[derive(Debug)]
#[expect(clippy::exhaustive_enums, reason = "a key is encrypted or it is not")]
pub enum KeyFile {
    /// It takes a passphrase.
    Encrypted(EncryptedKey),
    /// It lies open. Whether that is meant is for the caller to ask.
    Plain(SigningKey),
}

/// A key that takes a passphrase.
#[derive(Debug)]
pub struct EncryptedKey {
    der: Document,
    public: Option<PublicKey>,
}

impl KeyFile {
    /// Takes a PEM file apart: one private key of Ed25519, and its public key behind it or not.
    ///
    /// # Errors
    ///
    /// Why it is none, or asks for more work than a passphrase is worth.
    pub fn read(pem: &[u8]) -> Result<Self, KeyFileError> {
        let (private, public) = blocks(text(pem)?);
        let public = public
            .map(|block| read_public_pem(block.as_bytes()))
            .transpose()?;
        let (label, der) = SecretDocument::from_pem(private).map_err(|_| KeyFileError::NotPem)?;
        match label {
            ENCRYPTED => Ok(Self::Encrypted(EncryptedKey::of(der.as_bytes(), public)?)),
            PRIVATE => Ok(Self::Plain(private_key(der.as_bytes(), public)?)),
            other => Err(KeyFileError::Label {
                expected: ENCRYPTED,
                found: shortened(other),
            }),
        }
    }
}

impl EncryptedKey {
    fn of(der: &[u8], public: Option<PublicKey>) -> Result<Self, KeyFileError> {
        let key = EncryptedPrivateKeyInfoRef::from_der(der).map_err(|_| KeyFileError::NotPkcs8)?;
        affordable(&key.encryption_algorithm)?;
        let der = Document::try_from(der).map_err(|_| KeyFileError::NotPkcs8)?;
        Ok(Self { der, public })
    }

    /// Opens it. Takes as long as the file says, at most about a second.
    ///
    /// # Errors
    ///
    /// [`KeyFileError::Passphrase`], or that what is inside is no key of Ed25519.
    pub fn open(&self, passphrase: &[u8]) -> Result<SigningKey, KeyFileError> {
        let key = EncryptedPrivateKeyInfoRef::from_der(self.der.as_bytes())
            .map_err(|_| KeyFileError::NotPkcs8)?;
        let der = key
            .decrypt(passphrase)
            .map_err(|_| KeyFileError::Passphrase)?;
        match private_key(der.as_bytes(), self.public) {
            // A wrong passphrase passes the padding once in 256 times.
            Err(KeyFileError::NotPkcs8) => Err(KeyFileError::Passphrase),
            opened => opened,
        }
    }
}

/// The public key of a PEM file, `BEGIN PUBLIC KEY`.
///
/// # Errors
///
/// Why it is none.
pub fn read_public_pem(pem: &[u8]) -> Result<PublicKey, KeyFileError> {
    let (label, der) = Document::from_pem(text(pem)?).map_err(|_| KeyFileError::NotPem)?;
    if label != PUBLIC {
        return Err(KeyFileError::Label {
            expected: PUBLIC,
            found: shortened(label),
        });
    }
    let spki = SubjectPublicKeyInfoRef::from_der(der.as_bytes());
    let spki = spki.map_err(|_| KeyFileError::NotSpki)?;
    is_ed25519(&spki.algorithm)?;
    public_key(spki.subject_public_key.as_bytes())
}

fn private_key(der: &[u8], beside: Option<PublicKey>) -> Result<SigningKey, KeyFileError> {
    let info = PrivateKeyInfoRef::from_der(der).map_err(|_| KeyFileError::NotPkcs8)?;
    is_ed25519(&info.algorithm)?;
    let seed = info.private_key.as_bytes().strip_prefix(&SEED_HEAD);
    let seed = seed.and_then(|seed| <[u8; 32]>::try_from(seed).ok());
    let key = SigningKey::from_seed(&Zeroizing::new(seed.ok_or(KeyFileError::NotPkcs8)?));
    let inside = info.public_key.map(|key| public_key(key.as_bytes()));
    for public in [inside.transpose()?, beside].into_iter().flatten() {
        if public != key.public_key() {
            return Err(KeyFileError::Mismatch);
        }
    }
    Ok(key)
}

fn public_key(bytes: Option<&[u8]>) -> Result<PublicKey, KeyFileError> {
    let bytes = bytes.and_then(|bytes| <&[u8; 32]>::try_from(bytes).ok());
    Ok(PublicKey::from_bytes(bytes.ok_or(KeyFileError::NotSpki)?)?)
}

fn is_ed25519(algorithm: &AlgorithmIdentifierRef<'_>) -> Result<(), KeyFileError> {
    match algorithm {
        AlgorithmIdentifierRef {
            oid,
            parameters: None,
        } if *oid == ED25519.oid => Ok(()),
        other => Err(KeyFileError::Algorithm {
            found: other.oid.to_string(),
        }),
    }
}

/// Whether the passphrase costs no more memory and time than the constants below allow.
fn affordable(scheme: &EncryptionScheme) -> Result<(), KeyFileError> {
    let EncryptionScheme::Pbes2(params) = scheme else {
        return Err(KeyFileError::Encryption);
    };
    let within = |what, found: u64, limit| {
        if found > limit {
            return Err(KeyFileError::TooCostly { what, found, limit });
        }
        Ok(())
    };
    match &params.kdf {
        Kdf::Scrypt(scrypt) => {
            // The library below counts on the first.
            if !scrypt.cost_parameter.is_power_of_two() || scrypt.parallelization == 0 {
                return Err(KeyFileError::NotPkcs8);
            }
            let (blocks, lanes) = (
                u64::from(scrypt.block_size),
                u64::from(scrypt.parallelization),
            );
            // The lanes are made all at once, beside what one of them needs.
            let memory = scrypt
                .cost_parameter
                .saturating_add(lanes)
                .saturating_mul(blocks);
            let work = scrypt
                .cost_parameter
                .saturating_mul(blocks)
                .saturating_mul(lanes);
            within("blocks of memory", memory, MEMORY_MAX)?;
            within("steps", work, COST_MAX)
        }
        Kdf::Pbkdf2(pbkdf2) => {
            let rounds = u64::from(pbkdf2.iteration_count);
            within("rounds of PBKDF2", rounds, ROUNDS_MAX)
        }
        _ => Err(KeyFileError::Encryption),
    }
}

fn text(pem: &[u8]) -> Result<&str, KeyFileError> {
    let (found_bytes, limit_bytes) = (pem.len(), LIMIT_BYTES);
    if found_bytes > limit_bytes {
        return Err(KeyFileError::TooLarge {
            found_bytes,
            limit_bytes,
        });
    }
    std::str::from_utf8(pem).map_err(|_| KeyFileError::NotPem)
}

/// The first block with whatever stands before it, and the rest if another block begins in it.
fn blocks(text: &str) -> (&str, Option<&str>) {
    let first = text.find(BEGIN).unwrap_or_default();
    let rest = text.get(first + 1..).unwrap_or_default();
    let second = rest.find(BEGIN).map(|at| first + 1 + at);
    match second.and_then(|at| text.split_at_checked(at)) {
        Some((private, public)) => (private, Some(public)),
        None => (text, None),
    }
}

fn shortened(label: &str) -> String {
    label.chars().take(40).collect()
}

const BEGIN: &str = "-----BEGIN ";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";
const PRIVATE: &str = "PRIVATE KEY";
const PUBLIC: &str = "PUBLIC KEY";
const ED25519: AlgorithmIdentifierRef<'static> = AlgorithmIdentifierRef {
    oid: ObjectIdentifier::new_unwrap("1.3.101.112"),
    parameters: None,
};
/// The octet string around a seed (RFC 8410).
const SEED_HEAD: [u8; 2] = [0x04, 0x20];
/// In blocks of 128 bytes: 128 MiB.
const MEMORY_MAX: u64 = 1 << 20;
/// Twelve times what our own files cost.
const COST_MAX: u64 = 1 << 23;
const ROUNDS_MAX: u64 = 10_000_000;
const LIMIT_BYTES: usize = 8 << 10;

#[cfg(test)]
mod tests;
