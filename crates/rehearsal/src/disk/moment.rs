//! The images of one moment: each legal set of names, with each legal content of the files in it.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::bounds::Bounds;
use super::file::FileNode;
use super::layout::Layout;
use super::names::NameChange;
use super::spread::{Choice, Spread};
use super::state::{Ino, State};
use super::sweep::{Pattern, Swept};

/// What is behind the images of one moment, and which of them is at hand.
pub(super) struct Moment {
    state: State,
    files: Vec<Left>,
    /// In the order of their files.
    spreads: Vec<Spread>,
    /// In which pattern's count each spread's blocks begin.
    firsts: Vec<usize>,
    /// None: every content of every file.
    patterns: Option<Vec<Pattern>>,
    sets: std::vec::IntoIter<Vec<bool>>,
    is_exhaustive: bool,
    at: Option<At>,
}

/// What is left of a file.
pub(super) enum Left {
    /// This, whatever happens.
    One(Ino, Arc<FileNode>),
    /// One of these, by the place among the spreads.
    OneOf(Ino, usize),
}

/// One image.
struct At {
    layout: Layout,
    /// By the files that the layout left open.
    choices: Vec<Choice>,
    numbers: Vec<u64>,
    /// The pattern that comes next.
    pattern: usize,
    is_first: bool,
}

impl Moment {
    pub(super) fn of(state: State, bounds: &Bounds) -> Self {
        let named = can_have_a_name(&state);
        let there = state.files.iter().filter(|(ino, _)| named.contains(ino));
        let open = there.clone().filter(|(_, file)| file.is_unsynced());
        let blocks = open.map(|(_, file)| Spread::blocks_of_file(file)).sum();
        let are_few = blocks <= bounds.blocks_max;
        let swept = match are_few {
            true => Swept::all(),
            false => Swept::of(blocks, bounds.swept_blocks_max),
        };
        let (mut files, mut spreads) = (Vec::new(), Vec::new());
        let (mut firsts, mut first) = (Vec::new(), 0);
        for (ino, file) in there {
            if !file.is_unsynced() {
                files.push(Left::One(*ino, lasting(file)));
                continue;
            }
            files.push(Left::OneOf(*ino, spreads.len()));
            let points = |index, bytes| match swept.has(first + index) {
                true => bounds.torn.points(bytes),
                false => Vec::new(),
            };
            let spread = Spread::of(file, are_few, points);
            firsts.push(first);
            first += spread.unsynced_blocks();
            spreads.push(spread);
        }
        let contents = spreads
            .iter()
            .fold(1_u64, |all, one| all.saturating_mul(one.count()));
        let every_block = are_few && contents <= bounds.images_max;
        let patterns = (!every_block).then(|| Pattern::every(&spreads, &swept));
        let contents = patterns
            .as_ref()
            .map_or(contents, |patterns| as_u64(patterns.len()));
        let every_name = names_within(&state, bounds, contents);
        let sets = every_name.clone();
        let sets = sets.unwrap_or_else(|| NameChange::swept_sets(&state.pending));
        Self {
            files,
            spreads,
            firsts,
            is_exhaustive: every_block && every_name.is_some(),
            patterns,
            sets: sets.into_iter(),
            at: None,
            state,
        }
    }

    pub(super) const fn is_exhaustive(&self) -> bool {
        self.is_exhaustive
    }

    /// Goes to the next image; says its fingerprint.
    pub(super) fn advance(&mut self) -> Option<u128> {
        loop {
            if let Some(mut at) = self.at.take()
                && self.step(&mut at)
            {
                let fingerprint = at.layout.fingerprint(&at.choices);
                self.at = Some(at);
                return Some(fingerprint);
            }
            let set = self.sets.next()?;
            let layout = Layout::of(&self.state, &set, &self.files);
            self.at = Some(At {
                numbers: vec![0; layout.open().len()],
                choices: Vec::new(),
                pattern: 0,
                is_first: true,
                layout,
            });
        }
    }

    /// The image at hand.
    pub(super) fn image(&self) -> State {
        let mut image = self.state.without_files();
        if let Some(at) = &self.at {
            at.layout.place(&mut image);
            for (open, choice) in at.layout.open().iter().zip(&at.choices) {
                let file = self
                    .spreads
                    .get(open.spread)
                    .map(|spread| spread.file(choice));
                if let (Some(file), Some(place)) = (file, image.files.get_mut(open.place)) {
                    place.1 = file;
                }
            }
        }
        image
    }

    fn step(&self, at: &mut At) -> bool {
        match &self.patterns {
            Some(patterns) => self.next_pattern(at, patterns),
            None => self.next_numbers(at),
        }
    }

    fn next_pattern(&self, at: &mut At, patterns: &[Pattern]) -> bool {
        // Where no file is open all patterns are one.
        if at.layout.open().is_empty() && at.pattern > 0 {
            return false;
        }
        let Some(pattern) = patterns.get(at.pattern) else {
            return false;
        };
        at.pattern += 1;
        let of = at.layout.open().iter().filter_map(|open| {
            let first = self.firsts.get(open.spread)?;
            Some(pattern.of(self.spreads.get(open.spread)?, *first))
        });
        at.choices = of.collect();
        true
    }

    fn next_numbers(&self, at: &mut At) -> bool {
        let open = at.layout.open();
        let spread_of = |place: usize| self.spreads.get(open.get(place)?.spread);
        if at.is_first {
            at.is_first = false;
            let first = (0..open.len()).filter_map(|place| Some(spread_of(place)?.nth(0)));
            at.choices = first.collect();
            return true;
        }
        for (place, number) in at.numbers.iter_mut().enumerate() {
            let (Some(spread), Some(choice)) = (spread_of(place), at.choices.get_mut(place)) else {
                return false;
            };
            *number += 1;
            let is_over = *number >= spread.count();
            if is_over {
                *number = 0;
            }
            *choice = spread.nth(*number);
            if !is_over {
                return true;
            }
        }
        false
    }
}

/// Every set of names, where there are not too many.
fn names_within(state: &State, bounds: &Bounds, contents: u64) -> Option<Vec<Vec<bool>>> {
    if state.pending.len() > bounds.name_changes_max {
        return None;
    }
    let sets = NameChange::every_set(&state.pending);
    (as_u64(sets.len()).saturating_mul(contents) <= bounds.images_max).then_some(sets)
}

fn can_have_a_name(state: &State) -> BTreeSet<Ino> {
    let lasting = state
        .durable
        .values()
        .flat_map(|entries| entries.values().copied());
    let pending = state
        .pending
        .iter()
        .filter_map(|pending| pending.change.named());
    lasting.chain(pending).collect()
}

/// The file as it is after a power cut that leaves no choice.
fn lasting(file: &Arc<FileNode>) -> Arc<FileNode> {
    if file.is_settled() {
        return Arc::clone(file);
    }
    let bytes = file.durable().clone();
    Arc::new(FileNode::settled(bytes, file.modified_ns, file.unreadable))
}

fn as_u64(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}
