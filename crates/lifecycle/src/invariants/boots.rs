//! What boots: invariants 1, 2, 4 and 5.

use super::{Taken, ensure, referred_to};
use crate::{Effect, Event, Fault, Finding, GenerationId, State};

/// 1: what boots was looked at in this very start and found whole, or is the bundled release.
pub(super) fn one_whole_generation(taken: &Taken<'_>) -> Option<&'static str> {
    let boots = taken.effects.iter();
    let boots = boots.filter(|effect| matches!(effect, Effect::Boot(_)));
    let whole = taken.boots().is_none_or(|booted| {
        let finding = match taken.event {
            Event::Checked { id, finding, .. } if id == booted => Some(finding),
            _ => None,
        };
        finding == Some(&Finding::Whole) && taken.after.installed.contains_key(booted)
    });
    ensure(boots.count() <= 1, "one start boots two things")
        .or_else(|| ensure(whole, "what boots was not found whole"))
}

/// 2: of another release, or refused for its own bytes: it does not come to run.
pub(super) fn nothing_unfit(taken: &Taken<'_>) -> Option<&'static str> {
    match taken.event {
        Event::Start { release, .. } => {
            let same = taken.before.release.as_ref() == Some(release);
            let current = taken.after.release.as_ref() == Some(release) || !taken.persists();
            ensure(current, "the release that starts is not the current one").or_else(|| {
                let nothing = taken.comes_to_run().next().is_none();
                ensure(same || nothing, "what is of another release is to boot")
            })
        }
        Event::Answered { release, .. } | Event::Installed { release, .. } => {
            let same = taken.before.release.as_ref() == Some(release);
            let takes = taken
                .effects
                .iter()
                .any(|effect| matches!(effect, Effect::Fetch(_) | Effect::Publish(_)));
            ensure(same || !takes, "what is for another release is taken")
        }
        Event::Refused {
            release,
            offer,
            fault,
            ..
        } => {
            let id = &offer.content.id;
            if *fault == Fault::Patch {
                let down = taken.is_down(release, id);
                return ensure(down, "what did not verify is not remembered");
            }
            let known = |words: Option<&crate::Words>| {
                words.is_some_and(|words| words.known_bad.contains_key(id))
            };
            let was = known(taken.before.words.get(release));
            let is = known(taken.after.words.get(release));
            let fair = was || !is || taken.was_due(id);
            ensure(
                fair,
                "the transport's or the device's fault is blamed on the patch",
            )
        }
        _ => None,
    }
}

/// 4: every event of a start ends by booting, or by one more look, and the looks come to an end.
pub(super) fn every_start_ends(taken: &Taken<'_>) -> Option<&'static str> {
    let (last, others) = match taken.effects.split_last() {
        Some((last, others)) => (Some(last), others),
        None => (None, taken.effects),
    };
    let of_start = |effect: &Effect| matches!(effect, Effect::Boot(_) | Effect::Check(_));
    let ends = last.is_some_and(of_start);
    let progress = match (taken.event, last) {
        (Event::Checked { id, .. }, Some(Effect::Check(next))) => {
            next != id && taken.before.candidate == Some(*id)
        }
        _ => true,
    };
    ensure(
        ends == taken.is_start(),
        "a start does not boot, or something else does",
    )
    .or_else(|| ensure(!others.iter().any(of_start), "something comes after a boot"))
    .or_else(|| ensure(progress, "a start looks at the same again"))
}

/// 5: what is referred to stays, the proven one until it has a successor or may not run, and no
/// data is handed to what cannot read it.
pub(super) fn nothing_in_use_goes(taken: &Taken<'_>) -> Option<&'static str> {
    let referred = referred_to(taken.after);
    let kept = taken.effects.iter().all(|effect| match effect {
        Effect::Sweep(keep) => referred.is_subset(keep),
        _ => true,
    });
    let readable = taken.boots().is_none_or(|id| {
        let record = taken.before.installed.get(id);
        record.is_some_and(|it| it.reads_data_epoch.max(it.data_epoch) >= taken.before.data_epoch)
    });
    let same_release =
        taken.before.release.is_some() && taken.before.release == taken.after.release;
    let epoch = !same_release || taken.after.data_epoch >= taken.before.data_epoch;
    let remembered = !taken.commits()
        || taken.boots().is_none_or(|id| {
            let record = taken.after.installed.get(id);
            record.is_some_and(|it| taken.after.data_epoch >= it.data_epoch)
        });
    ensure(kept, "a sweep takes what is referred to")
        .or_else(|| {
            ensure(
                readable,
                "what boots cannot read the data that there may be",
            )
        })
        .or_else(|| ensure(epoch && remembered, "the epoch of the data is forgotten"))
        .or_else(|| ensure(proven_is_kept(taken), "the proven generation is given up"))
}

fn proven_is_kept(taken: &Taken<'_>) -> bool {
    let Some(id) = taken.before.proven else {
        return true;
    };
    let record = taken.before.installed.get(&id);
    taken.after.proven == Some(id)
        || record.is_none_or(|record| !record.proven)
        || has_successor(taken)
        || taken.may_go(&id)
}

/// 13: the newest one that was accepted stands until something speaks against it, or another is.
pub(super) fn candidate_is_kept(taken: &Taken<'_>) -> bool {
    let Some(id) = taken.before.candidate else {
        return true;
    };
    let replaced = match taken.event {
        Event::Answered { answer, .. } => answer.offer.as_ref(),
        Event::Installed { offer, .. } => Some(offer),
        _ => None,
    };
    let by = replaced.map(|offer| offer.content.id);
    taken.after.candidate == Some(id)
        || (by.is_some() && taken.after.candidate == by)
        || taken.may_go(&id)
}

impl Taken<'_> {
    /// Whether something speaks against what was pointed to.
    fn may_go(&self, id: &GenerationId) -> bool {
        let (before, after) = (self.before, self.after);
        let Some(record) = before.installed.get(id).filter(|record| record.number > 0) else {
            return true;
        };
        let aside = |state: &State| state.set_aside.contains_key(id);
        let withdrawn = |state: &State| state.rolled_back.contains(&record.number);
        before.release != after.release
            || before
                .release
                .is_none_or(|release| self.is_down(&release, id))
            || self.was_due(id)
            || [before, after]
                .into_iter()
                .any(|state| aside(state) || withdrawn(state))
            || super::current_words(after).is_some_and(|words| record.number < words.floor)
            // A record that contradicted the words was never one to keep, also where this very
            // event lifts them.
            || super::current_words(before).is_some_and(|words| words.known_bad.contains_key(id))
            || is_lost(self, id)
    }
}

fn has_successor(taken: &Taken<'_>) -> bool {
    let Event::Healthy { slot, .. } = taken.event else {
        return false;
    };
    let token = taken.before.tokens.get(slot);
    token.is_some_and(|token| !token.settled && taken.after.proven == Some(token.generation))
}

fn is_lost(taken: &Taken<'_>, gone: &GenerationId) -> bool {
    match taken.event {
        Event::Checked {
            id,
            finding: Finding::Damaged | Finding::Missing | Finding::Forbidden,
            ..
            // Where nothing can be written, it is given up for this start alone.
        } => id == gone,
        _ => false,
    }
}
