//! What the file system does when it is called, and when it refuses.

use std::io::{self, ErrorKind};
use std::sync::Arc;

use patchproof_storage::{Entry, EntryKind, Hold, StoragePath};

use super::control::{Control, Held};
use super::event::{Event, Place};
use super::state::Ino;
use super::trace::ProcessId;

impl Control {
    pub(super) fn find(&self, path: &StoragePath) -> io::Result<Ino> {
        if let Some(ino) = self.state.find(path) {
            return Ok(ino);
        }
        let mut above = std::iter::successors(path.folder(), StoragePath::folder);
        let nearest = above.find_map(|folder| self.state.find(&folder));
        Err(match nearest {
            Some(ino) if !self.state.is_folder(ino) => ErrorKind::NotADirectory.into(),
            _ => ErrorKind::NotFound.into(),
        })
    }

    pub(super) fn folder_at(&self, path: &StoragePath) -> io::Result<Ino> {
        let ino = self.find(path)?;
        if self.state.is_folder(ino) {
            return Ok(ino);
        }
        Err(ErrorKind::NotADirectory.into())
    }

    pub(super) fn file_at(&self, path: &StoragePath) -> io::Result<Ino> {
        let ino = self.find(path)?;
        if self.state.is_folder(ino) {
            return Err(ErrorKind::IsADirectory.into());
        }
        Ok(ino)
    }

    pub(super) fn place(&self, path: &StoragePath) -> io::Result<Place> {
        // The root has no folder that could name it.
        let folder = path.folder().ok_or(ErrorKind::InvalidInput)?;
        Ok(Place {
            folder: self.folder_at(&folder)?,
            name: Arc::from(path.name()),
        })
    }

    pub(super) fn create(&mut self, path: &StoragePath) -> io::Result<Ino> {
        if self.state.find(path).is_some() {
            return Err(ErrorKind::AlreadyExists.into());
        }
        let at = self.place(path)?;
        let (ino, now_ns) = (self.state.next_ino, self.now_ns);
        self.apply(Event::Create { at, ino, now_ns });
        Ok(ino)
    }

    pub(super) fn make_folder(&mut self, path: &StoragePath) -> io::Result<()> {
        match self.state.find(path) {
            Some(ino) if self.state.is_folder(ino) => Ok(()),
            Some(_) => Err(ErrorKind::AlreadyExists.into()),
            None => {
                let (at, ino) = (self.place(path)?, self.state.next_ino);
                self.apply(Event::MakeFolder { at, ino });
                Ok(())
            }
        }
    }

    pub(super) fn rename(&mut self, from: &StoragePath, to: &StoragePath) -> io::Result<()> {
        let (from_place, to_place) = (self.place(from)?, self.place(to)?);
        let ino = self.find(from)?;
        let is_folder = self.state.is_folder(ino);
        if is_folder && is_below(to, from) {
            return Err(ErrorKind::InvalidInput.into());
        }
        if is_below(from, to) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        match self.state.find(to) {
            Some(there) if there == ino => return Ok(()),
            Some(there) => match (is_folder, self.state.is_folder(there)) {
                (true, true) => return Err(ErrorKind::AlreadyExists.into()),
                (true, false) => return Err(ErrorKind::NotADirectory.into()),
                (false, true) => return Err(ErrorKind::IsADirectory.into()),
                (false, false) => {}
            },
            None => {}
        }
        self.apply(Event::Rename {
            from: from_place,
            to: to_place,
            ino,
        });
        Ok(())
    }

    pub(super) fn remove(&mut self, path: &StoragePath) -> io::Result<()> {
        let ino = self.find(path)?;
        let at = self.place(path)?;
        let entries = self.state.seen.get(&ino);
        if entries.is_some_and(|entries| !entries.is_empty()) {
            return Err(ErrorKind::DirectoryNotEmpty.into());
        }
        self.apply(Event::Remove { at });
        Ok(())
    }

    pub(super) fn list(&self, folder: &StoragePath) -> io::Result<Vec<Entry>> {
        let ino = self.folder_at(folder)?;
        let entries = self.state.seen.get(&ino).into_iter().flatten();
        let entries = entries.map(|(name, ino)| Entry {
            name: name.to_string(),
            kind: if self.state.is_folder(*ino) {
                EntryKind::Folder
            } else {
                EntryKind::File
            },
        });
        Ok(entries.collect())
    }

    pub(super) fn lock(
        &mut self,
        path: &StoragePath,
        hold: Hold,
        process: ProcessId,
    ) -> io::Result<Option<u64>> {
        let ino = match self.state.find(path) {
            Some(_) => self.file_at(path)?,
            None => self.create(path)?,
        };
        let excludes = |held: &Held| {
            held.ino == ino && (hold == Hold::Exclusive || held.hold == Hold::Exclusive)
        };
        if self.locks.iter().any(excludes) {
            return Ok(None);
        }
        self.locks_made += 1;
        self.locks.push(Held {
            number: self.locks_made,
            ino,
            process,
            hold,
        });
        Ok(Some(self.locks_made))
    }
}

fn is_below(path: &StoragePath, folder: &StoragePath) -> bool {
    let rest = path.as_str().strip_prefix(folder.as_str());
    rest.is_some_and(|rest| rest.starts_with('/'))
}
