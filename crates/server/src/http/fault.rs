//! What is answered where a request cannot be served: `{code, message, details?}`.

use std::borrow::Cow;

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONNECTION, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode, Uri};
use patchproof_protocol::developer::ErrorBody;

/// A refusal. The words say who is at fault, what was expected and found, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fault {
    /// The status.
    pub status: StatusCode,
    /// A word for programs, in snake_case.
    pub code: &'static str,
    /// Words for people.
    pub message: Cow<'static, str>,
    /// After how many seconds to try again, where that helps.
    pub retry_after_s: Option<u64>,
}

impl Fault {
    /// A refusal in these words.
    #[must_use]
    pub fn new(
        status: StatusCode,
        code: &'static str,
        message: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            status,
            code,
            message: message.into(),
            retry_after_s: None,
        }
    }

    /// The request is at fault: 400.
    #[must_use]
    pub fn bad_request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "bad_request", message)
    }

    /// There is no such thing: 404.
    #[must_use]
    pub fn not_found(message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not_found", message)
    }

    /// Something that this server relies on does not answer: 503. Why is for the log alone.
    #[must_use]
    pub fn unavailable(what: &'static str, error: &dyn std::fmt::Display) -> Self {
        tracing::error!(what, error = %error, "not available");
        let mut fault = Self::new(
            StatusCode::SERVICE_UNAVAILABLE,
            "unavailable",
            format!("the server's {what} did not answer; nothing is wrong with the request"),
        );
        fault.retry_after_s = Some(RETRY_AFTER_S);
        fault
    }

    /// A bug of ours: 500.
    #[must_use]
    pub fn internal() -> Self {
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "internal",
            "a bug of the server, not of the request; please report it with the x-request-id",
        )
    }

    /// Too many requests from one address: 429.
    #[must_use]
    pub fn too_many(retry_after_s: u64) -> Self {
        let mut fault = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            "too_many_requests",
            format!("too many requests from this address; try again in {retry_after_s} s"),
        );
        fault.retry_after_s = Some(retry_after_s);
        fault
    }
}

impl IntoResponse for Fault {
    fn into_response(self) -> Response {
        let mut headers = HeaderMap::new();
        if let Some(seconds) = self.retry_after_s {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        // What is left of such a body was not read.
        if matches!(
            self.status,
            StatusCode::PAYLOAD_TOO_LARGE | StatusCode::REQUEST_TIMEOUT
        ) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        let body = ErrorBody {
            code: self.code.to_owned(),
            message: self.message.into_owned(),
            details: None,
        };
        (self.status, headers, Json(body)).into_response()
    }
}

/// Of a path that nothing lies at.
pub(super) async fn no_such_path(uri: Uri) -> Fault {
    let path = beginning(uri.path());
    Fault::not_found(format!("nothing lies at `{path}` on this server"))
}

/// As much of a path as is shown.
pub(super) fn beginning(path: &str) -> &str {
    let end = path.floor_char_boundary(PATH_BYTES_SHOWN);
    path.get(..end).unwrap_or(path)
}

/// Of a path that another method is for. The router fills in which.
pub(super) async fn no_such_method(method: Method) -> Response {
    let fault = Fault::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "method_not_allowed",
        format!("`{method}` is not for this path; the header `{ALLOW}` has those that are"),
    );
    fault.into_response()
}

const PATH_BYTES_SHOWN: usize = 200;
const RETRY_AFTER_S: u64 = 5;
