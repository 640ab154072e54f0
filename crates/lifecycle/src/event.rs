//! What happens to a device.

use std::collections::{BTreeMap, BTreeSet};

use crate::{GenerationId, ProcessSlot, ReleaseKey};

/// One thing that happened. The device holds its operation lock from reading the state until the
/// effects are carried out, so that events of several processes never interleave.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "step and its explorers have to know them all"
)]
pub enum Event {
    /// A process starts and asks what to boot. Answered by [`Effect::Check`](crate::Effect::Check)
    /// of what would boot, or by [`Effect::Boot`](crate::Effect::Boot) of the bundled release.
    Start {
        /// The slot that this process holds from now on, and that nobody held before.
        slot: ProcessSlot,
        /// What is installed now.
        release: ReleaseKey,
        /// Slots with a token whose process has ended, and how; `slot` is among them if it has one.
        ended: BTreeMap<ProcessSlot, Exit>,
        /// Wall clock.
        now_ms: u64,
    },
    /// The files of the generation that [`Effect::Check`](crate::Effect::Check) named were looked
    /// at.
    Checked {
        /// Of the process that starts.
        slot: ProcessSlot,
        /// The system's number of that process, to ask the platform later how it ended.
        process: u32,
        /// Which generation.
        id: GenerationId,
        /// What was found.
        finding: Finding,
        /// Whether the state can be written: false after a commit of this start failed, where there
        /// is no free slot, or where the operation lock could not be had.
        writable: bool,
        /// Wall clock.
        now_ms: u64,
    },
    /// The generation that this process boots was up and well for the policy's window of foreground
    /// time, or the app said so.
    Healthy {
        /// Of the process that says so.
        slot: ProcessSlot,
        /// Wall clock.
        now_ms: u64,
    },
    /// The app or the engine says that what this process boots has failed.
    FailureReported {
        /// Of the process that says so.
        slot: ProcessSlot,
        /// Wall clock.
        now_ms: u64,
    },
    /// The server answered a check that was asked for this release.
    Answered {
        /// The release that the server was asked for.
        release: ReleaseKey,
        /// What it said.
        answer: Answer,
        /// Wall clock.
        now_ms: u64,
    },
    /// What was offered was fetched and is not fit to be installed.
    Refused {
        /// The release that it was offered for.
        release: ReleaseKey,
        /// What was offered.
        offer: Offer,
        /// Who is at fault.
        fault: Fault,
        /// Wall clock.
        now_ms: u64,
    },
    /// A whole, verified generation lies staged and synced on the disk.
    Installed {
        /// The release that it was made for.
        release: ReleaseKey,
        /// What was offered.
        offer: Offer,
        /// Wall clock.
        now_ms: u64,
    },
    /// The server has these queued events.
    Acknowledged {
        /// Their ids.
        ids: BTreeSet<u64>,
    },
    /// The server refuses these queued events, whenever they are sent.
    EventsRefused {
        /// Their ids.
        ids: BTreeSet<u64>,
    },
    /// Words signed offline: below this number nothing of this release boots. It only grows.
    FloorRaised {
        /// Of which the words speak.
        release: ReleaseKey,
        /// The lowest number that they allow.
        minimum_number: u64,
    },
    /// Support lifts what is remembered against these contents of this release; all of them if
    /// empty.
    BansCleared {
        /// On which.
        release: ReleaseKey,
        /// Which; none means all.
        ids: BTreeSet<GenerationId>,
    },
}

/// How a process ended, as the platform tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an embedder maps its platform's reasons to these"
)]
pub enum Exit {
    /// An uncaught exception.
    Crash,
    /// A signal out of native code.
    NativeCrash,
    /// It did not answer.
    Anr,
    /// The user or the system asked it to end.
    UserRequest,
    /// The system needed its memory.
    LowMemory,
    /// Nobody can tell: a power cut, a kill, an old platform.
    Unknown,
}

impl Exit {
    /// Whether this end is known to be a crash.
    #[must_use]
    pub const fn is_known_crash(self) -> bool {
        matches!(self, Self::Crash | Self::NativeCrash | Self::Anr)
    }
}

/// What a look at a generation's files showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "step has to know them all")]
pub enum Finding {
    /// Every file of its manifest is there with its size and SHA-256, and nothing else is.
    Whole,
    /// A file is there and is not what the manifest says: rot, or a disk that lied.
    Damaged,
    /// The folder or one of its files is gone.
    Missing,
    /// Its files are whole, and nobody whose word counts vouches for them any more: it was revoked,
    /// stands below a floor, or was never signed.
    Forbidden,
    /// The disk would not say; the generation may be well and is left alone.
    Unreadable,
}

/// What the server said.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the protocol's room fills it in")]
pub struct Answer {
    /// The patch that this device should run, if there is one.
    pub offer: Option<Offer>,
    /// Numbers of this release that are withdrawn. They win over the offer.
    pub rolled_back: BTreeSet<u64>,
}

/// A patch, and what it becomes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the protocol's room fills it in")]
pub struct Offer {
    /// The publisher's number within the release; never 0.
    pub number: u64,
    /// What it becomes once installed.
    pub content: Content,
    /// When it may be installed.
    pub validity: Validity,
}

/// The content of a generation, as far as decisions need it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the protocol's room fills it in")]
pub struct Content {
    /// Which bytes.
    pub id: GenerationId,
    /// The epoch of the data that it writes.
    pub data_epoch: u32,
    /// The newest epoch of data that it can read; at least `data_epoch`.
    pub reads_data_epoch: u32,
}

/// The span of time within which an offer may be installed; what has no bound is always valid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "the protocol's room fills it in")]
pub struct Validity {
    /// Not before, wall clock.
    pub from_ms: Option<u64>,
    /// Not from this moment on, wall clock.
    pub until_ms: Option<u64>,
}

/// Why something offered was not installed, told apart by who is at fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "step has to know them all")]
pub enum Fault {
    /// Complete bytes, covered by a hash that was known beforehand, do not verify: remembered.
    Patch,
    /// Complete bytes that no hash covers do not verify. It may be the patch or its transport: the
    /// whole of it is fetched anew, and after so many times it is set aside.
    PatchOrTransport,
    /// The bytes did not arrive.
    Transport,
    /// This device could not take them: no space, I/O, permission.
    Device,
}
