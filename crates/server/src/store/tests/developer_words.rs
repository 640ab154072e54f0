//! Apps, releases, roots, statements, choices, tokens, uploads, events.

use super::*;

#[tokio::test]
async fn an_app_without_an_id_gets_one_and_none_is_made_twice() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let app = store.create_app(None, "App", NOW).await.unwrap();
    assert_eq!(app.id.len(), 36);
    let again = store.create_app(Some(&app.id), "App", NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })));
    let none = store.create_app(Some("no/word"), "App", NOW).await;
    assert!(matches!(none, Err(StoreError::Invalid { .. })));
    assert_eq!(store.apps().await.unwrap(), [app]);
}

#[tokio::test]
async fn an_app_names_its_latest_release_and_patch() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
    store
        .create_patch("app", release_id, None, NOW)
        .await
        .unwrap();
    let app = store.app("app").await.unwrap();
    assert_eq!(app.latest_release_version.as_deref(), Some("1.0+1"));
    assert_eq!(app.latest_patch_number, Some(1));
}

#[tokio::test]
async fn a_deleted_app_takes_all_with_it_and_its_view_counts_on() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
    let (before, _) = store.app_view("app").await.unwrap();
    store.delete_app("app").await.unwrap();
    let (after, view) = store.app_view("app").await.unwrap();
    assert!(after > before && view.is_none());
    assert!(!store.is_download(&download(1).sha256).await.unwrap());
    assert!(matches!(
        store.delete_app("app").await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn a_release_is_made_once_and_active_by_platform() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let again = store.create_release("app", release("1.0+1"), NOW).await;
    assert!(matches!(again, Err(StoreError::Conflict { .. })));
    for status in [ReleaseStatus::Draft, ReleaseStatus::Active] {
        let update = ReleaseUpdate {
            platform_status: Some(("android".to_owned(), status)),
            notes: None,
        };
        let changed = store
            .update_release("app", release_id, update, NOW + 1)
            .await
            .unwrap();
        assert_eq!(changed.platform_statuses["android"], status);
        assert_eq!(store.releases("app").await.unwrap(), [changed]);
    }
}

#[tokio::test]
async fn an_artifact_is_announced_anew_until_its_bytes_came() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let new = |size_bytes| NewReleaseArtifact {
        arch: "aab".to_owned(),
        platform: "android".to_owned(),
        hash: hash(1),
        size_bytes,
        filename: "app.aab".to_owned(),
        can_sideload: true,
        podfile_lock_hash: None,
    };
    let one = store
        .add_release_artifact("app", release_id, new(1))
        .await
        .unwrap();
    let two = store
        .add_release_artifact("app", release_id, new(2))
        .await
        .unwrap();
    assert_eq!((one.id, two.size_bytes, two.uploaded), (two.id, 2, false));
    let other = store.finish_release_artifact(two.id, &hash(2)).await;
    assert!(matches!(other, Err(StoreError::Conflict { .. })));
    assert!(
        store
            .finish_release_artifact(two.id, &hash(1))
            .await
            .unwrap()
            .uploaded
    );
    let third = store.add_release_artifact("app", release_id, new(3)).await;
    assert!(matches!(third, Err(StoreError::Conflict { .. })));
    let found = store
        .release_artifacts("app", release_id, Some("aab"), None)
        .await
        .unwrap();
    assert_eq!(found.len(), 1);
    let other = store
        .release_artifacts("app", release_id, Some("arm"), None)
        .await
        .unwrap();
    assert_eq!(other, []);
}

#[tokio::test]
async fn roots_follow_each_other_and_none_is_replaced() {
    let (fresh, _) = with_release().await;
    let store = &fresh.store;
    let put = async |version, envelope| store.put_root("app", version, envelope).await;
    assert!(matches!(
        put(2, "b").await,
        Err(StoreError::Conflict { .. })
    ));
    put(1, "a").await.unwrap();
    put(1, "a").await.unwrap();
    assert!(matches!(
        put(1, "b").await,
        Err(StoreError::Conflict { .. })
    ));
    put(2, "b").await.unwrap();
    let expected = [(1, "a".to_owned()), (2, "b".to_owned())];
    assert_eq!(store.roots("app").await.unwrap(), expected);
}

#[tokio::test]
async fn a_statement_takes_new_signatures_and_no_other_app() {
    let (fresh, _) = with_release().await;
    let store = &fresh.store;
    store.create_app(Some("other"), "Other", NOW).await.unwrap();
    let statement = |envelope: &str| Statement {
        sha256: hash(5),
        envelope: envelope.to_owned(),
    };
    store.put_statement("app", &statement("a")).await.unwrap();
    store.put_statement("app", &statement("b")).await.unwrap();
    let other = store.put_statement("other", &statement("c")).await;
    assert!(matches!(other, Err(StoreError::Invalid { .. })));
    assert_eq!(store.statement(&hash(5)).await.unwrap(), "b");
    assert!(matches!(
        store.statement(&hash(6)).await,
        Err(StoreError::NotFound { .. })
    ));
}

