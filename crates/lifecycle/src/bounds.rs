//! How much is remembered at most, and what goes first.

use std::collections::BTreeMap;

use crate::turn::Turn;
use crate::{Note, ReleaseKey, Words};

/// Contents that are set aside on the current release; beyond it the lowest number goes.
pub const SET_ASIDE_MAX: usize = 64;
/// Contents whose failed downloads are counted; beyond it the one with the fewest goes.
pub const FAILED_DOWNLOADS_MAX: usize = 64;
/// Withdrawn numbers of the newest answer; beyond it the lowest go.
pub const ROLLED_BACK_MAX: usize = 4096;
/// Other releases of which words are kept; beyond it those with the lowest keys go.
pub const OTHER_RELEASES_MAX: usize = 64;

impl Turn<'_> {
    /// Keeps every collection within its bound.
    pub(crate) fn bound(&mut self) {
        while self.state.set_aside.len() > SET_ASIDE_MAX {
            let lowest = self.state.set_aside.iter();
            let lowest = lowest.min_by_key(|(id, aside)| (aside.number, **id));
            let Some(id) = lowest.map(|(id, _)| *id) else {
                break;
            };
            self.state.set_aside.remove(&id);
        }
        while self.state.failed_downloads.len() > FAILED_DOWNLOADS_MAX {
            let fewest = self.state.failed_downloads.iter();
            let fewest = fewest.min_by_key(|(id, count)| (**count, **id));
            let Some(id) = fewest.map(|(id, _)| *id) else {
                break;
            };
            self.state.failed_downloads.remove(&id);
        }
        while self.state.rolled_back.len() > ROLLED_BACK_MAX {
            self.state.rolled_back.pop_first();
        }
        self.bound_words();
    }

    /// Words of the current release are never forgotten, nor those of the one that becomes it;
    /// those of others, beyond their bounds, are, and it is said.
    fn bound_words(&mut self) {
        let own = [self.state.release, self.incoming];
        let is_other = |release: &ReleaseKey| !own.contains(&Some(*release));
        let words = &mut self.state.words;
        words.retain(|release, words| !is_other(release) || *words != Words::default());
        let max = usize::from(self.policy.known_bad_elsewhere_max);
        let mut forgotten = 0_usize;
        loop {
            let others = || words.iter().filter(|(release, _)| is_other(release));
            let too_many = others().count() > OTHER_RELEASES_MAX;
            let contents: usize = others().map(|(_, words)| words.known_bad.len()).sum();
            let excess = contents.saturating_sub(max);
            let first = others().find(|(_, words)| too_many || !words.known_bad.is_empty());
            let Some(release) = first.map(|(release, _)| *release) else {
                break;
            };
            if !too_many && excess == 0 {
                break;
            }
            forgotten += forget_some(words, &release, too_many, excess);
        }
        if forgotten > 0 {
            let count = u64::try_from(forgotten).unwrap_or(u64::MAX);
            self.notes.push(Note::WordsForgotten { count });
        }
    }
}

/// Forgets all of a release, or so many of its known-bad contents; returns how many.
fn forget_some(
    words: &mut BTreeMap<ReleaseKey, Words>,
    release: &ReleaseKey,
    all: bool,
    contents: usize,
) -> usize {
    if all {
        let gone = words.remove(release).unwrap_or_default();
        return gone.known_bad.len().max(1);
    }
    let Some(found) = words.get_mut(release) else {
        return 0;
    };
    let count = contents.min(found.known_bad.len());
    for _ in 0..count {
        found.known_bad.pop_first();
    }
    if *found == Words::default() {
        words.remove(release);
    }
    count
}
