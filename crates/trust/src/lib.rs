//! What a device may believe: keys, signed statements and their rotation.
//!
//! - A [`Root`] names the keys of an app. It is replaced by the next one only, signed by both.
//! - A [`PatchStatement`] is signed offline and says what one patch is.
//! - A [`ChannelStatement`] is signed online, lives shortly, and chooses among patch statements.
//!
//! [`Verifier`] is the one way from bytes to a [`Verified`] statement. Time and what is
//! [`Remembered`] are arguments, and what to remember from now on is part of the answer: there is
//! no clock, no disk and no network here. `docs/formats/statements.md` has every byte.
//!
//! A statement that was not verified cannot pass for one that was:
//!
//! ```compile_fail
//! fn forge(statement: patchproof_trust::PatchStatement) ->
//!     patchproof_trust::Verified<patchproof_trust::PatchStatement> { patchproof_trust::Verified {
//! statement } }
//! ```

mod canonical;
mod channel;
mod device;
mod digest;
mod envelope;
mod flaw;
mod key;
#[cfg(feature = "key-files")]
mod key_file;
pub mod legacy;
mod measure;
mod patch;
mod payload;
mod refusal;
mod remembered;
mod root;
mod sign;
mod unverified;
mod verified;
mod verifier;
mod word;

#[cfg(test)]
mod schema;

pub use channel::{ChannelStatement, RolledBack, Selected};
pub use device::{Device, Field, Release, Snapshot};
pub use digest::{Digest, Nonce};
pub use envelope::pre_authentication_encoding;
pub use flaw::Flaw;
pub use key::{Algorithm, Key, KeyError, KeyId, PublicKey};
#[cfg(feature = "key-files")]
pub use key_file::{
    EncryptedKey, KeyFile, KeyFileError, KeyFileRandomness, legacy_public_key, read_public_pem,
    write_encrypted_pem, write_plain_pem, write_public_pem,
};
pub use measure::Measure;
pub use patch::{Download, OutputFile, PatchStatement};
pub use payload::{Extensions, Kind, Payload};
pub use refusal::Refusal;
pub use remembered::Remembered;
pub use root::{ReleaseRules, Role, Roles, Root};
pub use sign::{Sign, SignError, SigningKey, countersign, sign, without_strangers};
pub use unverified::{Unverified, kind_of};
pub use verified::Verified;
pub use verifier::{Accepted, Freshness, Question, Verifier, Walk};
pub use word::{FileName, Text, Word, WordError};
