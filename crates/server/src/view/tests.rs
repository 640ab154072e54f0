//! When a view shows a change.

use std::time::Instant;

use super::*;
use crate::store::{Choice, DatabaseUrl};

async fn store() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let at = DatabaseUrl::Sqlite(folder.path().join("db"));
    let store = Store::connect(&at).await.unwrap();
    (folder, store)
}

#[tokio::test]
async fn a_view_shows_a_change_once_it_is_refreshed() {
    let (_folder, store) = store().await;
    let views = Views::load(&store).await.unwrap();
    store.create_app(Some("app"), "App", 0).await.unwrap();
    assert!(views.of("app").is_none());
    views.refresh(&store, "app").await.unwrap();
    assert_eq!(&*views.of("app").unwrap().id, "app");
    assert_eq!(views.app_ids(), ["app".into()]);
    store.delete_app("app").await.unwrap();
    views.refresh(&store, "app").await.unwrap();
    assert!(views.of("app").is_none() && views.app_ids().is_empty());
}

#[tokio::test]
async fn an_older_reading_never_comes_over_a_newer_one() {
    let views = Views::default();
    let slot = |version, there: bool| Slot {
        version,
        view: there.then(Arc::default),
    };
    views.put(vec![("app".into(), slot(2, false))]);
    views.put(vec![("app".into(), slot(1, true))]);
    assert!(views.of("app").is_none());
    views.put(vec![("app".into(), slot(3, true))]);
    assert!(views.of("app").is_some());
}

#[tokio::test]
async fn an_app_that_cannot_be_read_hides_no_other() {
    let (_folder, store) = store().await;
    for id in ["damaged", "other"] {
        store.create_app(Some(id), "App", 0).await.unwrap();
    }
    let no_hash = Choice {
        release_sha256: "no hash".to_owned(),
        channel: "stable".to_owned(),
        counter: 1,
        choice_sha256: "00".repeat(32),
        envelope: String::new(),
        issued_s: 0,
        expires_s: 1,
    };
    store.put_choice("damaged", &no_hash, None).await.unwrap();
    let views = Views::default();
    let damaged = views.catch_up(&store).await;
    assert!(matches!(damaged, Err(StoreError::Damaged { .. })));
    assert_eq!(views.app_ids(), ["other".into()]);
}

#[tokio::test]
async fn who_follows_sees_what_others_change() {
    let (_folder, store) = store().await;
    let views = Arc::new(Views::load(&store).await.unwrap());
    let following = tokio::spawn(Arc::clone(&views).follow(store.clone()));
    store.create_app(Some("app"), "App", 0).await.unwrap();
    let begun = Instant::now();
    while views.of("app").is_none() {
        assert!(begun.elapsed() < POLL * 3, "the change was not seen");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    following.abort();
}
