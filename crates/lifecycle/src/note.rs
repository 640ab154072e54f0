//! What a step says to people.

use crate::{BadReason, GenerationId, SetAsideReason};

/// One thing that a person who looks for the reason wants to know.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Note {
    /// A generation will not boot any more.
    Dropped {
        /// Which.
        id: GenerationId,
        /// Under which number.
        number: u64,
        /// Why.
        why: Dropped,
    },
    /// What was offered is not fetched or installed.
    NotTaken {
        /// Which.
        id: GenerationId,
        /// Under which number.
        number: u64,
        /// Why.
        why: Refusal,
    },
    /// The newest generation failed, and an older, proven one boots.
    FellBack {
        /// What boots.
        to: GenerationId,
        /// Under which number.
        number: u64,
    },
    /// The boot token could not be written: a proven generation boots without one.
    Unguarded {
        /// Which.
        id: GenerationId,
    },
    /// The boot token could not be written: what is not proven does not boot.
    NotBootedUnguarded {
        /// Which.
        id: GenerationId,
    },
    /// Both slots of the state were unreadable.
    StateLost,
    /// Events were dropped unsent.
    EventsDropped {
        /// How many.
        count: u64,
    },
    /// The server refused events; they are dropped, so that they keep no others back.
    EventsRefused {
        /// How many.
        count: u64,
    },
    /// Known-bad records and floors of other releases were more than are remembered.
    WordsForgotten {
        /// How many.
        count: u64,
    },
}

/// Why a generation will not boot any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Dropped {
    /// It is known bad.
    KnownBad(BadReason),
    /// It is set aside.
    SetAside(SetAsideReason),
    /// The server withdrew its number.
    RolledBack,
    /// It was made for another release than the one installed now.
    OtherRelease,
    /// Its number is below the floor.
    BelowFloor,
    /// Its files are not what they were.
    Damaged,
    /// Its files are gone.
    Missing,
    /// Nobody whose word counts vouches for it any more.
    Forbidden,
    /// Its files cannot be read now; it is kept.
    Unreadable,
    /// It cannot read the data that a newer one may have written.
    DataEpoch,
}

/// Why an offer is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Refusal {
    /// It is installed.
    AlreadyInstalled,
    /// It is known bad.
    KnownBad(BadReason),
    /// It is set aside, and this is nothing newer.
    SetAside(SetAsideReason),
    /// The same answer withdraws it.
    RolledBack,
    /// A higher number is installed and stands.
    Older,
    /// Its number is below the floor.
    BelowFloor,
    /// Its number is 0, which means none.
    NumberZero,
    /// It may not be installed yet, or not any more, by this device's clock.
    NotValidNow,
    /// It was asked for another release than the one that this device runs now.
    OtherRelease,
    /// It cannot read the data that may have been written.
    DataEpoch,
    /// Too many contents are known bad on this release.
    TooManyKnownBad,
    /// The state was lost, and the server was not asked since.
    AnswerNeeded,
}
