//! Why a file holds no key that can be used.

use crate::key::KeyError;

/// Why a file holds no key that can be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeyFileError {
    /// More than any key needs.
    #[error(
        "the key file has {found_bytes} bytes and may have {limit_bytes}: is it the right one?"
    )]
    TooLarge {
        /// How many there are.
        found_bytes: usize,
        /// How many there may be.
        limit_bytes: usize,
    },
    /// No PEM, or a broken one.
    #[error("it is no PEM: expected one key between `-----BEGIN` and `-----END` lines")]
    NotPem,
    /// Another thing in PEM.
    #[error("it holds a `{found}`, and a `{expected}` was expected")]
    Label {
        /// What it should be.
        expected: &'static str,
        /// What it is.
        found: String,
    },
    /// The label says PKCS#8, and the bytes are none.
    #[error("it is no PKCS#8 with one Ed25519 key in it: it was cut or changed")]
    NotPkcs8,
    /// The label says a public key, and the bytes are none.
    #[error("it is no SubjectPublicKeyInfo: it was cut or changed")]
    NotSpki,
    /// A key of another kind.
    #[error("its algorithm is {found}, and only Ed25519 (1.3.101.112) signs statements")]
    Algorithm {
        /// The algorithm's object identifier.
        found: String,
    },
    /// Encrypted in a way that is not read.
    #[error(
        "it is encrypted in another way than PBES2 with scrypt or PBKDF2: write it anew with \
         `openssl pkcs8 -topk8 -scrypt`"
    )]
    Encryption,
    /// A passphrase that costs more than is reasonable.
    #[error("opening it takes {found} {what}, and at most {limit} are done: write it anew")]
    TooCostly {
        /// Of what.
        what: &'static str,
        /// How much it asks for.
        found: u64,
        /// How much it may ask for.
        limit: u64,
    },
    /// It does not open.
    #[error("the passphrase does not open it, or the file was changed")]
    Passphrase,
    /// The public key in the file is another key's.
    #[error("its public key does not belong to its private key: the file was changed")]
    Mismatch,
    /// The public key is none that anything may rest on.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// It could not be written.
    #[error("the key could not be written as PEM: a bug of ours")]
    Encoding,
}
