//! One document in two slots: whatever moment the power fails at, one whole version of it is there.

use crate::slot::{self, PAYLOAD_BYTES_MAX, SlotDamage};
use crate::whole::{read_whole, write_whole};
use crate::{Storage, StorageError, StoragePath, Whole};

/// The two slots of a storage's root, `state-a` and `state-b`. Whoever calls holds the lock that
/// keeps other writers out.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Slots;

/// What the two slots hold.
#[derive(Clone, PartialEq, Eq, Debug)]
#[expect(clippy::exhaustive_structs, reason = "rehearsals take it apart")]
pub struct Loaded {
    /// The payload of the valid slot with the higher counter.
    pub newest: Option<Vec<u8>>,
    /// Its counter. If it is not what this process's own last [`Slots::commit`] returned, nothing
    /// says that what was read would outlive a power cut: the commit that wrote it may have failed,
    /// or its process died in it. Whoever acknowledges anything on the strength of it commits
    /// first.
    pub counter: Option<u64>,
    /// What is in `state-a`.
    pub a: SlotFinding,
    /// What is in `state-b`.
    pub b: SlotFinding,
}

/// What one slot is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way")]
pub enum SlotFinding {
    /// No file of that name.
    Absent,
    /// Whole.
    Valid {
        /// The higher, the newer.
        counter: u64,
    },
    /// A file that is no whole slot.
    Damaged {
        /// What gave it away.
        why: SlotDamage,
    },
}

/// How many slots a commit writes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[expect(clippy::exhaustive_enums, reason = "there are two slots")]
pub enum Copies {
    /// The older one: the document outlives a power cut.
    One,
    /// Both: it outlives a rotten slot as well.
    Both,
}

/// A commit that did not come to its end. What was committed before is still there.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CommitError {
    /// A bug of the caller's: documents are bounded.
    #[error("a document of {size_bytes} bytes does not fit a slot of {PAYLOAD_BYTES_MAX}")]
    TooLarge {
        /// What was to be committed.
        size_bytes: usize,
    },
    /// The device's disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
}

impl Slots {
    /// The most that a document may have.
    pub const PAYLOAD_BYTES_MAX: usize = PAYLOAD_BYTES_MAX;

    /// Reads both slots.
    ///
    /// # Errors
    /// When the disk fails. That says nothing about the slots: a newer document may lie there, and
    /// must not be taken for damaged and written over.
    pub fn load<S: Storage>(storage: &S) -> Result<Loaded, StorageError> {
        let (a, of_a) = read(storage, Name::A)?;
        let (b, of_b) = read(storage, Name::B)?;
        let newest = match (counter(a), counter(b)) {
            (Some(a), Some(b)) if b > a => of_b,
            (Some(_), _) => of_a,
            _ => of_b,
        };
        let counter = counter(a).max(counter(b));
        Ok(Loaded {
            newest,
            counter,
            a,
            b,
        })
    }

    /// Makes a document last and returns its counter. The older slot is written, or one that is not
    /// whole; until the commit ends, the other one holds what was committed before.
    ///
    /// # Errors
    /// When the document is too large or the disk fails. It may then be there or not, also after a
    /// power cut; see [`Loaded::counter`].
    pub fn commit<S: Storage>(
        storage: &S,
        payload: &[u8],
        copies: Copies,
    ) -> Result<u64, CommitError> {
        if payload.len() > PAYLOAD_BYTES_MAX {
            let size_bytes = payload.len();
            return Err(CommitError::TooLarge { size_bytes });
        }
        let loaded = Self::load(storage)?;
        let older = loaded.older();
        let before = loaded.counter.unwrap_or(0);
        if before > slot::COUNTER_MAX - 2 {
            return begin_anew(storage, older, payload);
        }
        let mut counter = before + 1;
        replace(storage, older, &slot::seal(counter, payload))?;
        if copies == Copies::Both {
            counter += 1;
            replace(storage, older.other(), &slot::seal(counter, payload))?;
        }
        // One sync for both names: whichever of the two renames a power cut undoes, the old and the
        // new slot of that name are whole.
        storage.sync_folder(&StoragePath::root())?;
        Ok(counter)
    }
}

impl Loaded {
    /// Whether there was a document once and none can be read: it is never silently begun anew.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        let absent = (self.a, self.b) == (SlotFinding::Absent, SlotFinding::Absent);
        self.newest.is_none() && !absent
    }

    /// The one that matters less.
    fn older(&self) -> Name {
        if counter(self.b) < counter(self.a) {
            Name::B
        } else {
            Name::A
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Name {
    A,
    B,
}

impl Name {
    const fn other(self) -> Self {
        match self {
            Self::A => Self::B,
            Self::B => Self::A,
        }
    }

    fn path(self) -> StoragePath {
        StoragePath::fixed(match self {
            Self::A => "state-a",
            Self::B => "state-b",
        })
    }

    fn temporary(self) -> StoragePath {
        StoragePath::fixed(match self {
            Self::A => "state-a.tmp",
            Self::B => "state-b.tmp",
        })
    }
}

/// None, which is less than every number, where the slot is not valid.
const fn counter(finding: SlotFinding) -> Option<u64> {
    match finding {
        SlotFinding::Valid { counter } => Some(counter),
        SlotFinding::Absent | SlotFinding::Damaged { .. } => None,
    }
}

fn read<S: Storage>(
    storage: &S,
    name: Name,
) -> Result<(SlotFinding, Option<Vec<u8>>), StorageError> {
    let opened = match read_whole(storage, &name.path(), slot::BYTES_MAX)? {
        Whole::Missing => return Ok((SlotFinding::Absent, None)),
        Whole::Bytes(bytes) => slot::open(bytes),
        Whole::TooLong { size_bytes } => Err(SlotDamage::Length { size_bytes }),
    };
    Ok(match opened {
        Ok((counter, payload)) => (SlotFinding::Valid { counter }, Some(payload)),
        Err(why) => (SlotFinding::Damaged { why }, None),
    })
}

/// No commit counts that far, so somebody else wrote it: a further counter would be refused. The
/// slot that counts is replaced last, so that until then it holds what was committed before.
fn begin_anew<S: Storage>(storage: &S, older: Name, payload: &[u8]) -> Result<u64, CommitError> {
    replace(storage, older, &slot::seal(1, payload))?;
    // Else the second name could last without the first, beside a slot that counts further.
    storage.sync_folder(&StoragePath::root())?;
    replace(storage, older.other(), &slot::seal(2, payload))?;
    storage.sync_folder(&StoragePath::root())?;
    Ok(2)
}

fn replace<S: Storage>(storage: &S, name: Name, bytes: &[u8]) -> Result<(), StorageError> {
    let temporary = name.temporary();
    write_whole(storage, &temporary, bytes)?;
    storage.rename(&temporary, &name.path())
}

#[cfg(test)]
mod tests;
