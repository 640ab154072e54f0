//! What comes of answers and offers: invariants 8, 11 and 14.

use super::{Taken, current_words, ensure};
use crate::{Effect, Event, Fault, Note, Offer, State};

/// 8: what an answer withdraws stands no more, and is neither fetched nor installed.
pub(super) fn rolled_back_leaves(taken: &Taken<'_>) -> Option<&'static str> {
    let withdrawn = match taken.event {
        Event::Answered {
            release, answer, ..
        } if taken.before.release == Some(*release) => &answer.rolled_back,
        _ => &taken.before.rolled_back,
    };
    if taken.before.release != taken.after.release {
        return None;
    }
    let fetched = taken.effects.iter().any(|effect| match effect {
        Effect::Fetch(offer) => withdrawn.contains(&offer.number),
        _ => false,
    });
    let stands = taken.commits()
        && taken
            .after
            .installed
            .values()
            .any(|record| withdrawn.contains(&record.number));
    ensure(
        !fetched && !stands,
        "what was rolled back stands or is fetched",
    )
}

/// 11: what is offered is fetched or refused in words, what is installed is fetched no more, and
/// each complete download that fails brings the end nearer.
pub(super) fn every_offer_ends(taken: &Taken<'_>) -> Option<&'static str> {
    let said = |offer: &Offer| {
        let id = offer.content.id;
        let is_it = |note: &Note| matches!(note, Note::NotTaken { id: of, .. } if *of == id);
        taken.notes.iter().any(is_it)
    };
    match taken.event {
        Event::Answered { answer, .. } => {
            let fetched = taken
                .effects
                .iter()
                .any(|it| matches!(it, Effect::Fetch(_)));
            let ends = answer.offer.as_ref().is_none_or(|offer| {
                let fetch = Effect::Fetch(offer.clone());
                taken.effects.last() == Some(&fetch) || (!fetched && said(offer))
            });
            let needless = taken
                .comes_to_run()
                .any(|id| taken.after.installed.contains_key(id));
            ensure(ends, "an offer is neither fetched nor refused")
                .or_else(|| ensure(!needless, "what is installed is fetched again"))
        }
        Event::Installed { offer, .. } => {
            let publish = Effect::Publish(offer.content.id);
            let ends = taken.effects.contains(&publish) || said(offer);
            ensure(ends, "what was fetched is neither installed nor refused")
        }
        Event::Refused {
            release,
            offer,
            fault: Fault::PatchOrTransport,
            ..
        } if taken.before.release == Some(*release) => {
            let id = &offer.content.id;
            let count = |state: &State| state.failed_downloads.get(id).copied().unwrap_or(0);
            let ends = count(taken.after) > count(taken.before)
                || taken.after.set_aside.contains_key(id)
                || taken.after.installed.contains_key(id)
                || count(taken.before) == u8::MAX
                || taken.after.failed_downloads.len() >= crate::FAILED_DOWNLOADS_MAX
                || taken.after.set_aside.len() >= crate::SET_ASIDE_MAX
                || is_forbidden(taken.after, offer);
            ensure(ends, "a download may fail for ever")
        }
        _ => None,
    }
}

/// 14: what nothing speaks against is fetched, and what nothing speaks against boots.
pub(super) fn no_dead_end(taken: &Taken<'_>) -> Option<&'static str> {
    match taken.event {
        Event::Answered {
            release,
            answer,
            now_ms,
        } => {
            let offer = answer.offer.as_ref()?;
            let id = offer.content.id;
            let good = taken.before.release == Some(*release)
                && !answer.rolled_back.contains(&offer.number)
                && !is_forbidden(taken.before, offer)
                && is_new(taken.before, offer)
                && !is_full(taken)
                && !taken.was_due(&id)
                && offer
                    .validity
                    .from_ms
                    .is_none_or(|from_ms| from_ms <= *now_ms)
                && offer
                    .validity
                    .until_ms
                    .is_none_or(|until_ms| *now_ms < until_ms);
            let taken_up = taken.effects.contains(&Effect::Fetch(offer.clone()))
                || taken.after.candidate == Some(id)
                || taken.after.proven == Some(id);
            ensure(!good || taken_up, "a good offer is not taken")
        }
        Event::Start { release, .. } => {
            let candidate = taken.before.candidate?;
            let record = taken.before.installed.get(&candidate)?;
            let words = current_words(taken.before);
            let good = taken.before.release == Some(*release)
                && !taken.before.lost
                && record.number > 0
                && record.reads_data_epoch >= taken.before.data_epoch
                && !taken.before.rolled_back.contains(&record.number)
                && !taken.before.set_aside.contains_key(&candidate)
                && words.is_none_or(|words| {
                    record.number >= words.floor && !words.known_bad.contains_key(&candidate)
                })
                && taken
                    .ends()
                    .iter()
                    .all(|(token, _)| token.generation != candidate)
                && !taken.was_due(&candidate);
            let checked = taken.effects.last() == Some(&Effect::Check(candidate));
            ensure(!good || checked, "a good candidate does not boot")
        }
        _ => None,
    }
}

/// Whether memory speaks against an offer, by its content or its number.
fn is_forbidden(state: &State, offer: &Offer) -> bool {
    let id = &offer.content.id;
    let words = current_words(state);
    let aside = state.set_aside.get(id);
    offer.number == 0
        || words.is_some_and(|it| it.known_bad.contains_key(id) || offer.number < it.floor)
        || aside.is_some_and(|aside| offer.number <= aside.number)
}

/// Whether an offer is newer than all there is, and reads the data that there may be.
fn is_new(state: &State, offer: &Offer) -> bool {
    let higher = state
        .installed
        .values()
        .all(|record| record.number < offer.number);
    let record = state.installed.get(&offer.content.id);
    let reads = |epoch: u32| epoch >= state.data_epoch;
    higher
        && reads(offer.content.reads_data_epoch)
        && record.is_none_or(|record| reads(record.reads_data_epoch))
}

fn is_full(taken: &Taken<'_>) -> bool {
    let known_bad = |state: &State| current_words(state).map_or(0, |words| words.known_bad.len());
    let most = known_bad(taken.before).max(known_bad(taken.after));
    most >= usize::from(taken.policy.known_bad_max)
}
