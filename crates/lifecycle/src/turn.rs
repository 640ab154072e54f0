//! One step under way: the state as it becomes, and what is to be done and said about it.

use crate::{
    Dropped, Durability, Effect, GenerationId, Installed, Note, Outcome, Policy, ReleaseKey, State,
    Words,
};

/// A step under way.
pub(crate) struct Turn<'a> {
    pub(crate) policy: &'a Policy,
    pub(crate) before: &'a State,
    pub(crate) state: State,
    /// The release that this step makes the current one: its words are not among those of others.
    pub(crate) incoming: Option<ReleaseKey>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) notes: Vec<Note>,
}

impl<'a> Turn<'a> {
    /// At its beginning.
    pub(crate) fn of(policy: &'a Policy, before: &'a State) -> Self {
        Self {
            policy,
            before,
            state: before.clone(),
            incoming: None,
            effects: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Asks for what makes the change last, if there is one: both slots where words that forbid
    /// changed.
    pub(crate) fn commit(&mut self) {
        if self.state.words != self.before.words {
            self.effects.push(Effect::Commit(Durability::BothSlots));
        } else if self.state != *self.before {
            self.effects.push(Effect::Commit(Durability::OneSlot));
        }
    }

    /// What nothing commits did not happen, but for a start that goes on with a check.
    pub(crate) fn into_outcome(self) -> Outcome {
        let lasts = self
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Commit(_) | Effect::Check(_)));
        let state = if lasts {
            self.state
        } else {
            self.before.clone()
        };
        Outcome {
            state,
            effects: self.effects,
            notes: self.notes,
        }
    }

    /// What forbids on the current release.
    pub(crate) fn words(&self) -> Option<&Words> {
        let release = self.state.release.as_ref()?;
        self.state.words.get(release)
    }

    /// Whether this is the release that was started last.
    pub(crate) fn is_current(&self, release: &ReleaseKey) -> bool {
        self.state.release.as_ref() == Some(release)
    }

    /// The number that a generation is installed under; 0 where it has no record.
    pub(crate) fn number(&self, id: &GenerationId) -> u64 {
        self.state
            .installed
            .get(id)
            .map_or(0, |record| record.number)
    }

    /// Takes a generation out of the records and from under both pointers; its files are left to
    /// the next sweep.
    pub(crate) fn forget(&mut self, id: &GenerationId) -> Option<Installed> {
        for pointer in [&mut self.state.candidate, &mut self.state.proven] {
            if pointer.as_ref() == Some(id) {
                *pointer = None;
            }
        }
        self.state.installed.remove(id)
    }

    /// Forgets a generation and says why.
    pub(crate) fn drop_generation(&mut self, id: &GenerationId, why: Dropped) -> Option<Installed> {
        let record = self.forget(id)?;
        self.notes.push(Note::Dropped {
            id: *id,
            number: record.number,
            why,
        });
        Some(record)
    }

    /// Records of nothing that is pointed to, and of nothing that a process boots, go.
    pub(crate) fn prune(&mut self) {
        let State {
            release,
            installed,
            candidate,
            proven,
            tokens,
            ..
        } = &mut self.state;
        installed.retain(|id, _| {
            candidate.as_ref() == Some(id)
                || proven.as_ref() == Some(id)
                || tokens.values().any(|token| {
                    !token.settled
                        && token.generation == *id
                        && Some(&token.release) == release.as_ref()
                })
        });
    }

    /// Asks to delete what nothing refers to.
    pub(crate) fn sweep(&mut self) {
        self.effects.push(Effect::Sweep(self.state.referred_to()));
    }
}
