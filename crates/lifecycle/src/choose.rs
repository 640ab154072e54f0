//! What a process boots: the candidate, else the proven generation, else the bundled release.

use std::collections::BTreeMap;

use crate::turn::Turn;
use crate::{
    Dropped, Effect, Exit, Finding, GenerationId, Note, ProcessSlot, QueuedKind, ReleaseKey, Token,
};

impl Turn<'_> {
    /// A process starts.
    pub(crate) fn start(
        &mut self,
        slot: ProcessSlot,
        release: &ReleaseKey,
        ended: &BTreeMap<ProcessSlot, Exit>,
        now_ms: u64,
    ) {
        if self.state.lost {
            self.notes.push(Note::StateLost);
        }
        let mut ended = ended.clone();
        ended.entry(slot).or_insert(Exit::Unknown);
        self.settle(&ended, now_ms);
        self.change_release(release);
        self.drop_aged(now_ms);
        let chosen = self.standing();
        if let Some(id) = chosen.filter(|id| self.before.candidate.is_some_and(|was| was != *id)) {
            self.note_fall_back(&id);
        }
        self.go_on_with(chosen, true);
    }

    /// The files of what would boot were looked at.
    pub(crate) fn checked(
        &mut self,
        (slot, process): (ProcessSlot, u32),
        id: &GenerationId,
        finding: Finding,
        writable: bool,
        now_ms: u64,
    ) {
        if !self.is_pointed_to(id) || self.obstacle(id).is_some() {
            self.go_on_with(None, writable);
            return;
        }
        // Before anything is dropped: only what comes after it in the order is left to be looked
        // at.
        let next = self.after(id);
        match finding {
            Finding::Whole if writable => {
                self.take_token(slot, process, id);
                self.commit();
                self.effects.push(Effect::Boot(Some(*id)));
            }
            Finding::Whole if self.state.installed.get(id).is_some_and(|it| it.proven) => {
                self.notes.push(Note::Unguarded { id: *id });
                self.effects.push(Effect::Boot(Some(*id)));
            }
            Finding::Whole => {
                self.notes.push(Note::NotBootedUnguarded { id: *id });
                self.fall_back_to(next, writable);
            }
            Finding::Damaged => self.lost_files(id, Dropped::Damaged, next, writable, now_ms),
            Finding::Missing => self.lost_files(id, Dropped::Missing, next, writable, now_ms),
            Finding::Forbidden => self.lost_files(id, Dropped::Forbidden, next, writable, now_ms),
            Finding::Unreadable => {
                let number = self.number(id);
                let why = Dropped::Unreadable;
                self.notes.push(Note::Dropped {
                    id: *id,
                    number,
                    why,
                });
                self.fall_back_to(next, writable);
            }
        }
    }

    /// What boots, as far as the state can say.
    pub(crate) fn standing(&self) -> Option<GenerationId> {
        let pointers = self.state.candidate.into_iter().chain(self.state.proven);
        pointers
            .filter(|_| !self.state.lost)
            .find(|id| self.obstacle(id).is_none())
    }

    /// What keeps a generation of the current release from booting.
    pub(crate) fn obstacle(&self, id: &GenerationId) -> Option<Dropped> {
        let Some(record) = self.state.installed.get(id) else {
            return Some(Dropped::Missing);
        };
        if record.reads_data_epoch < self.state.data_epoch {
            return Some(Dropped::DataEpoch);
        }
        self.forbidden(id, record.number)
    }

    /// What is remembered against a content under this number.
    pub(crate) fn forbidden(&self, id: &GenerationId, number: u64) -> Option<Dropped> {
        if let Some(words) = self.words() {
            if let Some(reason) = words.known_bad.get(id) {
                return Some(Dropped::KnownBad(*reason));
            }
            if number < words.floor {
                return Some(Dropped::BelowFloor);
            }
        }
        let aside = self.state.set_aside.get(id)?;
        Some(Dropped::SetAside(aside.reason))
    }

    /// All that speaks of the release alone; words, the queue and live processes stay.
    pub(crate) fn forget_release(&mut self) {
        self.state.installed.clear();
        self.state.candidate = None;
        self.state.proven = None;
        self.state.set_aside.clear();
        self.state.failed_downloads.clear();
        self.state.rolled_back.clear();
        self.state.data_epoch = 0;
    }

    fn change_release(&mut self, release: &ReleaseKey) {
        if self.is_current(release) {
            return;
        }
        let pointers = [self.state.candidate, self.state.proven];
        for id in pointers.into_iter().flatten() {
            self.drop_generation(&id, Dropped::OtherRelease);
        }
        self.forget_release();
        self.state.release = Some(*release);
        self.bound();
        // What the release left behind when it was current before is forbidden as ever.
    }

    /// What comes after it in the order of booting.
    fn after(&self, id: &GenerationId) -> Option<GenerationId> {
        let proven = self.state.proven.filter(|proven| proven != id)?;
        let is_next = self.state.candidate == Some(*id) && self.obstacle(&proven).is_none();
        is_next.then_some(proven)
    }

    fn is_pointed_to(&self, id: &GenerationId) -> bool {
        !self.state.lost && [self.state.candidate, self.state.proven].contains(&Some(*id))
    }

    fn take_token(&mut self, slot: ProcessSlot, process: u32, id: &GenerationId) {
        let (Some(release), Some(record)) = (self.state.release, self.state.installed.get(id))
        else {
            return;
        };
        let others = self.state.tokens.iter().filter(|(other, token)| {
            **other != slot && !token.settled && token.release == release && token.generation == *id
        });
        let others = u32::try_from(others.count()).unwrap_or(u32::MAX);
        let attempt = u32::from(record.unfinished).saturating_add(1);
        let token = Token {
            release,
            generation: *id,
            number: record.number,
            proven: record.proven,
            attempt: attempt.saturating_add(others),
            process,
            settled: false,
        };
        self.state.data_epoch = self.state.data_epoch.max(record.data_epoch);
        self.state.tokens.insert(slot, token);
    }

    fn lost_files(
        &mut self,
        id: &GenerationId,
        why: Dropped,
        next: Option<GenerationId>,
        writable: bool,
        now_ms: u64,
    ) {
        let record = self.drop_generation(id, why);
        if let (Some(record), Some(release)) = (record, self.state.release) {
            self.queue(QueuedKind::Lost, &release, (id, record.number), now_ms);
        }
        if writable {
            self.commit();
        }
        self.fall_back_to(next, writable);
    }

    fn fall_back_to(&mut self, next: Option<GenerationId>, writable: bool) {
        if let Some(id) = next {
            self.note_fall_back(&id);
        }
        self.go_on_with(next, writable);
    }

    /// The last effect of each event of a start. A check is followed by a commit of what boots, so
    /// only words that forbid are committed before it.
    fn go_on_with(&mut self, chosen: Option<GenerationId>, writable: bool) {
        let committed = self
            .effects
            .iter()
            .any(|it| matches!(it, Effect::Commit(_)));
        let words = self.state.words != self.before.words;
        if writable && !committed && (words || chosen.is_none()) {
            self.commit();
        }
        if let Some(id) = chosen {
            self.effects.push(Effect::Check(id));
            return;
        }
        if let Some(id) = self.state.proven.filter(|_| !self.state.lost)
            && self.obstacle(&id) == Some(Dropped::DataEpoch)
        {
            let number = self.number(&id);
            let why = Dropped::DataEpoch;
            self.notes.push(Note::Dropped { id, number, why });
        }
        self.effects.push(Effect::Boot(None));
    }

    fn note_fall_back(&mut self, to: &GenerationId) {
        let number = self.number(to);
        self.notes.push(Note::FellBack { to: *to, number });
    }
}
