//! Why something is not believed. Each attack has a reason of its own, which says what to do.

use crate::device::Field;
use crate::digest::Digest;
use crate::flaw::Flaw;
use crate::key::KeyId;
use crate::payload::Kind;

/// Why a device does not take what it was served. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// More bytes than a document of this kind may have. They were not looked at.
    #[error("the {kind} has {found_bytes} bytes and may have {limit_bytes}: shorten it")]
    TooLarge {
        /// What was served.
        kind: Kind,
        /// How many bytes there are.
        found_bytes: usize,
        /// How many there may be.
        limit_bytes: usize,
    },
    /// Not a document of this kind.
    #[error("the {kind} cannot be read: {reason}. A newer publisher may need a newer app")]
    Malformed {
        /// What was served.
        kind: Kind,
        /// What stands in the way.
        reason: String,
    },
    /// It can be read, and written otherwise: two readers may see two documents.
    #[error("the {kind} is not in its one form from byte {at_byte} on: sign it with Patchproof")]
    NotCanonical {
        /// What was served.
        kind: Kind,
        /// Where it differs first.
        at_byte: usize,
    },
    /// Its fields contradict each other or a limit.
    #[error("the {kind} makes no sense: {flaw}")]
    Invalid {
        /// What was served.
        kind: Kind,
        /// What contradicts what.
        flaw: Flaw,
    },
    /// A document of another kind, or of another version of this one.
    #[error("expected a {expected} ({}), found {found:?}", expected.payload_type())]
    WrongType {
        /// What it should be.
        expected: Kind,
        /// What it is.
        found: String,
    },
    /// No signature at all.
    #[error("the {kind} carries no signature: what is not signed is not used, there is no setting")]
    Unsigned {
        /// What was served.
        kind: Kind,
    },
    /// A signature by a key that the root does not name for this kind.
    #[error("the {kind} is signed by {key}, which the root does not name for it: sign it anew")]
    UnknownKey {
        /// What was served.
        kind: Kind,
        /// Whose.
        key: KeyId,
    },
    /// One key signed twice: it would count once, and nobody writes it so.
    #[error("the {kind} carries two signatures of {key}: one key has one voice")]
    DuplicateSigner {
        /// What was served.
        kind: Kind,
        /// Whose.
        key: KeyId,
    },
    /// A signature that does not fit the key and the bytes: they were changed, or never signed.
    #[error("the signature of {key} is not over this {kind}: it was changed on its way")]
    BadSignature {
        /// What was served.
        kind: Kind,
        /// Whose.
        key: KeyId,
    },
    /// Fewer keys signed than the root asks for.
    #[error("the {kind} has {found} of the {needed} signatures that root {root_version} asks for")]
    TooFewSignatures {
        /// What was served.
        kind: Kind,
        /// Which root asks.
        root_version: u64,
        /// What it is.
        found: u64,
        /// What it takes.
        needed: u64,
    },

    /// A root that is older than the one remembered, or as old.
    #[error("root {found} was served, and root {remembered} is already known: a replay")]
    RootRollback {
        /// What is known already.
        remembered: u64,
        /// What it is.
        found: u64,
    },
    /// Roots are taken one after the other; one in between is missing.
    #[error("root {found} was served where root {expected} comes next: serve that one first")]
    RootSkipped {
        /// What it should be.
        expected: u64,
        /// What it is.
        found: u64,
    },
    /// Two different roots of one version, both signed.
    #[error("two different roots of version {version} are signed: ask the publisher which holds")]
    RootForked {
        /// Which version.
        version: u64,
    },
    /// The newest known root is out of date: there should be a newer one, which does not come.
    #[error(
        "root {version} expired at {expires_s}, and it is {now_s}: fetch or publish a newer one"
    )]
    RootExpired {
        /// Which version.
        version: u64,
        /// Seconds since 1970.
        expires_s: u64,
        /// Seconds since 1970.
        now_s: u64,
    },
    /// The statement was made under a newer root than this device knows.
    #[error("it was made under root {needed}, and root {known} is known: fetch the roots between")]
    RootBehind {
        /// Which is known.
        known: u64,
        /// What it takes.
        needed: u64,
    },
    /// What was verified under one root is used under another.
    #[error("the channel statement was verified under another root: verify it again")]
    OtherRoot,

    /// It is for something else than what runs here.
    #[error("it is for the {field} {found}, and this is {expected}")]
    WrongTarget {
        /// Of which kind.
        field: Field,
        /// What it should be.
        expected: String,
        /// What it is.
        found: String,
    },

    /// An older choice than one that was already seen.
    #[error("the channel's counter is {found}, and {remembered} was already seen: a replay")]
    Replayed {
        /// What is known already.
        remembered: u64,
        /// What it is.
        found: u64,
    },
    /// Two different choices under one counter.
    #[error("two different choices carry the counter {counter}: the server must count on")]
    CounterReused {
        /// Which counter.
        counter: u64,
    },
    /// The statement is out of date: it stops installs.
    #[error("the channel statement expired at {expires_s}, and it is {now_s}: ask again")]
    Expired {
        /// Seconds since 1970.
        expires_s: u64,
        /// Seconds since 1970.
        now_s: u64,
    },
    /// It says that it was issued in times to come: one of the two clocks is wrong.
    #[error("the channel statement was issued at {issued_s}, and it is {now_s}: mend the clock")]
    FromTheFuture {
        /// Seconds since 1970.
        issued_s: u64,
        /// Seconds since 1970.
        now_s: u64,
    },
    /// It answers another question.
    #[error("the channel statement repeats another device's nonce, or an old one: a replay")]
    WrongNonce,
    /// A live answer was asked for, and this one was made beforehand.
    #[error("the channel statement repeats no nonce, and a live answer was asked for")]
    NoNonce,

    /// The channel does not offer this patch.
    #[error("the channel statement does not offer the patch statement {patch}")]
    NotSelected {
        /// SHA-256 of the statement.
        patch: Digest,
    },
    /// The channel withdraws this patch.
    #[error("the channel statement rolls the patch statement {patch} back")]
    RolledBack {
        /// SHA-256 of the statement.
        patch: Digest,
    },
    /// The channel offers this patch under another number than the one signed offline.
    #[error("the channel statement calls patch {found} number {selected}")]
    WrongNumber {
        /// The number in the channel statement.
        selected: u64,
        /// What it is.
        found: u64,
    },
    /// The root revokes this patch.
    #[error("the root revokes the patch statement {patch}")]
    Revoked {
        /// SHA-256 of the statement.
        patch: Digest,
    },
    /// Words signed offline want a higher number.
    #[error("patch {number} is below {minimum_number}, the lowest that may run: a downgrade")]
    BelowFloor {
        /// Its number.
        number: u64,
        /// The floor.
        minimum_number: u64,
    },

    /// More bytes than were signed for. What came was given up at this point.
    #[error("more than the signed {size_bytes} bytes come: endless data")]
    EndlessData {
        /// How many were signed.
        size_bytes: u64,
    },
    /// Fewer bytes than were signed for.
    #[error("{found_bytes} of the signed {size_bytes} bytes came: fetch the rest")]
    CutShort {
        /// How many were signed.
        size_bytes: u64,
        /// How many bytes there are.
        found_bytes: u64,
    },
    /// As many bytes as were signed for, and others.
    #[error("the bytes are {found}, and {expected} was signed")]
    WrongBytes {
        /// What it should be.
        expected: Digest,
        /// What it is.
        found: Digest,
    },

    /// What this device remembers cannot be read. It is never taken for nothing.
    #[error("what was remembered cannot be read ({reason}): use the other copy, or ask support")]
    Memory {
        /// What stands in the way.
        reason: String,
    },
}
