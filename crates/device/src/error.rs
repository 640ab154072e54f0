//! What can go wrong, told apart by who is at fault.

use patchproof_protocol::AnswerError;
use patchproof_storage::{CommitError, StorageError};
use patchproof_trust::Refusal;

use crate::transport::TransportError;
use crate::vouch::Untrusted;

pub use crate::unfit::{PatchFault, Unfit};

/// Who has to act.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum AtFault {
    /// The patch: complete bytes that are not what was promised. It is remembered.
    Patch,
    /// The patch or the way that it came; fetched anew, and set aside after a few times.
    PatchOrTransport,
    /// The network.
    Transport,
    /// The server: it answered, and not by the protocol.
    Server,
    /// This device: no space, a failing disk, a folder that may not be written.
    Device,
    /// The app that embeds this library.
    App,
    /// Nobody: it was cancelled, or somebody else is at it.
    Nobody,
}

/// One operation on the device's state did not come to its end: what was committed before stands.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OperationError {
    /// Another process of the app held the device's folder all the while.
    #[error("another process of the app is at work in the device's folder; try again in a moment")]
    Busy,
    /// The disk.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The state does not fit its slot: a bug of ours, as everything in it is bounded.
    #[error("the device's state cannot be written: {reason}; this is a bug of Patchproof")]
    Document {
        /// In words.
        reason: String,
    },
}

impl From<CommitError> for OperationError {
    fn from(error: CommitError) -> Self {
        match error {
            CommitError::Storage(error) => Self::Storage(error),
            other => Self::Document {
                reason: other.to_string(),
            },
        }
    }
}

impl OperationError {
    /// Who has to act.
    #[must_use]
    pub const fn at_fault(&self) -> AtFault {
        match self {
            Self::Busy => AtFault::Nobody,
            Self::Storage(_) | Self::Document { .. } => AtFault::Device,
        }
    }
}

/// A report was not taken.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError {
    /// The id is not of this process's boot.
    #[error("the report names a boot that is not this process's; pass on the id of begin_boot")]
    NotThisBoot,
    /// It boots without a token, as the disk could not be written: nothing can be held against it.
    #[error("this process boots unguarded, as the disk could not be written; the report is lost")]
    Unguarded,
    /// It could not be made to last.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl ReportError {
    /// Who has to act.
    #[must_use]
    pub const fn at_fault(&self) -> AtFault {
        match self {
            Self::NotThisBoot => AtFault::App,
            Self::Unguarded => AtFault::Device,
            Self::Operation(error) => error.at_fault(),
        }
    }
}

/// The server could not be asked, or its answer not be kept.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CheckError {
    /// The exchange.
    #[error("the server could not be asked for a patch: {0}")]
    Transport(#[from] TransportError),
    /// The answer.
    #[error(transparent)]
    Answer(#[from] AnswerError),
    /// The patch is made against a library that this device was not asked about.
    #[error(
        "patch {number} is made against a library with the SHA-256 {from_sha256}, expected the \
         release's or the one that runs; the server mistakes the question"
    )]
    OtherOrigin {
        /// The patch's number.
        number: u64,
        /// In hex.
        from_sha256: String,
    },
    /// Signatures are asked for, and what was served is not signed as it should be.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// Another channel was asked for, and signed statements are held against the settings' alone.
    #[error(
        "the channel {found:?} was asked for, expected {own:?}: statements are held against the \
         channel of the settings"
    )]
    OtherChannel {
        /// What was asked for.
        found: String,
        /// What the settings say.
        own: String,
    },
    /// The answer could not be made to last.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl CheckError {
    /// Who has to act.
    #[must_use]
    pub fn at_fault(&self) -> AtFault {
        match self {
            Self::Transport(error) => of_transport(error),
            Self::Answer(_) | Self::OtherOrigin { .. } => AtFault::Server,
            Self::Untrusted(why) => why.at_fault(),
            Self::OtherChannel { .. } => AtFault::App,
            Self::Operation(error) => error.at_fault(),
        }
    }
}

/// Waiting events could not be sent; those that were not stay.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SendError {
    /// This process is sending already.
    #[error("this process is sending events already")]
    InProgress,
    /// The exchange.
    #[error("an event could not be sent: {0}; it is kept")]
    Transport(#[from] TransportError),
    /// What was sent could not be ticked off, and may be sent again.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl SendError {
    /// Who has to act.
    #[must_use]
    pub fn at_fault(&self) -> AtFault {
        match self {
            Self::InProgress => AtFault::Nobody,
            Self::Transport(error) => of_transport(error),
            Self::Operation(error) => error.at_fault(),
        }
    }
}

/// Nothing new was installed. What is installed stands.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UpdateError {
    /// This or another process of the app is updating.
    #[error("an update is in progress already, in this or another process of the app")]
    InProgress,
    /// The caller's wish.
    #[error("the update was cancelled")]
    Cancelled,
    /// The server could not be asked.
    #[error(transparent)]
    Check(#[from] CheckError),
    /// The patch did not arrive; what did is kept, and the next update goes on from there.
    #[error("the patch could not be downloaded: {0}")]
    Download(#[source] TransportError),
    /// What arrived is not fit to be installed.
    #[error(transparent)]
    Patch(#[from] PatchFault),
    /// A patch from this device that cannot be read.
    #[error("the patch cannot be read: {0}")]
    ReadPatch(#[source] std::io::Error),
    /// The bundled library cannot be read, or is nothing that a patch could be held against.
    #[error("the bundled library {place} cannot be used: {reason}")]
    Base {
        /// Where it lies.
        place: String,
        /// What is wrong.
        reason: String,
    },
    /// The patch is made against the library that runs, and that cannot be read. An update then
    /// takes the patch that is made against the release.
    #[error(
        "the library that runs cannot be read, and the patch is made against it: {reason}; take \
         the patch that is made against the release"
    )]
    RunningLibrary {
        /// In words.
        reason: String,
    },
    /// Nobody whose word counts vouches for it.
    #[error(transparent)]
    Untrusted(#[from] Untrusted),
    /// The disk, or another process at work.
    #[error(transparent)]
    Operation(#[from] OperationError),
}

impl UpdateError {
    /// Who has to act.
    #[must_use]
    pub fn at_fault(&self) -> AtFault {
        match self {
            Self::InProgress | Self::Cancelled => AtFault::Nobody,
            Self::Check(error) => error.at_fault(),
            Self::Download(error) => of_transport(error),
            Self::Patch(fault) => fault.at_fault(),
            Self::ReadPatch(_) | Self::RunningLibrary { .. } => AtFault::Device,
            Self::Base { .. } => AtFault::App,
            Self::Untrusted(why) => why.at_fault(),
            Self::Operation(error) => error.at_fault(),
        }
    }
}

impl From<Refusal> for CheckError {
    fn from(refusal: Refusal) -> Self {
        Self::Untrusted(Untrusted::from(refusal))
    }
}

impl From<Refusal> for UpdateError {
    fn from(refusal: Refusal) -> Self {
        Self::Untrusted(Untrusted::from(refusal))
    }
}

impl From<StorageError> for UpdateError {
    fn from(error: StorageError) -> Self {
        Self::Operation(OperationError::Storage(error))
    }
}

fn of_transport(error: &TransportError) -> AtFault {
    match error {
        TransportError::Cancelled => AtFault::Nobody,
        TransportError::Url(_) | TransportError::NotThisMachine { .. } => AtFault::Server,
        TransportError::Sink(_) => AtFault::Device,
        _ => AtFault::Transport,
    }
}
