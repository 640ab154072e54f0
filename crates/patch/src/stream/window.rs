//! The base, read a window at a time: records step through it in small strides, and each read may
//! be a call of the system.

use std::io;

use crate::source::ReadAt;

/// A base and the part of it that was read last.
pub(super) struct Window<'a> {
    bytes: &'a dyn ReadAt,
    length: u64,
    held: Vec<u8>,
    /// Where in the base the held bytes start.
    from: u64,
}

impl<'a> Window<'a> {
    pub(super) fn over(bytes: &'a dyn ReadAt) -> io::Result<Self> {
        Ok(Self {
            bytes,
            length: bytes.length()?,
            held: Vec::new(),
            from: 0,
        })
    }

    /// How long the base is.
    pub(super) fn length(&self) -> u64 {
        self.length
    }

    /// Fills the whole buffer with the bytes from `at` on.
    pub(super) fn read(&mut self, buffer: &mut [u8], at: u64) -> io::Result<()> {
        if buffer.len() >= WINDOW_BYTES {
            return self.bytes.read_exact_at(buffer, at);
        }
        if self.held(buffer.len(), at).is_none() {
            self.move_to(at)?;
        }
        let held = self.held(buffer.len(), at);
        buffer.copy_from_slice(held.ok_or(io::ErrorKind::UnexpectedEof)?);
        Ok(())
    }

    fn held(&self, count: usize, at: u64) -> Option<&[u8]> {
        let start = usize::try_from(at.checked_sub(self.from)?).ok()?;
        self.held.get(start..start.checked_add(count)?)
    }

    fn move_to(&mut self, at: u64) -> io::Result<()> {
        let left = usize::try_from(self.length.saturating_sub(at)).unwrap_or(usize::MAX);
        self.held.resize(left.min(WINDOW_BYTES), 0);
        self.from = at;
        let read = self.bytes.read_exact_at(&mut self.held, at);
        if read.is_err() {
            self.held.clear(); // nobody knows what is in it now
        }
        read
    }
}

/// A page of a disk's cache: more would be read in vain where a patch jumps.
const WINDOW_BYTES: usize = 4 << 10;

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// Counts its reads, and has a place that cannot be read.
    struct Counted {
        bytes: Vec<u8>,
        reads: AtomicUsize,
        broken_at: Option<u64>,
    }

    impl ReadAt for Counted {
        fn length(&self) -> io::Result<u64> {
            self.bytes.length()
        }

        fn read_exact_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<()> {
            self.reads.fetch_add(1, Ordering::Relaxed);
            let end = offset + u64::try_from(buffer.len()).unwrap();
            match self.broken_at {
                Some(broken) if (offset..end).contains(&broken) => Err(io::Error::other("broken")),
                _ => self.bytes.read_exact_at(buffer, offset),
            }
        }
    }

    fn counted(broken_at: Option<u64>) -> Counted {
        let bytes = (0..=u8::MAX).cycle().take(5 * WINDOW_BYTES + 7).collect();
        Counted {
            bytes,
            reads: AtomicUsize::new(0),
            broken_at,
        }
    }

    #[test]
    fn small_strides_cost_one_read_a_window() {
        let base = counted(None);
        let mut window = Window::over(&base).unwrap();
        let mut buffer = [0; 16];
        for at in (0..WINDOW_BYTES - 16).step_by(24) {
            window
                .read(&mut buffer, u64::try_from(at).unwrap())
                .unwrap();
            assert_eq!(buffer, base.bytes[at..at + 16]);
        }
        assert_eq!(base.reads.load(Ordering::Relaxed), 1);
    }

    #[test]
    fn whatever_is_read_in_whatever_order_is_what_stands_there() {
        let base = counted(None);
        let mut window = Window::over(&base).unwrap();
        for count in [0, 1, 100, WINDOW_BYTES - 1, WINDOW_BYTES, 3 * WINDOW_BYTES] {
            let last = base.bytes.len() - count;
            for at in [0, 1, WINDOW_BYTES - 1, 2 * WINDOW_BYTES, last, 17, last - 1] {
                let mut buffer = vec![0; count];
                window
                    .read(&mut buffer, u64::try_from(at).unwrap())
                    .unwrap();
                assert_eq!(buffer, base.bytes[at..at + count], "{count} bytes at {at}");
            }
        }
    }

    #[test]
    fn a_window_that_could_not_be_read_holds_nothing() {
        let base = counted(Some(100));
        let mut window = Window::over(&base).unwrap();
        let mut buffer = [0; 50];
        for at in [50, 90] {
            let error = window.read(&mut buffer, at).unwrap_err();
            assert_eq!(error.to_string(), "broken");
        }
        window.read(&mut buffer, 101).unwrap();
        assert_eq!(buffer, base.bytes[101..151]);
    }

    #[test]
    fn a_read_past_the_end_is_an_error() {
        let base = counted(None);
        let mut window = Window::over(&base).unwrap();
        let mut buffer = [0; 50];
        let length = window.length();
        for at in [length - 49, length, u64::MAX] {
            let error = window.read(&mut buffer, at).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof, "{at}");
        }
        window.read(&mut buffer, length - 50).unwrap();
    }
}
