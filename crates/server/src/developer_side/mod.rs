//! What developers ask of the server: Shorebird's developer API in its own shapes, and ours.
//!
//! Each handler takes what it may reach from `auth`, and nothing else of the server.

mod apps;
mod blobs;
mod channel_statements;
mod channels;
mod faults;
mod input;
mod patch_artifacts;
mod patches;
mod promotion;
mod publish;
mod publish_checks;
mod release_artifacts;
mod releases;
mod roots;
mod shapes;
mod status;
mod tokens;
mod uploads;
mod users;
mod valid;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::get;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::auth::Guarded;
use crate::device_side::now_s;
use crate::uploads::Inbox;
use crate::{App, openapi};

/// The developer's routes of this server.
pub fn router<S: Clone + Send + Sync + 'static>(app: &Arc<App>) -> Router<S> {
    Inbox::of(&app.settings).clear();
    let (routes, _) = routes_with_document().split_for_parts();
    routes
        // Every body is bounded where it is read: files by the settings, words by a limit of ours.
        .layer(DefaultBodyLimit::disable())
        .route_layer(from_fn(input::without_nul))
        .route("/openapi.json", get(openapi::served))
        .with_state(Guarded::new(Arc::clone(app)))
}

/// The same routes, with what is said of them in `/openapi.json`.
pub(crate) fn routes_with_document() -> OpenApiRouter<Guarded> {
    OpenApiRouter::new()
        .routes(routes!(users::current_user))
        .routes(routes!(users::create_user))
        .routes(routes!(users::list_organizations))
        .routes(routes!(users::list_organization_apps))
        .routes(routes!(users::list_organization_users))
        .routes(routes!(apps::list_apps, apps::create_app))
        .routes(routes!(apps::delete_app))
        .routes(routes!(channels::list_channels, channels::create_channel))
        .routes(routes!(releases::list_releases, releases::create_release))
        .routes(routes!(releases::update_release))
        .routes(routes!(releases::next_number))
        .routes(routes!(
            release_artifacts::list_release_artifacts,
            release_artifacts::create_release_artifact
        ))
        .routes(routes!(patches::list_patches))
        .routes(routes!(patches::update_patch))
        .routes(routes!(patches::create_patch))
        .routes(routes!(patch_artifacts::create_patch_artifact))
        .routes(routes!(uploads::upload_form, uploads::upload_file))
        .merge(ours())
}

/// Routes that Shorebird's tools do not know.
fn ours() -> OpenApiRouter<Guarded> {
    OpenApiRouter::new()
        .routes(routes!(promotion::promote_patch))
        .routes(routes!(promotion::set_rollout))
        .routes(routes!(
            promotion::roll_back_patch,
            promotion::roll_forward_patch
        ))
        .routes(routes!(promotion::roll_back, promotion::roll_forward))
        .routes(routes!(promotion::kill, promotion::revive))
        .routes(routes!(publish::publish))
        .routes(routes!(blobs::get_blob, blobs::put_blob))
        .routes(routes!(roots::list_roots))
        .routes(routes!(roots::put_root))
        .routes(routes!(channel_statements::put_channel_statement))
        .routes(routes!(status::app_status))
        .routes(routes!(tokens::list_tokens, tokens::create_token))
        .routes(routes!(tokens::revoke_token))
}
