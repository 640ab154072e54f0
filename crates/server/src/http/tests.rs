//! What every request meets, whatever it asks for.

use std::net::SocketAddr;

use axum::Json;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use axum::routing::{get, post};
use http::{Request, StatusCode};
use patchproof_protocol::developer::ErrorBody;
use tower::ServiceExt as _;

use super::*;
use crate::http::connections::Peer;
use crate::settings::Rates;

fn routes() -> Router {
    Router::new()
        .route("/fine", get(async || "fine"))
        .route("/bug", get(bug))
        .route("/json", post(async |Json(_): Json<u64>| "read"))
}

async fn bug() -> &'static str {
    panic!("on purpose")
}

fn server(rates: Rates) -> Router {
    let mut settings = Settings::local("none".into());
    settings.rates = rates;
    around(routes(), &settings, &Arc::new(Metrics::new()))
}

const NO_LIMIT: Rates = Rates {
    device: 0,
    developer: 0,
};

async fn asked(server: &Router, request: Request<Body>) -> Response {
    server.clone().oneshot(request).await.unwrap()
}

fn get_of(path: &str) -> Request<Body> {
    Request::get(path).body(Body::empty()).unwrap()
}

async fn refusal(response: Response) -> (u16, String) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    let body: ErrorBody = serde_json::from_slice(&body).expect("our shape");
    (status, body.code)
}

#[tokio::test]
async fn a_request_keeps_its_id_or_gets_one() {
    let server = server(NO_LIMIT);
    let request = Request::get("/fine").header("x-request-id", "a-1_b.c");
    let found = asked(&server, request.body(Body::empty()).unwrap()).await;
    assert_eq!(found.headers()["x-request-id"], "a-1_b.c");
    let (first, second) = (
        asked(&server, get_of("/fine")).await,
        asked(&server, get_of("/none")).await,
    );
    let (first, second) = (
        &first.headers()["x-request-id"],
        &second.headers()["x-request-id"],
    );
    assert_ne!(first, second);
}

#[tokio::test]
async fn an_id_that_would_spoil_a_log_line_is_not_taken() {
    let server = server(NO_LIMIT);
    for id in ["", "a b", "a\"b", &"a".repeat(129)] {
        let request = Request::get("/fine").header("x-request-id", id);
        let found = asked(&server, request.body(Body::empty()).unwrap()).await;
        assert_ne!(found.headers()["x-request-id"], id);
    }
}

#[tokio::test]
async fn a_bug_is_answered_and_the_next_request_too() {
    let server = server(NO_LIMIT);
    let found = asked(&server, get_of("/bug")).await;
    assert!(found.headers().contains_key("x-request-id"));
    assert_eq!(refusal(found).await, (500, "internal".to_owned()));
    assert_eq!(
        asked(&server, get_of("/fine")).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn every_refusal_has_one_shape() {
    let server = server(NO_LIMIT);
    let found = refusal(asked(&server, get_of("/none")).await).await;
    assert_eq!(found, (404, "not_found".to_owned()));
    let found = asked(&server, get_of("/json")).await;
    assert_eq!(found.headers()["allow"], "POST");
    assert_eq!(refusal(found).await, (405, "method_not_allowed".to_owned()));
    let wrong = Request::post("/json").body(Body::from("1")).unwrap();
    let found = refusal(asked(&server, wrong).await).await;
    assert_eq!(found, (415, "unsupported_media_type".to_owned()));
}

#[tokio::test]
async fn a_body_beyond_the_limit_is_refused_in_the_same_shape() {
    let request = Request::post("/json")
        .header("content-type", "application/json")
        .body(Body::from(vec![b'1'; BODY_BYTES_MAX + 1]))
        .unwrap();
    let found = asked(&server(NO_LIMIT), request).await;
    assert_eq!(refusal(found).await, (413, "too_large".to_owned()));
}

#[tokio::test]
async fn who_asks_too_often_is_told_when_to_come_again() {
    let server = server(Rates {
        device: 0,
        developer: 1,
    });
    let from = |peer: &str| {
        let mut request = get_of("/fine");
        let peer: SocketAddr = peer.parse().unwrap();
        request.extensions_mut().insert(Peer(peer));
        request
    };
    for _ in 0..5 {
        let found = asked(&server, from("192.0.2.1:1")).await;
        assert_eq!(found.status(), StatusCode::OK);
    }
    let found = asked(&server, from("192.0.2.1:2")).await;
    let seconds: u64 = found.headers()["retry-after"]
        .to_str()
        .unwrap()
        .parse()
        .unwrap();
    assert!((1..=2).contains(&seconds));
    assert_eq!(refusal(found).await, (429, "too_many_requests".to_owned()));
    let found = asked(&server, from("192.0.2.2:1")).await;
    assert_eq!(found.status(), StatusCode::OK);
}
