//! How the server is looked after: health, metrics, logs.

mod health;
mod logs;
mod metrics;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

pub use self::logs::{LogError, log_to_stderr};
pub use self::metrics::Metrics;
use crate::serving::App;

/// What whoever looks after the server asks it.
pub(crate) fn router() -> Router<Arc<App>> {
    Router::new()
        .route("/healthz", get(health::lives))
        .route("/readyz", get(health::ready))
        .route("/metrics", get(metrics::page))
}
