//! What was done to a disk, to be told to a person.

use std::fmt;

use patchproof_storage::{Operation, StoragePath};

use super::faults::is_change;

/// One operation.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Counted from 0 since the disk got power.
    pub number: u64,
    /// Whose it was.
    pub process: ProcessId,
    /// What it was.
    pub operation: Operation,
    /// On what.
    pub path: StoragePath,
    /// The new name, of a rename.
    pub to: Option<StoragePath>,
    /// Whether it did what it was to do. A lock that somebody else holds is an answer, no failure.
    pub outcome: Outcome,
}

/// How an operation went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Outcome {
    /// Its error is what the operation answers.
    Failed,
    /// Done.
    Done,
}

/// One of the processes that have used a disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProcessId(pub(super) u32);

/// The moment the power went.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PowerCut {
    /// How many operations were done.
    pub operations: u64,
    /// The operation that was not done any more; none where the power went between two.
    pub before: Option<Step>,
}

impl Step {
    /// Whether a power cut after it may leave another disk than one before it.
    #[must_use]
    pub const fn is_change(&self) -> bool {
        is_change(self.operation)
    }
}

impl fmt::Display for ProcessId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.0)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.operation, self.path)?;
        if let Some(to) = &self.to {
            write!(f, " to {to}")?;
        }
        f.write_str(match self.outcome {
            Outcome::Done => "",
            Outcome::Failed => " (failed)",
        })
    }
}

impl fmt::Display for PowerCut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.before {
            Some(step) => {
                write!(f, "the power went at operation {}: ", self.operations)?;
                write!(f, "{} {}", step.operation, step.path)?;
                step.to.as_ref().map_or(Ok(()), |to| write!(f, " to {to}"))
            }
            None => write!(f, "the power went after {} operations", self.operations),
        }
    }
}
