//! Starting and stopping.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::auth::Secret;
use crate::store::{Scope, Token};

fn settings() -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::local(folder.path().join("data"));
    (folder, settings)
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// What the token in a file may do, if anything.
async fn token_in(running: &Running, file: &str) -> Option<Token> {
    let path = running.app.settings.data.join(file);
    let text = std::fs::read_to_string(path).unwrap();
    let sha256 = Secret::sent(text.trim_end()).sha256();
    running.app.store.token_by_sha256(&sha256).await.unwrap()
}

#[tokio::test]
async fn the_first_start_leaves_a_token_that_its_owner_alone_can_read() {
    let (_folder, settings) = settings();
    let running = start(settings.clone()).await.unwrap();
    let path = settings.data.join("admin.token");
    assert_eq!(
        running.token_files,
        [("an administrator's token", path.clone())]
    );
    assert_eq!(mode(&path), 0o600);
    let token = token_in(&running, "admin.token").await.unwrap();
    assert_eq!((token.scope, token.app_id), (Scope::Admin, None));
    running.stop().await;
    let again = start(settings).await.unwrap();
    assert_eq!(again.token_files, []);
    again.stop().await;
}

#[tokio::test]
async fn a_folder_is_one_servers_until_it_stops() {
    let (_folder, settings) = settings();
    let running = start(settings.clone()).await.unwrap();
    let second = start(settings.clone()).await;
    assert!(matches!(second, Err(ServeError::InUse { .. })));
    running.stop().await;
    start(settings).await.unwrap().stop().await;
}

#[tokio::test]
async fn a_folder_of_blobs_is_one_servers_as_well() {
    let (folder, mut settings) = settings();
    let blobs = folder.path().join("blobs");
    settings.blobs = Some(blobs.to_str().unwrap().to_owned());
    let running = start(settings.clone()).await.unwrap();
    settings.data = folder.path().join("other");
    match start(settings.clone()).await {
        Err(ServeError::InUse { path }) => assert_eq!(path, blobs),
        other => panic!("{other:?}"),
    }
    running.stop().await;
    start(settings).await.unwrap().stop().await;
}

#[tokio::test]
async fn what_a_server_keeps_is_its_own_users_alone() {
    let (_folder, settings) = settings();
    let running = start(settings.clone()).await.unwrap();
    assert_eq!(mode(&settings.data), 0o700);
    assert_eq!(mode(&settings.data.join("patchproof.db")), 0o600);
    assert_eq!(mode(&settings.data.join("patchproof.db-wal")), 0o600);
    running.stop().await;
}

#[tokio::test]
async fn a_start_that_died_over_the_examples_token_is_made_good_by_the_next() {
    let (_folder, mut settings) = settings();
    settings.example = true;
    std::fs::create_dir_all(&settings.data).unwrap();
    // Written, and not in the database yet.
    std::fs::write(settings.data.join("example.token"), "ppt_lost\n").unwrap();
    let running = start(settings.clone()).await.unwrap();
    assert!(token_in(&running, "example.token").await.is_some());
    running.stop().await;
    let again = start(settings).await.unwrap();
    assert_eq!(again.token_files, []);
    again.stop().await;
}

#[tokio::test]
async fn the_example_is_an_app_with_a_publisher() {
    let (_folder, mut settings) = settings();
    settings.example = true;
    let running = start(settings.clone()).await.unwrap();
    assert!(running.app.views.of("com.example.app").is_some());
    let token = token_in(&running, "example.token").await.unwrap();
    assert_eq!(token.scope, Scope::Publisher);
    assert_eq!(token.app_id.as_deref(), Some("com.example.app"));
    running.stop().await;
}
