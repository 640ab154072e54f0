//! Which patch sits where, how far it goes out, and back.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{ChangedNumbers, Promote, ROLLOUT_ALL, Rollout};

use super::input::{Asked, PathOf};
use super::patches::{PatchId, PatchOfRelease};
use super::releases::ReleaseId;
use super::{now_s, valid};
use crate::auth::{OfApp, Publishes};
use crate::http::Fault;

/// Put a patch onto a channel
///
/// It leaves the channel that it sat on. From now on devices of the channel are offered it, as far
/// as it is rolled out.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/patches/promote", tag = "patches",
    params(("app_id" = String, Path)), request_body = Promote,
    responses((status = 201, description = "It sits there"),
        (status = 409, description = "An upload of the patch is still awaited, or it has none")))]
pub(super) async fn promote_patch(
    app: OfApp<Publishes>,
    Asked(promote): Asked<Promote>,
) -> Result<StatusCode, Fault> {
    let rollout = within(promote.rollout_basis_points)?;
    let (patch_id, channel_id) = (promote.patch_id, promote.channel_id);
    let store = app.store();
    store
        .promote(app.app_id(), patch_id, channel_id, rollout, now_s())
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::CREATED)
}

/// Roll a patch out to more or fewer devices of its channel
#[utoipa::path(put, path = "/api/v1/apps/{app_id}/patches/{patch_id}/rollout", tag = "publishing",
    params(("app_id" = String, Path), ("patch_id" = i64, Path)), request_body = Rollout,
    responses((status = 204, description = "It goes out that far"),
        (status = 409, description = "The patch sits on no channel")))]
pub(super) async fn set_rollout(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchId>,
    Asked(rollout): Asked<Rollout>,
) -> Result<StatusCode, Fault> {
    let points = within(rollout.rollout_basis_points)?;
    app.store()
        .set_rollout(app.app_id(), path.patch_id, points)
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Roll a patch back
///
/// Devices that run it are told to go back from it; it is offered to none.
#[utoipa::path(post,
    path = "/api/v1/apps/{app_id}/releases/{release_id}/patches/{patch_id}/rollback",
    tag = "patches",
    params(("app_id" = String, Path), ("release_id" = i64, Path), ("patch_id" = i64, Path)),
    responses((status = 204, description = "It is taken back")))]
pub(super) async fn roll_back_patch(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchOfRelease>,
) -> Result<StatusCode, Fault> {
    path.is_there(&app).await?;
    back(&app, path.patch_id).await
}

/// Roll a patch forward again
#[utoipa::path(delete,
    path = "/api/v1/apps/{app_id}/releases/{release_id}/patches/{patch_id}/rollback",
    tag = "patches",
    params(("app_id" = String, Path), ("release_id" = i64, Path), ("patch_id" = i64, Path)),
    responses((status = 204, description = "It is offered again")))]
pub(super) async fn roll_forward_patch(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchOfRelease>,
) -> Result<StatusCode, Fault> {
    path.is_there(&app).await?;
    forward(&app, path.patch_id).await
}

/// Roll a patch back, named without its release
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/patches/{patch_id}/rollback",
    tag = "publishing", params(("app_id" = String, Path), ("patch_id" = i64, Path)),
    responses((status = 204, description = "It is taken back")))]
pub(super) async fn roll_back(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchId>,
) -> Result<StatusCode, Fault> {
    back(&app, path.patch_id).await
}

/// Roll a patch forward again, named without its release
#[utoipa::path(delete, path = "/api/v1/apps/{app_id}/patches/{patch_id}/rollback",
    tag = "publishing", params(("app_id" = String, Path), ("patch_id" = i64, Path)),
    responses((status = 204, description = "It is offered again")))]
pub(super) async fn roll_forward(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<PatchId>,
) -> Result<StatusCode, Fault> {
    forward(&app, path.patch_id).await
}

/// Take every patch of a release back
///
/// What is published afterwards is offered.
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/releases/{release_id}/kill-switch",
    tag = "publishing", params(("app_id" = String, Path), ("release_id" = i64, Path)),
    responses((status = 200, description = "Which were taken back now", body = ChangedNumbers)))]
pub(super) async fn kill(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<ReleaseId>,
) -> Result<Json<ChangedNumbers>, Fault> {
    switch(&app, path.release_id, true).await
}

/// Give back what the kill switch took
///
/// What was rolled back by itself stays so.
#[utoipa::path(delete, path = "/api/v1/apps/{app_id}/releases/{release_id}/kill-switch",
    tag = "publishing", params(("app_id" = String, Path), ("release_id" = i64, Path)),
    responses((status = 200, description = "Which were given back now", body = ChangedNumbers)))]
pub(super) async fn revive(
    app: OfApp<Publishes>,
    PathOf(path): PathOf<ReleaseId>,
) -> Result<Json<ChangedNumbers>, Fault> {
    switch(&app, path.release_id, false).await
}

async fn back(app: &OfApp<Publishes>, patch_id: i64) -> Result<StatusCode, Fault> {
    app.store()
        .roll_back(app.app_id(), patch_id, now_s())
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn forward(app: &OfApp<Publishes>, patch_id: i64) -> Result<StatusCode, Fault> {
    app.store().roll_forward(app.app_id(), patch_id).await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn switch(
    app: &OfApp<Publishes>,
    release_id: i64,
    on: bool,
) -> Result<Json<ChangedNumbers>, Fault> {
    let store = app.store();
    let numbers = store
        .kill_switch(app.app_id(), release_id, on, now_s())
        .await?;
    app.refresh(app.app_id()).await?;
    Ok(Json(ChangedNumbers { numbers }))
}

/// A rollout, if it is one.
pub(super) fn within(basis_points: u16) -> Result<u16, Fault> {
    let (found, high) = (u64::from(basis_points), u64::from(ROLLOUT_ALL));
    valid::between("rollout_basis_points", found, 0, high)?;
    Ok(basis_points)
}
