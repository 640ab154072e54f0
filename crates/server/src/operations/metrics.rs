//! What is counted, in the text form of Prometheus.
//!
//! Labels are routes, methods, statuses and kinds alone: never an app, a release or a device, of
//! which there may be any number.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ::metrics::{Counter, Gauge, Histogram, Key, Label, Level, Metadata, Recorder as _, Unit};
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusRecorder};

use crate::serving::App;
use crate::view::AppView;

/// The counts of one server.
pub struct Metrics {
    recorder: PrometheusRecorder,
    routes: RwLock<HashMap<String, Vec<Counted>>>,
    offered: Counter,
    not_offered: Counter,
    signed: Counter,
    events: Counter,
    apps: Gauge,
    patches: Gauge,
}

/// The answers of one status to one method on one route.
struct Counted {
    method: &'static str,
    status: u16,
    count: Counter,
    seconds: Histogram,
}

impl Metrics {
    /// Nothing counted yet.
    #[must_use]
    pub fn new() -> Self {
        let builder = PrometheusBuilder::new();
        // Only an empty list is refused.
        let builder = builder
            .set_buckets(&SECONDS)
            .unwrap_or_else(|_| PrometheusBuilder::new());
        let recorder = builder.build_recorder();
        for (name, unit, text) in DESCRIPTIONS {
            match name.ends_with("_total") {
                true => recorder.describe_counter(name.into(), unit, text.into()),
                false if unit.is_some() => {
                    recorder.describe_histogram(name.into(), unit, text.into());
                }
                false => recorder.describe_gauge(name.into(), unit, text.into()),
            }
        }
        let counter = |name, labels: &[(&'static str, &'static str)]| {
            let labels: Vec<Label> = labels.iter().map(Label::from).collect();
            recorder.register_counter(&Key::from_parts(name, labels), &METADATA)
        };
        let gauge = |name| recorder.register_gauge(&Key::from_name(name), &METADATA);
        Self {
            routes: RwLock::default(),
            offered: counter(CHECKS, &[("answer", "offer")]),
            not_offered: counter(CHECKS, &[("answer", "none")]),
            signed: counter(SIGNED, &[]),
            events: counter(EVENTS, &[]),
            apps: gauge(VIEW_APPS),
            patches: gauge(VIEW_PATCHES),
            recorder,
        }
    }

    /// Counts an answer.
    pub(crate) fn answered(
        &self,
        route: &str,
        method: &Method,
        status: StatusCode,
        took: Duration,
    ) {
        let (method, status) = (method_name(method), status.as_u16());
        let count = |counted: &Counted| {
            counted.count.increment(1);
            counted.seconds.record(took);
        };
        let of = |counted: &&Counted| counted.method == method && counted.status == status;
        let routes = self.routes.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = routes.get(route).and_then(|known| known.iter().find(of)) {
            return count(known);
        }
        drop(routes);
        let counted = self.counted(route, method, status);
        count(&counted);
        // Two that come here at once make the same of it: the names decide.
        let mut routes = self.routes.write().unwrap_or_else(PoisonError::into_inner);
        routes.entry(route.to_owned()).or_default().push(counted);
    }

    fn counted(&self, route: &str, method: &'static str, status: u16) -> Counted {
        let labels = vec![
            Label::new("route", route.to_owned()),
            Label::from_static_parts("method", method),
        ];
        let seconds = Key::from_parts(REQUEST_SECONDS, labels.clone());
        let status_label = Label::new("status", status.to_string());
        let labels: Vec<Label> = labels.into_iter().chain([status_label]).collect();
        let count = Key::from_parts(REQUESTS, labels);
        Counted {
            method,
            status,
            count: self.recorder.register_counter(&count, &METADATA),
            seconds: self.recorder.register_histogram(&seconds, &METADATA),
        }
    }

    pub(crate) fn checked(&self, is_offered: bool, is_signed: bool) {
        match is_offered {
            true => self.offered.increment(1),
            false => self.not_offered.increment(1),
        }
        if is_signed {
            self.signed.increment(1);
        }
    }

