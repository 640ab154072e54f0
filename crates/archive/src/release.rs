//! A release: its parts and what its manifests say.

use std::collections::BTreeSet;
use std::path::Path;

use sha2::{Digest, Sha256};

use crate::abi::Abi;
use crate::error::{OpenError, PartError};
use crate::identity::AppIdentity;
use crate::layout::Shape;
use crate::open;
use crate::part::{PART_BYTES_MAX, Part};
use crate::role::Role;
use crate::stream;

/// A release, taken apart. Its parts may be read from several threads at once.
#[derive(Debug)]
pub struct Release {
    pub(crate) name: String,
    pub(crate) shape: Shape,
    pub(crate) parts: Vec<Part>,
    pub(crate) app: AppIdentity,
}

impl Release {
    /// Opens a file or a folder. Archives are held open, folders are not.
    ///
    /// # Errors
    ///
    /// [`OpenError`], if it is no release, several at once, or has no single reading.
    pub fn open(path: &Path) -> Result<Release, OpenError> {
        open::path(path)
    }

    /// Opens a file that is in memory; `name` is what messages call it.
    ///
    /// # Errors
    ///
    /// As [`Release::open`].
    pub fn from_bytes(name: &str, bytes: Vec<u8>) -> Result<Release, OpenError> {
        open::bytes(name, bytes)
    }

    /// What a person calls it: its path as given.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What it came as.
    #[must_use]
    pub fn shape(&self) -> Shape {
        self.shape
    }

    /// Every file of the app, sorted by path. No path is there twice.
    #[must_use]
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// What the manifests say of the app.
    #[must_use]
    pub fn app(&self) -> &AppIdentity {
        &self.app
    }

    /// The machines of the Dart libraries whose path names one.
    #[must_use]
    pub fn abis(&self) -> BTreeSet<Abi> {
        self.of_role(Role::DartLibrary)
            .filter_map(|part| part.abi)
            .collect()
    }

    /// The part at `path`, if there is one.
    #[must_use]
    pub fn part(&self, path: &str) -> Option<&Part> {
        let found = self.parts.binary_search_by(|part| (*part.path).cmp(path));
        self.parts.get(found.ok()?)
    }

    /// The parts that are for `role`, sorted by path.
    pub fn of_role(&self, role: Role) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(move |part| part.role == role)
    }

    /// The whole content of a part, of at most [`PART_BYTES_MAX`].
    ///
    /// # Errors
    ///
    /// [`PartError`], if it is larger, cannot be read, or is not what its archive declares.
    pub fn read(&self, part: &Part) -> Result<Vec<u8>, PartError> {
        read_whole(part, PART_BYTES_MAX)
    }

    /// Hands the content of a part to `sink`, piece by piece. Memory does not grow with its size.
    ///
    /// What `sink` took before an error is not to be trusted.
    ///
    /// # Errors
    ///
    /// [`PartError`], if it cannot be read, or is not what its archive declares.
    pub fn stream(&self, part: &Part, sink: &mut dyn FnMut(&[u8])) -> Result<(), PartError> {
        stream::stream(part, sink)
    }

    /// The SHA-256 of a part's content, in the memory of [`Release::stream`].
    ///
    /// # Errors
    ///
    /// As [`Release::stream`].
    pub fn sha256(&self, part: &Part) -> Result<[u8; 32], PartError> {
        sha256(part)
    }
}

/// The SHA-256 of the content of `part`.
pub(crate) fn sha256(part: &Part) -> Result<[u8; 32], PartError> {
    let mut hash = Sha256::new();
    stream::stream(part, &mut |piece| hash.update(piece))?;
    Ok(hash.finalize().into())
}

/// The content of `part`, of at most `limit` bytes.
pub(crate) fn read_whole(part: &Part, limit: u64) -> Result<Vec<u8>, PartError> {
    let found = part.size_bytes;
    if found > limit {
        let location = part.location.clone();
        return Err(PartError::TooLarge {
            location,
            found,
            limit,
        });
    }
    // Grows as content comes: a size that is only declared costs nothing.
    let mut content = Vec::new();
    stream::stream(part, &mut |piece| content.extend_from_slice(piece))?;
    Ok(content)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared<T: Send + Sync>() {}

    #[test]
    fn a_release_can_be_read_from_several_threads() {
        shared::<Release>();
    }
}
