//! From a publication to what devices see.

use super::*;
use crate::view::{AppView, Asking, Reach};

pub(super) async fn view(store: &Store) -> AppView {
    store.app_view("app").await.unwrap().1.unwrap()
}

pub(super) fn offered(view: &AppView) -> Option<u64> {
    let asking = Asking {
        app_id: "app",
        reach: Reach::Unnamed,
        above: None,
        runs_sha256: None,
    };
    let track = view.track("1.0+1", "android", "aarch64", "stable")?;
    Some(track.answer(&asking, NOW)?.patch.number)
}

#[tokio::test]
async fn a_published_patch_is_read_back_as_it_was_given() {
    let (fresh, release_id) = with_release().await;
    let mut given = publication(release_id, 1);
    given.notes = Some("Mends".to_owned());
    given.force_update = true;
    given.expires_at_s = Some(NOW + 5);
    given.rollout_basis_points = 500;
    let delta = Download {
        sha256: hash(77),
        size_bytes: 3,
        container: Container::Patchproof,
        from_sha256: Some(hash(9)),
    };
    given.artifacts[0].downloads.insert(0, delta.clone());
    let made = fresh.store.publish("app", &given, NOW).await.unwrap();
    let read = fresh.store.patches("app", release_id).await.unwrap();
    assert_eq!(read, std::slice::from_ref(&made));
    assert_eq!(made.notes, given.notes);
    assert_eq!(
        (made.force_update, made.expires_at_s),
        (true, Some(NOW + 5))
    );
    assert_eq!(
        (made.channel.as_deref(), made.rollout_basis_points),
        (Some("stable"), 500)
    );
    assert_eq!(made.artifacts[0].downloads, [delta, download(1)]);
    assert_eq!(made.artifacts[0].hash, hash(1));
}

#[tokio::test]
async fn devices_see_a_patch_once_it_is_promoted_and_only_on_its_channel() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let mut unplaced = publication(release_id, 1);
    unplaced.channel = None;
    let patch = store.publish("app", &unplaced, NOW).await.unwrap();
    assert_eq!(offered(&view(store).await), None);
    let stable = store.create_channel("app", "stable").await.unwrap();
    store
        .promote("app", patch.id, stable.id, 10_000, NOW)
        .await
        .unwrap();
    assert_eq!(offered(&view(store).await), Some(1));
    let staging = store.create_channel("app", "staging").await.unwrap();
    store
        .promote("app", patch.id, staging.id, 10_000, NOW)
        .await
        .unwrap();
    assert_eq!(offered(&view(store).await), None);
}

#[tokio::test]
async fn a_patch_is_not_promoted_before_each_of_its_files_came() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let stable = store.create_channel("app", "stable").await.unwrap();
    let draft = store
        .create_patch("app", release_id, None, NOW)
        .await
        .unwrap();
    let promote = || store.promote("app", draft.id, stable.id, 10_000, NOW);
    assert!(matches!(promote().await, Err(StoreError::Conflict { .. })));
    let new = NewPatchArtifact {
        platform: "android".to_owned(),
        arch: "aarch64".to_owned(),
        hash: hash(1),
        hash_signature: Some("sig".to_owned()),
    };
    let announced = store
        .add_patch_artifact("app", draft.id, new, NOW)
        .await
        .unwrap();
    assert!(matches!(promote().await, Err(StoreError::Conflict { .. })));
    let finish = async |hash: &str| {
        let id = announced.id;
        store
            .finish_patch_artifact(id, hash, 1000, &download(1))
            .await
    };
    assert!(matches!(
        finish(&hash(2)).await,
        Err(StoreError::Conflict { .. })
    ));
    let whole = finish(&hash(1)).await.unwrap();
    assert_eq!((whole.size_bytes, whole.downloads.len()), (1000, 1));
    assert!(promote().await.unwrap().published);
    assert_eq!(offered(&view(store).await), Some(1));
    assert!(store.is_download(&download(1).sha256).await.unwrap());
    assert!(!store.is_download(&hash(1)).await.unwrap());
}

