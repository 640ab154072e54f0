//! Public keys of the field, in whichever form they lie there.

use data_encoding::BASE64;
use pkcs8::der::{Decode as _, Document};
use pkcs8::{ObjectIdentifier, SubjectPublicKeyInfoRef};

use crate::key_file::{BEGIN, KeyFileError, PUBLIC, shortened, text};

/// The public key of a [legacy profile](crate::legacy) as its own configuration writes it, base64
/// of DER: from such a text, or from a PEM file. RSA in a `BEGIN PUBLIC KEY` becomes the PKCS#1
/// that Shorebird has.
///
/// # Errors
///
/// Why it is neither. Whether the key is of the profile's kind is the profile's to say.
pub fn legacy_public_key(file: &[u8]) -> Result<String, KeyFileError> {
    let text = text(file)?;
    if !text.contains(BEGIN) {
        return Ok(text.split_ascii_whitespace().collect());
    }
    let (label, der) = Document::from_pem(text).map_err(|_| KeyFileError::NotPem)?;
    let bytes = match label {
        PUBLIC_PKCS1 => der.as_bytes().to_vec(),
        PUBLIC => {
            let spki = SubjectPublicKeyInfoRef::from_der(der.as_bytes());
            let spki = spki.map_err(|_| KeyFileError::NotSpki)?;
            let key = spki.subject_public_key.as_bytes();
            match key.filter(|_| spki.algorithm.oid == RSA) {
                Some(key) => key.to_vec(),
                None => der.as_bytes().to_vec(),
            }
        }
        other => {
            return Err(KeyFileError::Label {
                expected: PUBLIC,
                found: shortened(other),
            });
        }
    };
    Ok(BASE64.encode(&bytes))
}

const PUBLIC_PKCS1: &str = "RSA PUBLIC KEY";
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
