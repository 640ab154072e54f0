//! What lies around every request: its id, its limits, its line in the log, its count; and the
//! answer to a bug of ours.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use axum::body::{Body, to_bytes};
use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use futures_util::FutureExt as _;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue};
use tower_http::timeout::TimeoutBody;
use tracing::Instrument as _;

use crate::http::connections::Peer;
use crate::http::fault::{Fault, beginning};
use crate::http::rates::{RateLimits, Side, client};
use crate::operations::Metrics;

/// What a request is called in the log and in its answer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RequestId(pub HeaderValue);

/// What every request passes.
pub(crate) struct Edge {
    pub(crate) rates: RateLimits,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) trust_proxy: bool,
    pub(crate) body_stands_still: Duration,
    pub(crate) ids: RequestIds,
}

/// Names for requests that bring none: told apart by a number, and from those of other processes by
/// what was drawn when this one started.
pub(crate) struct RequestIds {
    process: u64,
    next: AtomicU64,
}

impl RequestIds {
    pub(crate) fn new() -> Self {
        Self {
            // They need not be secret: without randomness they are the same after each start.
            process: getrandom::u64().unwrap_or_default(),
            next: AtomicU64::new(0),
        }
    }

    fn next(&self) -> HeaderValue {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let name = format!("{:016x}-{number:x}", self.process);
        HeaderValue::try_from(name).unwrap_or(HeaderValue::from_static("none"))
    }
}

/// Takes a request through, and its answer back.
pub(crate) async fn edge(
    State(edge): State<Arc<Edge>>,
    mut request: Request,
    next: Next,
) -> Response {
    let started = Instant::now();
    let id = id_of(request.headers()).unwrap_or_else(|| edge.ids.next());
    let side = Side::of(request.uri().path());
    let address = address(&edge, &request);
    let route = request.extensions().get::<MatchedPath>().cloned();
    let method = request.method().clone();
    let span = tracing::info_span!(
        "request",
        id = id.to_str().unwrap_or_default(),
        %method,
        path = shown_path(request.uri().path(), route.as_ref()),
    );
    request.extensions_mut().insert(RequestId(id.clone()));
    let answered = answered(&edge, side, address, request, next);
    let answered = answered.instrument(span.clone()).await;
    let mut response = in_our_shape(answered).await;
    response.headers_mut().insert(REQUEST_ID, id);
    let took = started.elapsed();
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    edge.metrics
        .answered(route, &method, response.status(), took);
    span.in_scope(|| log(side, address, &response, took));
    response
}

async fn answered(
    edge: &Edge,
    side: Side,
    address: Option<IpAddr>,
    request: Request,
    next: Next,
) -> Response {
    let allowed = address.map_or(Ok(()), |address| edge.rates.take(side, address));
    if let Err(retry_after_s) = allowed {
        return Fault::too_many(retry_after_s).into_response();
    }
    let limit = edge.body_stands_still;
    let request = match side {
        // Read at once, within a time of its own.
        Side::Device => request,
        _ => request.map(|body| Body::new(TimeoutBody::new(limit, body))),
    };
    let answer = AssertUnwindSafe(next.run(request)).catch_unwind().await;
    answer.unwrap_or_else(|panic| {
        let why = panic
            .downcast_ref::<&str>()
            .copied()
            .or_else(|| panic.downcast_ref::<String>().map(String::as_str));
        tracing::error!(panic = why.unwrap_or("without words"), "a bug of ours");
        Fault::internal().into_response()
    })
}

/// The path for the log, or the beginning of a long one: nobody fills the disk by it. That of an
/// upload is a secret, with which anybody may upload.
fn shown_path<'a>(path: &'a str, route: Option<&'a MatchedPath>) -> &'a str {
    match path.starts_with(UPLOADS) {
        true => route.map_or(UPLOADS, MatchedPath::as_str),
        false => beginning(path),
    }
}

fn address(edge: &Edge, request: &Request) -> Option<IpAddr> {
    let Peer(peer) = request.extensions().get::<Peer>()?;
    Some(client(peer.ip(), request.headers(), edge.trust_proxy))
}

/// What a proxy or a client calls the request, if that can stand in a log line.
fn id_of(headers: &HeaderMap) -> Option<HeaderValue> {
    let id = headers.get(&REQUEST_ID)?;
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    let is_plain = (1..=ID_BYTES_MAX).contains(&id.len()) && id.as_bytes().iter().all(plain);
    is_plain.then(|| id.clone())
}

/// The same refusal in our shape, where a library below refused in words of its own.
async fn in_our_shape(response: Response) -> Response {
    let status = response.status();
    let is_refusal = status.is_client_error() || status.is_server_error();
    if !is_refusal || !is_plain(&response) {
        return response;
    }
    let code = match status.as_u16() {
        408 => "timeout",
        413 => "too_large",
        415 => "unsupported_media_type",
        422 => "unprocessable",
        500.. => "internal",
        _ => "bad_request",
    };
    let words = to_bytes(response.into_body(), WORDS_BYTES_MAX).await;
    let words = words.unwrap_or_default();
    let words = String::from_utf8_lossy(&words).into_owned();
    Fault::new(status, code, words).into_response()
}

fn is_plain(response: &Response) -> bool {
    let kind = response.headers().get(CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"text/plain"))
}

/// A line for each request of a developer; of devices there are too many.
fn log(side: Side, address: Option<IpAddr>, response: &Response, took: Duration) {
    let status = response.status().as_u16();
    let took_ms = took.as_secs_f64() * 1000.0;
    let client = address.map(tracing::field::display);
    if response.status().is_server_error() {
        tracing::warn!(status, took_ms, client, "answered");
    } else if side == Side::Developer {
        tracing::info!(status, took_ms, client, "answered");
    } else {
        tracing::debug!(status, took_ms, client, "answered");
    }
}

/// The header that names a request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");
const UPLOADS: &str = "/api/v1/uploads/";
const ID_BYTES_MAX: usize = 128;
const WORDS_BYTES_MAX: usize = 4096;
