//! How much is remembered: invariant 10.

use super::{Taken, ensure};
use crate::{FAILED_DOWNLOADS_MAX, OTHER_RELEASES_MAX, ROLLED_BACK_MAX, SET_ASIDE_MAX};

/// 10: every collection of a state that is written is within its bound.
pub(super) fn everything_is_bounded(taken: &Taken<'_>) -> Option<&'static str> {
    if !taken.persists() {
        return None;
    }
    let (policy, state) = (taken.policy, taken.after);
    let unsettled = state.tokens.values().filter(|token| !token.settled).count();
    let window = usize::from(policy.proven_boots_window.min(8));
    let small = state.installed.len() <= 2 + unsettled
        && state.set_aside.len() <= SET_ASIDE_MAX
        && state.failed_downloads.len() <= FAILED_DOWNLOADS_MAX
        && state.rolled_back.len() <= ROLLED_BACK_MAX
        && state.queue.events.len() <= usize::from(policy.queue_max)
        && state
            .installed
            .values()
            .all(|record| record.recent.len() <= window);
    let others = || {
        let words = state.words.iter();
        words.filter(|(release, _)| Some(**release) != state.release)
    };
    let elsewhere: usize = others().map(|(_, words)| words.known_bad.len()).sum();
    let remembered = elsewhere <= usize::from(policy.known_bad_elsewhere_max)
        && others().count() <= OTHER_RELEASES_MAX
        && known_bad_is_bounded(taken);
    ensure(small, "more is kept than is bounded")
        .or_else(|| ensure(remembered, "more words are kept than are bounded"))
}

/// What is known bad here is never forgotten, so that only a policy that was sharpened since, or a
/// return to this release, finds more than allowed.
fn known_bad_is_bounded(taken: &Taken<'_>) -> bool {
    let Some(release) = taken.after.release else {
        return true;
    };
    let known_bad = |state: &crate::State| {
        let words = state.words.get(&release);
        words.map_or(0, |words| words.known_bad.len())
    };
    let max = usize::from(taken.policy.known_bad_max);
    let elsewhere = taken.before.release != Some(release);
    known_bad(taken.after) <= max.max(known_bad(taken.before)) || elsewhere
}

impl Taken<'_> {
    /// Whether the state that came of the step is ever written.
    pub(super) fn persists(&self) -> bool {
        let checks = |effect: &crate::Effect| matches!(effect, crate::Effect::Check(_));
        self.commits() || (self.effects.iter().any(checks) && self.after != self.before)
    }
}
