//! Patches as Shorebird's tools make, see and change them.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{CreatedPatch, NUMBER_MAX, NewPatch, Patches, UpdatePatch};
use serde::Deserialize;

use super::input::{Asked, PathOf};
use super::releases::ReleaseId;
use super::{now_s, shapes, valid};
use crate::auth::{OfApp, Publishes, Reads};
use crate::http::Fault;
use crate::store::{PatchUpdate, StoreError};

/// List the patches of a release
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/releases/{release_id}/patches", tag = "patches",
    params(("app_id" = String, Path), ("release_id" = i64, Path)),
    responses((status = 200, description = "The lowest number first", body = Patches)))]
pub(super) async fn list_patches(
    app: OfApp<Reads>,
    PathOf(path): PathOf<ReleaseId>,
) -> Result<Json<Patches>, Fault> {
    let patches = app.store().patches(app.app_id(), path.release_id).await?;
    Ok(Json(Patches {
        patches: patches.into_iter().rev().map(shapes::patch).collect(),
    }))
}

/// Begin a patch
///
/// As Shorebird's tools do: the server chooses the number, artifacts come one by one, and devices
/// see it once it is promoted. What is left lying for a day gives its number back.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/patches", tag = "patches",
    params(("app_id" = String, Path)), request_body = NewPatch,
    responses((status = 200, description = "A draft was made", body = CreatedPatch)))]
pub(super) async fn create_patch(
    app: OfApp<Publishes>,
    Asked(new): Asked<NewPatch>,
) -> Result<Json<CreatedPatch>, Fault> {
    let store = app.store();
    let patch = store
        .create_patch(app.app_id(), new.release_id, None, now_s())
        .await?;
    Ok(Json(CreatedPatch {
        id: patch.id,
        number: patch.number,
    }))
}

/// Change what is said of a patch
#[utoipa::path(patch, path = "/api/v1/apps/{app_id}/releases/{release_id}/patches/{patch_id}",
    tag = "patches",
    params(("app_id" = String, Path), ("release_id" = i64, Path), ("patch_id" = i64, Path)),
    request_body = UpdatePatch,
    responses((status = 204, description = "It was changed")))]
pub(super) async fn update_patch(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchOfRelease>,
    Asked(new): Asked<UpdatePatch>,
) -> Result<StatusCode, Fault> {
    path.is_there(&app).await?;
    valid::optional("notes", new.notes.as_deref(), valid::NOTES_CHARS_MAX)?;
    let expires_at = new.expires_at.unwrap_or(0);
    valid::between("expires_at", expires_at, 0, NUMBER_MAX)?;
    let expires_at_s = shapes::stored("expires_at", expires_at)?;
    let update = PatchUpdate {
        notes: new.notes,
        force_update: new.force_update,
        expires_at_s: new
            .expires_at
            .map(|_| (expires_at_s > 0).then_some(expires_at_s)),
    };
    app.store()
        .update_patch(app.app_id(), path.patch_id, update)
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Which patch of which release, by the path.
#[derive(Deserialize)]
pub(super) struct PatchOfRelease {
    release_id: i64,
    pub(super) patch_id: i64,
}

impl PatchOfRelease {
    /// Whether the patch is one of that release.
    pub(super) async fn is_there<S>(&self, app: &OfApp<S>) -> Result<(), Fault> {
        let patch = app.store().patch(app.app_id(), self.patch_id).await?;
        if patch.release_id == self.release_id {
            return Ok(());
        }
        Err(StoreError::not_found("patch", self.patch_id).into())
    }
}

/// Which patch, by the path.
#[derive(Deserialize)]
pub(super) struct PatchId {
    pub(super) patch_id: i64,
}
