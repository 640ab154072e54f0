//! Apps, releases and files, as Shorebird's tools bring them.

use super::*;

#[tokio::test]
async fn shapes_are_those_that_shorebirds_tools_read() {
    let server = Server::new().await;
    let id = server.release().await;
    let releases = server.get("/api/v1/apps/app/releases").await.json();
    let release = &releases["releases"][0];
    assert_eq!(release["id"], id);
    assert_eq!(release["app_id"], "app");
    assert_eq!(release["platform_statuses"], json!({}));
    assert!(release["created_at"].as_str().unwrap().ends_with('Z'));
    assert!(release.get("notes").is_none(), "left out, not null");
    let path = format!("/api/v1/apps/app/releases/{id}");
    let change = json!({ "status": "active", "platform": "android", "metadata": { "a": 1 } });
    assert_eq!(
        server.send(Method::PATCH, &path, Some(change)).await.status,
        204
    );
    let releases = server.get("/api/v1/apps/app/releases").await.json();
    assert_eq!(
        releases["releases"][0]["platform_statuses"],
        json!({ "android": "active" })
    );
    let channel = server
        .post("/api/v1/apps/app/channels", json!({ "channel": "stable" }))
        .await;
    let channels = server.get("/api/v1/apps/app/channels").await.json();
    assert_eq!(channels, json!([channel.json()]));
    let again = server
        .post("/api/v1/apps/app/channels", json!({ "channel": "stable" }))
        .await;
    again.is_refused(409, "conflict");
}

#[tokio::test]
async fn a_patch_whose_upload_is_missing_is_not_promoted() {
    let server = Server::new().await;
    let (path, patch) = server.draft().await;
    server.announced(&path, "aarch64", b"x").await;
    let channel = server
        .post("/api/v1/apps/app/channels", json!({ "channel": "stable" }))
        .await;
    let promote = json!({ "patch_id": patch, "channel_id": channel.json()["id"] });
    let answer = server
        .post("/api/v1/apps/app/patches/promote", promote)
        .await;
    answer.is_refused(409, "conflict");
}

#[tokio::test]
async fn a_patch_for_a_release_without_its_library_is_422() {
    let server = Server::new().await;
    let (path, _) = server.draft().await;
    let url = server.announced(&path, "aarch64", b"abc").await;
    let answer = server.put(&url, b"abc").await;
    answer.is_refused(422, "no_release_library");
}

#[tokio::test]
async fn a_file_of_a_release_comes_once_and_is_seen_afterwards() {
    let server = Server::new().await;
    let path = server.artifacts().await;
    let url = server.announced(&path, "android_supplement", b"abc").await;
    let other = server.put(&url, b"abd").await;
    other.is_refused(422, "hash_mismatch");
    assert_eq!(server.get(&path).await.json()["artifacts"], json!([]));
    assert_eq!(server.put(&url, b"abc").await.status, 200);
    let again = server.put(&url, b"abc").await;
    again.is_refused(404, "upload_unknown");
    let artifact = server.get(&path).await.json()["artifacts"][0].clone();
    assert_eq!(artifact["hash"], sha256(b"abc"));
}

#[tokio::test]
async fn the_link_to_a_file_holds_without_a_token_for_that_file_alone() {
    let server = Server::new().await;
    let path = server.artifacts().await;
    let url = server.announced(&path, "android_supplement", b"abc").await;
    assert_eq!(server.put(&url, b"abc").await.status, 200);
    let artifact = server.get(&path).await.json()["artifacts"][0].clone();
    let link = artifact["url"].as_str().unwrap();
    let link = link.strip_prefix(&*server.running.app.public_url).unwrap();
    let bare = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    assert_eq!(server.asked(bare(link)).await.body, b"abc");
    let forged = link.replace("asked_by=1", "asked_by=2");
    server
        .asked(bare(&forged))
        .await
        .is_refused(403, "link_over");
    let direct = format!("/api/v1/apps/app/blobs/{}", sha256(b"abc"));
    assert_eq!(server.asked(bare(&direct)).await.status, 401);
    assert_eq!(server.get(&direct).await.body, b"abc");
}

#[tokio::test]
async fn a_library_without_a_snapshot_is_refused_and_may_be_sent_again() {
    let server = Server::new().await;
    let path = server.artifacts().await;
    let url = server.announced(&path, "aarch64", b"abc").await;
    for _ in 0..2 {
        let answer = server.put(&url, b"abc").await;
        answer.is_refused(422, "no_snapshot");
    }
    assert_eq!(server.get(&path).await.json()["artifacts"], json!([]));
}

#[tokio::test]
async fn a_blob_is_kept_once_and_shown_to_nobody_before_something_refers_to_it() {
    let server = Server::new().await;
    let path = format!("/api/v1/apps/app/blobs/{}", sha256(b"abc"));
    let put = async |bytes: &'static [u8]| {
        let request = server
            .request(Method::PUT, &path)
            .body(Body::from(bytes))
            .unwrap();
        server.asked(request).await
    };
    let other = put(b"abd").await;
    other.is_refused(422, "hash_mismatch");
    assert_eq!(put(b"abc").await.status, 201);
    assert_eq!(put(b"abc").await.status, 200);
    assert_eq!(server.get(&path).await.status, 404);
    let large: &'static [u8] = Vec::leak(vec![0; 1001]);
    assert_eq!(put(large).await.status, 413);
}
