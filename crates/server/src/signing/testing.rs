//! An app with keys, and a server that has it, for tests.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use http::Request;
use patchproof_trust::{
    Algorithm, Device, Digest, Download as SignedDownload, Extensions, FileName, Key, OutputFile,
    PatchStatement, Release, Role, Roles, Root, Sign as _, SigningKey, Snapshot, Unverified, Word,
    sign, write_plain_pem,
};
use tower::ServiceExt as _;
use zeroize::Zeroizing;

use crate::serving::{App, Running};
use crate::settings::Settings;
use crate::store::{Container, Download, NewRelease, Patch, Publish, PublishArtifact, Statement};

pub(crate) fn word(text: &str) -> Word {
    Word::new(text).unwrap()
}

pub(crate) fn app() -> Word {
    word(APP)
}

pub(crate) fn release() -> Release {
    Release {
        abi: word("arm64-v8a"),
        base_sha256: Digest::of_bytes([9; 32]),
        platform: word("android"),
        version: word(VERSION),
    }
}

pub(crate) fn device() -> Device {
    Device {
        app: app(),
        release: release(),
        base_size_bytes: 1000,
        snapshot: snapshot(),
    }
}

fn snapshot() -> Snapshot {
    Snapshot {
        features: Vec::new(),
        version: word("v1"),
    }
}

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new([seed; 32]))
}

pub(crate) fn channel_key() -> SigningKey {
    key(3)
}

/// A root that names three keys, as devices have it in the app.
fn root(channel_threshold: u64) -> Root {
    let role = |keys: &[SigningKey], threshold| Role {
        keys: keys.iter().map(|key| key.public_key().id()).collect(),
        threshold,
    };
    let named = |key: SigningKey| {
        let public = key.public_key();
        let algorithm = Algorithm::Ed25519;
        (public.id(), Key { algorithm, public })
    };
    Root {
        app: app(),
        expires_s: None,
        extensions: Extensions::default(),
        keys: [1, 2, 3, 4].map(|seed| named(key(seed))).into(),
        releases: Vec::new(),
        roles: Roles {
            channel: role(&[channel_key(), key(4)], channel_threshold),
            patch: role(&[key(2)], 1),
            root: role(&[key(1)], 1),
        },
        version: 1,
    }
}

pub(crate) fn root_envelope(channel_threshold: u64) -> String {
    text(sign(&root(channel_threshold), &[&key(1)]).unwrap())
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap()
}

/// A server over a folder, with the app and its release.
pub(crate) struct Served {
    pub(crate) app: Arc<App>,
    pub(crate) release_id: i64,
    router: Router,
    running: Running,
    folder: tempfile::TempDir,
}

/// Which channel keys a server has.
pub(crate) fn with_key(folder: &Path, seed: Option<u8>) -> Settings {
    let mut settings = Settings::local(folder.join("data"));
    if let Some(seed) = seed {
        let path = folder.join("channel.pem");
        std::fs::write(&path, write_plain_pem(&key(seed)).unwrap().as_bytes()).unwrap();
        for_its_owner_alone(&path);
        settings.channel_keys = vec![path];
        settings.unencrypted = true;
    }
    settings
}

