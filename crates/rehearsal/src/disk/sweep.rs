//! Where there are too many blocks for every subset: ALICE's sweeps over them.

use std::collections::BTreeSet;

use super::spread::{Choice, Form, Spread};

/// Which of all unsynced blocks, counted through all files, reached the medium.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pattern {
    new: Which,
    /// A block, and at which of its points it is torn.
    torn: Option<(usize, usize)>,
    /// Whether each file has its new length, or just the one that its new blocks need.
    is_long: bool,
    /// Whether a block that was synced in part is zero, where it is not new.
    is_zeroed: bool,
}

#[derive(Clone, Copy, Debug)]
enum Which {
    First(usize),
    Alone(usize),
    AllBut(usize),
}

impl Pattern {
    /// Nothing, everything, what had been written up to each moment, each block alone, all but
    /// each; each of them with that block torn as well. `swept` has the blocks that count.
    pub(super) fn every(spreads: &[Spread], swept: &Swept) -> Vec<Self> {
        let points: Vec<usize> = spreads
            .iter()
            .flat_map(|spread| (0..spread.unsynced_blocks()).map(|at| spread.torn_points(at)))
            .collect();
        let mut patterns = Vec::new();
        let mut add = |new, torn| {
            for (is_long, is_zeroed) in [(true, false), (true, true), (false, false)] {
                patterns.push(Self {
                    new,
                    torn,
                    is_long,
                    is_zeroed,
                });
            }
        };
        add(Which::First(points.len()), None);
        for (block, points) in points.iter().enumerate() {
            if !swept.has(block) {
                continue;
            }
            for new in [
                Which::First(block),
                Which::Alone(block),
                Which::AllBut(block),
            ] {
                add(new, None);
                for point in 0..*points {
                    add(new, Some((block, point)));
                }
            }
        }
        patterns
    }

    /// What it leaves of a file whose blocks are counted from `first` on.
    pub(super) fn of(&self, spread: &Spread, first: usize) -> Choice {
        let torn_at = |index: usize| {
            let torn = self.torn.filter(|(block, _)| *block == first + index);
            torn.map(|(_, point)| point)
        };
        let length = if self.is_long {
            spread.new_length()
        } else {
            let mut reached = (0..spread.unsynced_blocks())
                .filter(|index| torn_at(*index).is_some() || self.new.has(first + index));
            reached.next_back().map_or(spread.old_length(), |index| {
                spread.length_through(index, torn_at(index))
            })
        };
        spread.choose(length, |index| match torn_at(index) {
            Some(point) => Form::Torn(point),
            None if self.new.has(first + index) => Form::New,
            None if self.is_zeroed => Form::Zero,
            None => Form::Old,
        })
    }
}

/// The blocks that are swept, of all the unsynced ones counted through all files.
#[derive(Debug)]
pub(super) struct Swept(Option<BTreeSet<usize>>);

impl Swept {
    /// Every block.
    pub(super) const fn all() -> Self {
        Self(None)
    }

    /// The first and the last of so many blocks, and others evenly between them.
    pub(super) fn of(blocks: usize, blocks_max: usize) -> Self {
        if blocks <= blocks_max {
            return Self(None);
        }
        let steps = blocks_max.saturating_sub(1).max(1);
        let at = |step: usize| step.saturating_mul(blocks.saturating_sub(1)) / steps;
        Self(Some((0..blocks_max).map(at).collect()))
    }

    pub(super) fn has(&self, block: usize) -> bool {
        self.0.as_ref().is_none_or(|swept| swept.contains(&block))
    }
}

impl Which {
    const fn has(self, block: usize) -> bool {
        match self {
            Self::First(count) => block < count,
            Self::Alone(one) => block == one,
            Self::AllBut(one) => block != one,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn swept(blocks: usize, blocks_max: usize) -> Vec<usize> {
        let swept = Swept::of(blocks, blocks_max);
        (0..blocks).filter(|block| swept.has(*block)).collect()
    }

    #[test]
    fn of_many_blocks_the_first_the_last_and_others_between_are_swept() {
        assert_eq!(swept(5, 8), [0, 1, 2, 3, 4]);
        assert_eq!(swept(4001, 3), [0, 2000, 4000]);
        assert_eq!(swept(10, 2), [0, 9]);
    }
}
