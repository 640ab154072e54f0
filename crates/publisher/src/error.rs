//! Why nothing came of it: who is at fault, what was expected and found, how to mend it.

use std::io;

use patchproof_archive::{OpenError, PartError};
use patchproof_patch::{InflateError, MakeError};
use patchproof_protocol::WebUrlError;
use patchproof_report::ExitCode;
use patchproof_snapshot::ReadError;
use patchproof_trust::{Refusal, SignError, WordError};

/// Why a request was of no use.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// No connection: the server got nothing.
    #[error(
        "{url} cannot be reached: {why}; check the address of --server, and that the server runs"
    )]
    NotReached {
        /// What was asked.
        url: String,
        /// In the system's words.
        why: String,
    },
    /// The exchange ended in the middle: whether the server did what was asked is not known.
    #[error("the exchange with {url} broke off: {why}; run the command again")]
    BrokenOff {
        /// What was asked.
        url: String,
        /// In the system's words.
        why: String,
    },
    /// An answer that is none.
    #[error(
        "{url} answers what no Patchproof server does: {why}; check the address of --server, and \
         that server and command are of like versions"
    )]
    NotUnderstood {
        /// What was asked.
        url: String,
        /// What is wrong with it.
        why: String,
    },
    /// The server names an address that is not asked.
    #[error("the server names the address {found:?}, which is not asked: {why}")]
    Address {
        /// As it came.
        found: String,
        /// The rule that it breaks.
        why: WebUrlError,
    },
    /// The server said no.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// A download that is something else.
    #[error(
        "{url} gives other bytes than it says: expected SHA-256 {expected}, found {found}; the \
         server's store is damaged, or something between here and there changes files"
    )]
    OtherBytes {
        /// What was asked.
        url: String,
        /// In hex.
        expected: String,
        /// In hex, of what came up to one byte more than was expected.
        found: String,
    },
    /// A file of ours.
    #[error("{path}: {error}")]
    File {
        /// Which.
        path: String,
        /// What the system says.
        error: io::Error,
    },
}

/// A no, in the server's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the server says no ({status} {code}): {message}{}", remedy(*.status))]
#[non_exhaustive]
pub struct Refused {
    /// The HTTP status.
    pub status: u16,
    /// One word for it.
    pub code: String,
    /// For a person; of a bounded length, and without characters that a terminal acts on.
    pub message: String,
}

impl Refused {
    /// Whether it may be otherwise in a moment: the server is at fault, or busy.
    #[must_use]
    pub const fn may_pass(&self) -> bool {
        self.status >= 500 || self.status == 408 || self.status == 429
    }
}

/// What a status alone says about the way out.
const fn remedy(status: u16) -> &'static str {
    match status {
        401 => {
            "; give a token by PATCHPROOF_TOKEN or --token-file; `patchproof token create` makes \
             one"
        }
        429 => "; wait a while, and run the command again",
        500.. => "; the server is at fault: look into its log",
        _ => "",
    }
}

impl ClientError {
    /// The exit code: 1 where the server decided, 2 where nobody did.
    #[must_use]
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Refused(refused) if !refused.may_pass() => ExitCode::Different,
            _ => ExitCode::Undecided,
        }
    }

    /// The server's one word, where it said no.
    #[must_use]
    pub fn code(&self) -> Option<&str> {
        match self {
            Self::Refused(refused) => Some(&refused.code),
            _ => None,
        }
    }

    /// Whether asking the same again may help.
    pub(crate) const fn may_pass(&self) -> bool {
        match self {
            Self::NotReached { .. } | Self::BrokenOff { .. } => true,
            Self::Refused(refused) => refused.may_pass(),
            _ => false,
        }
    }

    /// Whether the server may have done what was asked, though it did not say so.
    pub(crate) const fn may_have_happened(&self) -> bool {
        match self {
            Self::BrokenOff { .. } | Self::NotUnderstood { .. } => true,
            Self::Refused(refused) => refused.status >= 500,
            _ => false,
        }
    }
}

/// Why nothing was released or published.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PublishError {
    /// The server, or the way to it.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// A build that cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A part of a build that cannot be read.
    #[error(transparent)]
    Part(#[from] PartError),
    /// A library that is no snapshot.
    #[error("{name} is no Dart snapshot: {error}")]
    NoSnapshot {
        /// Where it lies.
        name: String,
        /// What is wrong with it.
        error: ReadError,
    },
    /// A build that is not what it must be.
    #[error("{name}: {why}")]
    Build {
        /// What a person calls it.
        name: String,
        /// What is wrong, and how to mend it.
        why: String,
    },
    /// What the server has and what is to be released are two builds.
    #[error(
        "release {version} is on the server with another {what} (SHA-256 {on_server}, here \
         {here}): devices have that one. Release this build under a version of its own"
    )]
    OtherBuild {
        /// Of the release.
        version: String,
        /// Which of its files.
        what: String,
        /// In hex.
        on_server: String,
        /// In hex.
        here: String,
    },
    /// What the server should have and has not.
    #[error("{what} is not on the server: {remedy}")]
    NotThere {
        /// What was looked for.
        what: String,
        /// What to do.
        remedy: String,
    },
    /// A patch that could not be made.
    #[error("no patch for {abi} can be made: {error}")]
    Make {
        /// For which machine.
        abi: String,
        /// Why.
        error: MakeError,
    },
    /// An earlier patch that the server has and that does not give what it says.
    #[error("patch {number} for {abi}, as the server has it, does not inflate: {error}")]
    EarlierPatch {
        /// Its number.
        number: u64,
        /// For which machine.
        abi: String,
        /// Why.
        error: InflateError,
    },
    /// A statement that cannot say what this is.
    #[error("a statement cannot say what this is: {0}")]
    Unwritable(#[from] WordError),
    /// A root or statement that is not believed.
    #[error("{name}: {refusal}")]
    NotBelieved {
        /// Which document.
        name: String,
        /// Why.
        refusal: Box<Refusal>,
    },
    /// Nobody could sign.
    #[error("{0}; nothing was published")]
    Sign(#[from] SignError),
    /// What must be signed and by whom.
    #[error("{0}; nothing was published")]
    Unsigned(String),
    /// The answer went missing, and the patch is not there yet.
    #[error(
        "whether patch {number} was published is not known: {why}; look at `patchproof status` \
         before the command is run again"
    )]
    NotSure {
        /// Under which number.
        number: u64,
        /// How the exchange ended.
        why: String,
    },
    /// The number was taken by somebody else each time.
    #[error(
        "patch {number} was published by somebody else meanwhile, {attempts} times in a row; run \
         the command again when they are done"
    )]
    NumberTaken {
        /// The last one.
        number: u64,
        /// How often it was tried.
        attempts: usize,
    },
}

impl PublishError {
    /// The exit code that goes with it.
    #[must_use]
    pub const fn exit_code(&self) -> ExitCode {
        match self {
            Self::Client(error) => error.exit_code(),
            Self::OtherBuild { .. } | Self::EarlierPatch { .. } | Self::NumberTaken { .. } => {
                ExitCode::Different
            }
            Self::NotBelieved { .. } | Self::Sign(SignError::WrongSignature { .. }) => {
                ExitCode::StatementInvalid
            }
            _ => ExitCode::Undecided,
        }
    }
}
