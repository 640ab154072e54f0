//! Bytes that arrived and are not fit to be installed, and against whom that counts.

use patchproof_lifecycle::Fault;
use patchproof_patch::InflateError;

use crate::error::AtFault;

/// Bytes that arrived and are not fit to be installed.
#[derive(Debug, thiserror::Error)]
#[error("patch {number} is not fit to be installed: {why}")]
#[non_exhaustive]
pub struct PatchFault {
    /// Its number.
    pub number: u64,
    /// What is wrong with it.
    pub why: Unfit,
    /// Whether its bytes are known to be the publisher's, so that it is the patch itself that is at
    /// fault, for good.
    pub is_the_patch: bool,
}

/// What is wrong with a patch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Unfit {
    /// The bytes are not those that were named.
    #[error(
        "its bytes have the SHA-256 {found_sha256}, expected {expected_sha256}; fetch it again"
    )]
    OtherBytes {
        /// In hex.
        expected_sha256: String,
        /// In hex.
        found_sha256: String,
    },
    /// They have the hash that was named, and another length: what was signed contradicts itself.
    #[error(
        "it has the SHA-256 that was signed and {found_bytes} bytes, expected {expected_bytes}; \
         sign its statement anew"
    )]
    OtherSize {
        /// How many were signed.
        expected_bytes: u64,
        /// How many there are.
        found_bytes: u64,
    },
    /// It does not inflate over this device's base.
    #[error(transparent)]
    Inflate(#[from] InflateError),
    /// It inflates to something else: most often it was made against another build of the release.
    #[error(
        "it gives a library with the SHA-256 {found_sha256}, expected {expected_sha256}; was it \
         made against the library of this very release and ABI?"
    )]
    OtherLibrary {
        /// In hex.
        expected_sha256: String,
        /// In hex.
        found_sha256: String,
    },
    /// The promised bytes are no library that this app's engine could load.
    #[error("what it gives is no Dart snapshot: {reason}")]
    NoSnapshot {
        /// In words.
        reason: String,
    },
    /// The promised library is one that this app's engine refuses.
    #[error("this app's engine would refuse what it gives: {reason}")]
    Incompatible {
        /// In words.
        reason: String,
    },
}

impl PatchFault {
    /// What the lifecycle takes it for.
    pub(crate) const fn counts_as(&self) -> Fault {
        match (self.is_the_patch, &self.why) {
            (true, _) => Fault::Patch,
            // Other bytes than those that were signed say nothing about the patch.
            (false, Unfit::OtherBytes { .. }) => Fault::Transport,
            (false, _) => Fault::PatchOrTransport,
        }
    }

    /// Who has to act.
    #[must_use]
    pub const fn at_fault(&self) -> AtFault {
        if self.is_the_patch {
            AtFault::Patch
        } else {
            AtFault::PatchOrTransport
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(why: Unfit, is_the_patch: bool) -> Fault {
        let number = 1;
        let fault = PatchFault {
            number,
            why,
            is_the_patch,
        };
        fault.counts_as()
    }

    fn other_size() -> Unfit {
        Unfit::OtherSize {
            expected_bytes: 2,
            found_bytes: 1,
        }
    }

    #[test]
    fn the_signed_bytes_of_another_length_are_counted_and_not_fetched_for_ever() {
        assert_eq!(counted(other_size(), false), Fault::PatchOrTransport);
    }

    #[test]
    fn other_bytes_than_the_signed_ones_are_held_against_no_patch() {
        let (expected_sha256, found_sha256) = (String::new(), String::new());
        let why = Unfit::OtherBytes {
            expected_sha256,
            found_sha256,
        };
        assert_eq!(counted(why, false), Fault::Transport);
    }

    #[test]
    fn what_is_the_patchs_own_fault_is_held_against_it() {
        assert_eq!(counted(other_size(), true), Fault::Patch);
    }
}
