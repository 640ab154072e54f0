//! What may be on the disk, from what was done to it and from nothing else.

use std::collections::BTreeSet;

use patchproof_rehearsal::{Honesty, SimProcess};
use patchproof_storage::generation::{self, Finding};
use patchproof_storage::{SlotFinding, Slots};

use super::acts::{PLACES, place_of};
use super::reading;
use crate::fuzz::noise::noise;

/// Every document and generation that may be found now.
pub(super) struct Model {
    /// Whether syncs last; else whatever was ever written may come back.
    is_honest: bool,
    /// Whether rot or a stranger may have changed the slots since the last commit.
    is_spoiled: bool,
    may_fail: bool,
    documents: BTreeSet<Option<Vec<u8>>>,
    places: [Place; PLACES.len()],
    /// Documents that were ever handed to a commit.
    ever: BTreeSet<Vec<u8>>,
}

/// What one place may hold.
#[derive(Clone, Default)]
struct Place {
    /// Whether rot or a stranger may have changed it since it was given anything.
    is_spoiled: bool,
    /// Nothing at all.
    may_be_missing: bool,
    /// Something that is not whole.
    may_be_damaged: bool,
    /// All of a generation, by its number.
    may_be_whole: BTreeSet<u32>,
    /// What it was ever given.
    ever: BTreeSet<u32>,
}

impl Model {
    pub(super) fn new(honesty: Honesty) -> Self {
        let place = Place {
            may_be_missing: true,
            ..Place::default()
        };
        Self {
            is_honest: honesty == Honesty::Honest,
            is_spoiled: false,
            may_fail: false,
            documents: BTreeSet::from([None]),
            places: [place.clone(), place],
            ever: BTreeSet::new(),
        }
    }

    /// Whether an operation may fail for now.
    pub(super) const fn may_fail(&mut self, may_fail: bool) {
        self.may_fail = may_fail;
    }

    /// Rot, or somebody who writes what he likes.
    pub(super) fn somebody_else_wrote(&mut self) {
        self.is_spoiled = true;
        self.places
            .iter_mut()
            .for_each(|place| place.is_spoiled = true);
    }

    pub(super) fn committed(&mut self, document: &[u8], done: bool) {
        let may_fail = self.may_fail || self.is_spoiled;
        assert!(done || may_fail, "a commit fails on a disk without faults");
        self.ever.insert(document.to_vec());
        if done && self.is_honest {
            self.documents.clear();
            self.is_spoiled = false;
        }
        self.documents.insert(Some(document.to_vec()));
    }

    pub(super) fn published(&mut self, place: usize, number: u32, done: bool) {
        let may_fail = self.may_fail;
        let is_honest = self.is_honest;
        let Some(place) = self.places.get_mut(place) else {
            return;
        };
        let excused = may_fail || place.is_spoiled;
        assert!(
            done || excused,
            "a generation cannot be published on a disk without faults"
        );
        place.ever.insert(number);
        if done && is_honest {
            let ever = std::mem::take(&mut place.ever);
            *place = Place {
                ever,
                ..Place::default()
            };
        } else {
            // What lies there is removed first, file by file; what never lay there needs no more
            // than its name.
            let lay_there = !place.may_be_whole.is_empty();
            place.may_be_damaged |= lay_there || may_fail || !is_honest;
            place.may_be_missing |= lay_there || !is_honest;
        }
        place.may_be_whole.insert(number);
    }

    pub(super) fn removed(&mut self, place: usize, done: bool) {
        let may_fail = self.may_fail;
        if let Some(place) = self.places.get_mut(place) {
            let excused = may_fail || place.is_spoiled;
            assert!(
                done || excused,
                "a generation cannot be removed from a disk without faults"
            );
            // A removal is never synced: what was there may come back, in part or whole.
            place.may_be_damaged |= !place.may_be_whole.is_empty();
            place.may_be_missing = true;
        }
    }

    /// Whether there is something that no operation gets past, such as a folder in a file's place
    /// or a slot that cannot be read; then errors are all there is.
    pub(super) fn is_blocked(process: &SimProcess) -> bool {
        reading::is_blocked(process)
    }

