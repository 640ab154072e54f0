//! The differences by which two libraries may count as one, all in one table.
//!
//! An equivalence is a set of bytes that no loader, VM or app ever acts on. It is decided on the
//! bytes alone, and only where the file hangs together so plainly that nothing else can reach
//! them. Whether one is accepted is the caller's policy. There is one; there shall be no other
//! without its own proof.

mod build_id;

use std::ops::Range;

/// A difference that changes nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Equivalence {
    /// Only the build id of an ELF file differs.
    BuildId,
}

impl Equivalence {
    /// Every equivalence there is.
    pub const ALL: [Self; 1] = [Self::BuildId];

    /// Its name in policies and reports.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::BuildId => "build-id",
        }
    }

    /// The equivalence with this name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.name() == name)
    }

    /// Why nothing depends on these bytes.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::BuildId => {
                "the descriptor of the build id note is an identifier that a compiler or linker \
                 writes beside the snapshot; nothing is mapped, found or run by it"
            }
        }
    }

    /// The bytes that it covers, as offsets in both files: `Some` exactly when the two are the
    /// same in every other byte. The range covers all of the descriptor, also bytes that agree.
    ///
    /// Symmetric, and decided on the bytes alone. A Mach-O file's `LC_UUID` is not covered: it is
    /// among the load commands, which a code signature covers.
    #[must_use]
    pub fn touched(self, a: &[u8], b: &[u8]) -> Option<Vec<Range<u64>>> {
        match self {
            Self::BuildId => build_id::touched(a, b),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_equivalence_is_found_by_its_name_and_gives_a_reason() {
        for it in Equivalence::ALL {
            assert_eq!(Equivalence::from_name(it.name()), Some(it));
            assert!(!it.reason().is_empty());
        }
        assert_eq!(Equivalence::from_name("build-ID"), None);
    }

    #[test]
    fn bytes_that_are_no_library_are_never_equivalent() {
        for bytes in [b"".as_slice(), b"a", b"\x7fELF"] {
            assert_eq!(Equivalence::BuildId.touched(bytes, bytes), None);
        }
    }
}
