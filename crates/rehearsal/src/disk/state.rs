//! What is on the disk: the files, the names that reads show, and the names that last.

use std::collections::BTreeMap;
use std::sync::Arc;

use patchproof_storage::StoragePath;

use super::bytes::BlockSize;
use super::event::{Event, Place};
use super::file::FileNode;
use super::names::{Change, NameChange};

/// A file's or folder's number; no two in a disk's life are the same.
pub(super) type Ino = u64;

/// What is in each folder, by name.
pub(super) type Folders = BTreeMap<Ino, BTreeMap<Arc<str>, Ino>>;

/// A file system, in the page cache and on the medium.
#[derive(Clone, Debug)]
pub(super) struct State {
    pub(super) block: BlockSize,
    pub(super) next_ino: Ino,
    /// The names that reads show.
    pub(super) seen: Arc<Folders>,
    /// The names that last.
    pub(super) durable: Arc<Folders>,
    /// What is between the two, oldest first.
    pub(super) pending: Vec<NameChange>,
    /// How many changes of names there were.
    pub(super) changes: u64,
    /// In the order of their numbers.
    pub(super) files: Vec<(Ino, Arc<FileNode>)>,
}

impl State {
    pub(super) fn empty(block: BlockSize) -> Self {
        let folders = Arc::new(Folders::from([(ROOT, BTreeMap::new())]));
        Self {
            block,
            next_ino: ROOT + 1,
            seen: Arc::clone(&folders),
            durable: folders,
            pending: Vec::new(),
            changes: 0,
            files: Vec::new(),
        }
    }

    /// A disk whose numbers go on from here, with no file on it.
    pub(super) fn without_files(&self) -> Self {
        Self {
            block: self.block,
            next_ino: self.next_ino,
            seen: Arc::clone(&self.seen),
            durable: Arc::clone(&self.durable),
            pending: Vec::new(),
            changes: self.changes,
            files: Vec::new(),
        }
    }

    /// What is at a path, as reads show it.
    pub(super) fn find(&self, path: &StoragePath) -> Option<Ino> {
        let names = path.as_str().split('/').filter(|name| !name.is_empty());
        names.into_iter().try_fold(ROOT, |folder, name| {
            self.seen.get(&folder)?.get(name).copied()
        })
    }

    pub(super) fn is_folder(&self, ino: Ino) -> bool {
        self.seen.contains_key(&ino)
    }

    pub(super) fn file(&self, ino: Ino) -> Option<&Arc<FileNode>> {
        let at = self
            .files
            .binary_search_by_key(&ino, |(ino, _)| *ino)
            .ok()?;
        self.files.get(at).map(|(_, file)| file)
    }

    pub(super) fn file_mut(&mut self, ino: Ino) -> Option<&mut FileNode> {
        let at = self
            .files
            .binary_search_by_key(&ino, |(ino, _)| *ino)
            .ok()?;
        self.files.get_mut(at).map(|(_, file)| Arc::make_mut(file))
    }

    /// The files and folders by path, as reads show them.
    pub(super) fn walk(&self) -> Vec<(String, Ino)> {
        let mut found = Vec::new();
        let mut open = vec![(String::new(), ROOT)];
        while let Some((path, folder)) = open.pop() {
            for (name, ino) in self.seen.get(&folder).into_iter().flatten() {
                let separator = if path.is_empty() { "" } else { "/" };
                let path = format!("{path}{separator}{name}");
                if self.is_folder(*ino) {
                    open.push((path.clone(), *ino));
                }
                found.push((path, *ino));
            }
        }
        found.sort_unstable();
        found
    }

    /// Makes happen what is known to be possible.
    pub(super) fn apply(&mut self, event: &Event) {
        match event {
            Event::Create { at, ino, now_ns } => {
                let file = Arc::new(FileNode::empty(self.block, *now_ns));
                self.files.push((*ino, file));
                self.appear(at, *ino);
            }
            Event::MakeFolder { at, ino } => {
                Arc::make_mut(&mut self.seen).insert(*ino, BTreeMap::new());
                Arc::make_mut(&mut self.durable).insert(*ino, BTreeMap::new());
                self.appear(at, *ino);
            }
            Event::Rename { from, to, ino } => self.change(
                to.folder,
                Change::Move {
                    from: from.clone(),
                    to: to.clone(),
                    ino: *ino,
                },
            ),
            Event::Remove { at } => self.change(at.folder, Change::Remove { at: at.clone() }),
            Event::Append { ino, bytes, now_ns } => self.on_file(*ino, |file| {
                file.append(bytes, *now_ns);
            }),
            Event::SyncFile { ino } => self.on_file(*ino, FileNode::sync),
            Event::LoseFile { ino, from } => self.on_file(*ino, |file| file.lose_from(*from)),
            Event::SyncFolder { folder } => self.sync_folder(*folder),
            Event::LoseNames { changes } => {
                self.pending
                    .retain(|change| !changes.contains(&change.number));
            }
        }
    }

    fn on_file(&mut self, ino: Ino, work: impl FnOnce(&mut FileNode)) {
        if let Some(file) = self.file_mut(ino) {
            work(file);
        }
    }

    fn appear(&mut self, at: &Place, ino: Ino) {
        self.next_ino = self.next_ino.max(ino + 1);
        self.change(
            at.folder,
            Change::Appear {
                at: at.clone(),
                ino,
            },
        );
    }

    fn change(&mut self, home: Ino, change: Change) {
        change.apply(Arc::make_mut(&mut self.seen));
        self.changes += 1;
        self.pending.push(NameChange {
            number: self.changes,
            home,
            change,
        });
    }

    fn sync_folder(&mut self, folder: Ino) {
        let lasting =
            NameChange::with_their_histories(&self.pending, |change| change.home == folder);
        let durable = Arc::make_mut(&mut self.durable);
        let mut at = 0;
        self.pending.retain(|change| {
            let lasts = lasting.get(at).copied().unwrap_or_default();
            at += 1;
            if lasts {
                change.change.apply(durable);
            }
            !lasts
        });
    }
}

/// The number of the device's folder itself.
pub(super) const ROOT: Ino = 1;
