//! What can go wrong between a device and a server, told apart by what to do about it.

use std::error::Error;
use std::fmt;
use std::time::Duration;

use patchproof_protocol::WebUrlError;

/// An exchange failed. None of it says anything about the patch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TransportError {
    /// The address is none that may be asked: without TLS, or no address. The server or the app's
    /// settings are at fault.
    #[error("not asked: {0}")]
    Url(#[source] WebUrlError),
    /// A name for this machine leads to another one, and without TLS nothing else is asked.
    #[error(
        "not asked without TLS: {host:?} should be this machine and leads to another; use https"
    )]
    NotThisMachine {
        /// The name.
        host: String,
    },
    /// There is no way to the server.
    #[error("the server cannot be reached: {why}; is the device online?")]
    Unreachable {
        /// What the system says.
        why: String,
    },
    /// TLS failed: most likely the certificate is not the server's.
    #[error("the server is not trusted: {why}; the clock may be wrong, or somebody listens")]
    Tls {
        /// What TLS says.
        why: String,
    },
    /// It took too long.
    #[error("the server took too long: {0}")]
    TimedOut(Waiting),
    /// A status that is no success.
    #[error("the server answered with status {code}")]
    Status {
        /// Which.
        code: u16,
        /// How long it asks to be left alone.
        retry_after: Option<Duration>,
    },
    /// A redirect that is not followed: one too many, or without an address.
    #[error("the server redirects {why}")]
    Redirect {
        /// Why not.
        why: &'static str,
    },
    /// Status 416: the file is shorter than what is there already.
    #[error("the server has no bytes from {from_bytes} on")]
    RangeNotSatisfied {
        /// Where the rest was to begin.
        from_bytes: u64,
    },
    /// Other bytes than were asked for.
    #[error("the server sends bytes from {found_bytes} on, expected them from {asked_bytes} on")]
    WrongRange {
        /// Where they were to begin.
        asked_bytes: u64,
        /// Where they begin.
        found_bytes: u64,
    },
    /// The rest is of another file than the beginning.
    #[error("the file changed on the server: its {what} is another one than before")]
    Changed {
        /// What tells.
        what: &'static str,
    },
    /// Longer than is taken.
    #[error("the server sends {what} of more than {max_bytes} bytes")]
    TooLarge {
        /// What is too long.
        what: &'static str,
        /// How long it may be.
        max_bytes: u64,
    },
    /// It ended too soon.
    #[error(
        "the connection ended too soon: {found_bytes} bytes, expected {}",
        expected(*expected_bytes)
    )]
    Truncated {
        /// How much of the file there is now.
        found_bytes: u64,
        /// How long it is, where that is known.
        expected_bytes: Option<u64>,
    },
    /// Packed in a way that was not asked for.
    #[error("the server packs its answer ({found:?}) though it was asked not to")]
    Encoded {
        /// How.
        found: String,
    },
    /// No HTTP.
    #[error("the server's answer is no proper HTTP: {why}")]
    Malformed {
        /// Why not.
        why: String,
    },
    /// The caller wants it no more.
    #[error("cancelled")]
    Cancelled,
    /// The device cannot take the bytes.
    #[error("the downloaded bytes cannot be kept: {0}")]
    Sink(#[source] SinkError),
}

impl TransportError {
    /// Whether the same question may well be answered a little later.
    #[must_use]
    pub const fn is_worth_a_retry(&self) -> bool {
        match self {
            Self::Unreachable { .. } | Self::TimedOut(_) | Self::Truncated { .. } => true,
            Self::Status { code, .. } => matches!(code, 408 | 425 | 429 | 500 | 502 | 503 | 504),
            _ => false,
        }
    }

    /// How long the server asks to be left alone.
    #[must_use]
    pub const fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Status { retry_after, .. } => *retry_after,
            _ => None,
        }
    }

    /// Whether what is there already is of no use, and all of the file may be.
    pub(crate) const fn asks_for_a_new_beginning(&self) -> bool {
        matches!(
            self,
            Self::RangeNotSatisfied { .. } | Self::WrongRange { .. } | Self::Changed { .. }
        )
    }
}

/// What was waited for in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[non_exhaustive]
pub enum Waiting {
    /// A connection.
    #[error("no connection was made in time")]
    Connect,
    /// The next byte.
    #[error("no byte moved for too long")]
    Idle,
    /// The end.
    #[error("the whole exchange did not end in time")]
    Total,
}

/// Why a [`Sink`](super::Sink) takes no more bytes.
#[derive(Debug)]
pub struct SinkError(Box<dyn Error + Send + Sync>);

impl SinkError {
    /// Of what went wrong.
    pub fn new(why: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(why.into())
    }

    /// What went wrong.
    #[must_use]
    pub fn into_inner(self) -> Box<dyn Error + Send + Sync> {
        self.0
    }
}

impl fmt::Display for SinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl Error for SinkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

fn expected(bytes: Option<u64>) -> String {
    bytes.map_or_else(|| String::from("more"), |bytes| bytes.to_string())
}
