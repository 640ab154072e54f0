//! Who may ask what.

use super::*;

#[tokio::test]
async fn without_a_token_that_holds_everything_is_401() {
    let mut server = Server::new().await;
    server.admin = "ppt_nobody".to_owned();
    for path in [
        "/api/v1/apps",
        "/api/v1/apps/app/releases",
        "/api/v1/apps/none/status",
    ] {
        let answer = server.get(path).await;
        let found = (answer.status, answer.code());
        assert_eq!(found, (401, "unauthorized".to_owned()), "{path}");
    }
    let bare = Request::get("/api/v1/users/me")
        .body(Body::empty())
        .unwrap();
    assert_eq!(server.asked(bare).await.status, 401);
}

#[tokio::test]
async fn a_reader_looks_and_changes_nothing() {
    let server = Server::new().await.asking(Scope::Read, None).await;
    assert_eq!(server.get("/api/v1/apps/app/releases").await.status, 200);
    let answer = server
        .post("/api/v1/apps/app/channels", json!({ "channel": "beta" }))
        .await;
    answer.is_refused(403, "forbidden");
    let answer = server
        .post("/api/v1/tokens", json!({ "name": "n", "scope": "admin" }))
        .await;
    assert_eq!(answer.status, 403);
}

#[tokio::test]
async fn a_publisher_publishes_and_makes_no_apps() {
    let server = Server::new().await.asking(Scope::Publisher, None).await;
    let answer = server
        .post("/api/v1/apps/app/channels", json!({ "channel": "beta" }))
        .await;
    assert_eq!(answer.status, 200);
    let answer = server
        .post("/api/v1/apps", json!({ "display_name": "b" }))
        .await;
    assert_eq!(answer.status, 403);
    assert_eq!(
        server
            .send(Method::DELETE, "/api/v1/apps/app", None)
            .await
            .status,
        403
    );
}

#[tokio::test]
async fn a_token_of_one_app_sees_no_other_one_and_not_whether_it_is_there() {
    let server = Server::new().await;
    server
        .post(
            "/api/v1/apps",
            json!({ "display_name": "b", "app_id": "b" }),
        )
        .await;
    let server = server.asking(Scope::Admin, Some("b")).await;
    for app in ["app", "none"] {
        let answer = server.get(&format!("/api/v1/apps/{app}/releases")).await;
        assert_eq!(answer.status, 403, "{app}");
    }
    let apps = server.get("/api/v1/apps").await.json();
    assert_eq!(apps["apps"].as_array().unwrap().len(), 1);
    assert_eq!(server.get("/api/v1/tokens").await.status, 403);
}

#[tokio::test]
async fn a_revoked_token_is_401_from_the_next_request_on() {
    let server = Server::new().await;
    let token = server.token(Scope::Read, None).await;
    let ids = server.get("/api/v1/tokens").await.json();
    let id = ids["tokens"].as_array().unwrap().last().unwrap()["id"].clone();
    let path = format!("/api/v1/tokens/{id}");
    assert_eq!(server.send(Method::DELETE, &path, None).await.status, 204);
    let mut revoked = server;
    revoked.admin = token;
    assert_eq!(revoked.get("/api/v1/apps").await.status, 401);
}

#[tokio::test]
async fn the_token_that_asks_cannot_lock_everyone_out() {
    let server = Server::new().await;
    let me = server.get("/api/v1/users/me").await.json()["id"].clone();
    let answer = server
        .send(Method::DELETE, &format!("/api/v1/tokens/{me}"), None)
        .await;
    assert_eq!(answer.status, 409);
}

#[tokio::test]
async fn no_secret_lies_in_the_database() {
    let server = Server::new().await;
    let token = server.token(Scope::Read, None).await;
    for file in std::fs::read_dir(server.data.path()).unwrap() {
        let path = file.unwrap().path();
        if path.is_file() && path.extension().is_none_or(|of| of != "token") {
            let bytes = std::fs::read(&path).unwrap();
            let mut windows = bytes.windows(token.len());
            assert!(
                !windows.any(|of| of == token.as_bytes()),
                "{}",
                path.display()
            );
        }
    }
}

#[tokio::test]
async fn a_token_has_a_role_that_shorebirds_tools_know() {
    let mut server = Server::new().await;
    for (scope, role) in [
        (Scope::Admin, "owner"),
        (Scope::Publisher, "developer"),
        (Scope::Read, "none"),
    ] {
        let token = server.token(scope, None).await;
        let admin = std::mem::replace(&mut server.admin, token);
        let listed = server.get("/api/v1/organizations").await.json();
        assert_eq!(listed["organizations"][0]["role"], role);
        let listed = server.get("/api/v1/organizations/1/users").await.json();
        assert_eq!(listed["users"][0]["role"], role);
        server.admin = admin;
    }
}
