//! The output: hashed and counted while it is written.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::stream::{Inflated, StreamError};

/// An output that is hashed and counted while it is written.
pub(super) struct Hashed<'a> {
    output: &'a mut dyn Write,
    hasher: Sha256,
    written: u64,
    max: u64,
    over: bool,
}

impl<'a> Hashed<'a> {
    pub(super) fn new(output: &'a mut dyn Write, output_bytes_max: u64) -> Self {
        Self {
            output,
            hasher: Sha256::new(),
            written: 0,
            max: output_bytes_max,
            over: false,
        }
    }

    /// Flushes: a disk that is full may say so only now.
    pub(super) fn finish(self) -> Result<Inflated, StreamError> {
        self.output.flush().map_err(StreamError::Write)?;
        Ok(Inflated {
            output_bytes: self.written,
            output_sha256: self.hasher.finalize().into(),
        })
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if self.written.saturating_add(count) > self.max {
            self.over = true;
            return Err(io::Error::other(OverMax { max: self.max }));
        }
        self.output.write_all(bytes)?;
        self.hasher.update(bytes);
        self.written += count;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// More output than allowed: told apart from what the system says.
#[derive(Debug, thiserror::Error)]
#[error("the output is over its limit of {max} bytes")]
pub(super) struct OverMax {
    pub(super) max: u64,
}
