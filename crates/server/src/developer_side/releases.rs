//! Releases.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{
    CreatedRelease, NewRelease, NextNumber, ReleaseStatus, Releases, UpdateRelease,
};
use serde::Deserialize;

use super::input::{Asked, PathOf, QueryOf};
use super::{now_s, shapes, valid};
use crate::auth::{OfApp, Publishes, Reads};
use crate::http::Fault;
use crate::store::{self, ReleaseUpdate};

/// List the releases of an app
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/releases", tag = "releases",
    params(("app_id" = String, Path),
        ("sideloadable" = Option<bool>, Query,
            description = "Only those with an artifact that can be installed as it is")),
    responses((status = 200, description = "The newest first", body = Releases)))]
pub(super) async fn list_releases(
    app: OfApp<Reads>,
    QueryOf(which): QueryOf<Which>,
) -> Result<Json<Releases>, Fault> {
    let mut releases = Vec::new();
    for release in app.store().releases(app.app_id()).await? {
        if which.sideloadable.unwrap_or(false) && !can_sideload(&app, release.id).await? {
            continue;
        }
        releases.push(shapes::release(release));
    }
    Ok(Json(Releases { releases }))
}

/// Make a release
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/releases", tag = "releases",
    params(("app_id" = String, Path)), request_body = NewRelease,
    responses((status = 200, description = "It was made", body = CreatedRelease),
        (status = 409, description = "The app has one of this version")))]
pub(super) async fn create_release(
    app: OfApp<Publishes>,
    Asked(new): Asked<NewRelease>,
) -> Result<Json<CreatedRelease>, Fault> {
    valid::word("version", &new.version)?;
    valid::text(
        "flutter_revision",
        &new.flutter_revision,
        valid::NAME_CHARS_MAX,
    )?;
    for (field, found) in [
        ("flutter_version", &new.flutter_version),
        ("display_name", &new.display_name),
    ] {
        valid::optional(field, found.as_deref(), valid::NAME_CHARS_MAX)?;
    }
    let new = store::NewRelease {
        version: new.version,
        flutter_revision: new.flutter_revision,
        flutter_version: new.flutter_version,
        display_name: new.display_name,
    };
    let release = app
        .store()
        .create_release(app.app_id(), new, now_s())
        .await?;
    Ok(Json(CreatedRelease {
        release: shapes::release(release),
    }))
}

/// Change a release
#[utoipa::path(patch, path = "/api/v1/apps/{app_id}/releases/{release_id}", tag = "releases",
    params(("app_id" = String, Path), ("release_id" = i64, Path)), request_body = UpdateRelease,
    responses((status = 204, description = "It was changed")))]
pub(super) async fn update_release(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<ReleaseId>,
    Asked(new): Asked<UpdateRelease>,
) -> Result<StatusCode, Fault> {
    valid::optional("notes", new.notes.as_deref(), valid::NOTES_CHARS_MAX)?;
    let platform_status = match (new.platform, new.status) {
        (Some(platform), Some(status)) => Some((platform.name().to_owned(), to_store(status))),
        (None, None) => None,
        _ => {
            return Err(Fault::bad_request(
                "`status` and `platform` come together: add the one that is missing",
            ));
        }
    };
    let update = ReleaseUpdate {
        platform_status,
        notes: new.notes,
    };
    let store = app.store();
    store
        .update_release(app.app_id(), path.release_id, update, now_s())
        .await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The number that the next patch of a release gets
///
/// Statements are signed for a number, before it is taken by publishing.
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/releases/{release_id}/next-number",
    tag = "publishing", params(("app_id" = String, Path), ("release_id" = i64, Path)),
    responses((status = 200, description = "If nobody publishes first", body = NextNumber)))]
pub(super) async fn next_number(
    app: OfApp<Reads>,
    PathOf(path): PathOf<ReleaseId>,
) -> Result<Json<NextNumber>, Fault> {
    let store = app.store();
    let number = store
        .next_number(app.app_id(), path.release_id, now_s())
        .await?;
    Ok(Json(NextNumber { number }))
}

#[derive(Deserialize)]
pub(super) struct Which {
    sideloadable: Option<bool>,
}

/// Which release, by the path.
#[derive(Deserialize)]
pub(super) struct ReleaseId {
    pub(super) release_id: i64,
}

async fn can_sideload(app: &OfApp<Reads>, release_id: i64) -> Result<bool, Fault> {
    let store = app.store();
    let artifacts = store
        .release_artifacts(app.app_id(), release_id, None, None)
        .await?;
    Ok(artifacts
        .iter()
        .any(|artifact| artifact.uploaded && artifact.can_sideload))
}

fn to_store(status: ReleaseStatus) -> store::ReleaseStatus {
    match status {
        ReleaseStatus::Active => store::ReleaseStatus::Active,
        _ => store::ReleaseStatus::Draft,
    }
}
