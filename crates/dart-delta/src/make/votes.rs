//! Which value of the base became which of the new file.

use patchproof_patch::Aligned;

use super::tokens::Tokens;
use crate::inflate::watch::Class;

/// A value of the base and what stands in its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vote {
    /// Which of the base's tokens.
    pub(super) token: usize,
    pub(super) class: Class,
    pub(super) old: i64,
    pub(super) new: i64,
    /// How long both are.
    pub(super) old_length: u8,
    pub(super) new_length: u8,
}

/// The values that stand in the same place of aligned stretches, in the order of the base's
/// tokens as the stretches have them.
pub(super) fn of(base: &Tokens, new: &Tokens, stretches: &[Aligned]) -> Vec<Vote> {
    let mut votes = Vec::new();
    for stretch in stretches {
        if stretch.size_bytes >= STRETCH_BYTES_MIN {
            of_stretch(base, new, stretch, &mut votes);
        }
    }
    votes
}

fn of_stretch(base: &Tokens, new: &Tokens, stretch: &Aligned, votes: &mut Vec<Vote>) {
    let end = stretch.base_at + stretch.size_bytes;
    let olds = base.from(stretch.base_at);
    let mut news = new.from(stretch.new_at).peekable();
    for (token, old) in olds.take_while(|(_, old)| old.at < end) {
        let at = old.at - stretch.base_at + stretch.new_at;
        while news.next_if(|(_, new)| new.at < at).is_some() {}
        let Some((_, new)) = news.peek().filter(|(_, new)| new.at == at) else {
            continue;
        };
        let valued = signed(old.class) || (old.value >= 0 && new.value >= 0);
        if old.class == new.class && valued {
            votes.push(Vote {
                token,
                class: old.class,
                old: old.value,
                new: new.value,
                old_length: old.length,
                new_length: new.length,
            });
        }
    }
}

/// Whether values below 0 are values.
fn signed(class: Class) -> bool {
    class != Class::Cluster
}

/// Shorter stretches are accidents.
const STRETCH_BYTES_MIN: usize = 8;
