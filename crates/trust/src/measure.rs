//! Bytes held against what was signed, as they come.

use sha2::{Digest as _, Sha256};

use crate::digest::Digest;
use crate::refusal::Refusal;

/// A file on its way: how many bytes it may have, and which they must be. Nothing is kept of it.
#[derive(Clone, Debug)]
pub struct Measure {
    size_bytes: u64,
    sha256: Digest,
    found_bytes: u64,
    hasher: Sha256,
}

impl Measure {
    pub(crate) fn new(size_bytes: u64, sha256: Digest) -> Self {
        Self {
            size_bytes,
            sha256,
            found_bytes: 0,
            hasher: Sha256::new(),
        }
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    ///
    /// [`Refusal::EndlessData`] as soon as there are more than were signed: give up the transfer.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), Refusal> {
        let more_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let found_bytes = self.found_bytes.saturating_add(more_bytes);
        if found_bytes > self.size_bytes {
            return Err(Refusal::EndlessData {
                size_bytes: self.size_bytes,
            });
        }
        self.found_bytes = found_bytes;
        self.hasher.update(bytes);
        Ok(())
    }

    /// Says whether all of it was what was signed.
    ///
    /// # Errors
    ///
    /// [`Refusal::CutShort`] or [`Refusal::WrongBytes`].
    pub fn finish(self) -> Result<(), Refusal> {
        let Self {
            size_bytes,
            found_bytes,
            ..
        } = self;
        if found_bytes < size_bytes {
            return Err(Refusal::CutShort {
                size_bytes,
                found_bytes,
            });
        }
        let found = Digest::of_bytes(self.hasher.finalize().into());
        if found != self.sha256 {
            return Err(Refusal::WrongBytes {
                expected: self.sha256,
                found,
            });
        }
        Ok(())
    }
}
