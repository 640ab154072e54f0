//! Sources and outputs that fail at one byte, and a clock that ends a test which hangs.

use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, mpsc};
use std::time::Duration;

use patchproof_patch::ReadAt;

/// Bytes of which one cannot be read.
pub(crate) struct FailsAt<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) at: u64,
}

impl ReadAt for FailsAt<'_> {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let end = offset + u64::try_from(buffer.len()).unwrap();
        if (offset..end).contains(&self.at) {
            return Err(io::Error::new(ErrorKind::TimedOut, "a bad sector"));
        }
        self.bytes.read_exact_at(buffer, offset)
    }
}

/// Bytes whose length cannot be told.
pub(crate) struct NoLength;

impl ReadAt for NoLength {
    fn length(&self) -> io::Result<u64> {
        Err(io::Error::new(ErrorKind::TimedOut, "a bad sector"))
    }

    fn read_exact_at(&self, _: &mut [u8], _: u64) -> io::Result<()> {
        Ok(())
    }
}

/// Remembers which bytes were asked for.
pub(crate) struct Watched<'a> {
    pub(crate) bytes: &'a [u8],
    pub(crate) asked_for: Mutex<Vec<bool>>,
}

impl<'a> Watched<'a> {
    pub(crate) fn over(bytes: &'a [u8]) -> Self {
        let asked_for = Mutex::new(vec![false; bytes.len()]);
        Self { bytes, asked_for }
    }
}

impl ReadAt for Watched<'_> {
    fn length(&self) -> io::Result<u64> {
        self.bytes.length()
    }

    fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
        let from = usize::try_from(offset).unwrap();
        self.asked_for.lock().unwrap()[from..from + buffer.len()].fill(true);
        self.bytes.read_exact_at(buffer, offset)
    }
}

/// A disk with room for so many bytes, which takes a few at a time.
pub(crate) struct Disk {
    pub(crate) room: usize,
    pub(crate) taken: Vec<u8>,
    /// What is told only when everything must be on the disk.
    pub(crate) flush: io::Result<()>,
    /// How many bytes it takes at once.
    pub(crate) step: usize,
    /// Whether every other write is interrupted first.
    pub(crate) interrupted: Option<bool>,
}

impl Disk {
    pub(crate) fn with_room(room: usize) -> Self {
        Self {
            room,
            taken: Vec::new(),
            flush: Ok(()),
            step: usize::MAX,
            interrupted: None,
        }
    }
}

impl Write for Disk {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if let Some(now) = &mut self.interrupted {
            *now = !*now;
            if *now {
                return Err(ErrorKind::Interrupted.into());
            }
        }
        let count = bytes.len().min(self.room).min(self.step);
        if count == 0 {
            return Err(ErrorKind::StorageFull.into());
        }
        self.room -= count;
        self.taken.extend_from_slice(&bytes[..count]);
        Ok(count)
    }

    fn flush(&mut self) -> io::Result<()> {
        std::mem::replace(&mut self.flush, Ok(()))
    }
}

/// Runs a test that counts its steps; ends it with a panic where one step does not come to an end.
pub(crate) fn watched(test: impl FnOnce(&AtomicU64) + Send + 'static) {
    let step = std::sync::Arc::new(AtomicU64::new(0));
    let counted = step.clone();
    let (done, ended) = mpsc::channel::<()>();
    let thread = std::thread::spawn(move || {
        test(&counted);
        drop(done);
    });
    let mut last = u64::MAX;
    let pause = Duration::from_secs(60);
    while ended.recv_timeout(pause) == Err(mpsc::RecvTimeoutError::Timeout) {
        let now = step.load(Ordering::Relaxed);
        assert_ne!(now, last, "the step {now} hangs");
        last = now;
    }
    if let Err(panic) = thread.join() {
        std::panic::resume_unwind(panic);
    }
}
