//! What an error of ureq means.

use std::io;

use patchproof_protocol::WebUrlError;
use ureq::{Error, Timeout};

use super::resolver::LeadsAway;
use crate::transport::{TransportError, Waiting};

/// How far the exchange was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Nothing of the answer's body was read.
    Head,
    /// The file had so many bytes, of those that are expected.
    Body {
        found_bytes: u64,
        expected_bytes: Option<u64>,
    },
}

pub(super) fn failure(error: Error, stage: Stage) -> TransportError {
    match error {
        Error::Timeout(Timeout::PerRead | Timeout::PerWrite) => {
            TransportError::TimedOut(Waiting::Idle)
        }
        Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            TransportError::TimedOut(Waiting::Connect)
        }
        Error::Timeout(_) => TransportError::TimedOut(Waiting::Total),
        Error::Io(error) => io_failure(&error, stage),
        Error::HostNotFound | Error::ConnectionFailed => TransportError::Unreachable {
            why: error.to_string(),
        },
        Error::LargeResponseHeader(_, max) => TransportError::TooLarge {
            what: "a head",
            max_bytes: u64::try_from(max).unwrap_or(u64::MAX),
        },
        Error::Tls(why) => TransportError::Tls { why: why.into() },
        Error::Rustls(why) => TransportError::Tls {
            why: why.to_string(),
        },
        Error::TlsRequired | Error::RequireHttpsOnly(_) => TransportError::Url(WebUrlError::Weaker),
        Error::Other(why) => match why.downcast::<LeadsAway>() {
            Ok(away) => TransportError::NotThisMachine { host: away.host },
            Err(why) => TransportError::Malformed {
                why: why.to_string(),
            },
        },
        error => TransportError::Malformed {
            why: error.to_string(),
        },
    }
}

fn io_failure(error: &io::Error, stage: Stage) -> TransportError {
    let why = error.to_string();
    match (error.kind(), stage) {
        // How rustls says that it does not like what the other side says.
        (io::ErrorKind::InvalidData, _) => TransportError::Tls { why },
        (
            _,
            Stage::Body {
                found_bytes,
                expected_bytes,
            },
        ) => TransportError::Truncated {
            found_bytes,
            expected_bytes,
        },
        (_, Stage::Head) => TransportError::Unreachable { why },
    }
}
