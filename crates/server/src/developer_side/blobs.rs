//! Files by their hash: what a publication refers to, and what a release is made of.

use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;

use super::input::PathOf;
use super::valid;
use crate::auth::{OfApp, OfBlob, Publishes};
use crate::http::Fault;
use crate::uploads::Announced;

/// Download a file of the app
///
/// Of its releases' artifacts and its patches' downloads. With a token; or by the `url` of a
/// release artifact, which holds for an hour without one.
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/blobs/{sha256}", tag = "publishing",
    params(("app_id" = String, Path), ("sha256" = String, Path)),
    responses((status = 200, description = "Its bytes", body = Vec<u8>,
        content_type = "application/octet-stream")))]
pub(super) async fn get_blob(blob: OfBlob) -> Result<Response, Fault> {
    let missing = || Fault::not_found("the bytes of that artifact are not here");
    let size_bytes = blob
        .blobs()
        .head(blob.sha256())
        .await?
        .ok_or_else(missing)?;
    let pieces = blob.blobs().range(blob.sha256(), 0..size_bytes).await?;
    Response::builder()
        .header(CONTENT_TYPE, "application/octet-stream")
        .header(CONTENT_LENGTH, size_bytes)
        .header(CACHE_CONTROL, "private, immutable")
        .body(Body::from_stream(pieces))
        .map_err(|_| Fault::internal())
}

/// Upload a file for a publication
///
/// Nobody sees it before something published refers to it.
#[utoipa::path(put, path = "/api/v1/apps/{app_id}/blobs/{sha256}", tag = "publishing",
    params(("app_id" = String, Path), ("sha256" = String, Path)),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses((status = 200, description = "It was there already"),
        (status = 201, description = "It is kept"),
        (status = 422, description = "`hash_mismatch` or `size_mismatch`: it is another file")))]
pub(super) async fn put_blob(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<BlobPath>,
    headers: HeaderMap,
    request: Request,
) -> Result<StatusCode, Fault> {
    valid::sha256("sha256", &path.sha256)?;
    let announced = Announced {
        sha256: Some(path.sha256),
        size_bytes: content_length(&headers),
    };
    let pieces = request.into_body().into_data_stream();
    let arrived = app.inbox().take(pieces, &announced).await?;
    match app.blobs().put_file(&arrived.path, &arrived.sha256).await? {
        true => Ok(StatusCode::CREATED),
        false => Ok(StatusCode::OK),
    }
}

#[derive(Deserialize)]
pub(super) struct BlobPath {
    sha256: String,
}

fn content_length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
