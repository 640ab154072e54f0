//! What is wrong with a folder, or with the name of a file: one variant a fault.

/// Why a name in an archive or folder was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum NameFault {
    /// No name at all.
    #[error("is empty")]
    Empty,
    /// Longer than any file of an app has.
    #[error("is longer than 1024 bytes")]
    TooLong,
    /// Not UTF-8.
    #[error("is not UTF-8")]
    NotUtf8,
    /// A NUL byte or another control character.
    #[error("holds a control character")]
    Control,
    /// A backslash, which is a separator to some readers.
    #[error("holds a backslash, which some readers take for a separator")]
    Backslash,
    /// It starts at the root.
    #[error("is absolute")]
    Absolute,
    /// It starts with a drive letter.
    #[error("starts with a drive letter")]
    Drive,
    /// `.` or `..` between separators.
    #[error("steps out of its folder, by `.` or `..`")]
    Escape,
    /// Nothing between two separators.
    #[error("has an empty component")]
    EmptyComponent,
}

/// Why a folder was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FolderFault {
    /// More files than are read.
    #[error("it holds more than {limit} files; name the app's own folder")]
    TooManyFiles {
        /// How many are read.
        limit: u64,
    },
    /// Folders in folders in folders.
    #[error("it is deeper than {limit} folders; name the app's own folder")]
    TooDeep {
        /// How deep is read.
        limit: u64,
    },
    /// A name that no file of an app has.
    #[error("{path}: its name {why}")]
    Name {
        /// Which file, inside the folder.
        path: String,
        /// What is wrong with its name.
        why: NameFault,
    },
    /// A link to the outside, or to nothing.
    #[error(
        "{path} is a link to the outside or to nothing; the folder has to hold the file itself"
    )]
    LinkLeaves {
        /// Which link, inside the folder.
        path: String,
    },
    /// A device, pipe or socket.
    #[error("{path} is neither a file nor a folder")]
    SpecialFile {
        /// Which one, inside the folder.
        path: String,
    },
}
