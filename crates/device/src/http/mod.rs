//! The HTTP client: blocking, over rustls, and trusting nothing that a server says about itself.
//!
//! https anywhere, plain http to this machine alone: by the address, by each redirect's, and by
//! where the name leads. No thread is started and no connection kept. Asking the system for a
//! name's address cannot be interrupted; it ends when the system gives up.

mod content_range;
mod exchange;
mod failure;
mod resolver;
mod response;
mod retry_after;

use std::time::{Duration, Instant};

use patchproof_protocol::WebUrl;
use ureq::http::StatusCode;

use crate::transport::{Cancel, Sink, Transport, TransportError, Wanted};
use exchange::{Client, Question};
use response::{Body, begun};

/// A [`Transport`] over HTTP.
#[derive(Clone, Debug, Default)]
pub struct HttpTransport {
    options: HttpOptions,
}

/// How patient a client is, and what it trusts.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct HttpOptions {
    /// How long a connection may take.
    pub connect: Duration,
    /// How long nothing may move: neither a byte to the server nor one from it.
    pub idle: Duration,
    /// How long asking a question and reading its answer may take, all in all.
    pub post_total: Duration,
    /// How long a download may take, redirects and all. What it got until then is not lost.
    pub download_total: Duration,
    /// How many redirects a download follows. A question follows none: it tells about the device,
    /// and to nobody but the server of the settings.
    pub redirects_max: u32,
    /// How long the head of an answer may be, in bytes.
    pub head_bytes_max: usize,
    /// The certificates (DER) that a server's must be signed by. Nothing here means the public ones
    /// that browsers trust, as built in.
    pub roots: Option<Vec<Vec<u8>>>,
}

impl Default for HttpOptions {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(30),
            post_total: Duration::from_secs(60),
            download_total: Duration::from_secs(15 * 60),
            redirects_max: 5,
            head_bytes_max: 32 * 1024,
            roots: None,
        }
    }
}

impl HttpTransport {
    /// With these options.
    #[must_use]
    pub const fn new(options: HttpOptions) -> Self {
        Self { options }
    }
}

impl Transport for HttpTransport {
    fn post(
        &self,
        url: &str,
        json: &[u8],
        answer_bytes_max: u64,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        let url = WebUrl::parse(url).map_err(TransportError::Url)?;
        let until = Instant::now() + self.options.post_total;
        let client = Client::new(&self.options, &url, until, cancel)?;
        let response = client.ask(&url, &Question::Post(json))?;
        if !response.status().is_success() {
            return Err(response::refusal(&response));
        }
        response::unpacked(&response)?;
        let mut answer = Vec::new();
        Body::of(response, 0, answer_bytes_max, "an answer")?.read(&client, &mut |bytes| {
            answer.extend_from_slice(bytes);
            Ok(())
        })?;
        Ok(answer)
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let mut url = WebUrl::parse(wanted.url).map_err(TransportError::Url)?;
        let until = Instant::now() + self.options.download_total;
        let client = Client::new(&self.options, &url, until, cancel)?;
        let question = Question::download(wanted);
        let mut redirects_left = self.options.redirects_max;
        let response = loop {
            let response = client.ask(&url, &question)?;
            let Some(location) = response::location(&response)? else {
                break response;
            };
            redirects_left = redirects_left
                .checked_sub(1)
                .ok_or(TransportError::Redirect { why: "too often" })?;
            url = url.redirected(location).map_err(TransportError::Url)?;
        };
        match response.status() {
            StatusCode::OK | StatusCode::PARTIAL_CONTENT => {}
            StatusCode::RANGE_NOT_SATISFIABLE if wanted.from_bytes > 0 => {
                return Err(TransportError::RangeNotSatisfied {
                    from_bytes: wanted.from_bytes,
                });
            }
            _ => return Err(response::refusal(&response)),
        }
        response::unpacked(&response)?;
        let begun = begun(&response, wanted)?;
        let from_bytes = begun.from_bytes;
        let body = Body::of(response, from_bytes, wanted.bytes_max, "a file")?;
        sink.begin(begun).map_err(TransportError::Sink)?;
        body.read(&client, &mut |bytes| {
            sink.bytes(bytes).map_err(TransportError::Sink)
        })
    }
}
