//! Why two libraries that should be the same differ: where, and what that shows about the builds.
//!
//! Nothing is guessed. [`Difference`] is counted; a cause is named only where something in the two
//! files shows it, with that as its evidence and with how sure it makes one.

mod claims;
mod claims_elf;
mod claims_macho;
mod evidence;
mod functions;
mod functions_read;
#[cfg(test)]
mod functions_tests;
mod library;
mod packed;
mod paths;
mod places;
mod regions;
mod shown;
mod strings;
mod strings_read;
mod table;
#[cfg(test)]
mod table_tests;
mod telling;

use patchproof_report::{Difference, Finding};

pub use self::library::Library;
use crate::equivalence::Equivalence;
use evidence::Evidence;

/// Where two libraries differ, why as far as that shows, and whether it matters to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// What differs, counted.
    pub difference: Difference,
    /// What it shows about the builds: notes, the most certain first. Empty where `equivalence`
    /// says all that there is to say.
    pub causes: Vec<Finding>,
    /// The equivalence by which the two count as one, if there is one.
    pub equivalence: Option<Equivalence>,
}

/// Explains how `found` differs from `expected`. Made for two libraries whose bytes differ; of two
/// that are the same it says that nothing differs, and no cause.
///
/// Time is linear in both sizes but for sorting names; memory is a small multiple of both. Lists
/// are cut to what a person reads, with whole counts beside them.
#[must_use]
pub fn explain(expected: &Library<'_>, found: &Library<'_>) -> Explanation {
    let evidence = Evidence::gather(expected, found);
    let causes = if expected.bytes() == found.bytes() {
        vec![]
    } else {
        telling::causes(&evidence)
    };
    Explanation {
        equivalence: evidence.equivalence,
        causes,
        difference: evidence.difference(),
    }
}
