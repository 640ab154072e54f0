//! What a device remembers of what it believed: without it, every old word would be news again.

use serde::{Deserialize, Serialize};

use crate::canonical::{self, Unreadable};
use crate::channel::ChannelStatement;
use crate::device::{Field, Release, same};
use crate::digest::Digest;
use crate::envelope::{Envelope, Wire};
use crate::key::KeyId;
use crate::payload::Kind;
use crate::refusal::Refusal;
use crate::root::Root;
use crate::verified::{Verified, first_root, next_root};
use crate::word::Word;

/// The newest root, the counters of each channel's keys, and the floors. Answers of
/// [`Verifier`](crate::Verifier) carry the next one, to be stored before the answer is acted on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remembered {
    root: Verified<Root>,
    envelope: Envelope,
    counters: Vec<Counter>,
    floors: Vec<Floor>,
}

/// The newest word of one key in one channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Counter {
    pub(crate) channel: Word,
    pub(crate) key: KeyId,
    pub(crate) release: Release,
    pub(crate) counter: u64,
    pub(crate) choice_sha256: Digest,
    pub(crate) issued_s: u64,
}

impl Counter {
    fn is_of(&self, release: &Release, channel: &Word) -> bool {
        self.release == *release && self.channel == *channel
    }
}

/// The lowest number that may run of one release, as patch statements and former roots said.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Floor {
    release: Release,
    minimum_number: u64,
}

impl Remembered {
    /// The most that [`encode`](Self::encode) ever writes: the largest root, and as many counters
    /// and floors as there may be, with the longest words in them.
    pub const BYTES_MAX: usize = 800 << 10;

    /// Of a device that runs for the first time: the root that lies in its app.
    ///
    /// # Errors
    ///
    /// Why these bytes are no root that its own keys signed.
    pub fn from_embedded(root: &[u8]) -> Result<Self, Refusal> {
        Self::from_envelope(Envelope::read(Kind::Root, root)?)
    }

    /// After an update from the store, whose app may bring a newer root: the newer of the two. The
    /// store vouches for the embedded one, so that it need not follow the known one. That is read
    /// by [`from_embedded`](Self::from_embedded) once, and memory as often as it changes.
    ///
    /// # Errors
    ///
    /// Why the embedded root is for another app, or contradicts the known one.
    pub fn with_embedded(&self, embedded: &Self, release: &Release) -> Result<Self, Refusal> {
        same(Field::App, &self.root.app, &embedded.root.app)?;
        let version = embedded.root.version;
        if version == self.root.version && embedded.root.sha256() != self.root.sha256() {
            return Err(Refusal::RootForked { version });
        }
        if version <= self.root.version {
            return Ok(self.clone());
        }
        Ok(self.under(embedded.clone(), release))
    }

    /// What [`encode`](Self::encode) wrote. Integrity is the storage's; this reads one form only.
    ///
    /// # Errors
    ///
    /// [`Refusal::Memory`]: it is reported and never taken for an empty memory.
    pub fn decode(bytes: &[u8]) -> Result<Self, Refusal> {
        let memory = |reason: String| Refusal::Memory { reason };
        if bytes.len() > Self::BYTES_MAX {
            return Err(memory(format!(
                "it has {} bytes, expected at most {}",
                bytes.len(),
                Self::BYTES_MAX
            )));
        }
        let stored: Stored = canonical::read(bytes).map_err(|unreadable| match unreadable {
            Unreadable::Malformed { reason } => memory(reason),
            Unreadable::NotCanonical { at_byte } => memory(format!("not canonical at {at_byte}")),
        })?;
        if stored.format != FORMAT {
            return Err(memory(format!(
                "its format is {}, not {FORMAT}",
                stored.format
            )));
        }
        let root = Envelope::of_wire(Kind::Root, stored.root).and_then(Self::from_envelope);
        let root = root.map_err(|refusal| memory(refusal.to_string()))?;
        let Stored {
            counters, floors, ..
        } = stored;
        Ok(Self {
            counters,
            floors,
            ..root
        })
    }

