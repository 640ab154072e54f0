//! What a request says: its body, path and query, each refused in our shape where it cannot be
//! read.

use axum::body::to_bytes;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::http::{BODY_BYTES_MAX, Fault};

/// A body of JSON.
pub(super) struct Asked<T>(pub(super) T);

/// A body of JSON that is kept byte for byte, as text.
pub(super) struct Document(pub(super) String);

/// What stands in the path.
pub(super) struct PathOf<T>(pub(super) T);

/// What stands behind the `?`.
pub(super) struct QueryOf<T>(pub(super) T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Asked<T> {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &S) -> Result<Self, Fault> {
        let text = json_text(request).await?;
        let value: Value = serde_json::from_str(&text).map_err(|error| {
            Fault::bad_request(format!("the body is no JSON: {error}; mend it"))
        })?;
        if has_nul(&value) {
            return Err(Fault::bad_request(
                "a text of the body has a NUL in it: leave it out",
            ));
        }
        serde_json::from_value(value).map(Self).map_err(|error| {
            Fault::bad_request(format!("the body is not what is asked for here: {error}"))
        })
    }
}

impl<S: Send + Sync> FromRequest<S> for Document {
    type Rejection = Fault;

    async fn from_request(request: Request, _: &S) -> Result<Self, Fault> {
        json_text(request).await.map(Self)
    }
}

impl<S: Send + Sync, T: DeserializeOwned + Send> FromRequestParts<S> for PathOf<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let path = Path::<T>::from_request_parts(parts, state).await;
        path.map(|Path(path)| Self(path))
            .map_err(|error| Fault::bad_request(error.body_text()))
    }
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for QueryOf<T> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Fault> {
        let query = Query::<T>::from_request_parts(parts, state).await;
        query
            .map(|Query(query)| Self(query))
            .map_err(|error| Fault::bad_request(error.body_text()))
    }
}

/// Refuses paths and queries with a NUL in them: PostgreSQL has no text with one.
pub(super) async fn without_nul(request: Request, next: Next) -> Response {
    let uri = request.uri();
    let texts = [Some(uri.path()), uri.query()];
    if texts.into_iter().flatten().any(|text| text.contains("%00")) {
        return Fault::bad_request("the URL has a NUL in it: leave it out").into_response();
    }
    next.run(request).await
}

async fn json_text(request: Request) -> Result<String, Fault> {
    if !may_be_json(request.headers()) {
        return Err(Fault::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "unsupported_media_type",
            "expected a body of the type application/json",
        ));
    }
    let body = to_bytes(request.into_body(), BODY_BYTES_MAX).await;
    let bytes = body.map_err(|error| unread(error.into_inner().as_ref()))?;
    String::from_utf8(bytes.into())
        .map_err(|_| Fault::bad_request("the body is no UTF-8: JSON always is"))
}

/// Shorebird's tools send JSON as `text/plain`, and others without any type.
fn may_be_json(headers: &HeaderMap) -> bool {
    let Some(found) = headers.get(CONTENT_TYPE) else {
        return true;
    };
    let found = found.to_str().unwrap_or_default().to_ascii_lowercase();
    let kind = found.split(';').next().unwrap_or_default().trim();
    let is_json = kind.starts_with("application/") && kind.ends_with("+json");
    is_json || ["application/json", "text/plain"].contains(&kind)
}

fn unread(error: &(dyn std::error::Error + 'static)) -> Fault {
    let mut error = Some(error);
    while let Some(cause) = error {
        if cause.is::<http_body_util::LengthLimitError>() {
            return Fault::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "too_large",
                format!("the body has more than {BODY_BYTES_MAX} bytes: send less at once"),
            );
        }
        error = cause.source();
    }
    Fault::bad_request("the body ends early or stands still: send it again")
}

fn has_nul(value: &Value) -> bool {
    match value {
        Value::String(text) => text.contains('\0'),
        Value::Array(values) => values.iter().any(has_nul),
        Value::Object(fields) => fields
            .iter()
            .any(|(name, value)| name.contains('\0') || has_nul(value)),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use patchproof_protocol::developer::NewChannel;

    use super::*;

    async fn status(kind: Option<&str>, body: &str) -> u16 {
        let mut request = Request::post("/");
        if let Some(kind) = kind {
            request = request.header(CONTENT_TYPE, kind);
        }
        let request = request.body(Body::from(body.to_owned())).unwrap();
        let asked = Asked::<NewChannel>::from_request(request, &()).await;
        asked.err().map_or(200, |fault| fault.status.as_u16())
    }

    const GOOD: &str = r#"{"channel":"stable","more":[1]}"#;

    #[tokio::test]
    async fn json_is_read_under_each_type_that_tools_send_it_with() {
        for kind in [
            None,
            Some("application/json"),
            Some("Application/JSON; charset=utf-8"),
            Some("text/plain; charset=utf-8"),
            Some("application/vnd.patchproof.root.v1+json"),
        ] {
            assert_eq!(status(kind, GOOD).await, 200, "{kind:?}");
        }
    }

    #[tokio::test]
    async fn another_type_is_415() {
        for kind in [
            "text/html",
            "multipart/form-data; boundary=x",
            "nonsense",
            "",
        ] {
            assert_eq!(status(Some(kind), GOOD).await, 415, "{kind}");
        }
    }

    #[tokio::test]
    async fn what_cannot_be_read_is_400() {
        let nul = "{\"channel\":\"a\\u0000\"}";
        let deep = "[".repeat(100_000);
        for body in ["", "{", "[]", "{}", r#"{"channel":1}"#, nul, &deep] {
            assert_eq!(status(None, body).await, 400, "{body:.40}");
        }
    }

    #[tokio::test]
    async fn a_body_without_end_is_413() {
        let long = format!("{{\"channel\":\"{}\"}}", "a".repeat(BODY_BYTES_MAX));
        assert_eq!(status(None, &long).await, 413);
    }
}
