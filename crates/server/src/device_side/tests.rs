//! Devices at the door: over the router of a real server, its store and its folder.

mod files;

use axum::body::Body;
use http::{HeaderMap, Request};
use patchproof_protocol::{bucket, download_path, root_path};
use patchproof_trust::Digest;
use serde_json::{Value, json};

use crate::signing::testing::*;
use crate::store::{Container, Download, EventCount};

const CHECK: &str = "/api/v1/patches/check";
const EVENTS: &str = "/api/v1/patches/events";

fn question() -> Value {
    json!({
        "app_id": APP, "channel": "stable", "release_version": VERSION,
        "platform": "android", "arch": "aarch64", "client_id": "me",
    })
}

async fn check(server: &Served, question: &Value) -> Value {
    let (status, body) = server.post(CHECK, question.to_string()).await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

fn nothing() -> Value {
    json!({"patch_available": false, "rolled_back_patch_numbers": []})
}

fn file_of(number: u64) -> (Vec<u8>, String) {
    let file = format!("patch {number}").into_bytes();
    let path = download_path(&Digest::of(&file).to_string());
    (file, path)
}

async fn get(server: &Served, path: &str, headers: &[(&str, &str)]) -> (u16, HeaderMap, Vec<u8>) {
    let mut request = Request::get(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let response = server.asked(request.body(Body::empty()).unwrap()).await;
    let headers = response.headers().clone();
    let (status, body) = whole(response).await;
    (status, headers, body)
}

#[tokio::test]
async fn who_asks_for_something_that_is_not_here_has_no_patch() {
    let server = Served::new().await;
    server.publish(1).await;
    for field in ["app_id", "channel", "release_version", "platform", "arch"] {
        let mut question = question();
        question[field] = json!("another");
        assert_eq!(check(&server, &question).await, nothing(), "{field}");
    }
}

#[tokio::test]
async fn the_highest_patch_is_offered_to_clients_old_and_new() {
    let server = Served::new().await;
    server.publish(1).await;
    server.publish(2).await;
    let (file, path) = file_of(2);
    let offered = check(&server, &question()).await;
    let expected = json!({
        "patch_available": true,
        "patch": {
            "number": 2,
            "hash": library(2).to_string(),
            "download_url": format!("{}{path}", server.app.public_url),
        },
        "rolled_back_patch_numbers": [],
    });
    assert_eq!(offered, expected);
    assert_eq!(server.get(&path).await, (200, file));
    let mut old = question();
    old.as_object_mut().unwrap().remove("client_id");
    old["patch_number"] = json!(1);
    assert_eq!(check(&server, &old).await["patch"]["number"], 2);
    old["patch_number"] = json!(2);
    assert_eq!(check(&server, &old).await, nothing());
}

#[tokio::test]
async fn a_patch_that_is_taken_back_is_told_and_the_one_before_it_offered() {
    let server = Served::new().await;
    server.publish(1).await;
    let second = server.publish(2).await;
    server.app.store.roll_back(APP, second.id, 1).await.unwrap();
    server.refresh().await;
    let answer = check(&server, &question()).await;
    assert_eq!(answer["rolled_back_patch_numbers"], json!([2]));
    assert_eq!(answer["patch"]["number"], 1);
}

#[tokio::test]
async fn a_rollout_reaches_the_clients_of_its_buckets() {
    let server = Served::new().await;
    server
        .publish_with(1, |publish| publish.rollout_basis_points = 5000)
        .await;
    let mut reached = 0;
    for client in 0..40 {
        let client = format!("client-{client}");
        let mut question = question();
        question["client_id"] = json!(client);
        let is_offered = check(&server, &question).await["patch_available"] == true;
        let expected = bucket(APP, library(1).bytes(), client.as_bytes()) < 5000;
        assert_eq!(is_offered, expected, "{client}");
        reached += u32::from(is_offered);
    }
    assert!((5..35).contains(&reached), "{reached}");
    let mut unnamed = question();
    unnamed.as_object_mut().unwrap().remove("client_id");
    assert_eq!(check(&server, &unnamed).await, nothing());
}

#[tokio::test]
async fn notes_and_haste_are_told_where_there_are_some() {
    let server = Served::new().await;
    let change = |publish: &mut crate::store::Publish| {
        publish.notes = Some("Mends the start".to_owned());
        publish.force_update = true;
    };
    server.publish_with(1, change).await;
    let patch = &check(&server, &question()).await["patch"];
    assert_eq!(patch["notes"], "Mends the start");
    assert_eq!(patch["force_update"], true);
}

#[tokio::test]
async fn a_patch_from_what_runs_goes_to_those_alone_who_say_what_runs() {
    let server = Served::new().await;
    let small = Download {
        sha256: "0a".repeat(32),
        size_bytes: 1,
        container: Container::Patchproof,
        from_sha256: Some("0b".repeat(32)),
    };
    let add = |publish: &mut crate::store::Publish| publish.artifacts[0].downloads.push(small);
    server.publish_with(1, add).await;
    let url = |path: String| json!(format!("{}{path}", server.app.public_url));
    let plain = check(&server, &question()).await;
    assert_eq!(plain["patch"]["download_url"], url(file_of(1).1.clone()));
    let mut ours = question();
    ours["patchproof_runs_sha256"] = json!("0b".repeat(32));
    let patch = &check(&server, &ours).await["patch"];
    assert_eq!(patch["download_url"], url(download_path(&"0a".repeat(32))));
    let expected = json!({"from_sha256": "0b".repeat(32), "size_bytes": 1});
    assert_eq!(patch["patchproof"], expected);
    ours["patchproof_runs_sha256"] = json!("0c".repeat(32));
    let patch = &check(&server, &ours).await["patch"];
    assert_eq!(patch["download_url"], url(file_of(1).1));
}

#[tokio::test]
async fn an_event_is_counted_once_it_is_acknowledged() {
    let server = Served::new().await;
    let event = |app: &str| {
        json!({"event": {
            "app_id": app, "arch": "aarch64", "client_id": "me", "patch_number": 1,
            "platform": "android", "release_version": VERSION, "timestamp": 9,
            "type": "__patch_install__", "message": null,
        }})
    };
    for app in [APP, "made-up"] {
        assert_eq!(
            server.post(EVENTS, event(app).to_string()).await.0,
            201,
            "{app}"
        );
    }
    let counted = EventCount {
        release_version: VERSION.to_owned(),
        patch_number: 1,
        kind: "__patch_install__".to_owned(),
        count: 1,
    };
    let store = &server.app.store;
    assert_eq!(store.event_counts(APP, None).await.unwrap(), [counted]);
    assert!(
        store
            .event_counts("made-up", None)
            .await
            .unwrap()
            .is_empty()
    );
}

#[tokio::test]
async fn what_is_malformed_is_refused_in_the_protocols_shape() {
    let server = Served::new().await;
    for path in [CHECK, EVENTS] {
        for body in [
            String::new(),
            "{}".to_owned(),
            "[1]".to_owned(),
            "x".repeat(70_000),
        ] {
            let (status, answer) = server.post(path, body).await;
            let answer: Value = serde_json::from_slice(&answer).unwrap();
            assert!(matches!(status, 400 | 413), "{answer}");
            assert!(
                answer["code"].is_string() && answer["message"].is_string(),
                "{answer}"
            );
        }
    }
}

#[tokio::test]
async fn health_and_metrics_answer() {
    let server = Served::new().await;
    server.publish(1).await;
    check(&server, &question()).await;
    for path in ["/healthz", "/readyz"] {
        assert_eq!(server.get(path).await.0, 200, "{path}");
    }
    let (status, text) = server.get("/metrics").await;
    let text = String::from_utf8(text).unwrap();
    assert_eq!(status, 200);
    for line in [
        r#"patchproof_requests_total{route="/api/v1/patches/check",method="POST",status="200"} 1"#,
        "patchproof_view_apps 1",
        "patchproof_view_patches 1",
    ] {
        assert!(text.contains(line), "{line} in\n{text}");
    }
    assert!(!text.contains(APP), "no label of an app");
}
