//! Changes of names, and which sets of them a power cut may leave.

use super::event::Place;
use super::state::{Folders, Ino};

/// One creation, rename or removal that no sync has made last.
#[derive(Clone, Debug)]
pub(super) struct NameChange {
    /// Counted from 1 over the disk's life.
    pub(super) number: u64,
    /// The folder whose sync makes it last.
    pub(super) home: Ino,
    pub(super) change: Change,
}

#[derive(Clone, Debug)]
pub(super) enum Change {
    Appear { at: Place, ino: Ino },
    Move { from: Place, to: Place, ino: Ino },
    Remove { at: Place },
}

impl Change {
    fn places(&self) -> impl Iterator<Item = &Place> {
        let (one, other) = match self {
            Self::Appear { at, .. } | Self::Remove { at } => (at, None),
            Self::Move { from, to, .. } => (from, Some(to)),
        };
        std::iter::once(one).chain(other)
    }

    pub(super) fn apply(&self, folders: &mut Folders) {
        match self {
            Self::Appear { at, ino } => bind(folders, at, *ino),
            Self::Move { from, to, ino } => {
                leave(folders, from, *ino);
                bind(folders, to, *ino);
            }
            Self::Remove { at } => {
                folders.entry(at.folder).or_default().remove(&at.name);
            }
        }
    }

    fn shares_a_name_with(&self, other: &Self) -> bool {
        self.places()
            .any(|place| other.places().any(|theirs| theirs == place))
    }

    /// What gets a name by it.
    pub(super) const fn named(&self) -> Option<Ino> {
        match self {
            Self::Appear { ino, .. } | Self::Move { ino, .. } => Some(*ino),
            Self::Remove { .. } => None,
        }
    }
}

impl NameChange {
    /// Which of the changes are in the set, or have to be since one of the set came later under the
    /// same name.
    pub(super) fn with_their_histories(
        changes: &[Self],
        wanted: impl Fn(&Self) -> bool,
    ) -> Vec<bool> {
        let mut set: Vec<bool> = changes.iter().map(wanted).collect();
        for (at, change) in changes.iter().enumerate().rev() {
            let later = changes.iter().zip(&set).skip(at + 1);
            let is_needed = later
                .filter(|(_, is_in)| **is_in)
                .any(|(later, _)| later.change.shares_a_name_with(&change.change));
            if let (true, Some(is_in)) = (is_needed, set.get_mut(at)) {
                *is_in = true;
            }
        }
        set
    }

    /// Every set that may have happened: with a change, all earlier ones under its names.
    pub(super) fn every_set(changes: &[Self]) -> Vec<Vec<bool>> {
        let mut sets: Vec<Vec<bool>> = vec![Vec::new()];
        for (at, change) in changes.iter().enumerate() {
            let earlier = changes.iter().take(at);
            let needs: Vec<bool> = earlier
                .map(|earlier| earlier.change.shares_a_name_with(&change.change))
                .collect();
            let with = sets.iter().filter(|set| {
                let mut pairs = needs.iter().zip(set.iter());
                pairs.all(|(needed, is_in)| *is_in || !*needed)
            });
            let with: Vec<Vec<bool>> = with.map(|set| extended(set, true)).collect();
            for set in &mut sets {
                set.push(false);
            }
            sets.extend(with);
        }
        sets
    }

    /// Where there are too many sets: none and all; each change alone and all but each, with what
    /// that entails; and what had happened up to each moment.
    pub(super) fn swept_sets(changes: &[Self]) -> Vec<Vec<bool>> {
        let mut sets = vec![vec![false; changes.len()], vec![true; changes.len()]];
        for (at, one) in changes.iter().enumerate() {
            let alone = Self::with_their_histories(changes, |change| change.number == one.number);
            sets.push(alone);
            sets.push(Self::without(changes, at));
            sets.push((0..changes.len()).map(|other| other < at).collect());
        }
        sets.sort_unstable();
        sets.dedup();
        sets
    }

    fn without(changes: &[Self], at: usize) -> Vec<bool> {
        let mut set: Vec<bool> = (0..changes.len()).map(|other| other != at).collect();
        for (later, change) in changes.iter().enumerate().skip(at + 1) {
            let earlier = changes.iter().zip(&set).take(later);
            let needs_a_missing_one = earlier
                .filter(|(_, is_in)| !**is_in)
                .any(|(earlier, _)| earlier.change.shares_a_name_with(&change.change));
            if let (true, Some(is_in)) = (needs_a_missing_one, set.get_mut(later)) {
                *is_in = false;
            }
        }
        set
    }
}

fn extended(set: &[bool], last: bool) -> Vec<bool> {
    set.iter().copied().chain([last]).collect()
}

fn bind(folders: &mut Folders, at: &Place, ino: Ino) {
    let name = at.name.clone();
    folders.entry(at.folder).or_default().insert(name, ino);
}

/// Takes the name away. Where an earlier rename was lost, the file still has its name from before.
fn leave(folders: &mut Folders, from: &Place, ino: Ino) {
    let entries = folders.entry(from.folder).or_default();
    if entries.get(&from.name) == Some(&ino) {
        entries.remove(&from.name);
        return;
    }
    for entries in folders.values_mut() {
        entries.retain(|_, named| *named != ino);
    }
}
