//! How boots end: what an end says against or for the generation that was booted.

use std::collections::BTreeMap;

use crate::turn::Turn;
use crate::{
    BadReason, Dropped, Exit, GenerationId, Note, ProcessSlot, QueuedKind, ReleaseKey, SetAside,
    SetAsideReason, Token,
};

/// What a generation's counters come to.
pub(crate) enum Blame {
    /// It is known bad.
    Ban,
    /// It is set aside.
    SetAside,
}

impl Turn<'_> {
    /// Settles the boots of processes that have ended.
    pub(crate) fn settle(&mut self, ended: &BTreeMap<ProcessSlot, Exit>, now_ms: u64) {
        for (slot, exit) in ended {
            if let Some(token) = self
                .state
                .tokens
                .remove(slot)
                .filter(|token| !token.settled)
            {
                self.failed(&token, exit.is_known_crash(), BadReason::Crashed, now_ms);
            }
        }
        self.prune();
    }

    /// The process in this slot was well for long enough: nothing that comes later blames this
    /// boot.
    pub(crate) fn healthy(&mut self, slot: ProcessSlot, now_ms: u64) {
        let Some(token) = self.settle_now(slot) else {
            self.commit();
            return;
        };
        for other in self.state.tokens.values_mut() {
            if other.generation == token.generation && other.release == token.release {
                other.proven = true;
            }
        }
        if self.is_current(&token.release) {
            self.prove(&token, now_ms);
        }
        self.prune();
        self.commit();
        self.sweep();
    }

    /// The process in this slot says that what it boots has failed: as a known crash.
    pub(crate) fn failure_reported(&mut self, slot: ProcessSlot, now_ms: u64) {
        if let Some(token) = self.settle_now(slot) {
            self.failed(&token, true, BadReason::Reported, now_ms);
            self.prune();
        }
        self.commit();
    }

    /// Remembers for good that a content must not boot on a release.
    ///
    /// When as many are remembered as the policy allows, nothing installs any more on this release:
    /// one that is dropped then does not come back either.
    pub(crate) fn ban(
        &mut self,
        release: &ReleaseKey,
        id: &GenerationId,
        number: u64,
        reason: BadReason,
        now_ms: Option<u64>,
    ) {
        let is_current = self.is_current(release);
        let max = usize::from(self.policy.known_bad_max);
        let known = &mut self.state.words.entry(*release).or_default().known_bad;
        if known.contains_key(id) {
            return;
        }
        if !is_current || known.len() < max {
            known.insert(*id, reason);
        }
        if is_current {
            self.forget(id);
            self.state.set_aside.remove(id);
            self.state.failed_downloads.remove(id);
        }
        let why = Dropped::KnownBad(reason);
        self.notes.push(Note::Dropped {
            id: *id,
            number,
            why,
        });
        if let Some(now_ms) = now_ms {
            let kind = match reason {
                BadReason::Crashed => QueuedKind::Crashed,
                BadReason::Reported => QueuedKind::FailureReported,
                BadReason::NotVerified => QueuedKind::NotVerified,
            };
            self.queue(kind, release, (id, number), now_ms);
        }
        self.bound();
    }

    /// Sets aside what was booted too often without success.
    pub(crate) fn set_aside_unfinished(&mut self, id: &GenerationId, now_ms: Option<u64>) {
        let fallback = self.state.proven.filter(|proven| proven != id);
        let reason = match fallback.and_then(|proven| self.obstacle(&proven)) {
            Some(Dropped::DataEpoch) => SetAsideReason::DataEpoch,
            _ => SetAsideReason::UnfinishedBoots,
        };
        let Some(record) = self.drop_generation(id, Dropped::SetAside(reason)) else {
            return;
        };
        let number = record.number;
        self.state
            .set_aside
            .insert(*id, SetAside { number, reason });
        if let (Some(release), Some(now_ms)) = (self.state.release, now_ms) {
            self.queue(QueuedKind::SetAside, &release, (id, number), now_ms);
        }
        self.bound();
    }

    /// Settles the boot of a process that still runs; none where it is settled or had no token.
    fn settle_now(&mut self, slot: ProcessSlot) -> Option<Token> {
        let token = self.state.tokens.get_mut(&slot)?;
        if token.settled {
            return None;
        }
        token.settled = true;
        Some(token.clone())
    }

    /// A boot ended, or will end, without success.
    fn failed(&mut self, token: &Token, crash: bool, reason: BadReason, now_ms: u64) {
        let id = &token.generation;
        let window = self.window();
        let current = self.is_current(&token.release);
        let Some(record) = self.state.installed.get_mut(id).filter(|_| current) else {
            // Its record and counters are gone: this one crash is all that is known of it.
            if crash && !token.proven && self.policy.known_crashes_max <= 1 {
                self.ban(&token.release, id, token.number, reason, Some(now_ms));
            }
            return;
        };
        if token.proven && !record.proven {
            // It was proven, left and was installed anew since: its new record is not of this boot.
            return;
        }
        if record.proven {
            record.remember(crash, window);
        } else {
            record.crashes = record.crashes.saturating_add(u8::from(crash));
            record.unfinished = record.unfinished.saturating_add(1);
        }
        let (record, number) = (record.clone(), record.number);
        match self.due(&record) {
            Some(Blame::Ban) => self.ban(&token.release, id, number, reason, Some(now_ms)),
            Some(Blame::SetAside) => self.set_aside_unfinished(id, Some(now_ms)),
            None => {}
        }
    }

    /// A boot succeeded: what was counted is forgiven, and it is what later ones fall back to.
    fn prove(&mut self, token: &Token, now_ms: u64) {
        let (id, window) = (token.generation, self.window());
        let Some(record) = self.state.installed.get_mut(&id) else {
            return;
        };
        let first = !record.proven;
        if !first {
            record.remember(false, window);
        }
        record.proven = true;
        record.unfinished = 0;
        record.crashes = 0;
        let number = record.number;
        let proven = self
            .state
            .proven
            .and_then(|id| self.state.installed.get(&id));
        let newest = proven.is_none_or(|proven| proven.number <= number);
        if newest || self.state.candidate == Some(id) {
            self.state.proven = Some(id);
        }
        if first {
            self.queue(QueuedKind::Proven, &token.release, (&id, number), now_ms);
        }
    }
}
