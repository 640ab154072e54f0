//! Names inside the device's folder.

use std::fmt;

/// A relative path of one to four names, each of `a-z`, `0-9`, `.`, `-` and `_`, at most 80 bytes
/// long and not starting with a dot. The folder itself is [`StoragePath::root`].
///
/// No case to fold, nothing to normalise, no way out: it means the same on every file system.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StoragePath(String);

/// Why a name cannot be one inside the device's folder.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{path:?} is no name inside the device's folder: one to {NAMES_MAX} names of a-z, 0-9, '.', \
     '-' and '_', of at most {NAME_BYTES_MAX} bytes each, none starting with '.', joined by '/'"
)]
pub struct PathError {
    path: String,
}

impl StoragePath {
    /// The device's folder itself.
    #[must_use]
    pub const fn root() -> Self {
        Self(String::new())
    }

    /// # Errors
    /// When it is not a path as above.
    pub fn new(path: &str) -> Result<Self, PathError> {
        let mut names = path.split('/');
        let fits = names.clone().count() <= NAMES_MAX && names.all(is_name);
        if fits {
            return Ok(Self(path.to_owned()));
        }
        let path = path.chars().take(200).collect();
        Err(PathError { path })
    }

    /// Of a path that this crate's own source spells.
    pub(crate) fn fixed(path: &'static str) -> Self {
        Self(path.to_owned())
    }

    /// This folder's entry of that name.
    ///
    /// # Errors
    /// When it is no name, or too deep.
    pub fn join(&self, name: &str) -> Result<Self, PathError> {
        if self.0.is_empty() {
            return Self::new(name);
        }
        Self::new(&format!("{}/{name}", self.0))
    }

    /// The folder that this is in; none for the root.
    #[must_use]
    pub fn folder(&self) -> Option<Self> {
        if self.0.is_empty() {
            return None;
        }
        Some(
            self.0
                .rsplit_once('/')
                .map_or_else(Self::root, |(folder, _)| Self(folder.to_owned())),
        )
    }

    /// The last of its names; empty for the root.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0
            .rsplit_once('/')
            .map_or(self.0.as_str(), |(_, name)| name)
    }

    /// As it is written, names joined by `/`; empty for the root.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for StoragePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_empty() { "." } else { &self.0 })
    }
}

impl fmt::Debug for StoragePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn is_name(name: &str) -> bool {
    let of_alphabet = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'.' | b'-' | b'_');
    !name.is_empty()
        && name.len() <= NAME_BYTES_MAX
        && !name.starts_with('.')
        && name.bytes().all(of_alphabet)
}

const NAMES_MAX: usize = 4;
const NAME_BYTES_MAX: usize = 80;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_leaves_the_folder_or_hides_in_it_cannot_be_written() {
        for path in [
            "",
            "/",
            "/a",
            "a/",
            "a//b",
            "..",
            "a/..",
            ".a",
            "a/./b",
            "A",
            "a\\b",
            "a\0",
            "é",
            "a/b/c/d/e",
        ] {
            assert!(StoragePath::new(path).is_err(), "{path:?}");
        }
        assert!(StoragePath::new(&"a".repeat(81)).is_err());
    }

    #[test]
    fn a_path_knows_its_folder_and_its_name() {
        let path = StoragePath::root()
            .join("generations")
            .unwrap()
            .join("ab-1.so")
            .unwrap();
        assert_eq!(
            (path.as_str(), path.name()),
            ("generations/ab-1.so", "ab-1.so")
        );
        let folder = path.folder().unwrap();
        assert_eq!(
            (folder.as_str(), folder.folder()),
            ("generations", Some(StoragePath::root()))
        );
        assert_eq!(StoragePath::root().folder(), None);
    }
}
