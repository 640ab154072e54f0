//! Publishing in one request, roots, and what may be changed later.

use super::*;

fn publication(release: i64, number: u64) -> Value {
    json!({ "release_id": release, "number": number, "artifacts": [{ "platform": "android",
        "arch": "aarch64", "hash": sha256(b"x"), "size_bytes": 1, "downloads": [{
            "sha256": sha256(b"y"), "size_bytes": 1, "container": "shorebird" }] }] })
}

#[tokio::test]
async fn a_number_that_is_not_the_next_one_is_409_and_none_is_burned() {
    let server = Server::new().await;
    let release = server.release().await;
    let answer = server
        .post("/api/v1/apps/app/publish", publication(release, 2))
        .await;
    answer.is_refused(409, "number_taken");
    let answer = server
        .post("/api/v1/apps/app/publish", publication(release, 1))
        .await;
    answer.is_refused(422, "no_release_library");
    let path = format!("/api/v1/apps/app/releases/{release}/next-number");
    assert_eq!(server.get(&path).await.json(), json!({ "number": 1 }));
}

#[tokio::test]
async fn a_publication_out_of_bounds_is_400() {
    let server = Server::new().await;
    let release = server.release().await;
    let spoiled: [fn(&mut Value); 8] = [
        |it| it["number"] = 0.into(),
        |it| it["number"] = u64::MAX.into(),
        |it| it["channel"] = "a b".into(),
        |it| it["rollout_basis_points"] = 10_001.into(),
        |it| it["artifacts"] = json!([]),
        |it| it["artifacts"][0]["hash"] = "#".into(),
        |it| it["artifacts"][0]["downloads"] = json!([]),
        |it| it["artifacts"][0]["downloads"][0]["from_sha256"] = sha256(b"z").into(),
    ];
    for spoil in spoiled {
        let mut publication = publication(release, 1);
        spoil(&mut publication);
        let answer = server
            .post("/api/v1/apps/app/publish", publication.clone())
            .await;
        assert_eq!(answer.status, 400, "{publication}");
    }
    let mut twice = publication(release, 1);
    let artifact = twice["artifacts"][0].clone();
    twice["artifacts"].as_array_mut().unwrap().push(artifact);
    assert_eq!(
        server.post("/api/v1/apps/app/publish", twice).await.status,
        400
    );
}

#[tokio::test]
async fn what_is_no_root_is_422_and_an_unknown_next_one_409() {
    let server = Server::new().await;
    let put = async |version: &str| {
        let path = format!("/api/v1/apps/app/roots/{version}");
        server.send(Method::PUT, &path, Some(json!({}))).await
    };
    assert_eq!(put("1").await.code(), "statement_refused");
    assert_eq!(put("2").await.status, 409);
    for version in ["0", "x", "-1", "99999999999999999999"] {
        assert_eq!(put(version).await.status, 400, "{version}");
    }
    let path = "/api/v1/apps/app/channel-statements";
    let answer = server.send(Method::PUT, path, Some(json!({}))).await;
    assert_eq!(answer.code(), "no_root");
}

#[tokio::test]
async fn nothing_that_can_be_asked_is_a_fault_of_the_server() {
    let server = Server::new().await;
    for path in [
        "/api/v1/apps/%00/releases",
        "/api/v1/apps/app/releases?sideloadable=%00",
        "/api/v1/apps/%ff/releases",
        "/api/v1/apps/app/releases?sideloadable=perhaps",
        "/api/v1/apps/app/releases/x/patches",
        "/api/v1/apps/app/releases/9223372036854775808/patches",
        "/api/v1/organizations/x/apps",
    ] {
        let answer = server.get(path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert!(!answer.code().is_empty());
    }
    for path in [
        "/api/v1/apps/none/releases",
        "/api/v1/apps/app/releases/-1/patches",
        "/api/v1/apps/app/releases/7/artifacts",
        "/api/v1/apps/app/blobs/none",
        "/api/v1/organizations/2/apps",
    ] {
        let answer = server.get(path).await;
        let found = (answer.status, answer.code());
        assert_eq!(found, (404, "not_found".to_owned()), "{path}");
    }
}

#[tokio::test]
async fn a_patch_is_changed_under_its_own_release_alone() {
    let server = Server::new().await;
    let release = server.release().await;
    let patch = server
        .post("/api/v1/apps/app/patches", json!({ "release_id": release }))
        .await;
    let id = patch.json()["id"].clone();
    let change = json!({ "notes": "why", "force_update": true, "expires_at": 4_000_000_000_u64 });
    let elsewhere = format!("/api/v1/apps/app/releases/{}/patches/{id}", release + 1);
    assert_eq!(
        server
            .send(Method::PATCH, &elsewhere, Some(change.clone()))
            .await
            .status,
        404
    );
    let path = format!("/api/v1/apps/app/releases/{release}/patches/{id}");
    assert_eq!(
        server.send(Method::PATCH, &path, Some(change)).await.status,
        204
    );
    let state = || async {
        let status = server
            .get("/api/v1/apps/app/status?release=1.0%2B1")
            .await
            .json();
        status["releases"][0]["patches"][0].clone()
    };
    let found = state().await;
    assert_eq!(
        (&found["notes"], &found["force_update"]),
        (&json!("why"), &json!(true))
    );
    assert_eq!(found["expires_at"], json!(4_000_000_000_u64));
    let never = Some(json!({ "expires_at": 0, "notes": "" }));
    assert_eq!(server.send(Method::PATCH, &path, never).await.status, 204);
    let found = state().await;
    assert!(found.get("expires_at").is_none() && found.get("notes").is_none());
}
