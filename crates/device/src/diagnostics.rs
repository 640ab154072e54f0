//! What a person who holds a device can be told: what boots, what does not and why, what waits.

use patchproof_lifecycle::{GenerationId, ReleaseKey, State};
use patchproof_storage::{Stamp, Storage, generation};
use serde::Serialize;

use crate::bans::{Ban, BanKind, bans_of};
use crate::boot::Booted;
use crate::document::Document;
use crate::error::OperationError;
use crate::machine::Machine;
use crate::notice::Notice;
use crate::transport::Transport;
use crate::updater::{Updater, places};
use crate::vouch::Voucher;

/// How a device stands. Within a version fields are only added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Diagnostics {
    /// The app, as its settings call it.
    pub app_id: String,
    /// The channel that is asked for.
    pub channel: String,
    /// The release's version.
    pub version: String,
    /// The system.
    pub platform: String,
    /// The machine.
    pub arch: String,
    /// The release, as everything that is remembered speaks of it.
    pub release: ReleaseKey,
    /// SHA-256 of the bundled library, in hex.
    pub base_sha256: String,
    /// Where that lies.
    pub base: String,
    /// Wall clock, in milliseconds since 1970.
    pub now_ms: u64,
    /// What this process boots; absent before `begin_boot`.
    pub booted: Option<BootFacts>,
    /// What lies installed.
    pub installed: Vec<InstalledFacts>,
    /// What is neither booted nor fetched.
    pub bans: Vec<BanFacts>,
    /// The lowest number that signed words allow. 0: none was ever seen; in Shorebird's profile
    /// there are none, and a server may offer an older patch.
    pub floor: u64,
    /// What is remembered of signed statements; absent where they do not count.
    pub statements: Option<StatementFacts>,
    /// Events that wait to be sent.
    pub waiting_events: usize,
    /// When the oldest of them happened, in milliseconds since 1970.
    pub oldest_event_ms: Option<u64>,
    /// How many were dropped, ever: too old, too many, or refused by the server.
    pub dropped_events: u64,
    /// What was seen since this process started, oldest first.
    pub notices: Vec<NoticeFacts>,
}

/// What a process boots.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BootFacts {
    /// The generation; absent where the bundled release boots.
    pub generation: Option<GenerationId>,
    /// Its number.
    pub number: Option<u64>,
    /// Which boot of that generation without success so far this is, from 1; absent where nothing
    /// is kept of this boot.
    pub attempt: Option<u32>,
    /// Whether a failure of this boot would be noticed.
    pub guarded: bool,
    /// Whether its success or failure is settled.
    pub settled: bool,
    /// Foreground time that was reported, in milliseconds.
    pub foreground_ms: u64,
}

/// What is remembered of signed statements. The root and the lowest number only grow; the counter
/// starts anew with a new key of the channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct StatementFacts {
    /// The newest root.
    pub root_version: u64,
    /// The counter of the channel's newest statement by a key that the root names; 0 before the
    /// first.
    pub counter: u64,
    /// The lowest number that may run of this release.
    pub minimum_number: u64,
}

/// A generation on the disk.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InstalledFacts {
    /// Which.
    pub id: GenerationId,
    /// Its number.
    pub number: u64,
    /// Whether it is what the next start tries first.
    pub is_candidate: bool,
    /// Whether it is what that falls back to.
    pub is_fallback: bool,
    /// Whether its health window ever passed.
    pub proven: bool,
    /// Known crashes before that.
    pub crashes: u8,
    /// Boots in a row that ended without success before that.
    pub unfinished_boots: u8,
    /// Bytes of its files; absent where they cannot be looked at.
    pub size_bytes: Option<u64>,
}

/// A content that is banned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BanFacts {
    /// Which.
    pub id: GenerationId,
    /// Why, in a word.
    pub why: String,
    /// Where it is set aside: the number that something newer must exceed.
    pub until_above: Option<u64>,
}

