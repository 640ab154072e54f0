//! Which parts of a new file stand in a base: what a transform learns from.

use crate::search::{Effort, Files};

/// A stretch of a new file that is nearly one of the base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Aligned {
    /// Where it starts in the base.
    pub base_at: usize,
    /// Where it starts in the new file.
    pub new_at: usize,
    /// Its length in both.
    pub size_bytes: usize,
}

/// The stretches of `new` that are nearly the base's, in order.
///
/// `candidates_max` bounds how many places of the base are looked at for each place of `new`, and
/// another alignment must be better by `slack_bytes`.
#[must_use]
pub fn aligned(base: &[u8], new: &[u8], candidates_max: usize, slack_bytes: usize) -> Vec<Aligned> {
    let effort = Effort {
        candidates_max,
        slack_bytes,
    };
    let found = Files::of(base, new).matches(effort).into_iter();
    let stretch = |it: crate::search::Match| Aligned {
        base_at: it.base_at,
        new_at: it.new_at,
        size_bytes: it.add_bytes,
    };
    found.map(stretch).filter(|it| it.size_bytes > 0).collect()
}
