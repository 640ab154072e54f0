//! What a device remembers.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{GenerationId, Offer, ProcessSlot, Refusal, ReleaseKey};

/// All that lasts, one document. What a field says of generations speaks of `release` alone; what
/// must outlive a change of release is in `words`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct State {
    /// The release that was started last; none before the first start.
    pub release: Option<ReleaseKey>,
    /// Generations that lie whole on the disk: the two that are pointed to, and those that a
    /// process boots whose end is not settled.
    pub installed: BTreeMap<GenerationId, Installed>,
    /// The newest one that was accepted, until it is known bad, set aside, rolled back or gone.
    pub candidate: Option<GenerationId>,
    /// The last one whose health window passed.
    pub proven: Option<GenerationId>,
    /// What each process boots.
    pub tokens: BTreeMap<ProcessSlot, Token>,
    /// Contents that are not booted or fetched until the server says something newer.
    pub set_aside: BTreeMap<GenerationId, SetAside>,
    /// Complete downloads that did not verify, by content.
    pub failed_downloads: BTreeMap<GenerationId, u8>,
    /// Numbers that the newest answer withdrew: what was fetched before it came is not installed.
    pub rolled_back: BTreeSet<u64>,
    /// The newest epoch of data that may have been written under this release.
    pub data_epoch: u32,
    /// Both slots of the state were unreadable: nothing installs before a fresh answer.
    pub lost: bool,
    /// What forbids, for each release that this device has met.
    pub words: BTreeMap<ReleaseKey, Words>,
    /// What the server is to be told.
    pub queue: Queue,
}

impl State {
    /// The generations that a pointer names or a process boots: what no sweep deletes.
    #[must_use]
    pub fn referred_to(&self) -> BTreeSet<GenerationId> {
        let pointers = self.candidate.into_iter().chain(self.proven);
        let tokens = self.tokens.values().map(|token| token.generation);
        pointers.chain(tokens).collect()
    }

    /// What is remembered against an offer for this release. A content that is set aside is taken
    /// under a higher number: the publisher said something new.
    #[must_use]
    pub fn remembers_against(&self, release: &ReleaseKey, offer: &Offer) -> Option<Refusal> {
        let id = &offer.content.id;
        if let Some(words) = self.words.get(release) {
            if let Some(reason) = words.known_bad.get(id) {
                return Some(Refusal::KnownBad(*reason));
            }
            if offer.number < words.floor {
                return Some(Refusal::BelowFloor);
            }
        }
        let is_current = self.release.as_ref() == Some(release);
        let aside = self.set_aside.get(id).filter(|_| is_current)?;
        (offer.number <= aside.number).then_some(Refusal::SetAside(aside.reason))
    }
}

/// A generation on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct Installed {
    /// The number it was offered under.
    pub number: u64,
    /// The epoch of the data that it writes.
    pub data_epoch: u32,
    /// The newest epoch of data that it can read.
    pub reads_data_epoch: u32,
    /// Whether its health window passed once.
    pub proven: bool,
    /// Known crashes before it was proven.
    pub crashes: u8,
    /// Boots in a row that ended without success, before it was proven.
    pub unfinished: u8,
    /// Its last boots since it was proven, newest last: whether each ended in a known crash.
    pub recent: VecDeque<bool>,
}

impl Installed {
    /// Remembers how one more boot ended, since it was proven: the last `window` of them.
    pub(crate) fn remember(&mut self, crash: bool, window: usize) {
        self.recent.push_back(crash);
        self.forget_beyond(window);
    }

    /// Forgets the oldest boots that are beyond the window.
    pub(crate) fn forget_beyond(&mut self, window: usize) {
        let too_many = self.recent.len().saturating_sub(window);
        self.recent.drain(..too_many);
    }
}

/// What one process boots, from before the engine sees it until a later start settles it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct Token {
    /// The release it was for.
    pub release: ReleaseKey,
    /// The generation; the bundled release needs no token.
    pub generation: GenerationId,
    /// The number it was booted under; its record may be gone when this boot is settled.
    pub number: u64,
    /// Whether it was proven when it was booted or since: a single crash does not ban it.
    pub proven: bool,
    /// Which boot of that generation without success so far this is, from 1. Nothing is decided by
    /// it; it is told to people.
    pub attempt: u32,
    /// The system's number of the process.
    pub process: u32,
    /// Success or failure of this boot is settled: nothing that comes later counts.
    pub settled: bool,
}

/// A content that is set aside.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct SetAside {
    /// The number it was offered under: something newer has a higher one.
    pub number: u64,
    /// Why.
    pub reason: SetAsideReason,
}

/// Why a content is set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum SetAsideReason {
    /// Its boots ended without success too often in a row.
    UnfinishedBoots,
    /// Complete downloads of it did not verify too often.
    FailedDownloads,
    /// It failed, and what it could fall back to cannot read the data that may have been written.
    DataEpoch,
}

/// What forbids on one release, for good. It is written to both slots before it counts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct Words {
    /// Contents that never boot again on this release.
    pub known_bad: BTreeMap<GenerationId, BadReason>,
    /// Nothing below this number boots.
    pub floor: u64,
}

/// Why a content is known bad.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BadReason {
    /// The platform said that it crashed.
    Crashed,
    /// The app or the engine reported a failure.
    Reported,
    /// Its bytes, covered by a hash, did not verify.
    NotVerified,
}

/// What the server is to be told, oldest first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct Queue {
    /// Waiting.
    pub events: VecDeque<Queued>,
    /// The id that the next one gets.
    pub next_id: u64,
    /// How many never reached the server: dropped by count or by age, or refused by it.
    pub dropped: u64,
}

/// One thing to tell the server.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::exhaustive_structs,
    reason = "step's explorers and the device build states"
)]
pub struct Queued {
    /// Never given twice on one device.
    pub id: u64,
    /// What happened.
    pub kind: QueuedKind,
    /// On which release.
    pub release: ReleaseKey,
    /// To which content.
    pub generation: GenerationId,
    /// Under which number.
    pub number: u64,
    /// When, wall clock.
    pub at_ms: u64,
}

/// What the server is told of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QueuedKind {
    /// It lies on the disk.
    Installed,
    /// Its health window passed for the first time.
    Proven,
    /// It is known bad because it crashed.
    Crashed,
    /// It is known bad because the app or the engine said so.
    FailureReported,
    /// It is set aside because its boots did not finish.
    SetAside,
    /// It could not be verified, and is known bad or set aside for that.
    NotVerified,
    /// It was installed, and was damaged or gone when it was to boot.
    Lost,
}

#[cfg(test)]
mod tests;
