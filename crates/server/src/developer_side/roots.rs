//! The roots of trust of an app.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{NUMBER_MAX, RootDocument, Roots};
use patchproof_trust::Remembered;
use serde::Deserialize;

use super::input::{Document, PathOf};
use super::valid;
use crate::auth::{OfApp, Publishes, Reads};
use crate::checking::{first_root, newest_root, next_root};
use crate::http::Fault;

/// List the roots of an app
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/roots", tag = "signing",
    params(("app_id" = String, Path)),
    responses((status = 200, description = "In the order of their versions", body = Roots)))]
pub(super) async fn list_roots(app: OfApp<Reads>) -> Result<Json<Roots>, Fault> {
    let roots = app.store().roots(app.app_id()).await?;
    let document = |(version, envelope)| RootDocument { version, envelope };
    Ok(Json(Roots {
        roots: roots.into_iter().map(document).collect(),
    }))
}

/// Put the next root of an app
///
/// Version 1 is the root that lies in the app, and from then on everything that is published has
/// to be signed. Each later one is signed by the one before it and by itself. The body is the
/// envelope, which is kept byte for byte.
#[utoipa::path(put, path = "/api/v1/apps/{app_id}/roots/{version}", tag = "signing",
    params(("app_id" = String, Path), ("version" = u64, Path)),
    request_body(content = Object, content_type = "application/json",
        description = "The envelope of the root"),
    responses((status = 204, description = "It is kept, or was before"),
        (status = 409, description = "Another version comes next, or this one is another"),
        (status = 422, description = "`statement_refused`: no device would believe it")))]
pub(super) async fn put_root(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<Version>,
    Document(envelope): Document,
) -> Result<StatusCode, Fault> {
    valid::between("version", path.version, 1, NUMBER_MAX)?;
    let known = app.store().roots(app.app_id()).await?;
    let same = known
        .iter()
        .any(|(version, known)| *version == path.version && *known == envelope);
    if same {
        return Ok(StatusCode::NO_CONTENT);
    }
    let newest = known.last();
    let next = newest.map_or(1, |(version, _)| version.saturating_add(1));
    if path.version != next {
        return Err(Fault::new(
            StatusCode::CONFLICT,
            "conflict",
            format!(
                "root {next} comes next here, and {} was put: put that one",
                path.version
            ),
        ));
    }
    let version = match newest {
        None => first_root(app.app_id(), envelope.as_bytes())?,
        Some((_, newest)) => next_root(app.app_id(), newest.as_bytes(), envelope.as_bytes())?,
    };
    if version != path.version {
        return Err(Fault::bad_request(format!(
            "the envelope holds root {version}, and the path says {}",
            path.version
        )));
    }
    app.store()
        .put_root(app.app_id(), path.version, &envelope)
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The newest root of the app, if it has one.
pub(super) async fn newest(app: &OfApp<Publishes>) -> Result<Option<Remembered>, Fault> {
    let newest = app.store().roots(app.app_id()).await?.pop();
    let root = newest.map(|(_, envelope)| newest_root(envelope.as_bytes()));
    Ok(root.transpose()?)
}

#[derive(Deserialize)]
pub(super) struct Version {
    version: u64,
}
