//! What can be signed, and how its kinds are kept apart.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::flaw::Flaw;
use crate::word::{Text, Word};

/// The content of an envelope: one of the three kinds, and no other type can be one.
pub trait Payload: Serialize + DeserializeOwned + Clone + fmt::Debug + sealed::Sealed {
    /// Which kind.
    const KIND: Kind;

    /// Whether the fields make sense together. What does not is neither signed nor believed.
    ///
    /// # Errors
    ///
    /// The first flaw.
    fn check(&self) -> Result<(), Flaw>;
}

/// The kinds of signed documents. Each has a role of its own in the root, whose keys sign it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "a fourth kind is a new format")]
pub enum Kind {
    /// Who may sign what.
    Root,
    /// What one patch is.
    Patch,
    /// Which patches a channel offers now.
    Channel,
}

impl Kind {
    /// The payload type: it is signed with the payload, so that one kind never passes for another.
    #[must_use]
    pub const fn payload_type(self) -> &'static str {
        match self {
            Self::Root => "application/vnd.patchproof.root.v1+json",
            Self::Patch => "application/vnd.patchproof.patch.v1+json",
            Self::Channel => "application/vnd.patchproof.channel.v1+json",
        }
    }

    /// The largest envelope of this kind. Whoever fetches one stops there.
    #[must_use]
    pub const fn limit_bytes(self) -> usize {
        match self {
            Self::Root => 512 << 10,
            Self::Patch => 1 << 20,
            Self::Channel => 64 << 10,
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Root => "root",
            Self::Patch => "patch statement",
            Self::Channel => "channel statement",
        })
    }
}

/// Fields that a device may not know and may pass over. Every field outside of it is critical: a
/// document with one that is not known is refused. At most 16.
pub type Extensions = BTreeMap<Word, Text>;

/// The flaw of too many of something.
pub(crate) const fn at_most(what: &'static str, found: usize, limit: usize) -> Result<(), Flaw> {
    if found > limit {
        return Err(Flaw::TooMany { what, found, limit });
    }
    Ok(())
}

/// The flaw of a list that is not strictly ascending: it has a second form, or says a thing twice.
pub(crate) fn ascending<T: PartialOrd>(
    what: &'static str,
    items: impl IntoIterator<Item = T>,
) -> Result<(), Flaw> {
    let mut items = items.into_iter();
    let Some(mut last) = items.next() else {
        return Ok(());
    };
    for item in items {
        if item <= last {
            return Err(Flaw::NotAscending { what });
        }
        last = item;
    }
    Ok(())
}

pub(crate) mod sealed {
    pub trait Sealed {}
}

pub(crate) const EXTENSIONS: usize = 16;
