//! An impatient client, and what became of its download.

use std::time::{Duration, Instant};

use patchproof_device::{
    Begun, Cancel, HttpOptions, HttpTransport, Sink, SinkError, Transport as _, TransportError,
    Wanted,
};

/// How long a file may be in these tests.
pub(crate) const BYTES_MAX: u64 = 1_000;

/// Far more than any of these exchanges takes, on a slow machine too.
pub(crate) const AT_MOST: Duration = Duration::from_secs(15);

pub(crate) fn options() -> HttpOptions {
    let mut options = HttpOptions::default();
    options.connect = Duration::from_secs(5);
    options.idle = Duration::from_millis(400);
    options.post_total = Duration::from_secs(3);
    options.download_total = Duration::from_secs(3);
    options.head_bytes_max = 8 * 1024;
    options
}

pub(crate) fn client() -> HttpTransport {
    HttpTransport::new(options())
}

/// Keeps all that came, as it came.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) begun: Vec<Begun>,
    pub(crate) bytes: Vec<u8>,
}

impl Sink for Kept {
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError> {
        let keep = usize::try_from(begun.from_bytes).map_err(SinkError::new)?;
        self.bytes.truncate(keep);
        self.begun.push(begun);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        self.bytes.extend_from_slice(bytes);
        Ok(())
    }
}

/// All of `url`, once.
pub(crate) fn all(url: &str) -> (Kept, Result<(), TransportError>) {
    download(&Wanted::all(url, BYTES_MAX))
}

/// The rest of `url` from byte 4 on, of the file with the `ETag` "one".
pub(crate) fn rest(url: &str) -> (Kept, Result<(), TransportError>) {
    download(&Wanted::all(url, BYTES_MAX).rest(4, ETAG))
}

/// Whatever the server does: it ends in time, and no more bytes come than may.
pub(crate) fn download(wanted: &Wanted<'_>) -> (Kept, Result<(), TransportError>) {
    let mut kept = Kept::default();
    let since = Instant::now();
    let found = client().download(wanted, &mut kept, &Cancel::new());
    assert!(since.elapsed() < AT_MOST, "it took {:?}", since.elapsed());
    assert!(u64::try_from(kept.bytes.len()).expect("few") <= BYTES_MAX);
    (kept, found)
}

/// The `ETag` of the file that resumed downloads began with.
pub(crate) const ETAG: &str = "\"one\"";

/// Says that `$found` is an error of this form.
macro_rules! assert_error {
    ($found:expr, $pattern:pat $(if $guard:expr)?) => {
        match $found {
            Err($pattern) $(if $guard)? => {}
            other => panic!("expected {}, found {other:?}", stringify!($pattern)),
        }
    };
}
pub(crate) use assert_error;