/// One thing that was seen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct NoticeFacts {
    /// A word for it that never changes.
    pub id: &'static str,
    /// What was seen.
    pub symptom: String,
    /// What to do about it.
    pub remedy: &'static str,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// How this device stands. It never fails: what cannot be read is a notice.
    #[must_use]
    pub fn diagnostics(&self) -> Diagnostics {
        let (document, seen_now) = match self.peek() {
            Ok(found) => (found.document, found.notices),
            Err(error) => {
                let reason = error.to_string();
                (Document::new([0; 16]), vec![Notice::DiskFailed { reason }])
            }
        };
        let statements = self.statement_facts_of(&document);
        let state = document.lifecycle;
        let mut notices = self.session().recent.iter().cloned().collect::<Vec<_>>();
        // What is damaged still was told of at the start, most often.
        notices.retain(|notice| !seen_now.contains(notice));
        notices.extend(seen_now);
        let installed = state.installed.iter().map(|(id, record)| InstalledFacts {
            id: *id,
            number: record.number,
            is_candidate: state.candidate == Some(*id),
            is_fallback: state.proven == Some(*id),
            proven: record.proven,
            crashes: record.crashes,
            unfinished_boots: record.unfinished,
            size_bytes: self.size_of(id),
        });
        let words = state.words.get(&self.release);
        let bans = bans_of(&state, self.release);
        Diagnostics {
            app_id: self.config.settings.app_id.clone(),
            channel: self.config.settings.channel.clone(),
            version: self.config.release.version.clone(),
            platform: self.config.release.platform.to_string(),
            arch: self.config.release.arch.to_string(),
            release: self.release,
            base_sha256: hex::encode(self.base_sha256),
            base: self.base.place().to_owned(),
            now_ms: self.machine.now_ms(),
            booted: self.boot_facts(&state),
            installed: installed.collect(),
            bans: bans.iter().map(ban_facts).collect(),
            floor: words.map_or(0, |words| words.floor),
            statements,
            waiting_events: state.queue.events.len(),
            oldest_event_ms: state.queue.events.front().map(|event| event.at_ms),
            dropped_events: state.queue.dropped,
            notices: notices.iter().map(notice_facts).collect(),
        }
    }

    /// What is remembered of signed statements; none where they do not count.
    ///
    /// # Errors
    /// [`OperationError`], where the state cannot be read.
    pub fn statement_facts(&self) -> Result<Option<StatementFacts>, OperationError> {
        match self.voucher {
            Voucher::Statements(_) => Ok(self.statement_facts_of(&self.peek()?.document)),
            _ => Ok(None),
        }
    }

    fn statement_facts_of(&self, document: &Document) -> Option<StatementFacts> {
        let Voucher::Statements(statements) = &self.voucher else {
            return None;
        };
        let memory = statements.memory(document).ok()?;
        let counter = memory.counter(statements.release(), &statements.channel);
        Some(StatementFacts {
            root_version: memory.root().version,
            counter: counter.unwrap_or(0),
            minimum_number: statements.floor(&memory),
        })
    }

    fn boot_facts(&self, state: &State) -> Option<BootFacts> {
        let session = self.session();
        let slot = session.slot.as_ref().map(|(slot, _)| *slot);
        let token = slot.and_then(|slot| state.tokens.get(&slot));
        let started = session.started.as_ref()?;
        let (generation, number) = match &started.boot.what {
            Booted::Bundled => (None, None),
            Booted::Generation { id, number, .. } => (Some(*id), Some(*number)),
        };
        Some(BootFacts {
            generation,
            number,
            attempt: token
                .filter(|token| Some(token.generation) == generation)
                .map(|token| token.attempt),
            guarded: started.boot.guarded,
            settled: started.settled,
            foreground_ms: u64::try_from(started.foreground.as_millis()).unwrap_or(u64::MAX),
        })
    }

    fn size_of(&self, id: &GenerationId) -> Option<u64> {
        let stamps = generation::stamps(&self.storage, &places::generation(id)).ok()?;
        let sizes = stamps.values().map(|stamp: &Stamp| stamp.length_bytes);
        Some(sizes.fold(0, u64::saturating_add))
    }
}

fn ban_facts(ban: &Ban) -> BanFacts {
    let (why, until_above) = match ban.kind {
        BanKind::KnownBad(reason) => (serde_json::to_value(reason), None),
        BanKind::SetAside { number, reason } => (serde_json::to_value(reason), Some(number)),
    };
    let why = why.ok().and_then(|why| why.as_str().map(str::to_owned));
    BanFacts {
        id: ban.id,
        why: why.unwrap_or_default(),
        until_above,
    }
}

fn notice_facts(notice: &Notice) -> NoticeFacts {
    NoticeFacts {
        id: notice.id(),
        symptom: notice.symptom(),
        remedy: notice.remedy(),
    }
}
