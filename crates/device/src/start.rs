//! A start under way: one step after another until the lifecycle says what boots.

use std::collections::BTreeMap;

use patchproof_lifecycle::{
    Durability, Effect, Event, Exit, Finding, GenerationId, Note, ProcessSlot, step,
};
use patchproof_storage::{Hold, ManifestFile, Storage};

use crate::boot::{Booted, StartFacts};
use crate::document::Document;
use crate::error::OperationError;
use crate::machine::Machine;
use crate::notice::Notice;
use crate::operation::{With, after};
use crate::transport::Transport;
use crate::updater::{NO_SLOT, Session, Updater, places};

/// A start under way.
struct Start<L> {
    slot: Option<ProcessSlot>,
    process: u32,
    now_ms: u64,
    /// The operation lock, for as long as the state may be written.
    lock: Option<L>,
    writable: bool,
    /// Whether the engine loads what is chosen, for all that is known.
    launches: bool,
    base_is_news: bool,
    document: Document,
    notices: Vec<Notice>,
    looked: Option<Looked<L>>,
}

/// A generation that was looked at.
struct Looked<L> {
    id: GenerationId,
    files: Vec<ManifestFile>,
    hold: L,
}

/// What a turn of a start leads to.
enum Next {
    Turn(Event),
    Boot(Option<GenerationId>),
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Everything of [`Updater::begin_boot`] but its id: what boots, whether it is guarded, what
    /// was seen, and the hold on its files.
    pub(crate) fn start(
        &self,
        session: &mut Session<S::Lock>,
        facts: &StartFacts,
        launches: bool,
    ) -> (Booted, bool, Vec<Notice>, Option<S::Lock>) {
        let mut start = match self.prepare(session, facts, launches) {
            Ok(start) => start,
            Err(notices) => return (Booted::Bundled, true, notices, None),
        };
        let mut event = self.first_event(&start, facts);
        for _ in 0..TURNS_MAX {
            match self.turn(session, &mut start, &event) {
                Next::Turn(next) => event = next,
                Next::Boot(chosen) => {
                    self.remember_base(session, &mut start);
                    return finish(start, chosen);
                }
            }
        }
        start.notices.push(Notice::TooManySteps);
        finish(start, None)
    }

    /// Locks and reads. Without the lock the start goes on and writes nothing.
    fn prepare(
        &self,
        session: &mut Session<S::Lock>,
        facts: &StartFacts,
        launches: bool,
    ) -> Result<Start<S::Lock>, Vec<Notice>> {
        let mut notices = Vec::new();
        let lock = match self.lock_operation() {
            Ok(lock) => Some(lock),
            Err(OperationError::Storage(error)) => {
                notices.push(Notice::from(&error));
                None
            }
            Err(_) => {
                notices.push(Notice::Busy);
                None
            }
        };
        let slot = match self.own_slot(session) {
            Ok(Some(slot)) => Some(slot),
            Ok(None) => {
                notices.push(Notice::NoProcessSlot);
                None
            }
            Err(error) => {
                notices.push(Notice::from(&error));
                None
            }
        };
        let found = match self.load(session) {
            Ok(found) => found,
            Err(error) => {
                notices.push(Notice::from(&error));
                return Err(notices);
            }
        };
        notices.extend(found.notices);
        let mut document = found.document;
        document.forget_unlaunched(|chosen| slot == Some(chosen) || self.has_ended(chosen));
        Ok(Start {
            slot,
            process: facts.process,
            now_ms: self.machine.now_ms(),
            writable: lock.is_some() && slot.is_some(),
            lock,
            launches,
            base_is_news: found.base_is_news,
            document,
            notices,
            looked: None,
        })
    }

    fn first_event(&self, start: &Start<S::Lock>, facts: &StartFacts) -> Event {
        let tokens = start.document.lifecycle.tokens.iter();
        let ended = tokens.filter(|(slot, _)| start.slot == Some(**slot) || self.has_ended(**slot));
        let exit_of = |process: u32| {
            let of_it = facts
                .exits
                .iter()
                .rev()
                .find(|(number, _)| *number == process);
            of_it.map_or(Exit::Unknown, |(_, exit)| *exit)
        };
        let ended: BTreeMap<ProcessSlot, Exit> = ended
            .map(|(slot, token)| (*slot, exit_of(token.process)))
            .collect();
        Event::Start {
            slot: start.slot.unwrap_or(NO_SLOT),
            release: self.release,
            ended,
            now_ms: start.now_ms,
        }
    }