#[cfg(unix)]
pub(crate) fn for_its_owner_alone(path: &Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn for_its_owner_alone(_: &Path) {}

impl Served {
    /// With the channel key, and a root that wants one signature.
    pub(crate) async fn new() -> Self {
        Self::of(Some(3), 1).await
    }

    pub(crate) async fn of(key: Option<u8>, channel_threshold: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = crate::start(with_key(folder.path(), key)).await.unwrap();
        let app = Arc::clone(&running.app);
        app.store.create_app(Some(APP), "An app", 0).await.unwrap();
        let release = NewRelease {
            version: VERSION.to_owned(),
            flutter_revision: "f".to_owned(),
            flutter_version: None,
            display_name: None,
        };
        let release = app.store.create_release(APP, release, 0).await.unwrap();
        let root = root_envelope(channel_threshold);
        app.store.put_root(APP, 1, &root).await.unwrap();
        let served = Self {
            router: crate::http::router(&app),
            release_id: release.id,
            app,
            running,
            folder,
        };
        served.refresh().await;
        served
    }

    pub(crate) fn settings(&self, key: Option<u8>) -> Settings {
        with_key(self.folder.path(), key)
    }

    pub(crate) async fn refresh(&self) {
        self.app.views.refresh(&self.app.store, APP).await.unwrap();
    }

    /// Publishes a patch that makes the library of these bytes' hash, with a statement.
    pub(crate) async fn publish(&self, number: u64) -> Patch {
        self.publish_with(number, |_| {}).await
    }

    pub(crate) async fn publish_with(
        &self,
        number: u64,
        change: impl FnOnce(&mut Publish),
    ) -> Patch {
        let file = format!("patch {number}").into_bytes();
        let sha256 = Digest::of(&file);
        let stream =
            futures_util::stream::iter([Ok::<_, std::io::Error>(Bytes::from(file.clone()))]);
        let size_bytes = u64::try_from(file.len()).unwrap();
        let blobs = &self.app.blobs;
        blobs
            .put_stream(stream, &sha256.to_string(), size_bytes)
            .await
            .unwrap();
        let mut publish = Publish {
            release_id: self.release_id,
            number,
            channel: Some("stable".to_owned()),
            rollout_basis_points: 10_000,
            notes: None,
            force_update: false,
            expires_at_s: None,
            artifacts: vec![PublishArtifact {
                platform: "android".to_owned(),
                arch: "aarch64".to_owned(),
                hash: library(number).to_string(),
                size_bytes: 1000,
                hash_signature: None,
                statement: Some(statement(number, sha256, size_bytes)),
                downloads: vec![Download {
                    sha256: sha256.to_string(),
                    size_bytes,
                    container: Container::Shorebird,
                    from_sha256: None,
                }],
            }],
        };
        change(&mut publish);
        let patch = self.app.store.publish(APP, &publish, 0).await.unwrap();
        self.refresh().await;
        patch
    }

    pub(crate) async fn asked(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The status and body of a GET.
    pub(crate) async fn get(&self, path: &str) -> (u16, Vec<u8>) {
        let response = self
            .asked(Request::get(path).body(Body::empty()).unwrap())
            .await;
        whole(response).await
    }

    /// The status and body of a POST.
    pub(crate) async fn post(&self, path: &str, body: impl Into<Body>) -> (u16, Vec<u8>) {
        let request = Request::post(path).header("content-type", "application/json");
        whole(self.asked(request.body(body.into()).unwrap()).await).await
    }

    /// Stops the server. What it kept is gone when the folder is dropped.
    pub(crate) async fn stop_and_keep(self) -> tempfile::TempDir {
        drop((self.app, self.router));
        self.running.stop().await;
        self.folder
    }
}

pub(crate) async fn whole(response: Response) -> (u16, Vec<u8>) {
    let status = response.status().as_u16();
    let body = to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, body.to_vec())
}

/// What a patch of this number makes.
pub(crate) fn library(number: u64) -> Digest {
    Digest::of(format!("library {number}").as_bytes())
}

pub(crate) fn statement(number: u64, sha256: Digest, size_bytes: u64) -> Statement {
    let name = FileName::new("libapp.so").unwrap();
    let statement = PatchStatement {
        app: app(),
        base_size_bytes: 1000,
        created_s: 0,
        data_epoch: 0,
        downloads: vec![SignedDownload {
            codec: word("zstd"),
            container: word("shorebird"),
            from_sha256: Some(release().base_sha256),
            makes: name.clone(),
            sha256,
            size_bytes,
        }],
        extensions: Extensions::default(),
        files: vec![OutputFile {
            name,
            sha256: library(number),
            size_bytes: 1000,
        }],
        minimum_number: 0,
        number,
        reads_data_epoch: 0,
        release: release(),
        snapshot: snapshot(),
    };
    let envelope = sign(&statement, &[&key(2)]).unwrap();
    let read = Unverified::<PatchStatement>::read(&envelope).unwrap();
    Statement {
        sha256: read.sha256().to_string(),
        envelope: text(envelope),
    }
}

/// Names of keys that stand under an envelope.
pub(crate) fn signers(envelope: &str) -> BTreeSet<String> {
    let read = Unverified::<patchproof_trust::ChannelStatement>::read(envelope.as_bytes()).unwrap();
    read.claimed_signers()
        .iter()
        .map(ToString::to_string)
        .collect()
}

pub(crate) const APP: &str = "com.example.app";
pub(crate) const VERSION: &str = "1.0+1";
