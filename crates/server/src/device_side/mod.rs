//! What devices ask of the server: whether there is a patch, what it says of it in signed words,
//! the patch itself; and what became of it.

mod answer;
mod body;
mod check;
mod documents;
mod downloads;
mod entity;
mod events;
pub(crate) mod hashes;
mod question;
mod range;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::routing::{get, post};
use patchproof_protocol::{CHECK_PATH, EVENTS_PATH};

use crate::serving::App;

/// All that devices ask. The paths of documents and downloads are those of
/// `patchproof_protocol::documents`.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route(CHECK_PATH, post(check::check))
        .route(EVENTS_PATH, post(events::events))
        .route(
            "/patchproof/v1/apps/{app}/roots/{file}",
            get(documents::root),
        )
        .route(
            "/patchproof/v1/apps/{app}/releases/{release}/channels/{file}",
            get(documents::channel),
        )
        .route(
            "/patchproof/v1/statements/{file}",
            get(documents::statement),
        )
        .route(
            "/patchproof/v1/downloads/{sha256}",
            get(downloads::download),
        )
}

/// Seconds since 1970. A clock that stands before that shows 0.
pub(crate) fn now_s() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    let seconds = since.map_or(0, |since| since.as_secs());
    i64::try_from(seconds).unwrap_or(i64::MAX)
}