#[tokio::test]
async fn of_two_who_sign_after_one_counter_one_is_kept() {
    let (fresh, _) = with_release().await;
    let store = &fresh.store;
    let choice = |counter| Choice {
        release_sha256: hash(1),
        channel: "stable".to_owned(),
        counter,
        choice_sha256: hash(counter),
        envelope: counter.to_string(),
        issued_s: NOW,
        expires_s: NOW + 1,
    };
    store.put_choice("app", &choice(1), None).await.unwrap();
    store.put_choice("app", &choice(2), Some(1)).await.unwrap();
    for stale in [None, Some(1)] {
        let put = store.put_choice("app", &choice(3), stale).await;
        assert!(matches!(put, Err(StoreError::Conflict { .. })));
    }
    let kept = store.choice("app", &hash(1), "stable").await.unwrap();
    assert_eq!(kept, Some(choice(2)));
}

#[tokio::test]
async fn a_token_is_found_by_its_hash_until_it_is_revoked() {
    let (fresh, _) = with_release().await;
    let store = &fresh.store;
    let token = |app_id: &str| NewToken {
        sha256: hash(1),
        name: "CI".to_owned(),
        scope: Scope::Publisher,
        app_id: Some(app_id.to_owned()),
    };
    let lost = store.create_token(token("none"), NOW).await;
    assert!(matches!(lost, Err(StoreError::NotFound { .. })));
    let made = store.create_token(token("app"), NOW).await.unwrap();
    assert_eq!(
        store.token_by_sha256(&hash(1)).await.unwrap(),
        Some(made.clone())
    );
    store.revoke_token(made.id, NOW).await.unwrap();
    assert_eq!(store.token_by_sha256(&hash(1)).await.unwrap(), None);
    assert_eq!(store.tokens().await.unwrap()[0].revoked_at_s, Some(NOW));
}

#[tokio::test]
async fn an_upload_is_used_up_once() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let upload = Upload {
        token_sha256: hash(1),
        kind: UploadKind::PatchArtifact,
        target_id: 7,
        sha256: None,
        size_bytes: 5,
        expires_at_s: NOW + 10,
    };
    store.create_upload(&upload, NOW).await.unwrap();
    assert_eq!(store.upload(&hash(1)).await.unwrap(), Some(upload.clone()));
    let finish = || store.finish_upload(&upload.token_sha256);
    assert_eq!(
        (finish().await.unwrap(), finish().await.unwrap()),
        (true, false)
    );
}

fn event(client: u32, kind: &str) -> EventRow {
    EventRow {
        app_id: "app".to_owned(),
        release_version: "1.0+1".to_owned(),
        platform: "android".to_owned(),
        arch: "aarch64".to_owned(),
        client_id: client.to_string(),
        kind: kind.to_owned(),
        patch_number: 1,
        timestamp_s: NOW,
        message: None,
        received_at_s: NOW,
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_many_at_once_are_all_counted() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let told = (0..200).map(|client| {
        let store = store.clone();
        tokio::spawn(async move { store.record_events(vec![event(client, "b")]).await })
    });
    let told: Vec<_> = told.collect();
    for told in told {
        told.await.unwrap().unwrap();
    }
    store
        .record_events(vec![event(0, "a"), event(1, "a")])
        .await
        .unwrap();
    let counts = store.event_counts("app", Some("1.0+1")).await.unwrap();
    let counts: Vec<_> = counts
        .iter()
        .map(|count| (&*count.kind, count.count))
        .collect();
    assert_eq!(counts, [("a", 2), ("b", 200)]);
    assert_eq!(store.event_counts("app", Some("2")).await.unwrap(), []);
}

#[tokio::test]
async fn an_event_that_cannot_be_held_takes_no_other_with_it() {
    let fresh = fresh().await;
    let store = &fresh.store;
    let mut poison = event(1, "a");
    poison.patch_number = u64::MAX;
    let (good, bad) = tokio::join!(
        store.record_events(vec![event(0, "a")]),
        store.record_events(vec![poison]),
    );
    assert!(good.is_ok() && bad.is_err());
    assert_eq!(store.event_counts("app", None).await.unwrap()[0].count, 1);
}

#[tokio::test]
async fn a_change_is_told_to_who_listens_and_counted() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let mut told = store.notifications().await.unwrap();
    let before = store.versions().await.unwrap()["app"];
    store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
    assert_eq!(told.next().await.unwrap().as_deref(), Some("app"));
    assert!(store.versions().await.unwrap()["app"] > before);
}
