//! Without failures the simulated disk answers as the real one does.

use patchproof_storage::{DiskStorage, Fault, Hold, StorageError};
use proptest::prelude::*;

use super::*;

#[derive(Clone, Copy, Debug)]
enum Act {
    Open(usize, usize, Access),
    Write(usize, usize),
    Read(usize, u64),
    Sync(usize),
    Close(usize),
    Rename(usize, usize),
    Remove(usize),
    MakeFolder(usize),
    List(usize),
    SyncFolder(usize),
    Lock(usize, usize, Hold),
    Unlock(usize),
    Stamp(usize),
}

#[derive(Debug, PartialEq)]
enum Answer {
    Done,
    NoHandle,
    Held(bool),
    Entries(Vec<(String, EntryKind)>),
    Bytes(Vec<u8>, u64),
    Length(u64),
}

struct World<S: Storage> {
    storage: S,
    files: [Option<S::File>; 2],
    locks: [Option<S::Lock>; 3],
}

impl<S: Storage> World<S> {
    fn of(storage: S) -> Self {
        Self {
            storage,
            files: [None, None],
            locks: [None, None, None],
        }
    }

    fn kind(&self, at: &StoragePath) -> Option<EntryKind> {
        let Some(folder) = at.folder() else {
            return Some(EntryKind::Folder);
        };
        let entries = self.storage.list(&folder).ok()?;
        entries
            .into_iter()
            .find(|entry| entry.name == at.name())
            .map(|entry| entry.kind)
    }

    /// What the trait leaves open: a folder opened, locked or looked at as if it were a file, a
    /// file synced as a folder, a folder over another one.
    fn is_open_question(&self, act: Act) -> bool {
        let is = |at: usize, kind| self.kind(&path(PATHS[at])) == Some(kind);
        match act {
            Act::Open(_, at, _) | Act::Lock(_, at, _) | Act::Stamp(at) => is(at, EntryKind::Folder),
            Act::SyncFolder(at) => is(at, EntryKind::File),
            Act::Rename(from, to) => is(from, EntryKind::Folder) && is(to, EntryKind::Folder),
            _ => false,
        }
    }

    fn act(&mut self, act: Act) -> Result<Answer, Fault> {
        self.try_act(act).map_err(|error| error.fault)
    }

    fn try_act(&mut self, act: Act) -> Result<Answer, StorageError> {
        let storage = &self.storage;
        let at = |place: usize| path(PATHS[place]);
        match act {
            Act::Open(slot, place, access) => {
                self.files[slot] = None;
                self.files[slot] = Some(storage.open(&at(place), access)?);
            }
            Act::Write(slot, length) => {
                return with(&mut self.files[slot], |file| {
                    file.write(&noise(length))?;
                    Ok(Answer::Length(file.length()?))
                });
            }
            Act::Read(slot, offset) => {
                return with(&mut self.files[slot], |file| {
                    let mut bytes = vec![0; 700];
                    let count = file.read_at(&mut bytes, offset)?;
                    Ok(Answer::Bytes(bytes[..count].to_vec(), file.length()?))
                });
            }
            Act::Sync(slot) => {
                return with(&mut self.files[slot], |file| {
                    file.sync()?;
                    Ok(Answer::Done)
                });
            }
            Act::Close(slot) => self.files[slot] = None,
            Act::Rename(from, to) => storage.rename(&at(from), &at(to))?,
            Act::Remove(place) => storage.remove(&at(place))?,
            Act::MakeFolder(place) => storage.make_folder(&at(place))?,
            Act::List(place) => {
                let entries = storage.list(&at(place))?.into_iter();
                let entries = entries.map(|entry| (entry.name, entry.kind));
                return Ok(Answer::Entries(entries.collect()));
            }
            Act::SyncFolder(place) => storage.sync_folder(&at(place))?,
            Act::Lock(slot, place, hold) => {
                self.locks[slot] = None;
                self.locks[slot] = storage.lock(&at(place), hold)?;
                return Ok(Answer::Held(self.locks[slot].is_some()));
            }
            Act::Unlock(slot) => self.locks[slot] = None,
            Act::Stamp(place) => {
                return Ok(Answer::Length(storage.stamp(&at(place))?.length_bytes));
            }
        }
        Ok(Answer::Done)
    }
}

