//! The output: counted, hashed and written a block at a time.
//!
//! Records may be a few bytes long, and each write may be a call of the system. This is no
//! `BufWriter`, which writes what it holds when it is dropped: after a fault, too.

use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

use crate::stream::{Inflated, StreamError};

/// An output that is counted at once, and hashed and written when a block is full.
pub(super) struct Hashed<'a> {
    output: &'a mut dyn Write,
    hasher: Sha256,
    /// What came since the last whole block.
    held: Vec<u8>,
    block_bytes: usize,
    /// With what is held.
    taken_bytes: u64,
    max: u64,
}

impl<'a> Hashed<'a> {
    /// `block_bytes` is at least 1.
    pub(super) fn new(
        output: &'a mut dyn Write,
        output_bytes_max: u64,
        block_bytes: usize,
    ) -> Self {
        Self {
            output,
            hasher: Sha256::new(),
            held: Vec::new(),
            block_bytes,
            taken_bytes: 0,
            max: output_bytes_max,
        }
    }

    /// Writes what is held, and flushes: a disk that is full may say so only now.
    pub(super) fn finish(mut self) -> Result<Inflated, StreamError> {
        self.hand_on()
            .and_then(|()| self.output.flush())
            .map_err(StreamError::Write)?;
        Ok(Inflated {
            output_bytes: self.taken_bytes,
            output_sha256: self.hasher.finalize().into(),
        })
    }

    fn hand_on(&mut self) -> io::Result<()> {
        self.output.write_all(&self.held)?;
        self.hasher.update(&self.held);
        self.held.clear();
        Ok(())
    }
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let room = self.block_bytes.saturating_sub(self.held.len());
        let (now, _) = bytes.split_at_checked(room).unwrap_or((bytes, &[]));
        let count = u64::try_from(now.len()).unwrap_or(u64::MAX);
        let taken_bytes = self.taken_bytes.saturating_add(count);
        if taken_bytes > self.max {
            return Err(io::Error::other(OverMax { max: self.max }));
        }
        self.taken_bytes = taken_bytes;
        self.held.extend_from_slice(now);
        if self.held.len() >= self.block_bytes {
            self.hand_on()?;
        }
        Ok(now.len())
    }

    /// Hands on what is held, too.
    fn flush(&mut self) -> io::Result<()> {
        self.hand_on()?;
        self.output.flush()
    }
}

/// More output than allowed: told apart from what the system says.
#[derive(Debug, thiserror::Error)]
#[error("the output is over its limit of {max} bytes")]
pub(super) struct OverMax {
    pub(super) max: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Keeps how long each write was; full after so many bytes.
    struct Disk {
        writes: Vec<usize>,
        free_bytes: usize,
    }

    impl Write for Disk {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            let free = self.free_bytes.checked_sub(bytes.len());
            self.free_bytes = free.ok_or(io::ErrorKind::StorageFull)?;
            self.writes.push(bytes.len());
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn disk(free_bytes: usize) -> Disk {
        Disk {
            writes: Vec::new(),
            free_bytes,
        }
    }

    #[test]
    fn bytes_that_come_a_few_at_a_time_are_written_a_block_at_a_time() {
        let mut disk = disk(usize::MAX);
        let mut hashed = Hashed::new(&mut disk, 1000, 64);
        for few in [7; 150].chunks(7) {
            hashed.write_all(few).unwrap();
        }
        hashed.write_all(&[7; 100]).unwrap();
        let inflated = hashed.finish().unwrap();
        assert_eq!(inflated.output_bytes, 250);
        let sha256: [u8; 32] = Sha256::digest([7; 250]).into();
        assert_eq!(inflated.output_sha256, sha256);
        assert_eq!(disk.writes, [64, 64, 64, 58]);
    }

    #[test]
    fn not_a_byte_over_the_limit_is_written() {
        let mut disk = disk(usize::MAX);
        let mut hashed = Hashed::new(&mut disk, 100, 64);
        hashed.write_all(&[7; 100]).unwrap();
        let error = hashed.write_all(&[7]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the output is over its limit of 100 bytes"
        );
        assert_eq!(disk.writes.iter().sum::<usize>(), 64);
    }

    #[test]
    fn a_disk_that_is_full_at_the_last_bytes_is_an_error() {
        let mut disk = disk(70);
        let mut hashed = Hashed::new(&mut disk, 100, 64);
        hashed.write_all(&[7; 71]).unwrap();
        let error = hashed.finish().unwrap_err();
        assert!(matches!(error, StreamError::Write(_)), "{error}");
    }
}
