//! What makes no sense in a document, whoever signed it.

use crate::key::KeyId;
use crate::payload::Kind;

/// What makes no sense in a document, though every field of it can be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Flaw {
    /// More of something than there may be.
    #[error("it has {found} {what} and may have {limit}")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// What it is.
        found: usize,
        /// How many there may be.
        limit: usize,
    },
    /// A list that is not strictly ascending.
    #[error("its {what} are not in strictly ascending order")]
    NotAscending {
        /// Of what.
        what: &'static str,
    },
    /// A list that has to say something.
    #[error("it has no {what}")]
    None {
        /// Of what.
        what: &'static str,
    },
    /// 0 where there is no such thing.
    #[error("its {what} is 0, which is refused everywhere")]
    Zero {
        /// Of what.
        what: &'static str,
    },
    /// A threshold that cannot be met, or that needs nobody.
    #[error("the threshold of the {role} role is {threshold}, and it has {keys} keys")]
    Threshold {
        /// Whose role.
        role: Kind,
        /// How many have to sign.
        threshold: u64,
        /// How many keys it has.
        keys: usize,
    },
    /// A role names a key that is not there.
    #[error("the {role} role names {key}, which is not among the keys")]
    MissingKey {
        /// Whose role.
        role: Kind,
        /// Whose.
        key: KeyId,
    },
    /// A key that no role names.
    #[error("the key {key} has no role")]
    IdleKey {
        /// Whose.
        key: KeyId,
    },
    /// An online key that signs offline documents too: who steals it has both.
    #[error("{key} has the channel role and another: the online key must be a key of its own")]
    SharedKey {
        /// Whose.
        key: KeyId,
    },
    /// A key under a name that is not its own.
    #[error("a key stands under {listed}, and its id is {found}")]
    WrongKeyId {
        /// Its place in the list.
        listed: KeyId,
        /// What it is.
        found: KeyId,
    },
    /// The first version of a pair must not be above the second.
    #[error("its {low} is {low_value}, above its {high}, which is {high_value}")]
    Above {
        /// The name of the first.
        low: &'static str,
        /// The value of the first.
        low_value: u64,
        /// The name of the second.
        high: &'static str,
        /// The value of the second.
        high_value: u64,
    },
    /// A short-lived statement that lives long.
    #[error("it lives for {found_s} seconds and may live for {limit_s}")]
    LivesTooLong {
        /// How long, in seconds.
        found_s: u64,
        /// How long at most, in seconds.
        limit_s: u64,
    },
    /// One patch under two entries.
    #[error("it names the patch {what} twice")]
    Twice {
        /// Of what.
        what: String,
    },
    /// Two files of which one file system has room for one.
    #[error("the files {one:?} and {other:?} cannot lie side by side on every file system")]
    Collision {
        /// The name of one.
        one: String,
        /// The name of the other.
        other: String,
    },
    /// A download that becomes a file that is not listed.
    #[error("a download makes {name:?}, which is not among the files")]
    UnknownFile {
        /// Its name.
        name: String,
    },
}
