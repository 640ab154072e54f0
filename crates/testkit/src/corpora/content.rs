//! What bytes are: their length and SHA-256, taken while they pass.

use std::fmt;
use std::io::{self, Read, Write};

use sha2::{Digest, Sha256};

/// Length and SHA-256 of some bytes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    size_bytes: u64,
    sha256: String,
}

impl Content {
    pub(super) fn new(size_bytes: u64, sha256: &str) -> Self {
        Self {
            size_bytes,
            sha256: sha256.to_owned(),
        }
    }

    /// The length.
    #[must_use]
    pub fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// 64 lowercase hex digits.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl fmt::Display for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes with SHA-256 {}", self.size_bytes, self.sha256)
    }
}

/// What was found where some [`Content`] was expected.
#[expect(
    clippy::exhaustive_enums,
    reason = "bytes either end within the limit or do not"
)]
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// All of it was read.
    Whole(Content),
    /// It goes on after as many bytes as were expected; the rest was not read.
    Longer {
        /// How many bytes were expected.
        expected_bytes: u64,
    },
}

impl Found {
    pub(super) fn is(&self, expected: &Content) -> bool {
        matches!(self, Self::Whole(content) if content == expected)
    }
}

impl fmt::Display for Found {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Whole(content) => content.fmt(f),
            Self::Longer { expected_bytes } => write!(f, "more than {expected_bytes} bytes"),
        }
    }
}

/// Which side of a copy failed: the two have different people at fault.
#[derive(Debug)]
pub(super) enum PourError {
    Read(io::Error),
    Write(io::Error),
}

/// Copies `from` to `to` and says what passed; gives up one byte after `expected_bytes`.
pub(super) fn pour(
    from: &mut dyn Read,
    to: &mut dyn Write,
    expected_bytes: u64,
) -> Result<Found, PourError> {
    let mut bounded = from.take(expected_bytes.saturating_add(1));
    let mut buffer = vec![0; BUFFER_SIZE_BYTES];
    let mut hasher = Sha256::new();
    let mut size_bytes: u64 = 0;
    loop {
        let read = match bounded.read(&mut buffer) {
            Ok(0) => break,
            Ok(count) => buffer.get(..count).unwrap_or_default(),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(PourError::Read(error)),
        };
        size_bytes = size_bytes.saturating_add(u64::try_from(read.len()).unwrap_or(u64::MAX));
        if size_bytes > expected_bytes {
            return Ok(Found::Longer { expected_bytes });
        }
        hasher.update(read);
        to.write_all(read).map_err(PourError::Write)?;
    }
    Ok(Found::Whole(Content {
        size_bytes,
        sha256: hex::encode(hasher.finalize()),
    }))
}

const BUFFER_SIZE_BYTES: usize = 64 * 1024;

#[cfg(test)]
mod tests {
    use super::*;

    fn poured(bytes: &[u8], expected_bytes: u64) -> (Found, Vec<u8>) {
        let mut out = Vec::new();
        let found = pour(&mut &bytes[..], &mut out, expected_bytes).unwrap();
        (found, out)
    }

    #[test]
    fn bytes_within_the_limit_pass_unchanged_with_their_sha256() {
        let (found, out) = poured(b"abc", 3);
        let abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(
            (found, out),
            (Found::Whole(Content::new(3, abc)), b"abc".to_vec())
        );
    }

    #[test]
    fn one_byte_too_many_is_longer_without_reading_on() {
        let mut endless = io::repeat(7);
        let found = pour(&mut endless, &mut io::sink(), 1_000_000).unwrap();
        assert_eq!(
            found,
            Found::Longer {
                expected_bytes: 1_000_000
            }
        );
    }

    #[test]
    fn a_failing_writer_is_not_blamed_on_the_reader() {
        let mut full: &mut [u8] = &mut [];
        let error = pour(&mut &b"abc"[..], &mut full, 3).unwrap_err();
        assert!(matches!(error, PourError::Write(_)), "{error:?}");
    }
}