    /// One step and its effects. A commit that fails makes the rest of the start one that writes
    /// nothing; if it was to write the token, the same finding is decided upon anew.
    fn turn(
        &self,
        session: &mut Session<S::Lock>,
        start: &mut Start<S::Lock>,
        event: &Event,
    ) -> Next {
        let outcome = step(&self.config.policy, &start.document.lifecycle, event);
        let mut document = after(&start.document, &outcome, &With::default());
        let took_token = matches!(event, Event::Checked { .. })
            && matches!(outcome.effects.last(), Some(Effect::Boot(Some(_))));
        if let Some(slot) = start.slot.filter(|_| took_token && !start.launches) {
            document.unlaunched.insert(slot);
        }
        let mut next = Next::Boot(None);
        for effect in &outcome.effects {
            match effect {
                Effect::Commit(durability) if start.writable => {
                    let committed = self.commit(session, &document, *durability);
                    let Err(error) = committed else {
                        start.base_is_news = false;
                        continue;
                    };
                    start.writable = false;
                    start.notices.push(Notice::DiskFailed {
                        reason: error.to_string(),
                    });
                    if let Event::Checked { .. } = event {
                        // What failed may be there all the same, for now: a token of a boot that is
                        // none of this process's would blame the patch for how this one ends.
                        drop(self.commit(session, &start.document, Durability::OneSlot));
                        return Next::Turn(unwritable(event));
                    }
                }
                Effect::Sweep(keep) if start.writable => self.sweep(keep),
                Effect::Check(id) => {
                    start.document = document;
                    start
                        .notices
                        .extend(outcome.notes.into_iter().map(Notice::from));
                    return Next::Turn(self.look(start, id));
                }
                Effect::Boot(chosen) => next = Next::Boot(*chosen),
                Effect::Commit(_) | Effect::Sweep(_) | Effect::Publish(_) | Effect::Fetch(_) => {}
            }
        }
        start.document = document;
        start
            .notices
            .extend(outcome.notes.into_iter().map(Notice::from));
        next
    }

    /// Takes the hold, then looks: what was seen stays as it is.
    fn look(&self, start: &mut Start<S::Lock>, id: &GenerationId) -> Event {
        start.looked = None;
        let folder = places::generation(id);
        let finding = match self.hold(&folder, Hold::Shared) {
            Ok(Some(hold)) => {
                let found = self.find(&mut start.document, id, &folder);
                let found = found.and_then(|manifest| {
                    let vouched = self.vouched(&start.document, id, &manifest);
                    vouched.map(|()| manifest).map_err(|reason| {
                        start.notices.push(Notice::NotVouched { id: *id, reason });
                        Finding::Forbidden
                    })
                });
                match found {
                    Ok(manifest) => {
                        start.looked = Some(Looked {
                            id: *id,
                            files: manifest.files().to_vec(),
                            hold,
                        });
                        Finding::Whole
                    }
                    Err(finding) => finding,
                }
            }
            Ok(None) => Finding::Unreadable,
            Err(error) if error.is_missing() => Finding::Missing,
            Err(error) => {
                start.notices.push(Notice::from(&error));
                Finding::Unreadable
            }
        };
        Event::Checked {
            slot: start.slot.unwrap_or(NO_SLOT),
            process: start.process,
            id: *id,
            finding,
            writable: start.writable,
            now_ms: start.now_ms,
        }
    }

    /// A hash of the base that nothing else of this start wrote down is written now, so that the
    /// next one need not take it.
    fn remember_base(&self, session: &mut Session<S::Lock>, start: &mut Start<S::Lock>) {
        if !(start.base_is_news && start.writable) {
            return;
        }
        if let Err(error) = self.commit(session, &start.document, Durability::OneSlot) {
            let reason = error.to_string();
            start.notices.push(Notice::DiskFailed { reason });
        }
    }
}

fn unwritable(event: &Event) -> Event {
    let mut event = event.clone();
    if let Event::Checked { writable, .. } = &mut event {
        *writable = false;
    }
    event
}

fn finish<L>(
    start: Start<L>,
    chosen: Option<GenerationId>,
) -> (Booted, bool, Vec<Notice>, Option<L>) {
    let number = |id: &GenerationId| {
        let record = start.document.lifecycle.installed.get(id);
        record.map_or(0, |record| record.number)
    };
    let looked = start.looked.filter(|looked| Some(looked.id) == chosen);
    let Some(looked) = looked else {
        return (Booted::Bundled, true, start.notices, None);
    };
    let what = Booted::Generation {
        id: looked.id,
        number: number(&looked.id),
        folder: places::generation(&looked.id),
        files: looked.files,
    };
    let unguarded = |notice: &Notice| match notice {
        Notice::Decided(Note::Unguarded { id }) => *id == looked.id,
        _ => false,
    };
    let guarded = !start.notices.iter().any(unguarded);
    drop(start.lock);
    (what, guarded, start.notices, Some(looked.hold))
}

/// A start, and a look at each of two generations with its decision made twice.
const TURNS_MAX: usize = 8;
