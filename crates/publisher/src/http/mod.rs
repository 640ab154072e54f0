//! Requests to one server, with one token: what is bounded, what is asked again, what is believed.
//!
//! No redirect is followed: the token goes to the server that was named and to nobody else. An
//! answer is read up to a bound. What may be asked twice is asked again where the way or the server
//! fails for a moment; anything else is asked once.

mod answer;
mod body;
mod download;
#[cfg(test)]
pub(crate) mod scripted;
#[cfg(test)]
mod tests;

use std::time::Duration;

use backon::{BlockingRetryable as _, ExponentialBuilder};
use serde::Serialize;
use serde::de::DeserializeOwned;
use ureq::http::{Method, Request, Response, header};
use ureq::{Agent, AsSendBody, Body, SendBody};

use crate::error::ClientError;
use crate::server_url::{ServerUrl, escaped};
use crate::token::Token;
pub(crate) use body::Sent;
pub(crate) use download::Wanted;

/// A server, and the right to ask it.
#[derive(Debug)]
pub(crate) struct Http {
    agent: Agent,
    server: ServerUrl,
    token: Token,
    patience: Patience,
}

/// How long and how often it is waited.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Patience {
    /// For a connection.
    pub(crate) connect: Duration,
    /// For anything to move. A server that checks an upload is silent meanwhile.
    pub(crate) idle: Duration,
    /// Before what may be asked again is asked again, the first time.
    pub(crate) pause: Duration,
    /// How often it is asked again.
    pub(crate) again: usize,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            idle: Duration::from_secs(10 * 60),
            pause: Duration::from_millis(500),
            again: 4,
        }
    }
}

impl Http {
    pub(crate) fn new(server: ServerUrl, token: Token, patience: Patience) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .user_agent(USER_AGENT)
            .accept_encoding("identity")
            // A server may close a kept connection as it is used again, between two long steps.
            .max_idle_connections(0)
            .timeout_connect(Some(patience.connect))
            .timeout_per_read(Some(patience.idle))
            .timeout_per_write(Some(patience.idle))
            .build();
        Self {
            agent: config.into(),
            server,
            token,
            patience,
        }
    }

    pub(crate) const fn server(&self) -> &ServerUrl {
        &self.server
    }

    /// Asks for a value, again where that may help.
    pub(crate) fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        let url = self.server.at(&with_query(path, query));
        self.again(|| {
            let answer = self.ask(Method::GET, &url, &Sent::Nothing)?;
            answer::value(answer, &url)
        })
    }

    /// Sends a value and reads the answer. It is asked once.
    pub(crate) fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        value: &impl Serialize,
    ) -> Result<T, ClientError> {
        let url = self.server.at(path);
        let body = Sent::json(value, &url)?;
        answer::value(self.ask(Method::POST, &url, &body)?, &url)
    }

    /// Sends the fields of a form and reads the answer. It is asked once.
    pub(crate) fn post_form<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<T, ClientError> {
        let url = self.server.at(path);
        let body = Sent::form(fields);
        answer::value(self.ask(Method::POST, &url, &body)?, &url)
    }

    /// Tells the server something, and wants to know only that it was taken. It is asked once.
    pub(crate) fn tell(
        &self,
        method: Method,
        path: &str,
        value: Option<&impl Serialize>,
    ) -> Result<(), ClientError> {
        let url = self.server.at(path);
        let body = value.map_or(Ok(Sent::Nothing), |value| Sent::json(value, &url))?;
        answer::taken(self.ask(method, &url, &body)?, &url)
    }

    /// Puts a value where it belongs, again where that may help: twice is as good as once.
    pub(crate) fn put(&self, path: &str, body: &Sent<'_>) -> Result<(), ClientError> {
        let url = self.server.at(path);
        self.again(|| answer::taken(self.ask(Method::PUT, &url, body)?, &url))
    }

    /// Sends a file to an address that the server named and that authorises itself.
    pub(crate) fn upload(&self, to: &str, body: &Sent<'_>) -> Result<(), ClientError> {
        let url = self.server.named_by_it(to);
        let url = url.map_err(|why| ClientError::Address {
            found: to.to_owned(),
            why,
        })?;
        let answer = body.with_reader(|reader, headers| {
            let request = headers.into_iter().fold(
                Request::builder().method(Method::PUT).uri(&url),
                |request, (name, value)| request.header(name, value),
            );
            self.run(request.body(reader), &url)
        })?;
        answer::taken(answer?, &url)
    }

    fn ask(
        &self,
        method: Method,
        url: &str,
        body: &Sent<'_>,
    ) -> Result<Response<Body>, ClientError> {
        let request = Request::builder()
            .method(method)
            .uri(url)
            .header(header::AUTHORIZATION, self.token.bearer())
            .header(header::ACCEPT, "application/json");
        body.with_reader(|reader, headers| {
            let request = headers.into_iter().fold(request, |request, (name, value)| {
                request.header(name, value)
            });
            self.run(request.body(reader), url)
        })?
    }

    fn run(
        &self,
        request: Result<Request<impl AsSendBody>, ureq::http::Error>,
        url: &str,
    ) -> Result<Response<Body>, ClientError> {
        let request = request.map_err(|error| ClientError::NotUnderstood {
            url: url.to_owned(),
            why: error.to_string(),
        })?;
        let answer = self.agent.run(request);
        answer::accepted(answer.map_err(|error| answer::failure(&error, url))?, url)
    }

    /// Does what may be done twice, again where that may help.
    fn again<T>(&self, once: impl FnMut() -> Result<T, ClientError>) -> Result<T, ClientError> {
        let pauses = ExponentialBuilder::default()
            .with_min_delay(self.patience.pause)
            .with_max_times(self.patience.again)
            .with_jitter();
        once.retry(pauses).when(ClientError::may_pass).call()
    }
}

fn with_query(path: &str, query: &[(&str, &str)]) -> String {
    let pairs = query
        .iter()
        .map(|(name, value)| format!("{}={}", escaped(name), escaped(value)));
    let pairs: Vec<String> = pairs.collect();
    if pairs.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", pairs.join("&"))
    }
}

/// What a body is on its way to ureq.
type Reader<'a> = SendBody<'a>;

const USER_AGENT: &str = concat!("patchproof/", env!("CARGO_PKG_VERSION"));
