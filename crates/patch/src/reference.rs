//! The decoder that devices use: zstd's C library and bipatch, under our limits.
//!
//! bipatch reports a base that is too short and a patch that is cut short with the same error, so
//! both sides are read through wrappers that remember what happened to them.

use std::cell::Cell;
use std::io::{self, Cursor, Read, Seek, SeekFrom};

use crate::error::{InflateError, Limit, Malformed};
use crate::limits::Limits;

/// Inflates as a device does. It takes what bipatch takes: a stream cut at a record's start, extra
/// zstd frames, numbers in longer forms. [`plain`](crate::plain) refuses those.
///
/// # Errors
/// [`InflateError`]; never [`InflateError::DecodersDisagree`].
pub fn inflate(base: &[u8], patch: &[u8], limits: Limits) -> Result<Vec<u8>, InflateError> {
    let events = Events::default();
    let mut frame = zstd::Decoder::with_buffer(patch).map_err(frame_error)?;
    frame
        .window_log_max(limits.window_log_max)
        .map_err(frame_error)?;
    let stream = Counted {
        inner: frame,
        left: limits.stream_bytes_max,
        events: &events,
    };
    let base = Watched {
        inner: Cursor::new(base),
        events: &events,
    };
    let explained = |error: io::Error| events.explain(&error, limits);
    let reader = bipatch::Reader::new(stream, base).map_err(|error| match error {
        bipatch::DecodeError::IO(error) => explained(error),
        other => InflateError::Malformed(Malformed::Magic {
            found: other.to_string(),
        }),
    })?;
    let mut output = Vec::new();
    // One byte more than allowed shows that there is more.
    let mut bounded = reader.take(limits.output_bytes_max.saturating_add(1));
    bounded.read_to_end(&mut output).map_err(explained)?;
    if u64::try_from(output.len()).unwrap_or(u64::MAX) > limits.output_bytes_max {
        let limit_value = limits.output_bytes_max;
        return Err(InflateError::OverLimit {
            limit: Limit::OutputBytes,
            limit_value,
        });
    }
    if events.stream_over_limit.get() {
        return Err(events.over_limit(limits));
    }
    Ok(output)
}

/// What the two sides of an inflate went through.
#[derive(Default)]
struct Events {
    stream_over_limit: Cell<bool>,
    frame_failed: Cell<bool>,
    base_needed_bytes: Cell<Option<(u64, u64)>>,
    seek_failed: Cell<bool>,
}

impl Events {
    fn explain(&self, error: &io::Error, limits: Limits) -> InflateError {
        if self.stream_over_limit.get() {
            return self.over_limit(limits);
        }
        if let Some((needed_bytes, base_bytes)) = self.base_needed_bytes.get() {
            return InflateError::OtherBase {
                needed_bytes,
                base_bytes,
            };
        }
        if self.frame_failed.get() {
            return frame_error(error);
        }
        let what = if self.seek_failed.get() {
            "a seek outside every base"
        } else {
            "cut short"
        };
        InflateError::Malformed(Malformed::Reference(format!("{what} ({error})")))
    }

    fn over_limit(&self, limits: Limits) -> InflateError {
        let limit_value = limits.stream_bytes_max;
        InflateError::OverLimit {
            limit: Limit::StreamBytes,
            limit_value,
        }
    }
}

fn frame_error(error: impl std::borrow::Borrow<io::Error>) -> InflateError {
    InflateError::Malformed(Malformed::Frame(error.borrow().to_string()))
}

/// The decompressed stream, counted.
struct Counted<'a, R> {
    inner: R,
    left: u64,
    events: &'a Events,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self
            .inner
            .read(buffer)
            .inspect_err(|_| self.events.frame_failed.set(true))?;
        let wide = u64::try_from(read).unwrap_or(u64::MAX);
        match self.left.checked_sub(wide) {
            Some(left) => self.left = left,
            None => {
                self.events.stream_over_limit.set(true);
                return Err(io::Error::other("the stream is over its limit"));
            }
        }
        Ok(read)
    }
}

/// The base, which remembers a read past its end and a seek before its start.
struct Watched<'a> {
    inner: Cursor<&'a [u8]>,
    events: &'a Events,
}

impl Read for Watched<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read < buffer.len() {
            let missing = u64::try_from(buffer.len() - read).unwrap_or(u64::MAX);
            let needed = self.inner.position().saturating_add(missing);
            let length = u64::try_from(self.inner.get_ref().len()).unwrap_or(u64::MAX);
            self.events.base_needed_bytes.set(Some((needed, length)));
        }
        Ok(read)
    }
}

impl Seek for Watched<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner
            .seek(to)
            .inspect_err(|_| self.events.seek_failed.set(true))
    }
}
