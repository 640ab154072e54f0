//! Words that forbid, and a state that was lost: invariant 9.

use super::{Taken, current_words, ensure};
use crate::{Durability, Effect, Event, Note, ReleaseKey, State};

/// 9: floors only grow, and by offline words alone; nothing runs below them; words are in both
/// slots before anything follows; what was lost is said, and nothing installs before an answer.
pub(super) fn words_hold(taken: &Taken<'_>) -> Option<&'static str> {
    let both = Effect::Commit(Durability::BothSlots);
    let changed = taken.before.words != taken.after.words;
    // A start that cannot write carries words on in memory, and they are found anew at the next
    // one.
    let in_memory = matches!(
        taken.event,
        Event::Checked {
            writable: false,
            ..
        }
    );
    let first = taken
        .effects
        .iter()
        .find(|effect| !matches!(effect, Effect::Publish(_)));
    let below = taken.comes_to_run().any(|id| {
        let record = taken.after.installed.get(id).map(|record| record.number);
        let number = taken.offered_number(id).or(record).unwrap_or(0);
        number == 0 || current_words(taken.after).is_some_and(|words| number < words.floor)
    });
    ensure(
        !changed || in_memory || first == Some(&both),
        "words that forbid are not in both slots",
    )
    .or_else(|| ensure(!below, "what is below the floor comes to run"))
    .or_else(|| ensure(floors_hold(taken), "a floor is not what offline words set"))
    .or_else(|| ensure(loss_is_said(taken), "a lost state is not treated as lost"))
}

fn floor(state: &State, release: &ReleaseKey) -> u64 {
    state.words.get(release).map_or(0, |words| words.floor)
}

fn floors_hold(taken: &Taken<'_>) -> bool {
    let releases = taken.before.words.keys().chain(taken.after.words.keys());
    let mut releases = releases.chain(match taken.event {
        Event::FloorRaised { release, .. } => Some(release),
        _ => None,
    });
    releases.all(|release| {
        let (before, after) = (floor(taken.before, release), floor(taken.after, release));
        let forgotten = taken.after.release != Some(*release) && taken.forgot_words();
        let due = match taken.event {
            Event::FloorRaised {
                release: of,
                minimum_number,
            } if of == release => before.max(*minimum_number),
            _ => before,
        };
        after == due || (forgotten && after == 0)
    })
}

fn loss_is_said(taken: &Taken<'_>) -> bool {
    if !taken.before.lost {
        return !taken.after.lost;
    }
    let answered = matches!(
        taken.event,
        Event::Answered { release, .. } if taken.before.release == Some(*release)
    );
    let said =
        taken.notes.contains(&Note::StateLost) || !matches!(taken.event, Event::Start { .. });
    let takes = taken.comes_to_run().next().is_some()
        || taken
            .effects
            .iter()
            .any(|effect| matches!(effect, Effect::Publish(_)));
    said && taken.after.lost != answered && (answered || !takes)
}
