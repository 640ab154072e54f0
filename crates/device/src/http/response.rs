//! What the head of an answer says, and the body behind it.

use std::io::{self, Read as _};
use std::time::SystemTime;

use ureq::http::{HeaderName, Response, StatusCode, header};

use super::content_range::ContentRange;
use super::exchange::Client;
use super::failure::Stage;
use super::retry_after::retry_after;
use crate::transport::{Begun, TransportError, Wanted, strong_etag};

/// Where a redirect leads, if the answer is one.
pub(super) fn location(response: &Response<ureq::Body>) -> Result<Option<&str>, TransportError> {
    if !matches!(response.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return Ok(None);
    }
    match only(response, &header::LOCATION)? {
        Some(location) => Ok(Some(location)),
        None => Err(TransportError::Redirect {
            why: "without saying where to",
        }),
    }
}

/// A status that is no success.
pub(super) fn refusal(response: &Response<ureq::Body>) -> TransportError {
    let value = only(response, &header::RETRY_AFTER).ok().flatten();
    TransportError::Status {
        code: response.status().as_u16(),
        retry_after: value.and_then(|text| retry_after(text, SystemTime::now())),
    }
}

/// Refuses a body that is not the file as it is.
pub(super) fn unpacked(response: &Response<ureq::Body>) -> Result<(), TransportError> {
    for (name, plain) in [
        (&header::CONTENT_ENCODING, "identity"),
        (&header::TRANSFER_ENCODING, "chunked"),
    ] {
        for value in response.headers().get_all(name) {
            if !value.as_bytes().eq_ignore_ascii_case(plain.as_bytes()) {
                return Err(TransportError::Encoded {
                    found: String::from_utf8_lossy(value.as_bytes()).into_owned(),
                });
            }
        }
    }
    Ok(())
}

/// What the head says about the file; the status is 200 or 206.
pub(super) fn begun(
    response: &Response<ureq::Body>,
    wanted: &Wanted<'_>,
) -> Result<Begun, TransportError> {
    let etag = only(response, &header::ETAG)?.and_then(strong_etag);
    let begun = if response.status() == StatusCode::PARTIAL_CONTENT {
        partial(response, wanted, etag)?
    } else {
        Begun::new(0, length(response)?, etag.map(str::to_owned))
    };
    match begun.total_bytes {
        Some(total) if total > wanted.bytes_max => Err(too_large("a file", wanted.bytes_max)),
        _ => Ok(begun),
    }
}

fn partial(
    response: &Response<ureq::Body>,
    wanted: &Wanted<'_>,
    etag: Option<&str>,
) -> Result<Begun, TransportError> {
    let text = only(response, &header::CONTENT_RANGE)?;
    let text = text.ok_or_else(|| malformed("206 without Content-Range"))?;
    let range = ContentRange::parse(text).ok_or_else(|| malformed("a broken Content-Range"))?;
    let asked_bytes = match wanted.if_range.and_then(strong_etag) {
        Some(_) => wanted.from_bytes,
        None => 0,
    };
    // A part that nobody asked for is as wrong as another one.
    if asked_bytes == 0 || range.first != asked_bytes {
        return Err(TransportError::WrongRange {
            asked_bytes,
            found_bytes: range.first,
        });
    }
    if matches!((etag, wanted.if_range), (Some(found), Some(asked)) if found != asked) {
        return Err(TransportError::Changed { what: "ETag" });
    }
    if length(response)?.is_some_and(|length| length != range.length()) {
        return Err(malformed("Content-Length and Content-Range disagree"));
    }
    Ok(Begun::new(
        range.first,
        range.total,
        etag.map(str::to_owned),
    ))
}

/// How long the body is; ureq knows no length of one that is empty.
fn length(response: &Response<ureq::Body>) -> Result<Option<u64>, TransportError> {
    let said = only(response, &header::CONTENT_LENGTH)?;
    let nothing = said.filter(|text| *text == "0").map(|_| 0);
    Ok(response.body().content_length().or(nothing))
}

/// The only value of a header; two that could be meant are none.
fn only<'a>(
    response: &'a Response<ureq::Body>,
    name: &HeaderName,
) -> Result<Option<&'a str>, TransportError> {
    let mut values = response.headers().get_all(name).iter();
    let value = values.next();
    if values.next().is_some() {
        return Err(malformed("a header twice"));
    }
    match value.map(|it| it.to_str()) {
        Some(Ok(text)) => Ok(Some(text.trim())),
        Some(Err(_)) => Err(malformed("a header that is no text")),
        None => Ok(None),
    }
}

/// The bytes of an answer, counted.
pub(super) struct Body {
    body: ureq::Body,
    found_bytes: u64,
    expected_bytes: Option<u64>,
    bytes_max: u64,
    what: &'static str,
}

impl Body {
    /// Of an answer whose first byte is the file's `from_bytes`; the file has at most `bytes_max`.
    pub(super) fn of(
        response: Response<ureq::Body>,
        from_bytes: u64,
        bytes_max: u64,
        what: &'static str,
    ) -> Result<Self, TransportError> {
        let body = response.into_body();
        let length = body.content_length();
        let expected_bytes = length.map(|length| from_bytes.saturating_add(length));
        if expected_bytes.unwrap_or(from_bytes) > bytes_max {
            return Err(too_large(what, bytes_max));
        }
        Ok(Self {
            body,
            found_bytes: from_bytes,
            expected_bytes,
            bytes_max,
            what,
        })
    }

    /// Hands over all of it, block by block.
    pub(super) fn read(
        mut self,
        client: &Client<'_>,
        take: &mut dyn FnMut(&[u8]) -> Result<(), TransportError>,
    ) -> Result<(), TransportError> {
        let mut block = vec![0; BLOCK_BYTES];
        let mut reader = self.body.as_reader();
        loop {
            client.time_left()?;
            let stage = Stage::Body {
                found_bytes: self.found_bytes,
                expected_bytes: self.expected_bytes,
            };
            let count = match reader.read(&mut block) {
                Ok(0) => return Ok(()),
                Ok(count) => count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(client.failure(error.into(), stage)),
            };
            self.found_bytes += u64::try_from(count).unwrap_or(u64::MAX);
            if self.found_bytes > self.bytes_max {
                return Err(too_large(self.what, self.bytes_max));
            }
            take(block.get(..count).unwrap_or_default())?;
        }
    }
}

fn too_large(what: &'static str, max_bytes: u64) -> TransportError {
    TransportError::TooLarge { what, max_bytes }
}

fn malformed(why: &str) -> TransportError {
    TransportError::Malformed { why: why.into() }
}

const BLOCK_BYTES: usize = 64 * 1024;
