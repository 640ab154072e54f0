//! `GET /patchproof/v1/downloads/{SHA-256}`: a file, streamed from where it lies.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::response::Response;
use http::{HeaderMap, Method};

use crate::blobs::BlobError;
use crate::device_side::entity::{Entity, FOR_EVER, Wanted};
use crate::device_side::hashes;
use crate::http::Fault;
use crate::serving::App;

/// A file by its hash, all of it or a part.
pub(super) async fn download(
    State(app): State<Arc<App>>,
    Path(sha256): Path<String>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Fault> {
    if hashes::read(&sha256).is_none() {
        return Err(not_here());
    }
    // Files of releases lie beside them, and are not for everybody.
    let is_download = app.store.is_download(&sha256).await;
    if !is_download.map_err(|error| Fault::unavailable("database", &error))? {
        return Err(not_here());
    }
    let size_bytes = app.blobs.head(&sha256).await.map_err(fault)?;
    let entity = Entity {
        etag: format!("\"{sha256}\""),
        size_bytes: size_bytes.ok_or_else(not_here)?,
        content_type: "application/octet-stream",
        cache_control: FOR_EVER,
        method: &method,
        headers: &headers,
    };
    let (head, bytes) = match entity.wanted() {
        Wanted::Head(response) => return Ok(response),
        Wanted::Bytes(head, bytes) => (head, bytes),
    };
    let pieces = app.blobs.range(&sha256, bytes).await.map_err(fault)?;
    head.body(Body::from_stream(pieces))
        .map_err(|_| Fault::internal())
}

fn not_here() -> Fault {
    Fault::not_found(
        "there is no download of this name; expected the SHA-256 of one that a patch has",
    )
}

fn fault(error: BlobError) -> Fault {
    match error {
        BlobError::NotFound { .. } | BlobError::Name { .. } => not_here(),
        error => Fault::unavailable("store of blobs", &error),
    }
}
