//! Signed documents, as files: a CDN in front serves them alone.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Method};
use patchproof_trust::Digest;

use crate::device_side::entity::{A_MINUTE, AN_HOUR, Entity, FOR_EVER, Wanted};
use crate::device_side::{hashes, now_s};
use crate::http::Fault;
use crate::serving::App;
use crate::store::StoreError;

/// A root of an app.
pub(super) async fn root(
    State(app): State<Arc<App>>,
    Path((app_id, file)): Path<(String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let version: Option<u64> = name(&file).and_then(canonical_number);
    let view = app.views.of(&app_id);
    let root = view.as_ref().zip(version).and_then(|(view, version)| {
        let known = view.roots.iter().find(|(known, _)| *known == version);
        known.map(|(_, envelope)| Arc::clone(envelope))
    });
    let root = root.ok_or_else(|| not_here("root of this app and version"))?;
    document(&root, FOR_EVER, &method, &headers)
}

/// The newest channel statement for a release.
pub(super) async fn channel(
    State(app): State<Arc<App>>,
    Path((app_id, release, file)): Path<(String, String, String)>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let missing = || not_here("channel statement for this app, release and channel");
    let view = app.views.of(&app_id).ok_or_else(missing)?;
    let release = hashes::read(&release).ok_or_else(missing)?;
    let channel = name(&file).ok_or_else(missing)?;
    let release = Digest::of_bytes(release);
    let found = app.signing.document(&app, &view, release, channel, now_s());
    let found = found.await?.ok_or_else(missing)?;
    document(&found, A_MINUTE, &method, &headers)
}

/// A patch statement by its name.
pub(super) async fn statement(
    State(app): State<Arc<App>>,
    Path(file): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    let sha256 = name(&file).filter(|name| hashes::read(name).is_some());
    let sha256 = sha256.ok_or_else(|| not_here("statement of this name"))?;
    let found = app
        .store
        .statement(sha256)
        .await
        .map_err(|error| match error {
            StoreError::NotFound { .. } => not_here("statement of this name"),
            error => Fault::unavailable("database", &error),
        })?;
    // Its name stays while signatures are added.
    document(&found, AN_HOUR, &method, &headers)
}

fn document(
    envelope: &str,
    cache_control: &'static str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Fault> {
    let entity = Entity {
        etag: format!("\"{}\"", Digest::of(envelope.as_bytes())),
        size_bytes: u64::try_from(envelope.len()).map_err(|_| Fault::internal())?,
        content_type: "application/json",
        cache_control,
        method,
        headers,
    };
    let (head, bytes) = match entity.wanted() {
        Wanted::Head(response) => return Ok(response),
        Wanted::Bytes(head, bytes) => (head, bytes),
    };
    let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
    let part = envelope
        .as_bytes()
        .get(place(bytes.start)..place(bytes.end));
    let part = Bytes::copy_from_slice(part.unwrap_or_default());
    head.body(Body::from(part)).map_err(|_| Fault::internal())
}

/// The name of a file without its ending.
fn name(file: &str) -> Option<&str> {
    file.strip_suffix(".json").filter(|name| !name.is_empty())
}

/// A number in its one form: no document has two paths.
fn canonical_number(digits: &str) -> Option<u64> {
    let number: u64 = digits.parse().ok()?;
    (number.to_string() == digits).then_some(number)
}

fn not_here(what: &str) -> Fault {
    Fault::not_found(format!("there is no {what} here"))
}
