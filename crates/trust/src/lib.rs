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
//! A statement that was verified can be read, and neither made nor changed in any other way:
//!
//! ```
//! use patchproof_trust::{PatchStatement, Verified};
//! fn read(verified: &mut Verified<PatchStatement>) -> u64 {
//!     verified.number
//! }
//! ```
//!
//! ```compile_fail,E0616
//! use patchproof_trust::{PatchStatement, Verified};
//! fn forge(verified: &mut Verified<PatchStatement>, statement: PatchStatement) {
//!     verified.statement = statement;
//! }
//! ```

mod answering;
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

#[cfg(all(
    not(debug_assertions),
    any(
        patchproof_without = "app",
        patchproof_without = "base_size",
        patchproof_without = "boot",
        patchproof_without = "bytes",
        patchproof_without = "channel",
        patchproof_without = "counter_reuse",
        patchproof_without = "expiry",
        patchproof_without = "floor",
        patchproof_without = "future",
        patchproof_without = "live",
        patchproof_without = "nonce",
        patchproof_without = "number",
        patchproof_without = "release",
        patchproof_without = "replay",
        patchproof_without = "revoked",
        patchproof_without = "root_expiry",
        patchproof_without = "root_order",
        patchproof_without = "selected",
        patchproof_without = "signature",
        patchproof_without = "size",
        patchproof_without = "snapshot",
        patchproof_without = "threshold"
    )
))]
compile_error!(
    "a check of signed statements is compiled out (`--cfg patchproof_without`): that is for \
     `cargo xtask attacks` alone, and nothing to ship; look for it in RUSTFLAGS"
);

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
pub use verifier::{Accepted, Freshness, Question, Verifier};
pub use word::{FileName, Text, Word, WordError};
