//! A base and an output that fail at one place each, and what a run does beside its answer.

use std::io::{self, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::source::ReadAt;

/// A base with one byte for each block.
pub(super) struct MadeBase {
    length: usize,
    pub(super) length_fails: bool,
    fails: Option<usize>,
    pub(super) seen: Arc<Seen>,
}

impl MadeBase {
    pub(super) fn failing(length: usize, fails: Option<usize>) -> Self {
        Self {
            length,
            length_fails: false,
            fails,
            seen: Arc::default(),
        }
    }
}

impl ReadAt for MadeBase {
    fn length(&self) -> io::Result<u64> {
        if self.length_fails {
            return Err(self.seen.fail());
        }
        Ok(u64::try_from(self.length).unwrap())
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        if self.fails.map(|at| u64::try_from(at).unwrap()) == Some(offset) {
            return Err(self.seen.fail());
        }
        buffer.fill(BASE_BYTE);
        Ok(())
    }
}

/// An output that is kept, up to the write that fails.
pub(super) struct MadeOutput {
    pub(super) bytes: Vec<u8>,
    writes: usize,
    fails: Option<usize>,
    pub(super) flush_fails: bool,
    pub(super) seen: Arc<Seen>,
}

impl MadeOutput {
    pub(super) fn failing(fails: Option<usize>) -> Self {
        Self {
            bytes: Vec::new(),
            writes: 0,
            fails,
            flush_fails: false,
            seen: Arc::default(),
        }
    }
}

impl Write for MadeOutput {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.fails == Some(self.writes) {
            return Err(self.seen.fail());
        }
        self.writes += 1;
        self.bytes.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        if self.flush_fails {
            return Err(self.seen.fail());
        }
        Ok(())
    }
}

/// What a run did that its answer does not tell.
#[derive(Default)]
pub(super) struct Seen {
    /// Blocks without memory that were to be filled.
    fresh: AtomicUsize,
    /// Whether base or output failed.
    failed: AtomicUsize,
    filled_after: AtomicUsize,
}

impl Seen {
    /// Takes its time: shuttle sees no switch in dropping a receiver, so the other side would never
    /// get on between a failure and what the decoder does about it.
    fn fail(&self) -> io::Error {
        shuttle::thread::yield_now();
        self.failed.store(1, Ordering::Relaxed);
        io::Error::other(MADE)
    }

    /// A block that is to be filled.
    pub(super) fn fill(&self, block: &[u8], capacity: usize) {
        assert!(block.is_empty(), "a block to fill comes with bytes in it");
        let fresh = usize::from(capacity == 0);
        self.fresh.fetch_add(fresh, Ordering::Relaxed);
        let failed = self.failed.load(Ordering::Relaxed);
        self.filled_after.fetch_add(failed, Ordering::Relaxed);
    }

    /// Blocks are given back and filled again, and none is filled once nobody wants it.
    pub(super) fn check(&self, room: usize) {
        // One being filled, those in the pipe, and two where one is taken for the next.
        let fresh = self.fresh.load(Ordering::Relaxed);
        assert!(
            fresh <= room + 3,
            "{fresh} blocks were made, with room for {room}"
        );
        let filled_after = self.filled_after.load(Ordering::Relaxed);
        assert!(
            filled_after <= 1,
            "{filled_after} blocks were filled for nobody"
        );
    }
}

pub(super) const BASE_BYTE: u8 = 100;
/// What every made failure says.
pub(super) const MADE: &str = "made to fail";