fn with<F>(
    file: &mut Option<F>,
    work: impl FnOnce(&mut F) -> Result<Answer, StorageError>,
) -> Result<Answer, StorageError> {
    file.as_mut().map_or(Ok(Answer::NoHandle), work)
}

fn act() -> impl Strategy<Value = Act> {
    let place = 0..PATHS.len();
    let below = 1..PATHS.len();
    let access = prop_oneof![
        Just(Access::Read),
        Just(Access::CreateNew),
        Just(Access::Append)
    ];
    let hold = prop_oneof![Just(Hold::Shared), Just(Hold::Exclusive)];
    prop_oneof![
        6 => (0..2_usize, below.clone(), access).prop_map(|(a, b, c)| Act::Open(a, b, c)),
        4 => (0..2_usize, 0..1500_usize).prop_map(|(a, b)| Act::Write(a, b)),
        2 => (0..2_usize, 0..2000_u64).prop_map(|(a, b)| Act::Read(a, b)),
        1 => (0..2_usize).prop_map(Act::Sync),
        1 => (0..2_usize).prop_map(Act::Close),
        5 => (below.clone(), below.clone()).prop_map(|(a, b)| Act::Rename(a, b)),
        3 => below.clone().prop_map(Act::Remove),
        4 => below.clone().prop_map(Act::MakeFolder),
        2 => place.clone().prop_map(Act::List),
        1 => place.prop_map(Act::SyncFolder),
        3 => (0..3_usize, below.clone(), hold).prop_map(|(a, b, c)| Act::Lock(a, b, c)),
        1 => (0..3_usize).prop_map(Act::Unlock),
        2 => below.prop_map(Act::Stamp),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]
    #[test]
    fn every_operation_answers_as_on_the_real_disk(
        acts in prop::collection::vec(act(), 1..60),
    ) {
        on_both(&acts)?;
    }
}

#[test]
fn a_folder_moved_deeper_than_paths_lead_is_listed_as_on_the_real_disk() {
    let place = |path: &str| PATHS.iter().position(|at| *at == path).unwrap();
    let [b, d, de, dea] = ["b", "d", "d/e", "d/e/a"].map(place);
    let seen = on_both(&[
        Act::MakeFolder(d),
        Act::MakeFolder(de),
        Act::MakeFolder(dea),
        Act::Rename(d, b),
        Act::MakeFolder(d),
        Act::MakeFolder(de),
        Act::Rename(b, dea),
    ]);
    let deepest = seen.unwrap().into_keys().max_by_key(String::len);
    assert_eq!(deepest.as_deref(), Some("d/e/a/e/a"));
}

#[test]
fn nothing_is_written_to_a_file_for_reading_as_on_the_real_disk() {
    let file = PATHS.iter().position(|at| *at == "a").unwrap();
    let seen = on_both(&[
        Act::Open(0, file, Access::CreateNew),
        Act::Open(0, file, Access::Read),
        Act::Write(0, 0),
        Act::Write(0, 1),
    ]);
    assert_eq!(seen.unwrap(), of(&[("a", b"")]));
}

/// Does all of it on both disks, and gives what both then hold.
fn on_both(acts: &[Act]) -> Result<Tree, TestCaseError> {
    let folder = tempfile::tempdir().unwrap();
    let disk = honest();
    let mut real = World::of(DiskStorage::new(folder.path()));
    let mut simulated = World::of(disk.process());
    for act in acts.iter().copied() {
        if simulated.is_open_question(act) {
            continue;
        }
        prop_assert_eq!(simulated.act(act), real.act(act), "{:?}", act);
    }
    let seen = tree(&simulated.storage);
    prop_assert_eq!(&seen, &tree(&real.storage));
    Ok(seen)
}

const PATHS: [&str; 8] = ["", "a", "b", "d", "d/a", "d/b", "d/e", "d/e/a"];
