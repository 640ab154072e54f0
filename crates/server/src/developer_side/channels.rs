//! Channels.

use axum::Json;
use patchproof_protocol::developer::{Channel, NewChannel};

use super::input::Asked;
use super::{shapes, valid};
use crate::auth::{OfApp, Publishes, Reads};
use crate::http::Fault;

/// List the channels of an app
#[utoipa::path(get, path = "/api/v1/apps/{app_id}/channels", tag = "channels",
    params(("app_id" = String, Path)),
    responses((status = 200, description = "In the order of their names", body = Vec<Channel>)))]
pub(super) async fn list_channels(app: OfApp<Reads>) -> Result<Json<Vec<Channel>>, Fault> {
    let channels = app.store().channels(app.app_id()).await?;
    Ok(Json(channels.into_iter().map(shapes::channel).collect()))
}

/// Make a channel
#[utoipa::path(post, path = "/api/v1/apps/{app_id}/channels", tag = "channels",
    params(("app_id" = String, Path)), request_body = NewChannel,
    responses((status = 200, description = "It was made", body = Channel),
        (status = 409, description = "The app has one of this name")))]
pub(super) async fn create_channel(
    app: OfApp<Publishes>,
    Asked(new): Asked<NewChannel>,
) -> Result<Json<Channel>, Fault> {
    valid::word("channel", &new.channel)?;
    let channel = app
        .store()
        .create_channel(app.app_id(), &new.channel)
        .await?;
    Ok(Json(shapes::channel(channel)))
}
