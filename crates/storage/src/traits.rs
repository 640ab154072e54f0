//! The two traits: what a disk is asked for, and no more.

use crate::{StorageError, StoragePath};

/// The names in the device's folder. Every change of a name lasts once the folder it is in was
/// synced, and not before.
///
/// All methods take `&self`: an implementation is used from several threads, and a value of it is
/// one process's view. Errors say which operation on which path failed ([`StorageError`]).
#[expect(
    clippy::missing_errors_doc,
    reason = "each fails as its system call does; see StorageError"
)]
pub trait Storage: Send + Sync {
    /// An open file.
    type File: File;
    /// A lock that is held until it is dropped, or its process ends in any way.
    type Lock: Send + Sync;

    /// Opens or creates a file.
    fn open(&self, path: &StoragePath, access: Access) -> Result<Self::File, StorageError>;

    /// Gives a file or folder another name in one step. A file there is replaced; a folder must not
    /// be there. Both names lie on one file system, as everything in the device's folder does.
    fn rename(&self, from: &StoragePath, to: &StoragePath) -> Result<(), StorageError>;

    /// Removes a file or an empty folder.
    fn remove(&self, path: &StoragePath) -> Result<(), StorageError>;

    /// Creates a folder; one that is there already is left as it is.
    fn make_folder(&self, path: &StoragePath) -> Result<(), StorageError>;

    /// What is in a folder, by name in ascending order. Names that are no [`StoragePath`] name are
    /// left out: nothing of ours.
    fn list(&self, folder: &StoragePath) -> Result<Vec<Entry>, StorageError>;

    /// Makes every creation, rename and removal in this folder so far last.
    fn sync_folder(&self, folder: &StoragePath) -> Result<(), StorageError>;

    /// Tries to hold a file that is there, or creates it empty; never waits, never changes it.
    /// `None`: somebody else holds it in a way that excludes this one, another process or another
    /// caller in this one.
    fn lock(&self, path: &StoragePath, hold: Hold) -> Result<Option<Self::Lock>, StorageError>;

    /// What tells, without reading it, that a file is no longer what it was.
    fn stamp(&self, path: &StoragePath) -> Result<Stamp, StorageError>;
}

/// The bytes of an open file.
#[expect(
    clippy::missing_errors_doc,
    reason = "each fails as its system call does; see StorageError"
)]
pub trait File: Send + Sync {
    /// Reads up to the buffer's length from a position; 0 only at or past the end, or for an empty
    /// buffer.
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> Result<usize, StorageError>;

    /// Appends all of the bytes, or fails having appended any part of them.
    fn write(&mut self, bytes: &[u8]) -> Result<(), StorageError>;

    /// Makes what was written last. When it fails, what was written since the last sync is lost for
    /// good although reads may still show it: the file is to be written anew under a new name.
    fn sync(&mut self) -> Result<(), StorageError>;

    /// How many bytes there are.
    fn length(&self) -> Result<u64, StorageError>;
}

/// How a file is opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an implementation has to know them all"
)]
pub enum Access {
    /// To read a file that is there.
    Read,
    /// To write a new file; one that is there is an error.
    CreateNew,
    /// To write on at the end of a file that is there.
    Append,
}

/// How a lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an implementation has to know them all"
)]
pub enum Hold {
    /// Together with other shared holders.
    Shared,
    /// Alone.
    Exclusive,
}

/// What lies in a folder.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "an implementation makes them")]
pub struct Entry {
    /// Its name in that folder.
    pub name: String,
    /// What it is.
    pub kind: EntryKind,
}

/// What an entry of a folder is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an implementation has to know them all"
)]
pub enum EntryKind {
    /// A plain file.
    File,
    /// A folder.
    Folder,
    /// A link, a device, anything that we never made.
    Other,
}

/// When one of these moves, the file may be another.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[expect(clippy::exhaustive_structs, reason = "an implementation makes them")]
pub struct Stamp {
    /// The file's number in its file system; 0 where there is none.
    pub inode: u64,
    /// Its length in bytes.
    pub length_bytes: u64,
    /// When its bytes last changed, in nanoseconds since 1970; 0 where that is unknown.
    pub modified_ns: u64,
}
