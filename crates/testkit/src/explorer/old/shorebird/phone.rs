//! What there is: a phone's disk, its processes, and what the world still has in store.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A patch. Nobody compares contents but the server and the downloads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Patch {
    /// Its number within its release.
    pub number: u8,
    /// Its bytes.
    pub content: char,
    /// The release it was made for.
    pub release: char,
    /// Whether its signature is there and right.
    pub signed: bool,
}

impl Patch {
    /// A signed one for release A.
    #[must_use]
    pub const fn new(number: u8, content: char) -> Self {
        Self {
            number,
            content,
            release: 'A',
            signed: true,
        }
    }
}

/// What the server may say.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Answer {
    /// The patch to run.
    pub offer: Option<Patch>,
    /// Numbers that are withdrawn.
    pub rolled_back: Vec<u8>,
}

impl Answer {
    /// A server offers what was made for the release that asks.
    pub(super) fn is_for(&self, release: char) -> bool {
        self.offer.is_none_or(|offer| offer.release == release)
    }
}

/// One moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    pub(super) disk: Disk,
    /// What is installed now.
    pub(super) release: char,
    pub(super) processes: Vec<Option<Process>>,
    pub(super) left: Budget,
    pub(super) past: Past,
}

/// The files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Disk {
    /// `state.json`: the release it was written for.
    pub(super) stamp: Option<char>,
    /// `patches_state.json`.
    pub(super) pointers: Pointers,
    /// What `patches_state.json` said before it was last known to be on the medium.
    pub(super) pointers_before: Option<Pointers>,
    /// `patches/N/dlc.vmcode`.
    pub(super) artifacts: BTreeMap<u8, Artifact>,
    /// The complete download, and its sidecar.
    pub(super) download: Option<Patch>,
    /// The inflated file.
    pub(super) full: Option<Patch>,
}

/// What `patches_state.json` says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Pointers {
    pub(super) last: Option<Patch>,
    pub(super) next: Option<Patch>,
    pub(super) booting: Option<Patch>,
    pub(super) bad: BTreeSet<u8>,
}

/// A file that can be booted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Artifact {
    pub(super) patch: Patch,
    /// False: of the right length, and zeros.
    pub(super) whole: bool,
    /// Whether a power cut cannot hurt it any more.
    pub(super) settled: bool,
}

impl Artifact {
    /// Written just now.
    pub(super) const fn of(patch: Patch) -> Self {
        Self {
            patch,
            whole: true,
            settled: false,
        }
    }
}

/// A live process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Process {
    /// What the engine's thread still does.
    pub(super) main: VecDeque<Op>,
    /// What the update's thread still does.
    pub(super) update: VecDeque<Op>,
    /// What the engine was given; none is the bundled release, or not yet anything.
    pub(super) loaded: Option<Artifact>,
    /// Whether the engine was given anything.
    pub(super) is_loaded: bool,
    /// Whether there was a first frame.
    pub(super) framed: bool,
}

/// One step of a call: at most one file operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    Init,
    Stamp,
    WipePatches,
    Validate,
    TakePath,
    LaunchStart,
    LaunchSuccess,
    Answered(Answer),
    Consider(Patch),
    Download(Patch),
    Inflate(Patch),
    Install(Patch),
    Save(Pointers),
    Delete(u8),
    DropDownload,
}

impl Op {
    /// Whether it goes on with a call, during which the process's other thread waits.
    pub(super) const fn is_within_a_call(&self) -> bool {
        matches!(
            self,
            Self::Stamp | Self::WipePatches | Self::Save(_) | Self::Delete(_) | Self::DropDownload
        )
    }
}

/// How often things may still happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Budget {
    /// Starts of processes.
    pub starts: u8,
    /// Answers of the server.
    pub answers: u8,
    /// Processes that are killed, by the user or the system.
    pub kills: u8,
    /// Processes that crash.
    pub crashes: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Moments at which the disk is full.
    pub full_disks: u8,
    /// Upgrades of the app to release B.
    pub upgrades: u8,
}

/// What properties need to know of the past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Past {
    /// Complete downloads, by content.
    pub(super) downloads: BTreeMap<char, u8>,
    /// Answers 416 to a request for what is there already.
    pub(super) refused_ranges: u8,
    /// Contents that an engine was given.
    pub(super) ran: BTreeSet<char>,
    /// Contents that crashed.
    pub(super) crashed: BTreeSet<char>,
    /// Crashes after success was reported and before the first frame, by content.
    pub(super) crashed_early: BTreeMap<char, u8>,
    /// Contents whose success was reported.
    pub(super) proven: BTreeSet<char>,
    /// Contents that a start blamed for the last boot, when no other process was alive.
    pub(super) blamed: BTreeSet<char>,
    /// Contents that were recorded as bad.
    pub(super) recorded_bad: BTreeSet<char>,
    /// Something was offered that has the number of what is installed, and other bytes.
    pub(super) fix_refused: bool,
    /// A lower number took a higher one's place.
    pub(super) downgraded: bool,
    /// A roll-back deleted a file and left a pointer to it.
    pub(super) dangling: bool,
}
