//! The one document that lasts on a device: what the lifecycle decides by, and what goes with it.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_lifecycle::{GenerationId, ProcessSlot, ReleaseKey, State};
use patchproof_storage::{Loaded, SlotFinding, Slots, Stamp, Storage, StorageError};
use patchproof_trust::Remembered;
use serde::{Deserialize, Serialize};

use crate::base::BaseSeen;
use crate::notice::Notice;
use crate::stamped::Stamped;

/// All that lasts. Its JSON has one version; what is not known in it is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Document {
    format: u32,
    /// What the lifecycle decides by.
    pub(crate) lifecycle: State,
    /// What this installation calls itself.
    #[serde(with = "crate::hex_bytes")]
    pub(crate) client_id: [u8; 16],
    /// The bundled library whose hash is known.
    pub(crate) base: Option<BaseSeen>,
    /// Generations that were hashed in their place.
    pub(crate) looks: BTreeMap<GenerationId, Look>,
    /// The versions of releases that waiting events speak of, and of the current one.
    pub(crate) versions: BTreeMap<ReleaseKey, String>,
    /// Words that go with waiting events, by their id.
    pub(crate) messages: BTreeMap<u64, String>,
    /// Slots whose token is of a generation that was chosen and not launched yet: a process that
    /// ends before it says so has said nothing about it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub(crate) unlaunched: BTreeSet<ProcessSlot>,
    /// What vouches for installed generations: a signed statement, or Shorebird's signature.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) vouchers: BTreeMap<GenerationId, String>,
    /// What decides by itself which rollouts reach this device; told to nobody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) lot: Option<Lot>,
    /// What is remembered of signed words, as its room writes it; absent before the first of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) trust: Option<String>,
}

/// A random number of this device's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Lot(#[serde(with = "crate::hex_bytes")] pub(crate) [u8; 16]);

/// A full look at a generation that found it whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Look {
    /// In which run of the machine.
    #[serde(with = "crate::hex_bytes")]
    boot_id: [u8; 16],
    /// What its files were like just before.
    stamps: BTreeMap<String, Stamped>,
}

/// What was found in the slots.
pub(crate) struct Found {
    pub(crate) document: Document,
    /// Of the slot that it was read from; none where it is a new one.
    pub(crate) counter: Option<u64>,
    /// Whether the hash of the base is not in the slots yet.
    pub(crate) base_is_news: bool,
    pub(crate) notices: Vec<Notice>,
}

impl Document {
    /// Of an installation that remembers nothing.
    pub(crate) fn new(client_id: [u8; 16]) -> Self {
        Self {
            format: FORMAT,
            lifecycle: State::default(),
            client_id,
            base: None,
            looks: BTreeMap::new(),
            versions: BTreeMap::new(),
            messages: BTreeMap::new(),
            unlaunched: BTreeSet::new(),
            vouchers: BTreeMap::new(),
            lot: None,
            trust: None,
        }
    }

    /// Remembers this of signed words, and the lot with them; says whether it is news.
    pub(crate) fn learn(&mut self, memory: &Remembered, lot: Lot) -> bool {
        // It is ASCII.
        let memory = String::from_utf8(memory.encode()).ok();
        let is_news = memory.is_some() && (memory != self.trust || Some(lot) != self.lot);
        if is_news {
            self.trust = memory;
            self.lot = Some(lot);
        }
        is_news
    }

    /// What the slots hold. Where nothing in them can be read, or what was read is no document, the
    /// state is lost and says so; `client_id` then names the installation anew.
    pub(crate) fn load<S: Storage>(
        storage: &S,
        client_id: [u8; 16],
    ) -> Result<Found, StorageError> {
        let loaded = Slots::load(storage)?;
        let mut notices = damaged_slots(&loaded);
        let is_lost = loaded.is_lost();
        let read = loaded.newest.as_deref().map(Self::parse);
        let document = match read {
            Some(Ok(document)) => document,
            Some(Err(reason)) => {
                notices.push(Notice::DocumentUnreadable { reason });
                Self::lost(client_id)
            }
            None if is_lost => Self::lost(client_id),
            None => Self::new(client_id),
        };
        Ok(Found {
            document,
            counter: loaded.counter,
            base_is_news: false,
            notices,
        })
    }

    /// Its JSON. What belongs to records that are gone goes with them.
    pub(crate) fn to_json(&self) -> Result<Vec<u8>, serde_json::Error> {
        let mut kept = self.clone();
        let State {
            installed,
            queue,
            release,
            tokens,
            ..
        } = &self.lifecycle;
        kept.looks.retain(|id, _| installed.contains_key(id));
        kept.vouchers.retain(|id, _| installed.contains_key(id));
        kept.unlaunched.retain(|slot| tokens.contains_key(slot));
        kept.messages
            .retain(|id, _| queue.events.iter().any(|event| event.id == *id));
        kept.versions.retain(|key, _| {
            release.as_ref() == Some(key) || queue.events.iter().any(|event| event.release == *key)
        });
        serde_json::to_vec(&kept)
    }

    /// Drops the tokens of processes that never launched what they chose, of those that have ended
    /// or start anew.
    pub(crate) fn forget_unlaunched(&mut self, is_over: impl Fn(ProcessSlot) -> bool) {
        let tokens = &mut self.lifecycle.tokens;
        self.unlaunched.retain(|slot| {
            let goes = is_over(*slot);
            if goes {
                tokens.remove(slot);
            }
            !goes
        });
    }

    fn parse(json: &[u8]) -> Result<Self, String> {
        let document: Self = serde_json::from_slice(json).map_err(|error| error.to_string())?;
        if document.format != FORMAT {
            return Err(format!(
                "its format is {}, known is {FORMAT}",
                document.format
            ));
        }
        Ok(document)
    }

    fn lost(client_id: [u8; 16]) -> Self {
        let mut document = Self::new(client_id);
        document.lifecycle.lost = true;
        document
    }
}

impl Look {
    pub(crate) fn new(boot_id: [u8; 16], stamps: &BTreeMap<String, Stamp>) -> Self {
        Self {
            boot_id,
            stamps: stamps
                .iter()
                .map(|(name, found)| (name.clone(), Stamped::from(found)))
                .collect(),
        }
    }
}

fn damaged_slots(loaded: &Loaded) -> Vec<Notice> {
    let slots = [("state-a", loaded.a), ("state-b", loaded.b)];
    let damaged = slots
        .into_iter()
        .filter_map(|(name, finding)| match finding {
            SlotFinding::Damaged { why } => Some(Notice::SlotDamaged {
                slot: name,
                reason: why.to_string(),
            }),
            SlotFinding::Absent | SlotFinding::Valid { .. } => None,
        });
    damaged.collect()
}

const FORMAT: u32 = 1;

#[cfg(test)]
mod tests;