    pub(crate) fn events_accepted(&self, count: u64) {
        self.events.increment(count);
    }

    /// Puts single times into their buckets. Until then each takes room of its own.
    pub(crate) fn fold(&self) {
        self.recorder.handle().run_upkeep();
    }

    /// All of it, with how much devices can see now.
    fn text(&self, view_apps: usize, view_patches: usize) -> String {
        // What has 32 bits is exact, and nobody has more.
        let number = |count: usize| f64::from(u32::try_from(count).unwrap_or(u32::MAX));
        self.apps.set(number(view_apps));
        self.patches.set(number(view_patches));
        self.recorder.handle().render()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

/// `/metrics`.
pub(super) async fn page(State(app): State<Arc<App>>) -> Response {
    let apps = app.views.app_ids();
    let views = apps.iter().filter_map(|app_id| app.views.of(app_id));
    let patches = views.map(|view| patches_of(&view)).sum();
    let text = app.metrics.text(apps.len(), patches);
    (
        [(CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")],
        text,
    )
        .into_response()
}

fn patches_of(view: &AppView) -> usize {
    let tracks = view.releases.values().flat_map(|release| release.tracks());
    tracks.map(|(_, track)| track.patches().len()).sum()
}

/// Methods that anything here answers; a client may send any word.
fn method_name(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        _ => "other",
    }
}

const METADATA: Metadata<'static> = Metadata::new(module_path!(), Level::INFO, None);
const CHECKS: &str = "patchproof_checks_total";
const EVENTS: &str = "patchproof_events_total";
const REQUESTS: &str = "patchproof_requests_total";
const REQUEST_SECONDS: &str = "patchproof_request_seconds";
const SIGNED: &str = "patchproof_signed_answers_total";
const VIEW_APPS: &str = "patchproof_view_apps";
const VIEW_PATCHES: &str = "patchproof_view_patches";
const DESCRIPTIONS: [(&str, Option<Unit>, &str); 7] = [
    (
        CHECKS,
        None,
        "Checks of devices, by whether a patch was offered",
    ),
    (EVENTS, None, "Events of devices that were taken"),
    (REQUESTS, None, "Requests that were answered"),
    (
        REQUEST_SECONDS,
        Some(Unit::Seconds),
        "Time to the head of the answer",
    ),
    (
        SIGNED,
        None,
        "Checks that were answered with a signed statement",
    ),
    (VIEW_APPS, None, "Apps that devices can ask for"),
    (
        VIEW_PATCHES,
        None,
        "Files of patches that devices can be offered",
    ),
];
const SECONDS: [f64; 10] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.25, 1.0, 5.0, 30.0,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_route_method_and_status() {
        let metrics = Metrics::new();
        let took = Duration::from_millis(2);
        for status in [StatusCode::OK, StatusCode::OK, StatusCode::NOT_FOUND] {
            metrics.answered("/a/{b}", &Method::GET, status, took);
        }
        metrics.checked(true, false);
        metrics.events_accepted(3);
        let text = metrics.text(4, 5);
        for line in [
            r#"patchproof_requests_total{route="/a/{b}",method="GET",status="200"} 2"#,
            r#"patchproof_requests_total{route="/a/{b}",method="GET",status="404"} 1"#,
            r#"patchproof_request_seconds_bucket{route="/a/{b}",method="GET",le="0.0025"} 3"#,
            r#"patchproof_checks_total{answer="offer"} 1"#,
            "patchproof_events_total 3",
            "patchproof_view_apps 4",
            "patchproof_view_patches 5",
        ] {
            assert!(text.contains(line), "{line} in\n{text}");
        }
    }

    #[test]
    fn a_clients_own_words_make_no_labels() {
        let metrics = Metrics::new();
        let method = Method::from_bytes(b"WHATEVER").unwrap();
        metrics.answered("none", &method, StatusCode::NOT_FOUND, Duration::ZERO);
        assert!(!metrics.text(0, 0).contains("WHATEVER"));
    }
}
