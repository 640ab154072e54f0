//! Failures to order: which operation fails, how, and what of it happened all the same.

use std::io;

use patchproof_storage::{Operation, StorageError};

/// Makes storage operations fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultPlan {
    /// Which operations are counted.
    pub of: Which,
    /// Which of those fails, counted from 0 when the plan is made known.
    pub nth: u64,
    /// Whether all of them after it fail as well.
    pub is_for_ever: bool,
    /// What the operation answers.
    pub failure: Failure,
    /// What of it happened.
    pub aftermath: Aftermath,
    /// How many bytes of a failing write are there.
    pub short_write_bytes: usize,
}

impl FaultPlan {
    /// The n-th of those operations fails, and nothing of it happens.
    #[must_use]
    pub const fn once(of: Which, nth: u64, failure: Failure) -> Self {
        Self {
            of,
            nth,
            is_for_ever: false,
            failure,
            aftermath: Aftermath::Lost,
            short_write_bytes: 0,
        }
    }

    /// The n-th of those operations and all later ones fail.
    #[must_use]
    pub const fn for_ever(of: Which, nth: u64, failure: Failure) -> Self {
        let mut plan = Self::once(of, nth, failure);
        plan.is_for_ever = true;
        plan
    }

    /// With that many bytes of a failing write there.
    #[must_use]
    pub const fn after_a_short_write(mut self, bytes: usize) -> Self {
        self.short_write_bytes = bytes;
        self
    }

    /// The operation happened, and only its answer is an error.
    #[must_use]
    pub const fn although_done(mut self) -> Self {
        self.aftermath = Aftermath::Done;
        self
    }
}

/// Which operations a plan counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Which {
    /// All of them.
    Any,
    /// Of one kind.
    Kind(Operation),
    /// Those that fail on a full disk: create, write, sync, new folder, rename.
    NeedsSpace,
    /// Those that change anything or make it last.
    Changes,
}

impl Which {
    pub(super) fn is(self, operation: Operation) -> bool {
        match self {
            Self::Any => true,
            Self::Kind(kind) => kind == operation,
            Self::NeedsSpace => matches!(
                operation,
                Operation::Create
                    | Operation::Write
                    | Operation::Sync
                    | Operation::MakeFolder
                    | Operation::Rename
            ),
            Self::Changes => is_change(operation),
        }
    }
}

/// Whether an operation may change anything, or make it last. A lock may create its file.
pub(super) const fn is_change(operation: Operation) -> bool {
    !matches!(
        operation,
        Operation::Open | Operation::Read | Operation::List | Operation::Stamp
    )
}

/// What a failing operation answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Failure {
    /// EIO.
    Io,
    /// ENOSPC.
    NoSpace,
    /// EDQUOT.
    Quota,
    /// EINTR.
    Interrupted,
    /// EXDEV.
    TwoFileSystems,
    /// EACCES.
    Denied,
    /// EROFS.
    ReadOnly,
}

impl Failure {
    pub(super) fn error(self) -> io::Error {
        use io::ErrorKind;
        match self {
            Self::Io => io::Error::other("input/output error"),
            Self::NoSpace => ErrorKind::StorageFull.into(),
            Self::Quota => ErrorKind::QuotaExceeded.into(),
            Self::Interrupted => ErrorKind::Interrupted.into(),
            Self::TwoFileSystems => ErrorKind::CrossesDevices.into(),
            Self::Denied => ErrorKind::PermissionDenied.into(),
            Self::ReadOnly => ErrorKind::ReadOnlyFilesystem.into(),
        }
    }
}

/// What is left of an operation that failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "it happened, or it did not")]
pub enum Aftermath {
    /// Nothing of it happened. What a sync was to make last is lost for good, though reads show it.
    Lost,
    /// It happened. A sync: what it was to make last may or may not, as if it had not been called.
    Done,
}

/// The power is off: every operation of every process fails with it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the power is off")]
#[non_exhaustive]
pub struct PowerOff;

impl PowerOff {
    /// Whether that is why an operation failed.
    #[must_use]
    pub fn is_cause_of(error: &StorageError) -> bool {
        error
            .source
            .get_ref()
            .is_some_and(|cause| cause.is::<Self>())
    }
}

/// The process was killed: its operations fail with it, and nobody is there to see.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the process was killed")]
#[non_exhaustive]
pub struct Killed;

impl Killed {
    /// Whether that is why an operation failed.
    #[must_use]
    pub fn is_cause_of(error: &StorageError) -> bool {
        error
            .source
            .get_ref()
            .is_some_and(|cause| cause.is::<Self>())
    }
}
