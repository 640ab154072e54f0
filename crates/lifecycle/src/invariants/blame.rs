//! Who is blamed, and what it leads to: invariants 3 and 6.

use super::{Taken, current_words, ensure};
use crate::{Effect, Event, Fault, GenerationId, ReleaseKey, State, Token};

/// 3: what crashed as often as the policy allows is known bad, stays so, and does not run.
pub(super) fn known_bad_stays_down(taken: &Taken<'_>) -> Option<&'static str> {
    let runs = taken.comes_to_run().any(|id| {
        [taken.before, taken.after].iter().any(|state| {
            let same = state.release == taken.after.release;
            same && current_words(state).is_some_and(|words| words.known_bad.contains_key(id))
        })
    });
    let due = taken.ends().iter().all(|(token, crash)| {
        !crash || !reaches_ban(taken, token) || taken.is_down(&token.release, &token.generation)
    });
    ensure(!runs, "what is known bad comes to run")
        .or_else(|| ensure(due, "what crashed as often as allowed is not known bad"))
        .or_else(|| ensure(none_is_forgotten(taken), "what was known bad is forgotten"))
}

/// Whether one more crash of this boot comes to a ban.
fn reaches_ban(taken: &Taken<'_>, token: &Token) -> bool {
    let policy = taken.policy;
    match taken.record_before(token) {
        Some(record) if record.proven => {
            let same = taken.before.tokens.values();
            let same = same.filter(|other| other.generation == token.generation);
            let window = usize::from(policy.proven_boots_window.min(8));
            let recent = record.recent.iter().rev();
            let recent = recent
                .take(window.saturating_sub(1))
                .filter(|crash| **crash);
            let max = usize::from(policy.proven_crashes_max.max(1));
            // With two processes at once, which crash comes last is not settled by this event.
            same.count() == 1 && window > 0 && recent.count() + 1 >= max
        }
        Some(_) if token.proven => false,
        Some(record) => record.crashes.saturating_add(1) >= policy.known_crashes_max.max(1),
        // The mending of such a record is looked at on its own.
        None if taken.before.installed.contains_key(&token.generation) => false,
        None => !token.proven && policy.known_crashes_max <= 1,
    }
}

fn none_is_forgotten(taken: &Taken<'_>) -> bool {
    let lifted = |release: &ReleaseKey, id: &GenerationId| match taken.event {
        Event::BansCleared {
            release: cleared,
            ids,
        } => release == cleared && (ids.is_empty() || ids.contains(id)),
        _ => false,
    };
    known_bad(taken.before).all(|(release, id)| {
        let elsewhere = taken.after.release.as_ref() != Some(release);
        let after = taken.after.words.get(release);
        after.is_some_and(|words| words.known_bad.contains_key(id))
            || lifted(release, id)
            || (elsewhere && taken.forgot_words())
    })
}

/// 6: only what the process really loaded is blamed, only by an end that was not settled before,
/// and every end without success counts.
pub(super) fn blame_is_earned(taken: &Taken<'_>) -> Option<&'static str> {
    let ends = taken.ends();
    let refused = |release: &ReleaseKey, id: &GenerationId, blamed: Fault| match taken.event {
        Event::Refused {
            release: of,
            offer,
            fault,
            ..
        } => of == release && offer.content.id == *id && *fault == blamed,
        _ => false,
    };
    let bans = known_bad(taken.after).all(|(release, id)| {
        let before = taken.before.words.get(release);
        let crashed = |(token, crash): &(&Token, bool)| {
            *crash && token.generation == *id && token.release == *release
        };
        before.is_some_and(|words| words.known_bad.contains_key(id))
            || ends.iter().any(crashed)
            || refused(release, id, Fault::Patch)
            || taken.was_due(id)
    });
    let max = u64::from(taken.policy.unfinished_boots_max.max(1));
    let asides = taken.after.set_aside.keys().all(|id| {
        let ended = ends
            .iter()
            .filter(|(token, _)| token.generation == *id)
            .count();
        let ended = u64::try_from(ended).unwrap_or(u64::MAX);
        let before = taken.before.installed.get(id);
        let unfinished = before.map_or(0, |record| u64::from(record.unfinished));
        taken.before.set_aside.contains_key(id)
            || (ended > 0 && unfinished + ended >= max)
            || taken.was_due(id)
            || taken
                .after
                .release
                .is_some_and(|release| refused(&release, id, Fault::PatchOrTransport))
    });
    ensure(bans, "a generation is known bad for what it did not do")
        .or_else(|| ensure(asides, "a generation is set aside too early"))
        .or_else(|| {
            ensure(
                counters_are_fair(taken, &ends),
                "an end is not counted as it was",
            )
        })
}

fn counters_are_fair(taken: &Taken<'_>, ends: &[(&Token, bool)]) -> bool {
    if taken.before.release != taken.after.release || !taken.persists() {
        return true;
    }
    let lifted = matches!(
        taken.event,
        Event::BansCleared { .. } | Event::Healthy { .. }
    );
    taken.after.installed.iter().all(|(id, after)| {
        let Some(before) = taken.before.installed.get(id) else {
            return true;
        };
        let of_it = ends.iter().filter(|(token, _)| {
            let counts = before.proven || !token.proven;
            counts && token.generation == *id && Some(token.release) == taken.before.release
        });
        let crashes = of_it.clone().filter(|(_, crash)| *crash).count();
        let add =
            |count: u8, more: usize| count.saturating_add(u8::try_from(more).unwrap_or(u8::MAX));
        let same = (after.crashes, after.unfinished, after.proven)
            == (
                add(before.crashes, if before.proven { 0 } else { crashes }),
                add(
                    before.unfinished,
                    if before.proven { 0 } else { of_it.count() },
                ),
                before.proven,
            );
        let fresh = taken.effects.contains(&Effect::Publish(*id));
        same || fresh
            || (lifted && after.crashes <= before.crashes && after.unfinished <= before.unfinished)
    })
}

fn known_bad(state: &State) -> impl Iterator<Item = (&ReleaseKey, &GenerationId)> {
    let words = state.words.iter();
    words.flat_map(|(release, words)| words.known_bad.keys().map(move |id| (release, id)))
}
