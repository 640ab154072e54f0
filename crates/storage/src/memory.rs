//! A disk in memory that forgets, for this crate's tests: what no sync made last is lost at a cut.

mod disk;

use std::io::{Error, ErrorKind};
use std::sync::{Arc, Mutex, MutexGuard};

pub(crate) use disk::Names;
use disk::{Disk, Node, file, folder};

use crate::{Access, Entry, EntryKind, File, Hold, Operation, Stamp, Storage};
use crate::{StorageError, StoragePath};

/// Each clone is another process's view of the same disk.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory(Arc<Mutex<Disk>>);

#[derive(Debug)]
pub(crate) struct MemoryFile {
    disk: Memory,
    node: usize,
    path: StoragePath,
}

impl Memory {
    pub(crate) fn new() -> Self {
        let memory = Self::default();
        memory.disk().nodes.push(folder());
        memory
    }

    pub(crate) fn disk(&self) -> MutexGuard<'_, Disk> {
        self.0.lock().unwrap()
    }

    /// The power fails and comes back; faults are over.
    pub(crate) fn cut(&self, names: Names) {
        self.disk().cut(names);
    }

    /// Another disk that is now as this one is.
    pub(crate) fn copy(&self) -> Self {
        let disk = self.disk();
        let copy = Disk {
            nodes: disk.nodes.clone(),
            ..Disk::default()
        };
        Self(Arc::new(Mutex::new(copy)))
    }

    pub(crate) fn bytes(&self, path: &str) -> Vec<u8> {
        let disk = self.disk();
        match &disk.nodes[disk.find(&StoragePath::new(path).unwrap()).unwrap()] {
            Node::File { live, .. } => live.clone(),
            Node::Folder { .. } => panic!("{path} is a folder"),
        }
    }

    /// Puts bytes there that last, whatever was there.
    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        let path = StoragePath::new(path).unwrap();
        let mut disk = self.disk();
        let folder = disk.find(&path.folder().unwrap()).unwrap();
        let node = disk.add(file(bytes));
        let Node::Folder { live, lasting, .. } = &mut disk.nodes[folder] else {
            panic!("{path} lies in no folder")
        };
        live.insert(path.name().to_owned(), Some(node));
        lasting.insert(path.name().to_owned(), Some(node));
    }

    fn note(&self, operation: Operation, path: &StoragePath) -> Result<bool, StorageError> {
        let mut disk = self.disk();
        let index = disk.log.len();
        disk.log.push(format!("{operation} {path}"));
        if disk.fails == Some(index) {
            return Err(StorageError::new(
                operation,
                path,
                Error::other("it was told to fail"),
            ));
        }
        Ok(disk.drops != Some(index))
    }
}

fn fail(operation: Operation, path: &StoragePath) -> impl Fn(ErrorKind) -> StorageError {
    move |kind| StorageError::new(operation, path, kind.into())
}

impl Storage for Memory {
    type File = MemoryFile;
    type Lock = ();

    fn open(&self, path: &StoragePath, access: Access) -> Result<MemoryFile, StorageError> {
        if access == Access::CreateNew {
            self.note(Operation::Create, path)?;
        }
        let mut disk = self.disk();
        let fail = fail(Operation::Open, path);
        let node = match (disk.find(path), access) {
            (Ok(_), Access::CreateNew) => return Err(fail(ErrorKind::AlreadyExists)),
            (Err(_), Access::CreateNew) => {
                let node = disk.add(file(&[]));
                disk.names(path)
                    .map_err(fail)?
                    .insert(path.name().to_owned(), Some(node));
                node
            }
            (found, _) => found.map_err(fail)?,
        };
        let path = path.clone();
        Ok(MemoryFile {
            disk: self.clone(),
            node,
            path,
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::Rename, from)?;
        self.disk()
            .rename(from, to)
            .map_err(fail(Operation::Rename, from))
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::Remove, path)?;
        let mut disk = self.disk();
        let fail = fail(Operation::Remove, path);
        let node = disk.find(path).map_err(&fail)?;
        if disk.is_full_folder(node) {
            return Err(fail(ErrorKind::DirectoryNotEmpty));
        }
        disk.names(path)
            .map_err(fail)?
            .insert(path.name().to_owned(), None);
        Ok(())
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.note(Operation::MakeFolder, path)?;
        let mut disk = self.disk();
        if disk.find(path).is_err() {
            let node = disk.add(folder());
            let names = disk
                .names(path)
                .map_err(fail(Operation::MakeFolder, path))?;
            names.insert(path.name().to_owned(), Some(node));
        }
        Ok(())
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        let disk = self.disk();
        let fail = fail(Operation::List, folder);
        let Node::Folder { live, .. } = &disk.nodes[disk.find(folder).map_err(&fail)?] else {
            return Err(fail(ErrorKind::NotADirectory));
        };
        let there = live
            .iter()
            .filter_map(|(name, node)| Some((name, (*node)?)));
        let entries = there.map(|(name, node)| Entry {
            name: name.clone(),
            kind: match disk.nodes[node] {
                Node::File { .. } => EntryKind::File,
                Node::Folder { .. } => EntryKind::Folder,
            },
        });
        Ok(entries.collect())
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        let noted = self.note(Operation::SyncFolder, folder);
        let mut disk = self.disk();
        let synced = match &noted {
            Ok(true) => disk.sync_folder(folder),
            Ok(false) => Ok(()),
            Err(_) => disk.doom_folder(folder),
        };
        synced.map_err(fail(Operation::SyncFolder, folder))?;
        noted.map(drop)
    }

    fn lock(&self, _: &StoragePath, _: Hold) -> Result<Option<()>, StorageError> {
        Ok(Some(()))
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        let disk = self.disk();
        let node = disk.find(path).map_err(fail(Operation::Stamp, path))?;
        let length_bytes = match &disk.nodes[node] {
            Node::File { live, .. } => crate::whole::wide(live.len()),
            Node::Folder { .. } => 0,
        };
        Ok(Stamp {
            inode: crate::whole::wide(node),
            length_bytes,
            modified_ns: 0,
        })
    }
}

impl MemoryFile {
    fn with<T>(&self, act: impl FnOnce(&mut Vec<u8>, &mut Vec<u8>) -> T) -> T {
        match &mut self.disk.disk().nodes[self.node] {
            Node::File { live, lasting, .. } => act(live, lasting),
            Node::Folder { .. } => panic!("{} is a folder", self.path),
        }
    }
}

impl File for MemoryFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        if self.disk.disk().unreadable.as_ref() == Some(&self.path) {
            return Err(fail(Operation::Read, &self.path)(ErrorKind::Other));
        }
        self.with(|live, _| {
            let rest = live
                .get(usize::try_from(offset).unwrap()..)
                .unwrap_or_default();
            // Never all at once: a reader has to come again.
            let read = rest.len().min(buffer.len()).min(1000);
            buffer[..read].copy_from_slice(&rest[..read]);
            Ok(read)
        })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.disk.note(Operation::Write, &self.path)?;
        self.with(|live, _| live.extend_from_slice(bytes));
        Ok(())
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        let noted = self.disk.note(Operation::Sync, &self.path);
        self.disk
            .disk()
            .sync_file(self.node, noted.as_ref().ok().copied());
        noted.map(drop)
    }

    fn length(&self) -> Result<u64, StorageError> {
        Ok(self.with(|live, _| crate::whole::wide(live.len())))
    }
}
