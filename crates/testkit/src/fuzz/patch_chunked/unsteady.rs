//! A writer that takes a few bytes at a time and is interrupted, and a source that fails at a byte.

use std::io::{self, Write};

use patchproof_patch::ReadAt;

/// Takes at most so many bytes at once; is interrupted at the calls of a pattern; fails at a byte.
pub(super) struct Unsteady {
    pub(super) taken: Vec<u8>,
    pub(super) fails_at: u64,
    most_bytes: usize,
    interrupted: u8,
}

impl Unsteady {
    pub(super) fn taking(most_bytes: usize, interrupted: u8) -> Self {
        Self {
            taken: Vec::new(),
            fails_at: u64::MAX,
            most_bytes,
            interrupted,
        }
    }
}

impl Write for Unsteady {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let interrupted = self.interrupted & 1 == 1;
        // Never twice in a row for ever: the pattern runs out.
        self.interrupted >>= 1;
        if interrupted {
            return Err(io::ErrorKind::Interrupted.into());
        }
        let taken = u64::try_from(self.taken.len()).unwrap_or(u64::MAX);
        let room = usize::try_from(self.fails_at.saturating_sub(taken)).unwrap_or(usize::MAX);
        if room == 0 && !bytes.is_empty() {
            return Err(io::Error::other("the disk is full"));
        }
        let count = bytes.len().min(self.most_bytes).min(room);
        self.taken.extend(bytes.iter().take(count));
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A source that cannot be read from a byte on.
pub(super) struct Failing<'a> {
    pub(super) fails_at: u64,
    bytes: &'a [u8],
}

impl<'a> Failing<'a> {
    pub(super) fn never(bytes: &'a [u8]) -> Self {
        let fails_at = u64::MAX;
        Self { fails_at, bytes }
    }
}

impl ReadAt for Failing<'_> {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let length = u64::try_from(buffer.len()).unwrap_or(u64::MAX);
        if offset.saturating_add(length) > self.fails_at {
            return Err(io::Error::other("the disk is broken here"));
        }
        self.bytes.read_exact_at(buffer, offset)
    }
}
