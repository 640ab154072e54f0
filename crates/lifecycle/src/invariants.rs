//! The fourteen invariants, each as far as one step can break it, as code that shares nothing with
//! the code that decides.
//!
//! [`violated`] is asked after every step of every test and of the explorer. What only a world can
//! break (files that are gone, a process that ran something else) is the explorer's to check.

mod blame;
mod boots;
mod bounds;
mod lasting;
mod offers;
mod words;

use std::collections::BTreeSet;
use std::fmt;

use crate::{
    Effect, Event, Exit, GenerationId, Installed, Note, Outcome, Policy, ProcessSlot, ReleaseKey,
    State, Token, Words,
};

/// A step that broke an invariant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Violation {
    /// Which of the fourteen, as `docs/lifecycle.md` counts them.
    pub invariant: u8,
    /// What is not as it has to be.
    pub what: &'static str,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "invariant {}: {}", self.invariant, self.what)
    }
}

/// The first invariant that this step breaks.
#[must_use]
pub fn violated(
    policy: &Policy,
    before: &State,
    event: &Event,
    outcome: &Outcome,
) -> Option<Violation> {
    let taken = Taken {
        policy,
        before,
        event,
        after: &outcome.state,
        effects: &outcome.effects,
        notes: &outcome.notes,
    };
    CHECKS.iter().find_map(|(invariant, check)| {
        let what = check(&taken)?;
        let invariant = *invariant;
        Some(Violation { invariant, what })
    })
}

/// A step that was taken.
pub(crate) struct Taken<'a> {
    policy: &'a Policy,
    before: &'a State,
    event: &'a Event,
    after: &'a State,
    effects: &'a [Effect],
    notes: &'a [Note],
}

type Check = fn(&Taken<'_>) -> Option<&'static str>;

const CHECKS: &[(u8, Check)] = &[
    (1, boots::one_whole_generation),
    (2, boots::nothing_unfit),
    (3, blame::known_bad_stays_down),
    (4, boots::every_start_ends),
    (5, boots::nothing_in_use_goes),
    (6, blame::blame_is_earned),
    (7, lasting::what_runs_is_left_alone),
    (8, offers::rolled_back_leaves),
    (9, words::words_hold),
    (10, bounds::everything_is_bounded),
    (11, offers::every_offer_ends),
    (12, lasting::other_processes_are_left_alone),
    (13, lasting::what_was_acknowledged_lasts),
    (14, offers::no_dead_end),
];

/// Gives what is wrong unless it holds.
fn ensure(holds: bool, what: &'static str) -> Option<&'static str> {
    (!holds).then_some(what)
}

impl<'a> Taken<'a> {
    /// What is handed to the engine, to a check or to a download: what may come to run.
    fn comes_to_run(&self) -> impl Iterator<Item = &'a GenerationId> + use<'a> {
        self.effects.iter().filter_map(|effect| match effect {
            Effect::Boot(Some(id)) | Effect::Check(id) => Some(id),
            Effect::Fetch(offer) => Some(&offer.content.id),
            _ => None,
        })
    }

    fn boots(&self) -> Option<&'a GenerationId> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Boot(id) => id.as_ref(),
            _ => None,
        })
    }

    fn is_start(&self) -> bool {
        matches!(self.event, Event::Start { .. } | Event::Checked { .. })
    }

    fn commits(&self) -> bool {
        self.effects
            .iter()
            .any(|it| matches!(it, Effect::Commit(_)))
    }

    fn forgot_words(&self) -> bool {
        let forgotten = |note: &Note| matches!(note, Note::WordsForgotten { .. });
        self.notes.iter().any(forgotten)
    }

    /// Whether a content may not run on this release any more, after the step: it is known bad, or
    /// there is no room to say so and nothing installs any more.
    fn is_down(&self, release: &ReleaseKey, id: &GenerationId) -> bool {
        let words = self.after.words.get(release);
        let max = usize::from(self.policy.known_bad_max);
        let current = self.after.release.as_ref() == Some(release);
        let is_known = words.is_some_and(|words| words.known_bad.contains_key(id));
        let is_full = words.map_or(0, |words| words.known_bad.len()) >= max;
        is_known
            || (is_full && !(current && self.after.installed.contains_key(id)))
            || (!current && self.forgot_words())
    }

    /// Unsettled boots that this step ends, and whether each is a known crash.
    fn ends(&self) -> Vec<(&'a Token, bool)> {
        let unsettled = |slot: &ProcessSlot| {
            let token = self.before.tokens.get(slot);
            token.filter(|token| !token.settled)
        };
        match self.event {
            Event::Start { slot, ended, .. } => {
                let own = (!ended.contains_key(slot)).then_some((slot, &Exit::Unknown));
                let ended = ended.iter().chain(own);
                ended
                    .filter_map(|(slot, exit)| Some((unsettled(slot)?, exit.is_known_crash())))
                    .collect()
            }
            Event::FailureReported { slot, .. } => unsettled(slot)
                .map(|token| (token, true))
                .into_iter()
                .collect(),
            _ => Vec::new(),
        }
    }

    /// The record that the end of such a boot counts on; none where a state that nothing of ours
    /// wrote has one of what must not boot.
    fn record_before(&self, token: &Token) -> Option<&'a Installed> {
        let (state, id) = (self.before, &token.generation);
        let current = state.release.as_ref() == Some(&token.release);
        let record = state.installed.get(id).filter(|_| current)?;
        let stands = record.number > 0
            && !state.rolled_back.contains(&record.number)
            && !state.set_aside.contains_key(id)
            && !self.was_due(id)
            && current_words(state).is_none_or(|words| {
                record.number >= words.floor && !words.known_bad.contains_key(id)
            });
        stands.then_some(record)
    }

    /// Whether the counters as they were come to a ban or to setting aside already: only where the
    /// policy was sharpened since, or where nothing of ours wrote them.
    fn was_due(&self, id: &GenerationId) -> bool {
        let policy = self.policy;
        self.before.installed.get(id).is_some_and(|record| {
            let recent = record.recent.iter().filter(|crash| **crash).count();
            record.crashes >= policy.known_crashes_max.max(1)
                || record.unfinished >= policy.unfinished_boots_max.max(1)
                || recent >= usize::from(policy.proven_crashes_max.max(1))
        })
    }

    fn offered_number(&self, id: &GenerationId) -> Option<u64> {
        self.effects.iter().find_map(|effect| match effect {
            Effect::Fetch(offer) if offer.content.id == *id => Some(offer.number),
            _ => None,
        })
    }
}

/// What a state says of the release that was started last.
fn current_words(state: &State) -> Option<&Words> {
    state.words.get(state.release.as_ref()?)
}

/// All that a state refers to.
fn referred_to(state: &State) -> BTreeSet<GenerationId> {
    let tokens = state.tokens.values().map(|token| token.generation);
    let pointers = state.candidate.into_iter().chain(state.proven);
    pointers.chain(tokens).collect()
}

#[cfg(test)]
mod tests;