#[tokio::test]
async fn nothing_of_one_app_is_reached_through_another() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    let patch = store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
    store.create_app(Some("other"), "Other", NOW).await.unwrap();
    let stable = store.create_channel("other", "stable").await.unwrap();
    let found = [
        store.release("other", release_id).await.map(drop),
        store.patches("other", release_id).await.map(drop),
        store.patch("other", patch.id).await.map(drop),
        store.roll_back("other", patch.id, NOW).await.map(drop),
        store
            .promote("other", patch.id, stable.id, 1, NOW)
            .await
            .map(drop),
        store
            .promote("app", patch.id, stable.id, 1, NOW)
            .await
            .map(drop),
        store
            .publish("other", &publication(release_id, 2), NOW)
            .await
            .map(drop),
    ];
    for found in found {
        assert!(
            matches!(found, Err(StoreError::NotFound { .. })),
            "{found:?}"
        );
    }
}

#[tokio::test]
async fn a_rollout_above_all_devices_is_refused() {
    let (fresh, release_id) = with_release().await;
    let mut given = publication(release_id, 1);
    given.rollout_basis_points = 10_001;
    let refused = fresh.store.publish("app", &given, NOW).await;
    assert!(matches!(refused, Err(StoreError::Invalid { .. })));
}

#[tokio::test]
async fn what_was_written_is_there_after_the_database_is_opened_anew() {
    let (fresh, release_id) = with_release().await;
    fresh
        .store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
    let before = fresh.store.app_view("app").await.unwrap();
    fresh.store.close().await;
    let again = Store::connect(&fresh.at).await.unwrap();
    assert_eq!(again.app_view("app").await.unwrap(), before);
}

#[tokio::test]
async fn of_many_patches_for_everyone_the_view_holds_the_highest_alone() {
    let (fresh, release_id) = with_release().await;
    for number in 1..=5 {
        let mut given = publication(release_id, number);
        given.rollout_basis_points = if number == 5 { 100 } else { 10_000 };
        fresh.store.publish("app", &given, NOW).await.unwrap();
    }
    let seen = view(&fresh.store).await;
    let track = seen.track("1.0+1", "android", "aarch64", "stable").unwrap();
    let numbers: Vec<u64> = track.patches().iter().map(|patch| patch.number).collect();
    assert_eq!(numbers, [5, 4]);
}

#[tokio::test]
async fn where_the_app_signs_an_unsigned_patch_for_everyone_hides_no_signed_one() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    store.put_root("app", 1, "{}").await.unwrap();
    for number in 1..=2 {
        let given = publication(release_id, number);
        store.publish("app", &given, NOW).await.unwrap();
    }
    let sql = "UPDATE patch_artifacts SET statement_sha256 = hash WHERE patch_id =
        (SELECT id FROM patches WHERE number = 1)";
    sqlx::query(sql).execute(&store.inner.pool).await.unwrap();
    let seen = view(store).await;
    let track = seen.track("1.0+1", "android", "aarch64", "stable").unwrap();
    assert_eq!(track.patches().len(), 2);
}

#[tokio::test]
async fn the_view_holds_the_signed_patches_of_a_channel_statement_however_far_apart_they_are() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    for number in 1..=132 {
        let mut given = publication(release_id, number);
        let is_stable = number % 2 == 0;
        given.channel = Some(if is_stable { "stable" } else { "beta" }.to_owned());
        store.publish("app", &given, NOW).await.unwrap();
    }
    let sql = "UPDATE patch_artifacts SET statement_sha256 = hash";
    sqlx::query(sql).execute(&store.inner.pool).await.unwrap();
    let seen = view(store).await;
    let track = seen.track("1.0+1", "android", "aarch64", "stable").unwrap();
    let numbers: Vec<u64> = track.patches().iter().map(|patch| patch.number).collect();
    let expected: Vec<u64> = (6..=132).rev().step_by(2).collect();
    assert_eq!(numbers, expected);
}
