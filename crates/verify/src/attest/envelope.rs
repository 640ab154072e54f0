//! The envelope (DSSE v1): the payload's bytes, their type, and signatures over both.

use std::collections::BTreeMap;

use data_encoding::BASE64;
use patchproof_trust::{KeyId, Sign, SignError, pre_authentication_encoding};
use serde::Serialize;

use super::AttestError;

/// Signs with each of these. One key signs once, and signatures stand in the order of key ids.
pub(super) fn signed(payload: &[u8], signers: &[&dyn Sign]) -> Result<Vec<u8>, AttestError> {
    let message = pre_authentication_encoding(PAYLOAD_TYPE, payload);
    let mut signatures: BTreeMap<KeyId, [u8; 64]> = BTreeMap::new();
    for signer in signers {
        let public = signer.public_key();
        let key = public.id();
        if signatures.contains_key(&key) {
            continue;
        }
        let signature = signer.sign(&message)?;
        if !public.verifies(&message, &signature) {
            return Err(SignError::WrongSignature { key }.into());
        }
        signatures.insert(key, signature);
    }
    let signature = |(keyid, sig): (KeyId, [u8; 64])| Signature {
        keyid: keyid.to_string(),
        sig: BASE64.encode(&sig),
    };
    let envelope = Envelope {
        payload: BASE64.encode(payload),
        payload_type: PAYLOAD_TYPE,
        signatures: signatures.into_iter().map(signature).collect(),
    };
    serde_json::to_vec(&envelope).map_err(|error| AttestError::Unwritable {
        reason: error.to_string(),
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Envelope {
    payload: String,
    payload_type: &'static str,
    signatures: Vec<Signature>,
}

#[derive(Serialize)]
struct Signature {
    keyid: String,
    sig: String,
}

const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";
