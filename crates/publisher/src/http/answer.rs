//! What the server's answer is: a value, a yes, or a no in its words.

use serde::Deserialize;
use serde::de::DeserializeOwned;
use ureq::http::{Response, StatusCode, header};
use ureq::{Body, Error, Timeout};

use crate::error::{ClientError, Refused};

/// The head of an answer that is a yes.
pub(super) fn accepted(answer: Response<Body>, url: &str) -> Result<Response<Body>, ClientError> {
    let status = answer.status();
    if status.is_success() {
        return Ok(answer);
    }
    if status.is_redirection() {
        let to = answer.headers().get(header::LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or("nowhere");
        return Err(not_understood(
            url,
            format!("it redirects to {}, where no token is sent", shown(to)),
        ));
    }
    Err(no(answer, status, url))
}

/// The value that an answer holds.
pub(super) fn value<T: DeserializeOwned>(
    answer: Response<Body>,
    url: &str,
) -> Result<T, ClientError> {
    let bytes = read(answer, url, VALUE_BYTES_MAX)?;
    serde_json::from_slice(&bytes).map_err(|error| not_understood(url, error.to_string()))
}

/// Whatever stands in an answer that is a yes: it is read, and nobody looks at it.
pub(super) fn taken(answer: Response<Body>, url: &str) -> Result<(), ClientError> {
    read(answer, url, VALUE_BYTES_MAX).map(drop)
}

fn read(answer: Response<Body>, url: &str, limit: u64) -> Result<Vec<u8>, ClientError> {
    let body = answer.into_body().into_with_config().limit(limit);
    body.read_to_vec().map_err(|error| match error {
        Error::BodyExceedsLimit(_) => {
            not_understood(url, format!("it is longer than {limit} bytes"))
        }
        error => ClientError::BrokenOff {
            url: url.to_owned(),
            why: error.to_string(),
        },
    })
}

/// A no. What has no error body comes from something else than our server, such as a proxy.
fn no(answer: Response<Body>, status: StatusCode, url: &str) -> ClientError {
    let bytes = read(answer, url, NO_BYTES_MAX).unwrap_or_default();
    let body = serde_json::from_slice::<ErrorBody>(&bytes);
    let status = status.as_u16();
    match body {
        Ok(body) => Refused {
            status,
            code: shown(&body.code),
            message: shown(&body.message),
        }
        .into(),
        // Whoever answers is in the way for a moment, or no server of ours.
        Err(_) if status >= 500 || status == 429 || status == 408 => Refused {
            status,
            code: "no_words".to_owned(),
            message: format!("{url} says no more than that"),
        }
        .into(),
        Err(_) => not_understood(url, format!("the status {status} without a reason")),
    }
}

#[derive(Deserialize)]
struct ErrorBody {
    code: String,
    message: String,
}

/// What an error of the HTTP client means.
pub(super) fn failure(error: &Error, url: &str) -> ClientError {
    let (url, why) = (url.to_owned(), error.to_string());
    match error {
        Error::HostNotFound
        | Error::ConnectionFailed
        | Error::Tls(_)
        | Error::Rustls(_)
        | Error::Timeout(Timeout::Connect | Timeout::Resolve) => {
            ClientError::NotReached { url, why }
        }
        Error::Io(io) if io.kind() == std::io::ErrorKind::ConnectionRefused => {
            ClientError::NotReached { url, why }
        }
        Error::Io(_) | Error::Timeout(_) => ClientError::BrokenOff { url, why },
        _ => ClientError::NotUnderstood { url, why },
    }
}

pub(super) fn not_understood(url: &str, why: String) -> ClientError {
    ClientError::NotUnderstood {
        url: url.to_owned(),
        why,
    }
}

/// What a server wrote, for a terminal: without anything that a terminal acts on.
pub(crate) fn shown(text: &str) -> String {
    let safe = text.chars().map(|letter| match letter {
        '\n' | '\t' => ' ',
        letter if letter.is_control() => '\u{fffd}',
        letter => letter,
    });
    safe.take(SHOWN_CHARS_MAX).collect()
}

/// Far above the status of an app with thousands of patches.
const VALUE_BYTES_MAX: u64 = 64 << 20;
const NO_BYTES_MAX: u64 = 64 << 10;
const SHOWN_CHARS_MAX: usize = 2000;
