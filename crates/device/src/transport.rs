//! How bytes reach a device: one exchange at a time, with retries above it ([`fetch`], [`retry`]).
//!
//! [`Transport`] is what an embedder may put in the place of the HTTP client (feature `http`). What
//! it hands over is believed by nobody: ranges, lengths and limits are checked above it once more,
//! and the bytes by their hash.

mod cancel;
mod error;
mod etag;
mod fetch;
mod retry;

pub use cancel::{Cancel, OnCancel};
pub use error::{SinkError, TransportError, Waiting};
pub use etag::strong_etag;
pub use fetch::{Fetch, Have, fetch};
pub use retry::{Retries, retry};

/// One exchange with a server; it retries nothing.
pub trait Transport: Send + Sync {
    /// Posts `json` to `url` and gives the body of the answer, whose status was a success.
    ///
    /// # Errors
    ///
    /// Where the server cannot be asked or answers anything but a success, or more than
    /// `answer_bytes_max` bytes.
    fn post(
        &self,
        url: &str,
        json: &[u8],
        answer_bytes_max: u64,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError>;

    /// Fetches what is `wanted`: first [`Sink::begin`], once, then [`Sink::bytes`] in order.
    ///
    /// # Errors
    ///
    /// Where the server cannot be asked, answers something else than what was asked for, or stops
    /// before the end. What was handed to the sink until then is good to go on from.
    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError>;
}

/// A file, or the rest of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wanted<'a> {
    /// Where it lies.
    pub url: &'a str,
    /// From which byte on; 0 asks for all of it.
    pub from_bytes: u64,
    /// The strong `ETag` of the file that the bytes before came from: the rest is wanted of that
    /// one alone, and else all of the new one. Without it all is asked for, wherever it was to
    /// begin.
    pub if_range: Option<&'a str>,
    /// How long the whole file may be.
    pub bytes_max: u64,
}

impl<'a> Wanted<'a> {
    /// All of a file.
    #[must_use]
    pub const fn all(url: &'a str, bytes_max: u64) -> Self {
        Self {
            url,
            from_bytes: 0,
            if_range: None,
            bytes_max,
        }
    }

    /// The rest of the file with this strong `ETag`.
    #[must_use]
    pub const fn rest(self, from_bytes: u64, etag: &'a str) -> Self {
        Self {
            from_bytes,
            if_range: Some(etag),
            ..self
        }
    }
}

/// What a server said about the bytes that follow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Begun {
    /// Where they go: 0, or what was asked for.
    pub from_bytes: u64,
    /// How long the whole file is, where the server says it.
    pub total_bytes: Option<u64>,
    /// The file's strong `ETag`, where the server says one.
    pub etag: Option<String>,
}

impl Begun {
    /// Of a server's words.
    #[must_use]
    pub const fn new(from_bytes: u64, total_bytes: Option<u64>, etag: Option<String>) -> Self {
        Self {
            from_bytes,
            total_bytes,
            etag,
        }
    }
}

/// Where downloaded bytes go.
pub trait Sink {
    /// Bytes follow: what lies at and behind `begun.from_bytes` is to be dropped, `begun` to be
    /// kept for the next try.
    ///
    /// # Errors
    ///
    /// Where they cannot be taken: the device's fault.
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError>;

    /// The next bytes.
    ///
    /// # Errors
    ///
    /// Where they cannot be taken: the device's fault.
    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError>;
}
