//! A client whose every header a test decides; it follows nothing and mends nothing.

use std::time::Duration;

use libtest_mimic::Failed;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{HeaderMap, Request};

/// Whoever asks a server, with a token or without.
#[derive(Clone, Debug)]
pub struct Client {
    agent: Agent,
    base: String,
    token: Option<String>,
}

/// What came back, whatever it is.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Answer {
    /// Of the status line.
    pub status: u16,
    /// By their names.
    pub headers: HeaderMap,
    /// All of it.
    pub body: Vec<u8>,
    /// What was asked, for messages.
    pub asked: String,
}

impl Client {
    /// One without a token.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            // A server may close a kept connection just as it is used again; no test is about that.
            .max_idle_connections(0)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Self {
            agent: config.new_agent(),
            base: base.to_owned(),
            token: None,
        }
    }

    /// The same with this token.
    #[must_use]
    pub fn with(&self, token: &str) -> Self {
        let token = Some(token.to_owned());
        Self {
            token,
            ..self.clone()
        }
    }

    /// The same without a token.
    #[must_use]
    pub fn anonymous(&self) -> Self {
        let token = None;
        Self {
            token,
            ..self.clone()
        }
    }

    /// What stands before every path.
    #[must_use]
    pub fn base(&self) -> &str {
        &self.base
    }

    /// Asks with these headers and these bytes. A path is one behind the base, or a whole URL.
    ///
    /// # Errors
    /// Where nothing came back.
    pub fn ask(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, Failed> {
        let asked = format!("{method} {path}");
        self.send(method, path, headers, body)
            .map_err(|error| format!("{asked}: {error}").into())
            .map(|mut answer| {
                answer.asked = asked;
                answer
            })
    }

    fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &[u8],
    ) -> Result<Answer, ureq::Error> {
        let url = match path.starts_with("http") {
            true => path.to_owned(),
            false => format!("{}{path}", self.base),
        };
        let mut request = Request::builder().method(method).uri(url);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let sends = !body.is_empty() || matches!(method, "POST" | "PUT" | "PATCH");
        let answer = match sends {
            true => self.agent.run(request.body(body)?),
            false => self.agent.run(request.body(())?),
        }?;
        let (parts, body) = answer.into_parts();
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: body
                .into_with_config()
                .limit(BODY_BYTES_MAX)
                .read_to_vec()?,
            asked: String::new(),
        })
    }

    /// Asks for a path.
    ///
    /// # Errors
    /// Where nothing came back.
    pub fn get(&self, path: &str) -> Result<Answer, Failed> {
        self.ask("GET", path, &[], &[])
    }

    /// Sends JSON.
    ///
    /// # Errors
    /// Where nothing came back.
    pub fn json(&self, method: &str, path: &str, body: &Value) -> Result<Answer, Failed> {
        let kind = ("content-type", "application/json");
        self.ask(method, path, &[kind], body.to_string().as_bytes())
    }

    /// Posts JSON.
    ///
    /// # Errors
    /// Where nothing came back.
    pub fn post(&self, path: &str, body: &Value) -> Result<Answer, Failed> {
        self.json("POST", path, body)
    }
}

impl Answer {
    /// The same, where the status is this one.
    ///
    /// # Errors
    /// What came instead.
    pub fn expect(self, status: u16) -> Result<Self, Failed> {
        if self.status == status {
            return Ok(self);
        }
        Err(format!("{}: expected {status}, found {}", self.asked, self.short()).into())
    }

    /// The same, where it is any success.
    ///
    /// # Errors
    /// What came instead.
    pub fn success(self) -> Result<Self, Failed> {
        match self.status {
            200..=299 => Ok(self),
            _ => Err(format!("{}: {}", self.asked, self.short()).into()),
        }
    }

    /// The same, where it is an error in Shorebird's shape with this status and code.
    ///
    /// # Errors
    /// What came instead.
    pub fn refused(self, status: u16, code: &str) -> Result<Value, Failed> {
        let answer = self.expect(status)?;
        let body = answer.value()?;
        let message = body
            .get("message")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if body.get("code").is_some_and(|it| it == code) && !message.is_empty() {
            return Ok(body);
        }
        Err(format!("{}: expected the code {code}, found {body}", answer.asked).into())
    }

    /// Its body as JSON.
    ///
    /// # Errors
    /// Where it is none.
    pub fn value(&self) -> Result<Value, Failed> {
        let read = serde_json::from_slice(&self.body);
        read.map_err(|error| format!("{}: {error}: {}", self.asked, self.short()).into())
    }

    /// One of its headers; empty without one.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    fn short(&self) -> String {
        let body = String::from_utf8_lossy(&self.body);
        let body: String = body.chars().take(1000).collect();
        format!("{} {body}", self.status)
    }
}

const BODY_BYTES_MAX: u64 = 256 << 20;
