//! What the store holds, on SQLite; and on PostgreSQL where `PATCHPROOF_TEST_POSTGRES` is the URL
//! of one in which databases may be made.

mod developer_words;
mod numbers;
mod publishing;
mod taking_back;

use std::sync::atomic::{AtomicU32, Ordering};

use super::*;

pub(super) const NOW: i64 = 1_800_000_000;

/// A store with nothing in it, and the folder that it lies in.
pub(super) struct Fresh {
    pub(super) store: Store,
    pub(super) at: DatabaseUrl,
    _folder: tempfile::TempDir,
}

pub(super) async fn fresh() -> Fresh {
    let folder = tempfile::tempdir().unwrap();
    let at = match std::env::var("PATCHPROOF_TEST_POSTGRES") {
        Ok(server) => DatabaseUrl::Postgres(new_database(&server).await),
        Err(_) => DatabaseUrl::Sqlite(folder.path().join("a # name %41? with.db")),
    };
    Fresh {
        store: Store::connect(&at).await.unwrap(),
        at,
        _folder: folder,
    }
}

/// A store with the app `app` and a release of it.
pub(super) async fn with_release() -> (Fresh, i64) {
    let fresh = fresh().await;
    let store = &fresh.store;
    store.create_app(Some("app"), "App", NOW).await.unwrap();
    let release = store
        .create_release("app", release("1.0+1"), NOW)
        .await
        .unwrap();
    (fresh, release.id)
}

pub(super) fn release(version: &str) -> NewRelease {
    NewRelease {
        version: version.to_owned(),
        flutter_revision: "abc".to_owned(),
        flutter_version: None,
        display_name: None,
    }
}

pub(super) fn publication(release_id: i64, number: u64) -> Publish {
    Publish {
        release_id,
        number,
        channel: Some("stable".to_owned()),
        rollout_basis_points: 10_000,
        notes: None,
        force_update: false,
        expires_at_s: None,
        artifacts: vec![artifact(number)],
    }
}

pub(super) fn artifact(number: u64) -> PublishArtifact {
    PublishArtifact {
        platform: "android".to_owned(),
        arch: "aarch64".to_owned(),
        hash: hash(number),
        size_bytes: 1000,
        hash_signature: None,
        statement: None,
        downloads: vec![download(number)],
    }
}

pub(super) fn download(number: u64) -> Download {
    Download {
        sha256: hash(1_000_000 + number),
        size_bytes: 10,
        container: Container::Shorebird,
        from_sha256: None,
    }
}

pub(super) fn hash(number: u64) -> String {
    format!("{number:064x}")
}

async fn new_database(server: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    sqlx::any::install_default_drivers();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("patchproof_test_{}_{number}", std::process::id());
    let pool = sqlx::AnyPool::connect(server).await.unwrap();
    let make = sqlx::AssertSqlSafe(format!("CREATE DATABASE {name}"));
    sqlx::raw_sql(make).execute(&pool).await.unwrap();
    let (base, _) = server.rsplit_once('/').unwrap();
    format!("{base}/{name}")
}
