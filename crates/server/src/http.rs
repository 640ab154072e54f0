//! The router and what lies around it.

mod connections;
mod edge;
mod fault;
mod rates;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;

pub use self::connections::serve_connections;
pub use self::edge::RequestId;
use self::edge::{Edge, RequestIds};
pub use self::fault::Fault;
use self::rates::RateLimits;
use crate::operations::Metrics;
use crate::serving::App;
use crate::settings::Settings;
use crate::{developer_side, device_side, operations};

/// All that the server answers.
///
/// Must be called within a runtime of tokio: what is remembered of clients is forgotten by a task,
/// which ends with the router.
pub fn router(app: &Arc<App>) -> Router {
    let routes = Router::new()
        .merge(device_side::router())
        .merge(developer_side::router(app))
        .merge(operations::router())
        .with_state(Arc::clone(app));
    around(routes, &app.settings, &app.metrics)
}

/// Routes of the server, with the edge around them.
fn around(routes: Router, settings: &Settings, metrics: &Arc<Metrics>) -> Router {
    let edge = Arc::new(Edge {
        rates: RateLimits::new(settings.rates),
        metrics: Arc::clone(metrics),
        trust_proxy: settings.trust_proxy,
        body_stands_still: settings.limits.body,
        ids: RequestIds::new(),
    });
    keep(&edge);
    routes
        .fallback(fault::no_such_path)
        .method_not_allowed_fallback(fault::no_such_method)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(from_fn_with_state(edge, self::edge::edge))
}

/// Keeps memory flat while the edge is there.
fn keep(edge: &Arc<Edge>) {
    let edge = Arc::downgrade(edge);
    tokio::spawn(async move {
        let mut every = tokio::time::interval(KEEP_EVERY);
        for turn in 0_u64.. {
            every.tick().await;
            let Some(edge) = edge.upgrade() else { return };
            edge.metrics.fold();
            if turn.is_multiple_of(FORGET_EVERY) {
                edge.rates.forget_the_quiet();
            }
        }
    });
}

/// Each request leaves a time that waits for its bucket.
const KEEP_EVERY: Duration = Duration::from_secs(1);
/// In turns of the above.
const FORGET_EVERY: u64 = 60;
/// The largest body that is read into memory: several statements in one publication. Files are
/// streamed, under a limit of their own.
pub(crate) const BODY_BYTES_MAX: usize = 8 << 20;
