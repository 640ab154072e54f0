//! What there is: one folder, one file of preferences, the processes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A patch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct Patch {
    /// Its label, and its bytes.
    pub name: char,
    /// Whether it brings assets.
    pub has_assets: bool,
    /// Whether the server gave a hash of it.
    pub has_hash: bool,
}

impl Patch {
    /// Code alone, with a hash.
    #[must_use]
    pub const fn code(name: char) -> Self {
        Self {
            name,
            has_assets: false,
            has_hash: true,
        }
    }

    /// Code and assets, with a hash.
    #[must_use]
    pub const fn with_assets(name: char) -> Self {
        Self {
            has_assets: true,
            ..Self::code(name)
        }
    }
}

/// One moment.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Phone {
    pub(super) disk: Disk,
    pub(super) prefs: Prefs,
    pub(super) processes: Vec<Option<Process>>,
    /// The number of the process that starts next.
    pub(super) next_pid: u8,
    /// What the platform tells of ended processes; a restart of the phone forgets it.
    pub(super) exits: BTreeMap<u8, End>,
    pub(super) left: Budget,
    pub(super) past: Past,
}

/// One folder, flat: each artifact without a suffix, as `.pending`, as `.previous`, and staged.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Disk {
    pub(super) current: Set,
    pub(super) pending: Set,
    pub(super) previous: Set,
    pub(super) staging: Set,
    /// Whether the folder of what is staged is there.
    pub(super) staging_folder: bool,
    pub(super) marker: bool,
}

/// The four artifacts of a patch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Set {
    pub(super) code: Option<char>,
    pub(super) meta: Option<Patch>,
    pub(super) assets: Option<Part>,
    pub(super) archive: Option<Part>,
}

/// Something that may be there in part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) of: char,
    pub(super) whole: bool,
    /// Whether a power cut cannot hurt it any more.
    pub(super) settled: bool,
}

impl Set {
    /// All that a patch consists of.
    pub(super) fn of(patch: Patch) -> Self {
        let part = Part {
            of: patch.name,
            whole: true,
            settled: false,
        };
        let part = patch.has_assets.then_some(part);
        Self {
            code: Some(patch.name),
            meta: Some(patch),
            assets: part,
            archive: part,
        }
    }

    pub(super) const fn has(&self, artifact: Artifact) -> bool {
        match artifact {
            Artifact::Code => self.code.is_some(),
            Artifact::Meta => self.meta.is_some(),
            Artifact::Assets => self.assets.is_some(),
            Artifact::Archive => self.archive.is_some(),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Moves one artifact here, over what was here.
    pub(super) fn take(&mut self, artifact: Artifact, from: &mut Self) {
        match artifact {
            Artifact::Code => self.code = from.code.take(),
            Artifact::Meta => self.meta = from.meta.take(),
            Artifact::Assets => self.assets = from.assets.take(),
            Artifact::Archive => self.archive = from.archive.take(),
        }
    }
}

/// One of the four.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Artifact {
    Code,
    Meta,
    Assets,
    Archive,
}

/// What lasts beside the folder.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Prefs {
    /// Something is booting.
    pub(super) loading: bool,
    /// The process that said so last.
    pub(super) pid: Option<u8>,
    pub(super) blacklist: BTreeSet<char>,
}

/// A live process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Process {
    pub(super) pid: u8,
    /// What the start still does.
    pub(super) main: VecDeque<Op>,
    /// What an install still does.
    pub(super) apply: VecDeque<Op>,
    /// What runs; none is the bundled release, or not yet anything.
    pub(super) loaded: Option<Loaded>,
    /// How far it came.
    pub(super) stage: Stage,
    /// Whether its first error was reported.
    pub(super) reported: bool,
}

/// Code, and the archive of assets that the engine reads, as they were when it took them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Loaded {
    pub(super) code: char,
    pub(super) archive: Option<Part>,
}

/// How far a process came.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Stage {
    #[default]
    Starts,
    /// The engine runs; nothing is on the screen.
    White,
    /// The first frame was shown, a moment ago.
    Framed,
    /// The five seconds in which errors count are over.
    Well,
}

/// One step: at most one operation on the folder or the preferences.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Op {
    // A start.
    Guard,
    Trip,
    Recover,
    Restore(Artifact),
    DeleteCurrent,
    DeleteLeftovers,
    DeleteMarker,
    Check,
    MarkBooting,
    Hook,
    DartInit,
    // An install.
    Download(Patch),
    Stage(Artifact),
    WriteMeta(Patch),
    WriteMarker,
    SetAside(Artifact),
    Place(Artifact),
    /// The first half of a recursive delete.
    Thin,
    Drop(Artifact),
    DeleteStaging,
    Reset,
    Done(Patch),
}

/// How a process ended, as the platform tells it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum End {
    /// Crash, native crash, ANR.
    Crash,
    /// The user swiped it away, the system needed memory.
    Killed,
}

/// How often things may still happen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Budget {
    /// Starts of processes.
    pub starts: u8,
    /// Checks that find a patch.
    pub installs: u8,
    /// Processes that are killed, by the user or the system.
    pub kills: u8,
    /// Processes that crash.
    pub crashes: u8,
    /// Uncaught Dart errors in the first seconds.
    pub errors: u8,
    /// Power cuts.
    pub cuts: u8,
    /// Roll-backs by the app.
    pub rollbacks: u8,
}

/// What properties need to know of the past.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Past {
    /// Downloads of a patch that had crashed and was deleted.
    pub(super) downloads_again: u8,
    /// Known crashes of what ran, by content.
    pub(super) crashes: BTreeMap<char, u8>,
    /// Starts of what never showed a frame, by content.
    pub(super) white: BTreeMap<char, u8>,
    pub(super) ran: BTreeSet<char>,
    /// Contents whose first seconds passed well.
    pub(super) well: BTreeSet<char>,
    /// Contents that the app rolled back.
    pub(super) rolled_back: BTreeSet<char>,
    /// A patch was banned because its code was not what its `patch_meta.json` says.
    pub(super) mistaken: bool,
    /// An install ended well, and its files are not there.
    pub(super) hollow: bool,
}