    /// Whether nothing is excused any more but what a lying disk does.
    pub(super) fn is_settled(&self) -> bool {
        let first = self.places.first();
        !self.is_honest || !(self.is_spoiled || first.is_none_or(|place| place.is_spoiled))
    }

    /// Reads everything, and panics where something is neither.
    pub(super) fn holds(&self, process: &SimProcess) {
        self.slots_hold(process);
        for (index, place) in self.places.iter().enumerate() {
            self.place_holds(process, index, place);
        }
    }

    fn slots_hold(&self, process: &SimProcess) {
        let loaded = match Slots::load(process) {
            Ok(loaded) => loaded,
            Err(error) => {
                assert!(self.is_spoiled, "the slots cannot be read: {error}");
                return;
            }
        };
        let second = ["state-a", "state-b"].map(|name| reading::slot(process, name));
        for (product, second) in [loaded.a, loaded.b].into_iter().zip(&second) {
            let counter = match product {
                SlotFinding::Valid { counter } => Some(counter),
                SlotFinding::Absent | SlotFinding::Damaged { .. } => None,
            };
            let expected = second.as_ref().map(|(counter, _)| *counter);
            assert_eq!(counter, expected, "two readings of a slot: {product:?}");
        }
        let newest = second
            .into_iter()
            .flatten()
            .max_by_key(|(counter, _)| *counter);
        if loaded.a != loaded.b {
            let newest = newest.map(|(_, payload)| payload);
            assert!(
                newest == loaded.newest,
                "two readings of the newest document"
            );
        }
        let is_allowed = match self.is_spoiled {
            // Whoever writes may write a slot. Rot alone cannot, but both are told apart nowhere.
            true => true,
            false => match (&loaded.newest, self.is_honest) {
                (Some(document), false) => self.ever.contains(document),
                (None, false) => true,
                (_, true) => self.documents.contains(&loaded.newest) && !loaded.is_lost(),
            },
        };
        assert!(
            is_allowed,
            "the document {} is neither",
            shown(loaded.newest.as_deref())
        );
    }

    fn place_holds(&self, process: &SimProcess, index: usize, place: &Place) {
        let path = place_of(index);
        let found = generation::check(process, &path);
        let second = reading::is_whole(process, path.as_str());
        let whole = matches!(found, Finding::Whole(_));
        assert_eq!(whole, second, "two readings of a generation: {found:?}");
        let of = |number: &u32| match &found {
            Finding::Whole(manifest) => {
                let files = files(*number);
                let names = manifest.files().iter().map(|file| file.name.as_str());
                names.eq(files.iter().map(|(name, _)| *name))
                    && files.iter().all(|(name, bytes)| {
                        reading::bytes(process, &format!("{path}/{name}")).as_ref() == Some(bytes)
                    })
            }
            Finding::Damaged(_) | Finding::Missing | Finding::Unreadable(_) => false,
        };
        let is_allowed = match &found {
            _ if place.is_spoiled => true,
            Finding::Whole(_) if !self.is_honest => place.ever.iter().any(of),
            Finding::Whole(_) => place.may_be_whole.iter().any(of),
            Finding::Damaged(_) => place.may_be_damaged || !self.is_honest,
            Finding::Missing => place.may_be_missing || !self.is_honest,
            Finding::Unreadable(_) => false,
        };
        assert!(is_allowed, "the generation {path} is neither: {found:?}");
    }
}

/// Bytes of a document or file by its number, of about that length.
pub(super) fn content(number: u32, size: usize) -> Vec<u8> {
    let mut bytes = number.to_le_bytes().to_vec();
    bytes.extend(noise(number.into(), size));
    bytes
}

/// The files of a generation by its number, one to three, by name in ascending order.
pub(super) fn files(number: u32) -> Vec<(&'static str, Vec<u8>)> {
    let spread = usize::try_from(number % 7).unwrap_or(0);
    let all = [
        ("assets.bin", content(number, 0)),
        ("libapp.so", content(number, spread * 300)),
        ("z", Vec::new()),
    ];
    let count = usize::try_from(number % 3).unwrap_or(0) + 1;
    all.into_iter().take(count).collect()
}

fn shown(document: Option<&[u8]>) -> String {
    let shown = |bytes: &[u8]| hex::encode(bytes.get(..4).unwrap_or(bytes));
    document.map_or_else(|| "(none)".to_owned(), shown)
}
