//! Apps.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{Apps, CreatedApp, NewApp};

use super::input::Asked;
use super::{now_s, shapes, valid};
use crate::auth::{Administers, AnyToken, OfApp, ServerWide};
use crate::http::Fault;

/// List the apps that the token may see
#[utoipa::path(get, path = "/api/v1/apps", tag = "apps",
    responses((status = 200, description = "In the order of their ids", body = Apps)))]
pub(super) async fn list_apps(asking: AnyToken) -> Result<Json<Apps>, Fault> {
    Ok(Json(shapes::apps(asking.apps().await?)))
}

/// Make an app
///
/// Needs an administrator's token for all apps.
#[utoipa::path(post, path = "/api/v1/apps", tag = "apps", request_body = NewApp,
    responses((status = 200, description = "It was made", body = CreatedApp),
        (status = 409, description = "The id is taken")))]
pub(super) async fn create_app(
    server: ServerWide<Administers>,
    Asked(new): Asked<NewApp>,
) -> Result<Json<CreatedApp>, Fault> {
    valid::name("display_name", &new.display_name)?;
    if let Some(id) = &new.app_id {
        valid::word("app_id", id)?;
    }
    let store = server.store();
    let app = store
        .create_app(new.app_id.as_deref(), &new.display_name, now_s())
        .await?;
    server.refresh(&app.id).await?;
    Ok(Json(CreatedApp {
        id: app.id,
        display_name: app.display_name,
    }))
}

/// Delete an app with all its releases and patches
///
/// Needs an administrator's token. Devices are offered nothing any more; what runs stays.
#[utoipa::path(delete, path = "/api/v1/apps/{app_id}", tag = "apps",
    params(("app_id" = String, Path)),
    responses((status = 204, description = "It is gone")))]
pub(super) async fn delete_app(app: OfApp<Administers>) -> Result<StatusCode, Fault> {
    app.store().delete_app(app.app_id()).await?;
    app.refresh(app.app_id()).await?;
    Ok(StatusCode::NO_CONTENT)
}
