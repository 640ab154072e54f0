//! The core: one event, one step, its effects in order, all under the operation lock.

use std::collections::BTreeSet;

use patchproof_lifecycle::{Durability, Effect, Event, GenerationId, Offer, Outcome, step};
use patchproof_storage::generation::{self, Staged};
use patchproof_storage::{Copies, EntryKind, Hold, Slots, Storage, StorageError};
use patchproof_trust::Remembered;

use crate::check::Plan;
use crate::document::{Document, Found, Lot};
use crate::error::OperationError;
use crate::machine::Machine;
use crate::notice::Notice;
use crate::transport::Transport;
use crate::updater::{Session, Updater, places};
use crate::vouch::Voucher;

/// What an operation came to.
#[derive(Debug)]
pub(crate) struct Decided {
    /// As it was committed.
    pub(crate) document: Document,
    pub(crate) notices: Vec<Notice>,
    /// What is to be fetched now.
    pub(crate) fetch: Option<Offer>,
    /// Whether the staged generation was given its place.
    pub(crate) published: bool,
}

/// What goes with an event.
#[derive(Default)]
pub(crate) struct With<'a> {
    /// The generation that an [`Event::Installed`] is about.
    pub(crate) staged: Option<&'a Staged>,
    /// The patch that it is about: what vouches for it is kept if it is what is installed then.
    pub(crate) plan: Option<&'a Plan>,
    /// Words for the server, to go with events that this one queues.
    pub(crate) message: Option<&'a str>,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Takes the operation lock, reads the state, and carries out what the lifecycle makes of the
    /// event. When this returns, what was decided lasts; when it fails, nothing was.
    pub(crate) fn decide(&self, event: &Event, with: With<'_>) -> Result<Decided, OperationError> {
        self.decide_by(with, |_| Ok((event.clone(), None)))
    }

    /// As [`Updater::decide`], with an event that depends on what is known once nobody else can
    /// change it; and with what to remember of signed words from now on.
    pub(crate) fn decide_by<E: From<OperationError>>(
        &self,
        with: With<'_>,
        rule: impl FnOnce(&Document) -> Result<(Event, Option<Remembered>), E>,
    ) -> Result<Decided, E> {
        // In this order everywhere: two threads of one process wait for each other here, not for
        // the lock that keeps other processes out.
        let mut session = self.session();
        let lock = self.lock_operation()?;
        let mut found = self.load(&session).map_err(OperationError::from)?;
        let (event, memory) = rule(&found.document)?;
        let lot = self.lot_to_keep(&found.document);
        let learned = memory.zip(lot);
        let learned = learned.is_some_and(|(memory, lot)| found.document.learn(&memory, lot));
        let decided = self.carry_out(&mut session, found, (&event, learned), with)?;
        drop(lock);
        session.keep(&decided.notices);
        Ok(decided)
    }

    fn lot_to_keep(&self, document: &Document) -> Option<Lot> {
        match &self.voucher {
            Voucher::Statements(statements) => Some(statements.lot(document)),
            _ => None,
        }
    }

    /// What the slots hold, with what this process knows besides.
    pub(crate) fn load(&self, session: &Session<S::Lock>) -> Result<Found, StorageError> {
        let mut found = Document::load(&self.storage, session.client_id)?;
        if session.base_seen.is_some() && found.document.base != session.base_seen {
            found.document.base.clone_from(&session.base_seen);
            found.base_is_news = true;
        }
        let version = self.config.release.version.clone();
        found.document.versions.insert(self.release, version);
        Ok(found)
    }

    fn carry_out(
        &self,
        session: &mut Session<S::Lock>,
        found: Found,
        (event, learned): (&Event, bool),
        with: With<'_>,
    ) -> Result<Decided, OperationError> {
        let before = found.document;
        let outcome = step(&self.config.policy, &before.lifecycle, event);
        let mut decided = Decided {
            document: after(&before, &outcome, &with),
            notices: found.notices,
            fetch: None,
            published: false,
        };
        let commits = outcome
            .effects
            .iter()
            .any(|it| matches!(it, Effect::Commit(_)));
        // What another process read may not last yet, if that process died in its commit. What this
        // event builds upon is made to last before it is acknowledged: in both slots, as there may
        // be words among it that forbid.
        let unsure = found.counter.is_some() && found.counter != session.committed;
        // A statement that was signed anew takes the place of the one that is kept.
        let vouched_anew = decided.document.vouchers != before.vouchers;
        if !commits && (learned || unsure || vouched_anew) {
            self.commit(session, &decided.document, Durability::BothSlots)?;
        }
        for effect in outcome.effects {
            match effect {
                Effect::Commit(durability) => {
                    // Signed words forbid, whatever the event is: one slot that rots must not take
                    // the device back behind them.
                    let durability = match learned {
                        true => Durability::BothSlots,
                        false => durability,
                    };
                    self.commit(session, &decided.document, durability)?;
                }
                Effect::Publish(id) => {
                    if let Some(staged) = with.staged {
                        self.publish(staged, &id)?;
                        decided.published = true;
                    }
                }
                Effect::Fetch(offer) => decided.fetch = Some(offer),
                Effect::Sweep(keep) => self.sweep(&keep),
                // A start's; it carries them out itself.
                Effect::Check(_) | Effect::Boot(_) => {}
            }
        }
        decided
            .notices
            .extend(outcome.notes.into_iter().map(Notice::from));
        Ok(decided)
    }

    pub(crate) fn commit(
        &self,
        session: &mut Session<S::Lock>,
        document: &Document,
        durability: Durability,
    ) -> Result<(), OperationError> {
        let json = document
            .to_json()
            .map_err(|error| OperationError::Document {
                reason: error.to_string(),
            })?;
        let copies = match durability {
            Durability::OneSlot => Copies::One,
            Durability::BothSlots => Copies::Both,
        };
        session.committed = Some(Slots::commit(&self.storage, &json, copies)?);
        Ok(())
    }

    /// Gives a staged generation its place. A folder that is there already was left by an install
    /// that was cut short, or is run by a process that started before its record was dropped: then
    /// it may not be touched, and stays if it is whole. That one lasts: what boots was named by a
    /// state, and a state names what was published.
    fn publish(&self, staged: &Staged, id: &GenerationId) -> Result<(), OperationError> {
        let place = places::generation(id);
        let held = match self.hold(&place, Hold::Exclusive) {
            Err(error) if error.is_missing() => None,
            Ok(None) => {
                return match generation::check(&self.storage, &place) {
                    generation::Finding::Whole(manifest) if manifest == *staged.manifest() => {
                        Ok(())
                    }
                    _ => Err(OperationError::Busy),
                };
            }
            held => held?,
        };
        generation::publish(&self.storage, staged, &place)?;
        drop(held);
        Ok(())
    }

    /// Deletes generations that nothing refers to any more, such as the last one after it was
    /// withdrawn: where only the bundled release boots, nobody else does. A state of which this
    /// process does not know that it lasts is left alone.
    pub(crate) fn sweep_unneeded(&self) {
        let session = self.session();
        let Ok(_lock) = self.lock_operation() else {
            return;
        };
        let Ok(found) = self.load(&session) else {
            return;
        };
        if found.counter.is_none() || found.counter != session.committed {
            return;
        }
        self.sweep(&found.document.lifecycle.referred_to());
    }

    /// Deletes what is not kept and what no process holds. What cannot be deleted now is tried
    /// again at the next sweep.
    pub(crate) fn sweep(&self, keep: &BTreeSet<GenerationId>) {
        let folder = places::of("generations");
        let keep: BTreeSet<String> = keep.iter().map(ToString::to_string).collect();
        for entry in self.storage.list(&folder).unwrap_or_default() {
            if keep.contains(&entry.name) {
                continue;
            }
            let Ok(path) = folder.join(&entry.name) else {
                continue;
            };
            if entry.kind != EntryKind::Folder {
                drop(self.storage.remove(&path));
                continue;
            }
            if let Ok(Some(held)) = self.hold(&path, Hold::Exclusive) {
                drop(generation::remove_folder(&self.storage, &path));
                drop(held);
            }
        }
    }
}

/// The document that an outcome makes of the one before. Words go with what is queued newly, and
/// what vouches for a patch with what is installed under its number.
pub(crate) fn after(before: &Document, outcome: &Outcome, with: &With<'_>) -> Document {
    let mut document = before.clone();
    document.lifecycle = outcome.state.clone();
    if let Some(message) = with.message {
        let new = outcome.state.queue.events.iter();
        for event in new.filter(|event| event.id >= before.lifecycle.queue.next_id) {
            document.messages.insert(event.id, message.to_owned());
        }
    }
    if let Some(plan) = with.plan
        && let Some(voucher) = plan.vouched.text()
    {
        let id = plan.offer.content.id;
        let is_current = outcome.state.release == Some(plan.release);
        let record = outcome.state.installed.get(&id).filter(|_| is_current);
        if record.is_some_and(|record| record.number == plan.offer.number) {
            document.vouchers.insert(id, voucher.to_owned());
        }
    }
    document
}
