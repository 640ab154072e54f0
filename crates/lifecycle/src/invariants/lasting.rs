//! What a step leaves alone, and what lasts: invariants 7, 12 and 13.

use super::{Taken, ensure};
use crate::{Effect, Event, ProcessSlot, Token};

/// 7: what runs now is written when it boots and changed by nothing that is installed.
pub(super) fn what_runs_is_left_alone(taken: &Taken<'_>) -> Option<&'static str> {
    let runs = |token: &Token| (token.release, token.generation, token.process);
    let same = taken.after.tokens.iter().all(|(slot, token)| {
        let before = taken.before.tokens.get(slot).map(runs);
        before == Some(runs(token)) || is_booted_in(taken, slot, token)
    });
    ensure(same, "a process is said to run what it does not")
}

fn is_booted_in(taken: &Taken<'_>, slot: &ProcessSlot, token: &Token) -> bool {
    let own = matches!(taken.event, Event::Checked { slot: own, .. } if own == slot);
    own && taken.boots() == Some(&token.generation) && taken.after.release == Some(token.release)
}

/// 12: boots of processes that live are touched by their own events only.
pub(super) fn other_processes_are_left_alone(taken: &Taken<'_>) -> Option<&'static str> {
    let own = |slot: &ProcessSlot| match taken.event {
        Event::Start {
            slot: own, ended, ..
        } => slot == own || ended.contains_key(slot),
        Event::Checked { slot: own, .. }
        | Event::Healthy { slot: own, .. }
        | Event::FailureReported { slot: own, .. } => slot == own,
        _ => false,
    };
    let alone = taken.before.tokens.iter().all(|(slot, token)| {
        let after = taken.after.tokens.get(slot);
        own(slot) || after.is_some_and(|after| after.settled == token.settled)
    });
    ensure(alone, "the boot of another process is touched")
}

/// 13: what changes is made to last before anything follows from it, and no queued event is lost
/// uncounted.
pub(super) fn what_was_acknowledged_lasts(taken: &Taken<'_>) -> Option<&'static str> {
    let checks = matches!(taken.effects.last(), Some(Effect::Check(_)));
    let lasts = taken.after == taken.before || taken.commits() || checks;
    let settled = match taken.event {
        Event::Healthy { slot, .. } | Event::FailureReported { slot, .. } => taken
            .after
            .tokens
            .get(slot)
            .is_none_or(|token| token.settled),
        _ => true,
    };
    ensure(lasts, "a change is not made to last")
        .or_else(|| ensure(is_in_order(taken), "effects are out of order"))
        .or_else(|| ensure(settled, "a report of success or failure is not remembered"))
        .or_else(|| {
            let kept = super::boots::candidate_is_kept(taken);
            ensure(kept, "an acknowledged install is given up")
        })
        .or_else(|| ensure(queue_lasts(taken), "a queued event is lost"))
}

/// A publish comes before the commit that names it, everything else after the commit; what boots
/// guarded is committed as such.
fn is_in_order(taken: &Taken<'_>) -> bool {
    let commit = taken
        .effects
        .iter()
        .position(|it| matches!(it, Effect::Commit(_)));
    let published = taken.effects.iter().all(|effect| match effect {
        Effect::Publish(id) => commit.is_some() && taken.after.candidate == Some(*id),
        _ => true,
    });
    let ordered = taken
        .effects
        .iter()
        .enumerate()
        .all(|(at, effect)| match effect {
            Effect::Commit(_) => commit == Some(at),
            Effect::Publish(_) => commit.is_some_and(|commit| at < commit),
            _ => commit.is_none_or(|commit| commit < at),
        });
    let guarded = match taken.event {
        Event::Checked {
            slot,
            writable: true,
            ..
        } => taken.boots().is_none_or(|id| {
            let token = taken.after.tokens.get(slot);
            token.is_some_and(|token| token.generation == *id && !token.settled)
        }),
        _ => taken.boots().is_none_or(|id| {
            let record = taken.before.installed.get(id);
            record.is_some_and(|record| record.proven)
        }),
    };
    published && ordered && guarded
}

fn queue_lasts(taken: &Taken<'_>) -> bool {
    let (before, after) = (&taken.before.queue, &taken.after.queue);
    let acknowledged = |id: &u64| match taken.event {
        Event::Acknowledged { ids } => ids.contains(id),
        _ => false,
    };
    let gone = before.events.iter().filter(|event| {
        !acknowledged(&event.id) && !after.events.iter().any(|kept| kept == *event)
    });
    let gone = u64::try_from(gone.count()).unwrap_or(u64::MAX);
    let is_new = |id: u64| before.events.iter().all(|event| event.id != id);
    let fresh = after
        .events
        .iter()
        .all(|event| !is_new(event.id) || (event.id >= before.next_id && event.id < after.next_id));
    after.dropped >= before.dropped.saturating_add(gone) && fresh
}
