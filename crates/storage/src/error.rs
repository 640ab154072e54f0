//! What can fail on a disk, and whose fault it is: always the device's, never a patch's.

use std::io;

use crate::StoragePath;

/// An operation on the disk failed.
#[derive(Debug, thiserror::Error)]
#[error("{operation} {path} failed: {fault}{}{}", self.detail(), fault.remedy())]
#[non_exhaustive]
pub struct StorageError {
    /// What was tried.
    pub operation: Operation,
    /// On what.
    pub path: StoragePath,
    /// What went wrong.
    pub fault: Fault,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl StorageError {
    /// Of what the system said.
    #[must_use]
    pub fn new(operation: Operation, path: &StoragePath, source: io::Error) -> Self {
        let fault = Fault::of(&source);
        Self {
            operation,
            path: path.clone(),
            fault,
            source,
        }
    }

    /// Whether the file or folder is simply not there.
    #[must_use]
    pub const fn is_missing(&self) -> bool {
        matches!(self.fault, Fault::Missing)
    }

    /// What the system said, where the kind of failure does not say it all.
    fn detail(&self) -> String {
        match self.fault {
            Fault::Io | Fault::Unsupported => format!(": {}", self.source),
            _ => String::new(),
        }
    }
}

/// What was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Operation {
    /// [`Storage::open`](crate::Storage::open) to read.
    Open,
    /// [`Storage::open`](crate::Storage::open) to write.
    Create,
    /// [`File::read_at`](crate::File::read_at).
    Read,
    /// [`File::write`](crate::File::write).
    Write,
    /// [`File::sync`](crate::File::sync).
    Sync,
    /// [`Storage::rename`](crate::Storage::rename), by the old name.
    Rename,
    /// [`Storage::remove`](crate::Storage::remove).
    Remove,
    /// [`Storage::make_folder`](crate::Storage::make_folder).
    MakeFolder,
    /// [`Storage::list`](crate::Storage::list).
    List,
    /// [`Storage::sync_folder`](crate::Storage::sync_folder).
    SyncFolder,
    /// [`Storage::lock`](crate::Storage::lock).
    Lock,
    /// [`Storage::stamp`](crate::Storage::stamp) and [`File::length`](crate::File::length).
    Stamp,
}

impl std::fmt::Display for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Open => "opening",
            Self::Create => "creating",
            Self::Read => "reading",
            Self::Write => "writing",
            Self::Sync => "syncing",
            Self::Rename => "renaming",
            Self::Remove => "removing",
            Self::MakeFolder => "creating the folder",
            Self::List => "listing the folder",
            Self::SyncFolder => "syncing the folder",
            Self::Lock => "locking",
            Self::Stamp => "looking at",
        })
    }
}

/// The kinds of failure that are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is no space, or the quota is used up.
    #[error("there is no space left")]
    NoSpace,
    /// The disk can only be read.
    #[error("the disk is read-only")]
    ReadOnly,
    /// It may not be done by this process.
    #[error("permission denied")]
    Denied,
    /// It is not there.
    #[error("it is not there")]
    Missing,
    /// It is there already.
    #[error("it is there already")]
    Exists,
    /// Two names lie on two file systems.
    #[error("the two names lie on two file systems")]
    TwoFileSystems,
    /// The file system has no such thing: it cannot sync or lock.
    #[error("the file system cannot do that")]
    Unsupported,
    /// Another process holds it, and for long.
    #[error("another process holds it")]
    Held,
    /// Anything else: the disk or its driver.
    #[error("the disk failed")]
    Io,
}

impl Fault {
    fn of(error: &io::Error) -> Self {
        use io::ErrorKind;
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => {
                Self::NoSpace
            }
            ErrorKind::ReadOnlyFilesystem => Self::ReadOnly,
            ErrorKind::PermissionDenied => Self::Denied,
            ErrorKind::NotFound => Self::Missing,
            ErrorKind::AlreadyExists | ErrorKind::DirectoryNotEmpty => Self::Exists,
            ErrorKind::CrossesDevices => Self::TwoFileSystems,
            ErrorKind::Unsupported | ErrorKind::InvalidInput => Self::Unsupported,
            ErrorKind::WouldBlock => Self::Held,
            _ => Self::Io,
        }
    }

    fn remedy(self) -> &'static str {
        match self {
            Self::NoSpace => "; free some space on the device",
            Self::ReadOnly | Self::Denied => "; give the app a folder that it may write to",
            Self::TwoFileSystems => "; give the updater a folder that is wholly on one file system",
            Self::Unsupported => "; give the updater a folder on the device's own disk",
            Self::Missing | Self::Exists | Self::Held | Self::Io => "",
        }
    }
}
