//! Starting and stopping.

use std::os::unix::fs::PermissionsExt as _;

use super::*;
use crate::auth::Secret;
use crate::store::Scope;

fn settings() -> (tempfile::TempDir, Settings) {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings::local(folder.path().join("data"));
    (folder, settings)
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
    let mode = std::fs::metadata(&path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let text = std::fs::read_to_string(&path).unwrap();
    let sha256 = Secret::sent(text.trim_end()).sha256();
    let token = running
        .app
        .store
        .token_by_sha256(&sha256)
        .await
        .unwrap()
        .unwrap();
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
async fn the_example_is_an_app_with_a_publisher() {
    let (_folder, mut settings) = settings();
    settings.example = true;
    let running = start(settings.clone()).await.unwrap();
    assert!(running.app.views.of("com.example.app").is_some());
    let text = std::fs::read_to_string(settings.data.join("example.token")).unwrap();
    let sha256 = Secret::sent(text.trim_end()).sha256();
    let token = running
        .app
        .store
        .token_by_sha256(&sha256)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(token.scope, Scope::Publisher);
    assert_eq!(token.app_id.as_deref(), Some("com.example.app"));
    running.stop().await;
}
