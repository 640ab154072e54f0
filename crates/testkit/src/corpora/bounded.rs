//! A stream that refuses to go on for ever, as what unpacks from a hostile archive may.

use std::io::{self, Read};

/// Fails, rather than ends, when more than [`STREAM_SIZE_MAX_BYTES`] come.
pub(super) struct Bounded<R> {
    inner: R,
    left_bytes: u64,
}

impl<R> Bounded<R> {
    pub(super) fn new(inner: R) -> Self {
        Self {
            inner,
            left_bytes: STREAM_SIZE_MAX_BYTES,
        }
    }
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let taken_bytes = u64::try_from(count).unwrap_or(u64::MAX);
        self.left_bytes = self.left_bytes.checked_sub(taken_bytes).ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {STREAM_SIZE_MAX_BYTES} bytes"
            ))
        })?;
        Ok(count)
    }
}

/// Far above any package of the list (the largest unpacks to 60 MB), far below a full disk or an
/// afternoon.
const STREAM_SIZE_MAX_BYTES: u64 = 1 << 30;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bounded_stream_fails_at_its_end_and_not_before() {
        let mut bounded = Bounded {
            inner: io::repeat(7),
            left_bytes: 10,
        };
        let mut out = Vec::new();
        let first = bounded
            .by_ref()
            .take(10)
            .read_to_end(&mut out)
            .map_err(|error| error.kind());
        assert_eq!((first, bounded.read(&mut [0]).is_err()), (Ok(10), true));
    }
}
