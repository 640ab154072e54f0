//! A file, whatever the network does: goes on where it stopped, and begins anew where it has to.

use super::retry::{Retries, retry};
use super::{Begun, Cancel, Sink, SinkError, Transport, TransportError, Wanted, strong_etag};

/// What is to be fetched.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Fetch<'a> {
    /// Where it lies.
    pub url: &'a str,
    /// How long it may be.
    pub bytes_max: u64,
    /// What the sink has of it already.
    pub have: Have,
    /// How often it is tried.
    pub retries: Retries,
}

impl<'a> Fetch<'a> {
    /// All of a file, with the usual retries.
    #[must_use]
    pub fn new(url: &'a str, bytes_max: u64) -> Self {
        Self {
            url,
            bytes_max,
            have: Have::default(),
            retries: Retries::default(),
        }
    }
}

/// How much of a file there is, and of which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Have {
    /// How many bytes, from the first on.
    pub bytes: u64,
    /// Its strong `ETag`. Without one nothing is gone on with: no server could say that the rest is
    /// of the same file.
    pub etag: Option<String>,
    /// How long it is, where that is known.
    pub total_bytes: Option<u64>,
}

impl Have {
    /// So many bytes of the file that the server told this about.
    #[must_use]
    pub const fn new(bytes: u64, etag: Option<String>, total_bytes: Option<u64>) -> Self {
        Self {
            bytes,
            etag,
            total_bytes,
        }
    }

    const fn is_all(&self) -> bool {
        matches!(self.total_bytes, Some(total) if total == self.bytes)
    }
}

/// Fetches a file into `sink`: tries again as [`Retries`] say, asks for the rest of what is there,
/// and for all of it once more, once, where the server will not or must not go on. Returns what the
/// sink has in the end: all of it, as far as the server said how much that is.
///
/// # Errors
///
/// The last one. What the sink has then is good to go on from, except after
/// [`TransportError::Sink`], which is never tried again.
pub fn fetch<T: Transport + ?Sized>(
    transport: &T,
    what: &Fetch<'_>,
    sink: &mut dyn Sink,
    cancel: &Cancel,
) -> Result<Have, TransportError> {
    let mut watched = Watched {
        sink,
        have: what.have.clone(),
        asked_bytes: 0,
        bytes_max: what.bytes_max,
        objection: None,
    };
    if watched.have.is_all() && watched.have.bytes <= what.bytes_max {
        return Ok(watched.have);
    }
    let mut may_begin_anew = true;
    retry(&what.retries, cancel, || {
        match watched.attempt(transport, what.url, cancel) {
            Err(error) if error.asks_for_a_new_beginning() && may_begin_anew => {
                may_begin_anew = false;
                watched.have = Have::default();
                watched.attempt(transport, what.url, cancel)
            }
            other => other,
        }
    })?;
    Ok(watched.have)
}

/// The sink, seen by somebody who knows what was asked for and believes no transport.
struct Watched<'a> {
    sink: &'a mut dyn Sink,
    have: Have,
    asked_bytes: u64,
    bytes_max: u64,
    /// Why bytes were refused: the transport only hears that they were.
    objection: Option<TransportError>,
}

impl Watched<'_> {
    fn attempt<T: Transport + ?Sized>(
        &mut self,
        transport: &T,
        url: &str,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let have = self.have.clone();
        let etag = have.etag.as_deref().and_then(strong_etag);
        let all = Wanted::all(url, self.bytes_max);
        let wanted = match etag {
            Some(etag) if (1..=self.bytes_max).contains(&have.bytes) => all.rest(have.bytes, etag),
            _ => all,
        };
        self.asked_bytes = wanted.from_bytes;
        self.objection = None;
        let outcome = transport.download(&wanted, self, cancel);
        match self.objection.take() {
            Some(objection) => Err(objection),
            None => outcome.and_then(|()| self.whole()),
        }
    }

    fn whole(&self) -> Result<(), TransportError> {
        match self.have.total_bytes {
            Some(total) if total != self.have.bytes => Err(TransportError::Truncated {
                found_bytes: self.have.bytes,
                expected_bytes: Some(total),
            }),
            _ => Ok(()),
        }
    }

    fn fits(&self, begun: &Begun) -> Result<(), TransportError> {
        if begun
            .total_bytes
            .is_some_and(|total| total > self.bytes_max)
        {
            return Err(self.too_large());
        }
        if begun.from_bytes == 0 {
            return Ok(());
        }
        if begun.from_bytes != self.asked_bytes {
            return Err(TransportError::WrongRange {
                asked_bytes: self.asked_bytes,
                found_bytes: begun.from_bytes,
            });
        }
        if differ(begun.total_bytes.as_ref(), self.have.total_bytes.as_ref()) {
            return Err(TransportError::Changed { what: "length" });
        }
        if differ(begun.etag.as_ref(), self.have.etag.as_ref()) {
            return Err(TransportError::Changed { what: "ETag" });
        }
        Ok(())
    }

    fn too_large(&self) -> TransportError {
        TransportError::TooLarge {
            what: "a file",
            max_bytes: self.bytes_max,
        }
    }

    fn object<T>(&mut self, objection: TransportError) -> Result<T, SinkError> {
        let words = objection.to_string();
        self.objection = Some(objection);
        Err(SinkError::new(words))
    }

    /// The device's own fault: never tried again.
    fn failed<T>(&mut self, error: SinkError) -> Result<T, SinkError> {
        self.object(TransportError::Sink(error))
    }
}

impl Sink for Watched<'_> {
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError> {
        if let Err(objection) = self.fits(&begun) {
            return self.object(objection);
        }
        let mut have = Have::new(begun.from_bytes, begun.etag.clone(), begun.total_bytes);
        if begun.from_bytes > 0 {
            have.etag = have.etag.or_else(|| self.have.etag.clone());
            have.total_bytes = have.total_bytes.or(self.have.total_bytes);
        }
        let begun = Begun::new(have.bytes, have.total_bytes, have.etag.clone());
        self.have = have;
        self.sink.begin(begun).or_else(|error| self.failed(error))
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let end = self.have.bytes.saturating_add(count);
        if end
            > self
                .have
                .total_bytes
                .unwrap_or(self.bytes_max)
                .min(self.bytes_max)
        {
            let objection = self.too_large();
            return self.object(objection);
        }
        if let Err(error) = self.sink.bytes(bytes) {
            return self.failed(error);
        }
        self.have.bytes = end;
        Ok(())
    }
}

fn differ<T: PartialEq>(one: Option<&T>, other: Option<&T>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one != other)
}

#[cfg(test)]
#[path = "fetch_tests.rs"]
mod tests;
