//! One question and the head of its answer.

use std::time::{Duration, Instant};

use patchproof_protocol::WebUrl;
use ureq::http::{Response, header};
use ureq::tls::{Certificate, RootCerts, TlsConfig};
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body};

use super::HttpOptions;
use super::failure::{Stage, failure};
use super::resolver::CarefulResolver;
use crate::transport::{Cancel, OnCancel, TransportError, Waiting, Wanted, strong_etag};

/// Asks until a point in time, or until cancelled.
pub(super) struct Client<'a> {
    agent: Agent,
    until: Instant,
    cancel: &'a Cancel,
    _interrupt: OnCancel,
}

/// What is asked.
pub(super) enum Question<'a> {
    /// A body goes along.
    Post(&'a [u8]),
    /// From a byte on, of the file with that `ETag`.
    Get { range: Option<(String, &'a str)> },
}

impl<'a> Question<'a> {
    /// For the bytes that are wanted. All of them, where no strong `ETag` makes sure of the file.
    pub(super) fn download(wanted: &Wanted<'a>) -> Self {
        let etag = wanted.if_range.and_then(strong_etag);
        let range = etag.filter(|_| wanted.from_bytes > 0);
        Self::Get {
            range: range.map(|etag| (format!("bytes={}-", wanted.from_bytes), etag)),
        }
    }
}

impl<'a> Client<'a> {
    /// For `url` and where it redirects to.
    pub(super) fn new(
        options: &HttpOptions,
        url: &WebUrl,
        until: Instant,
        cancel: &'a Cancel,
    ) -> Result<Self, TransportError> {
        cancel.check()?;
        let config = Agent::config_builder()
            .https_only(url.is_https())
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .proxy(None) // the environment is an input, and nobody gave it
            .user_agent(USER_AGENT)
            .accept_encoding("identity")
            .max_response_header_size(options.head_bytes_max)
            .input_buffer_size(options.head_bytes_max.max(BUFFER_BYTES))
            .max_idle_connections(0)
            .timeout_connect(Some(options.connect))
            .timeout_per_read(Some(options.idle))
            .timeout_per_write(Some(options.idle))
            .tls_config(tls(options))
            .build();
        let connector = DefaultConnector::default();
        let agent = Agent::with_parts(config, connector, CarefulResolver::default());
        let to_shut = agent.clone();
        Ok(Self {
            agent,
            until,
            cancel,
            _interrupt: cancel.on_cancel(move || to_shut.shutdown()),
        })
    }

    /// The head of the answer; its body is still to be read.
    pub(super) fn ask(
        &self,
        url: &WebUrl,
        question: &Question<'_>,
    ) -> Result<Response<Body>, TransportError> {
        let left = Some(self.time_left()?);
        let answer = match question {
            Question::Post(body) => {
                let request = self.agent.post(url.as_str()).config();
                let request = request.timeout_global(left).build();
                request
                    .header(header::CONTENT_TYPE, "application/json")
                    .header(header::ACCEPT, "application/json")
                    .send(*body)
            }
            Question::Get { range } => {
                let request = self.agent.get(url.as_str()).config();
                let mut request = request.timeout_global(left).build();
                if let Some((range, etag)) = range {
                    request = request.header(header::RANGE, range);
                    request = request.header(header::IF_RANGE, *etag);
                }
                request.call()
            }
        };
        answer.map_err(|error| self.failure(error, Stage::Head))
    }

    /// What an error of the client means for the caller.
    pub(super) fn failure(&self, error: ureq::Error, stage: Stage) -> TransportError {
        match self.cancel.check() {
            Err(cancelled) => cancelled,
            Ok(()) => failure(error, stage),
        }
    }

    /// Goes on unless time is up or nobody wants it any more.
    pub(super) fn time_left(&self) -> Result<Duration, TransportError> {
        self.cancel.check()?;
        let left = self.until.saturating_duration_since(Instant::now());
        match left.is_zero() {
            true => Err(TransportError::TimedOut(Waiting::Total)),
            false => Ok(left),
        }
    }
}

fn tls(options: &HttpOptions) -> TlsConfig {
    let roots = match &options.roots {
        Some(roots) => roots
            .iter()
            .map(|der| Certificate::from_der(der).to_owned())
            .into(),
        None => RootCerts::WebPki,
    };
    TlsConfig::builder().root_certs(roots).build()
}

const USER_AGENT: &str = concat!("patchproof/", env!("CARGO_PKG_VERSION"));

const BUFFER_BYTES: usize = 128 * 1024;
