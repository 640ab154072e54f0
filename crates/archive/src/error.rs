//! Why a release could not be opened, or a part of it not be read.

use crate::fault::{DataFault, ZipFault};
use crate::fault_files::FolderFault;

/// A file or folder that this room could not take for a release.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The system would not read it.
    #[error("{path} cannot be read: {reason}")]
    Io {
        /// Which file or folder.
        path: String,
        /// The system's words.
        reason: String,
    },
    /// Neither an archive nor a library.
    #[error(
        "{path} is no release: an APK, AAB, AAR, zip, app folder, ELF or Mach-O library was \
         expected, and it starts with {found}"
    )]
    NotARelease {
        /// Which file.
        path: String,
        /// Its first bytes, in hex.
        found: String,
    },
    /// An archive that has no reading, or more than one.
    #[error("{}: {why}", entry_of(.archive, .entry.as_deref()))]
    Refused {
        /// Which archive.
        archive: String,
        /// Which entry, where it is about one.
        entry: Option<String>,
        /// What is wrong with it.
        why: ZipFault,
    },
    /// A folder that is not read.
    #[error("{path}: {why}")]
    Folder {
        /// Which folder.
        path: String,
        /// What is wrong with it.
        why: FolderFault,
    },
    /// Several builds where one was expected.
    #[error(
        "{path} holds several builds, and none is taken in silence; name one: {}",
        few(.builds)
    )]
    ManyBuilds {
        /// Which folder or set.
        path: String,
        /// The builds in it.
        builds: Vec<String>,
    },
    /// More APKs, or files in all of them, than one app has.
    #[error("{path} holds more than {limit} {what}; at most that many are read as one app")]
    TooMany {
        /// Which folder or set.
        path: String,
        /// What there is too much of.
        what: &'static str,
        /// How many are read.
        limit: usize,
    },
    /// Marks of two kinds of archive at once.
    #[error(
        "{path} is both {first} and {second}: which files of it run depends on the reader, \
         so it is refused"
    )]
    TwoShapes {
        /// Which archive or folder.
        path: String,
        /// One word for it.
        first: &'static str,
        /// The other.
        second: &'static str,
    },
    /// Two splits with different libraries under one name.
    #[error("{first} and {second} differ, and a device would load one of them")]
    Conflict {
        /// Where one lies.
        first: String,
        /// Where the other lies.
        second: String,
    },
    /// A Gradle record that cannot be followed.
    #[error("{path} cannot be followed: {reason}")]
    Metadata {
        /// The record.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A nested archive whose content cannot be had.
    #[error(transparent)]
    Part(#[from] PartError),
}

/// A part whose content could not be had.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PartError {
    /// The system would not read it.
    #[error("{location} cannot be read: {reason}")]
    Io {
        /// Which part.
        location: String,
        /// The system's words.
        reason: String,
    },
    /// Content that is not what the archive declares.
    #[error("{location}: {why}")]
    Damaged {
        /// Which part.
        location: String,
        /// What is wrong with it.
        why: DataFault,
    },
    /// Too large to be read whole.
    #[error("{location} is {found} bytes long; at most {limit} are read")]
    TooLarge {
        /// Which part.
        location: String,
        /// How long it is, in bytes.
        found: u64,
        /// How much is read, in bytes.
        limit: u64,
    },
    /// A file that is not what it was when the folder was listed.
    #[error("{location} changed while it was read; let nothing write there meanwhile")]
    Changed {
        /// Which part.
        location: String,
    },
}

fn entry_of(archive: &str, entry: Option<&str>) -> String {
    match entry {
        Some(entry) => format!("{archive}!/{entry}"),
        None => archive.to_owned(),
    }
}

/// The first names of a list that may be long.
fn few(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMES_SHOWN).map(String::as_str).collect();
    let shown = shown.join(", ");
    match names.len().saturating_sub(NAMES_SHOWN) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}

const NAMES_SHOWN: usize = 20;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_names_the_archive_and_the_entry() {
        let error = OpenError::Refused {
            archive: "app.apk".to_owned(),
            entry: Some("lib/x".to_owned()),
            why: ZipFault::Encrypted,
        };
        let text = error.to_string();
        assert!(text.starts_with("app.apk!/lib/x: "), "{text}");
    }
}
