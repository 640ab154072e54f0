//! One process's view of the disk.

use std::io::{self, ErrorKind};
use std::sync::{Arc, Mutex, PoisonError};

use patchproof_storage::{
    Access, Entry, File, Hold, Operation, Stamp, Storage, StorageError, StoragePath,
};

use super::control::{Asked, Control, Mode};
use super::event::Event;
use super::state::Ino;
use super::trace::ProcessId;

/// What one process sees of a [`SimDisk`](super::SimDisk). A clone is the same process.
#[derive(Clone, Debug)]
pub struct SimProcess {
    pub(super) control: Arc<Mutex<Control>>,
    pub(super) id: ProcessId,
}

/// A file that a process has open.
#[derive(Debug)]
pub struct SimFile {
    process: SimProcess,
    path: StoragePath,
    ino: Ino,
    is_writable: bool,
}

/// A lock that a process has.
#[derive(Debug)]
pub struct SimLock {
    control: Arc<Mutex<Control>>,
    number: u64,
}

impl SimProcess {
    /// By which the disk knows it.
    #[must_use]
    pub const fn id(&self) -> ProcessId {
        self.id
    }

    fn run<T>(
        &self,
        operation: Operation,
        path: &StoragePath,
        work: impl FnOnce(&mut Control, Mode) -> io::Result<T>,
    ) -> Result<T, StorageError> {
        let asked = Asked {
            process: self.id,
            operation,
            path,
            to: None,
        };
        locked(&self.control).run(&asked, work)
    }

    /// For what does nothing at all when it fails.
    fn run_whole<T>(
        &self,
        operation: Operation,
        path: &StoragePath,
        work: impl FnOnce(&mut Control) -> io::Result<T>,
    ) -> Result<T, StorageError> {
        self.run(operation, path, |control, mode| match mode {
            Mode::Do => work(control),
            // The ordered failure takes the place of this one.
            Mode::Fail(_) | Mode::Skip => Err(ErrorKind::Other.into()),
        })
    }
}

impl Storage for SimProcess {
    type File = SimFile;
    type Lock = SimLock;

    fn open(&self, path: &StoragePath, access: Access) -> Result<SimFile, StorageError> {
        let operation = match access {
            Access::Read => Operation::Open,
            Access::CreateNew | Access::Append => Operation::Create,
        };
        let ino = self.run_whole(operation, path, |control| match access {
            Access::CreateNew => control.create(path),
            Access::Read | Access::Append => control.file_at(path),
        })?;
        Ok(SimFile {
            process: self.clone(),
            path: path.clone(),
            ino,
            is_writable: access != Access::Read,
        })
    }

    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError> {
        let asked = Asked {
            process: self.id,
            operation: Operation::Rename,
            path: from,
            to: Some(to),
        };
        locked(&self.control).run(&asked, |control, mode| match mode {
            Mode::Do => control.rename(from, to),
            Mode::Fail(_) | Mode::Skip => Ok(()),
        })
    }

    fn remove(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.run_whole(Operation::Remove, path, |control| control.remove(path))
    }

    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError> {
        self.run_whole(Operation::MakeFolder, path, |control| {
            control.make_folder(path)
        })
    }

    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError> {
        self.run_whole(Operation::List, folder, |control| control.list(folder))
    }

    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError> {
        self.run(Operation::SyncFolder, folder, |control, mode| {
            let folder = control.folder_at(folder)?;
            match mode {
                Mode::Do => control.apply(Event::SyncFolder { folder }),
                Mode::Fail(_) => {
                    let pending = control.state.pending.iter();
                    let homed = pending.filter(|change| change.home == folder);
                    let changes = homed.map(|change| change.number).collect();
                    control.apply(Event::LoseNames { changes });
                }
                Mode::Skip => {}
            }
            Ok(())
        })
    }

    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<SimLock>, StorageError> {
        let mut taken = None;
        let answer = self.run_whole(Operation::Lock, path, |control| {
            taken = control.lock(path, hold, self.id)?;
            Ok(())
        });
        // Where the answer is an error although it was taken, it goes at once with the file that
        // nobody was given.
        let taken = taken.map(|number| SimLock {
            control: Arc::clone(&self.control),
            number,
        });
        answer.map(|()| taken)
    }

    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError> {
        self.run_whole(Operation::Stamp, path, |control| {
            let inode = control.find(path)?;
            let file = control.state.file(inode);
            Ok(Stamp {
                inode,
                length_bytes: file.map_or(0, |file| as_u64(file.seen().length())),
                modified_ns: file.map_or(0, |file| file.modified_ns),
            })
        })
    }
}

impl File for SimFile {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError> {
        self.process
            .run_whole(Operation::Read, &self.path, |control| {
                let file = control.state.file(self.ino).ok_or(ErrorKind::NotFound)?;
                if file.unreadable {
                    return Err(io::Error::other("input/output error"));
                }
                let offset = usize::try_from(offset).unwrap_or(usize::MAX);
                Ok(file.seen().read_at(buffer, offset))
            })
    }

    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError> {
        self.process
            .run(Operation::Write, &self.path, |control, mode| {
                // To write nothing asks nothing of the real file.
                if !self.is_writable && !bytes.is_empty() {
                    return Err(io::Error::other("the file is open to be read only"));
                }
                let count = match mode {
                    Mode::Do | Mode::Skip => bytes.len(),
                    Mode::Fail(count) => count.min(bytes.len()),
                };
                let bytes = bytes.get(..count).unwrap_or_default();
                if !bytes.is_empty() {
                    control.apply(Event::Append {
                        ino: self.ino,
                        bytes: Arc::from(bytes),
                        now_ns: control.now_ns,
                    });
                }
                Ok(())
            })
    }

    fn sync(&mut self) -> Result<(), StorageError> {
        self.process
            .run(Operation::Sync, &self.path, |control, mode| {
                match mode {
                    Mode::Do => control.apply(Event::SyncFile { ino: self.ino }),
                    Mode::Fail(_) => {
                        let file = control.state.file(self.ino).ok_or(ErrorKind::NotFound)?;
                        let from = file.durable().length();
                        control.apply(Event::LoseFile {
                            ino: self.ino,
                            from,
                        });
                    }
                    Mode::Skip => {}
                }
                Ok(())
            })
    }

    fn length(&self) -> Result<u64, StorageError> {
        self.process
            .run_whole(Operation::Stamp, &self.path, |control| {
                let file = control.state.file(self.ino).ok_or(ErrorKind::NotFound)?;
                Ok(as_u64(file.seen().length()))
            })
    }
}

impl Drop for SimLock {
    fn drop(&mut self) {
        let number = self.number;
        locked(&self.control)
            .locks
            .retain(|lock| lock.number != number);
    }
}

/// A simulated process that panics leaves the disk as it is.
pub(super) fn locked(control: &Mutex<Control>) -> std::sync::MutexGuard<'_, Control> {
    control.lock().unwrap_or_else(PoisonError::into_inner)
}

fn as_u64(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}
