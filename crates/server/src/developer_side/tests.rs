//! The developer's API over a server of its own: who may ask, what is refused and in which shape.

mod asking;
mod bringing;
mod publishing;

use axum::Router;
use axum::body::{Body, to_bytes};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{Method, Request};
use patchproof_protocol::developer::{CreatedToken, Scope};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tower::ServiceExt as _;

use crate::serving::Running;
use crate::settings::Settings;

struct Server {
    data: tempfile::TempDir,
    running: Running,
    router: Router,
    admin: String,
}

/// What was answered.
struct Answer {
    status: u16,
    body: Vec<u8>,
}

impl Answer {
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    fn code(&self) -> String {
        self.json()["code"].as_str().unwrap().to_owned()
    }

    #[track_caller]
    fn is_refused(&self, status: u16, code: &str) {
        assert_eq!((self.status, self.code().as_str()), (status, code));
    }
}

impl Server {
    async fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut settings = Settings::local(data.path().to_owned());
        settings.limits.upload_bytes_max = 1000;
        let running = crate::start(settings).await.unwrap();
        let admin = std::fs::read_to_string(data.path().join("admin.token")).unwrap();
        let server = Self {
            router: super::router(&running.app),
            data,
            running,
            admin: admin.trim().to_owned(),
        };
        let app = json!({ "display_name": "App", "app_id": "app" });
        assert_eq!(server.post("/api/v1/apps", app).await.status, 200);
        server
    }

    async fn asked(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let body = to_bytes(response.into_body(), 1 << 20)
            .await
            .unwrap()
            .into();
        Answer { status, body }
    }

    fn request(&self, method: Method, path: &str) -> http::request::Builder {
        Request::builder()
            .method(method)
            .uri(path)
            .header(AUTHORIZATION, format!("Bearer {}", self.admin))
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method, path);
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        self.asked(request.body(body).unwrap()).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    async fn form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let part = |(name, value): &(&str, &str)| {
            format!("--x\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
        };
        let body: String = fields.iter().map(part).collect();
        let request = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "multipart/form-data; boundary=x");
        self.asked(
            request
                .body(Body::from(format!("{body}--x--\r\n")))
                .unwrap(),
        )
        .await
    }

    /// Announces an artifact of Android, and answers with the URL that its bytes go to.
    async fn announced(&self, path: &str, arch: &str, bytes: &[u8]) -> String {
        let (hash, size) = (sha256(bytes), bytes.len().to_string());
        let fields = [
            ("arch", arch),
            ("platform", "android"),
            ("hash", &*hash),
            ("size", &*size),
            // Of a release's file alone.
            ("filename", "libapp.so"),
            ("can_sideload", "false"),
        ];
        let artifact = self.form(path, &fields).await;
        assert_eq!(artifact.status, 200);
        let artifact = artifact.json();
        assert_eq!(artifact["upload_method"], "multipart");
        artifact["url"].as_str().unwrap().to_owned()
    }

    /// Where the artifacts of a new patch of a new release are announced, and the patch's id.
    async fn draft(&self) -> (String, Value) {
        let new = json!({ "release_id": self.release().await, "metadata": {} });
        let patch = self.post("/api/v1/apps/app/patches", new).await.json();
        assert_eq!(patch["number"], 1);
        let path = format!("/api/v1/apps/app/patches/{}/artifacts", patch["id"]);
        (path, patch["id"].clone())
    }

    /// Puts these bytes to a URL that the server named, without a token.
    async fn put(&self, url: &str, bytes: &'static [u8]) -> Answer {
        let path = url.strip_prefix(&*self.running.app.public_url).unwrap();
        self.asked(Request::put(path).body(Body::from(bytes)).unwrap())
            .await
    }

    async fn token(&self, scope: Scope, app_id: Option<&str>) -> String {
        let mut new = json!({ "name": "other", "scope": scope.name() });
        if let Some(app_id) = app_id {
            new["app_id"] = app_id.into();
        }
        let made = self.post("/api/v1/tokens", new).await;
        assert_eq!(made.status, 201);
        let made: CreatedToken = serde_json::from_slice(&made.body).unwrap();
        made.token
    }

    /// The same server, asked with another token.
    async fn asking(mut self, scope: Scope, app_id: Option<&str>) -> Self {
        self.admin = self.token(scope, app_id).await;
        self
    }

    /// Where the files of a new release are announced.
    async fn artifacts(&self) -> String {
        let release = self.release().await;
        format!("/api/v1/apps/app/releases/{release}/artifacts")
    }

    async fn release(&self) -> i64 {
        let new = json!({ "version": "1.0+1", "flutter_revision": "abc" });
        let made = self.post("/api/v1/apps/app/releases", new).await;
        assert_eq!(made.status, 200);
        made.json()["release"]["id"].as_i64().unwrap()
    }
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
