//! Whether the server lives, and whether it can serve.

use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tokio::time::timeout;

use crate::http::Fault;
use crate::serving::App;

#[derive(Serialize)]
pub(super) struct Health {
    status: &'static str,
}

/// The process answers: nothing else is looked at, or a database that is away for a moment would
/// have every process restarted.
pub(super) async fn lives() -> Json<Health> {
    Json(Health { status: "ok" })
}

/// Database and blobs answer too.
pub(super) async fn ready(State(app): State<Arc<App>>) -> Result<Json<Health>, Fault> {
    let (database, blobs) = tokio::join!(
        timeout(ANSWERS_WITHIN, app.store.ready()),
        timeout(ANSWERS_WITHIN, app.blobs.ready()),
    );
    database
        .map_err(|late| Fault::unavailable("database", &late))?
        .map_err(|error| Fault::unavailable("database", &error))?;
    blobs
        .map_err(|late| Fault::unavailable("store of blobs", &late))?
        .map_err(|error| Fault::unavailable("store of blobs", &error))?;
    Ok(Json(Health { status: "ready" }))
}

const ANSWERS_WITHIN: Duration = Duration::from_secs(5);