    /// To be stored; at most [`BYTES_MAX`](Self::BYTES_MAX) bytes, in ASCII.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let stored = Stored {
            counters: self.counters.clone(),
            floors: self.floors.clone(),
            format: FORMAT,
            root: self.envelope.wire(),
        };
        // All of it was read from what can be written.
        canonical::write(&stored).unwrap_or_default()
    }

    /// The newest root.
    #[must_use]
    pub const fn root(&self) -> &Verified<Root> {
        &self.root
    }

    /// The lowest number of this release that may run, by all offline words so far.
    #[must_use]
    pub fn minimum_number(&self, release: &Release) -> u64 {
        if cfg!(patchproof_without = "floor") {
            return 0;
        }
        let floors = self.floors.iter().filter(|floor| floor.release == *release);
        let floor = floors.map(|floor| floor.minimum_number).max().unwrap_or(0);
        floor.max(self.root.minimum_number(release))
    }

    /// The highest counter that is remembered of a channel for this release; none before its first
    /// statement.
    #[must_use]
    pub fn counter(&self, release: &Release, channel: &Word) -> Option<u64> {
        let of_channel = self.counters(release, channel);
        of_channel.map(|entry| entry.counter).max()
    }

    /// What is known of one channel by keys that the root still names.
    pub(crate) fn counters<'a>(
        &'a self,
        release: &'a Release,
        channel: &'a Word,
    ) -> impl Iterator<Item = &'a Counter> {
        let counters = self.counters.iter();
        counters.filter(move |counter| counter.is_of(release, channel))
    }

    /// With the root that comes next.
    pub(crate) fn with_root(&self, bytes: &[u8], release: &Release) -> Result<Self, Refusal> {
        let envelope = Envelope::read(Kind::Root, bytes)?;
        let root = next_root(&self.root, &envelope)?;
        same(Field::App, &self.root.app, &root.app)?;
        let own = envelope.signed_by_only(&root.roles.root.keys);
        let next = Self {
            root,
            envelope: own,
            counters: Vec::new(),
            floors: Vec::new(),
        };
        Ok(self.under(next, release))
    }

    /// With what a verified channel statement said. `latest_s` bounds the time that it is believed
    /// to be: a server whose clock is years ahead would else expire every later statement.
    pub(crate) fn with_channel(
        &self,
        statement: &Verified<ChannelStatement>,
        latest_s: u64,
    ) -> Self {
        let mut next = self.clone();
        for key in statement.signers() {
            let of_key = |counter: &Counter| {
                counter.key == *key && counter.is_of(&statement.release, &statement.channel)
            };
            let known = next.counters.iter().filter(|counter| of_key(counter));
            let issued_s = known.map(|counter| counter.issued_s).max().unwrap_or(0);
            next.counters.retain(|counter| !of_key(counter));
            next.counters.push(Counter {
                channel: statement.channel.clone(),
                key: *key,
                release: statement.release.clone(),
                counter: statement.counter,
                choice_sha256: statement.choice_sha256(),
                issued_s: issued_s.max(statement.issued_s.min(latest_s)),
            });
        }
        forget(&mut next.counters, COUNTERS, |entry| {
            entry.release == statement.release
        });
        next.counters.sort();
        next
    }

    /// With a floor that offline words set.
    pub(crate) fn with_floor(&self, release: &Release, minimum_number: u64) -> Self {
        let mut next = self.clone();
        if minimum_number <= self.minimum_number(release) {
            return next;
        }
        next.floors.retain(|floor| floor.release != *release);
        next.floors.push(Floor {
            release: release.clone(),
            minimum_number,
        });
        forget(&mut next.floors, FLOORS, |floor| floor.release == *release);
        next.floors.sort();
        next
    }

    fn from_envelope(envelope: Envelope) -> Result<Self, Refusal> {
        let root = first_root(&envelope)?;
        let envelope = envelope.signed_by_only(&root.roles.root.keys);
        Ok(Self {
            root,
            envelope,
            counters: Vec::new(),
            floors: Vec::new(),
        })
    }

    /// This memory under another root: counters of keys that it no longer names are forgotten,
    /// which is how a counter that a thief drove up starts anew; the floor of this release stays.
    fn under(&self, next: Self, release: &Release) -> Self {
        let keys = &next.root.roles.channel.keys;
        let counters = self
            .counters
            .iter()
            .filter(|counter| keys.contains(&counter.key));
        let next = Self {
            counters: counters.cloned().collect(),
            floors: self.floors.clone(),
            ..next
        };
        next.with_floor(release, self.minimum_number(release))
    }
}

/// Memory as it lies on the disk.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Stored {
    counters: Vec<Counter>,
    floors: Vec<Floor>,
    format: u64,
    root: Wire,
}

/// Makes room by forgetting other releases first, which do not run here now.
fn forget<T>(entries: &mut Vec<T>, limit: usize, is_ours: impl Fn(&T) -> bool) {
    while entries.len() > limit {
        let other = entries.iter().position(|entry| !is_ours(entry));
        entries.remove(other.unwrap_or(0));
    }
}

const COUNTERS: usize = 256;
const FLOORS: usize = 64;
const FORMAT: u64 = 1;
