//! Finds what of a new file stands in the base, exactly or nearly.
//!
//! The plan is bsdiff's (Colin Percival, "Naive differences of executable code", 2003): keep the
//! alignment of the last match while it goes on well, look for a better one where it does not, and
//! stretch matches over what is nearly the same. Two things are other than there. Candidates come
//! from chains of equal hashes of eight bytes, not from a suffix array: two such files agree in
//! long stretches, and where they do nothing needs to be looked up. And a candidate is judged by
//! how well its surroundings fit, not by its length alone: in a snapshot many short runs are the
//! same, and few of them go on.
//!
//! Deterministic: the same files give the same matches, on every machine.

mod common;
mod extend;
mod index;

use common::common_prefix;
use extend::{backward, forward, settle_overlap};
use index::Index;

/// A stretch of the new file: first bytes that are nearly the base's, then bytes that are its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Match {
    /// Where the nearly equal bytes start in the base.
    pub(crate) base_at: usize,
    /// Where they start in the new file.
    pub(crate) new_at: usize,
    /// How many there are.
    pub(crate) add_bytes: usize,
    /// Where the stretch ends in the new file; what is behind the equal bytes is new.
    pub(crate) end: usize,
}

/// How hard to search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Effort {
    /// How many candidates of a chain are looked at.
    pub(crate) candidates_max: usize,
    /// By how many bytes another alignment must be better.
    pub(crate) slack_bytes: usize,
}

/// Two files to search. The index, which is most of the memory, is made once for every effort.
pub(crate) struct Files<'a> {
    base: &'a [u8],
    new: &'a [u8],
    index: Index<'a>,
}

impl<'a> Files<'a> {
    /// Indexes the base.
    pub(crate) fn of(base: &'a [u8], new: &'a [u8]) -> Self {
        Self {
            base,
            new,
            index: Index::of(base),
        }
    }

    /// Covers the new file, from its first byte to its last, by stretches that stand in the base.
    pub(crate) fn matches(&self, effort: Effort) -> Vec<Match> {
        let mut search = Search {
            base: self.base,
            new: self.new,
            effort,
            index: &self.index,
            found: Vec::new(),
            last: Anchor::default(),
        };
        search.run();
        search.found
    }
}

/// A place in the new file and its place in the base.
#[derive(Clone, Copy, Debug, Default)]
struct Anchor {
    new_at: usize,
    base_at: usize,
}

impl Anchor {
    /// The place in the base of another place in the new file, by the same alignment.
    fn base_of(self, new_at: usize) -> Option<usize> {
        (self.base_at.checked_add(new_at)?).checked_sub(self.new_at)
    }
}

struct Search<'a> {
    base: &'a [u8],
    new: &'a [u8],
    effort: Effort,
    index: &'a Index<'a>,
    found: Vec<Match>,
    /// Where the current stretch starts, in both files.
    last: Anchor,
}

/// The next place where another alignment begins.
struct Turn {
    at: usize,
    /// The place in the base; `None` at the end of the new file.
    base_at: Option<usize>,
}

impl Search<'_> {
    fn run(&mut self) {
        let mut alignment = Anchor::default();
        let mut from = 0;
        // Each turn is behind the one before it, and the last one is the end of the new file.
        while !self.new.is_empty() {
            let (turn, length) = self.next_turn(from, alignment);
            self.close(&turn);
            let Some(base_at) = turn.base_at else { break };
            alignment = Anchor {
                new_at: turn.at,
                base_at,
            };
            from = turn.at.saturating_add(length);
        }
    }

    /// Goes on from `from` until something fits better than the current alignment does. Answers
    /// where, and how many bytes are the same there.
    fn next_turn(&self, from: usize, alignment: Anchor) -> (Turn, usize) {
        let mut at = from;
        // How many bytes from `at` to `scored` the current alignment has right.
        let mut score = 0_usize;
        let mut scored = from;
        while let Some(rest) = self.new.get(at..).filter(|rest| !rest.is_empty()) {
            let along = alignment.base_of(at);
            let run = along
                .and_then(|base_at| self.base.get(base_at..))
                .map_or(0, |base| common_prefix(base, rest));
            let (base_at, length) = self.candidate(at, along, run, alignment);
            let end = at.saturating_add(length);
            score += self.agreeing(scored.max(at), end, alignment);
            scored = scored.max(end);
            if length > 0 && length == score {
                // The current alignment goes on: nothing to turn to within these bytes.
                at = end;
                score = 0;
                scored = end;
                continue;
            }
            if length > score.saturating_add(self.effort.slack_bytes) {
                let base_at = Some(base_at);
                return (Turn { at, base_at }, length);
            }
            score = score.saturating_sub(usize::from(run > 0));
            at += 1;
        }
        let end = Turn {
            at: self.new.len(),
            base_at: None,
        };
        (end, 0)
    }

    /// The best place in the base for what stands at `at`, and how many bytes are the same.
    fn candidate(
        &self,
        at: usize,
        along: Option<usize>,
        run: usize,
        alignment: Anchor,
    ) -> (usize, usize) {
        let here = along.unwrap_or_default();
        if run >= RUN_BYTES_ENOUGH {
            return (here, run);
        }
        let near = alignment.base_of(at);
        let looked_up = self
            .index
            .best(self.new, at, near, self.effort.candidates_max);
        match looked_up {
            Some((base_at, length)) if length > run => (base_at, length),
            _ => (here, run),
        }
    }

    /// How many bytes of a stretch the alignment has right.
    fn agreeing(&self, from: usize, to: usize, alignment: Anchor) -> usize {
        let Some(new) = self.new.get(from..to) else {
            return 0;
        };
        match alignment.base_of(from).and_then(|at| self.base.get(at..)) {
            Some(base) => base.iter().zip(new).filter(|(a, b)| a == b).count(),
            None => (from..to)
                .filter(|&at| {
                    let base = alignment.base_of(at).and_then(|at| self.base.get(at));
                    base.is_some() && base == self.new.get(at)
                })
                .count(),
        }
    }

    /// Ends the current stretch at a turn: stretches it forward and the next one backward.
    fn close(&mut self, turn: &Turn) {
        let between = self.new.get(self.last.new_at..turn.at).unwrap_or_default();
        let base = self.base.get(self.last.base_at..).unwrap_or_default();
        let mut forth = forward(base, between);
        let mut back = 0;
        if let Some(base_at) = turn.base_at {
            let before = self.base.get(..base_at).unwrap_or_default();
            back = backward(before, between);
            let overlap = (forth + back).saturating_sub(between.len());
            if overlap > 0 {
                let keep = settle_overlap(base, before, between, forth, back, overlap);
                forth = forth - overlap + keep;
                back -= keep;
            }
        }
        let end = turn.at - back;
        self.found.push(Match {
            base_at: self.last.base_at,
            new_at: self.last.new_at,
            add_bytes: forth,
            end,
        });
        self.last = Anchor {
            new_at: end,
            base_at: turn.base_at.unwrap_or_default().saturating_sub(back),
        };
    }
}

/// A run of this many equal bytes along the current alignment is not worth a look elsewhere.
const RUN_BYTES_ENOUGH: usize = 12;

#[cfg(test)]
mod tests;
