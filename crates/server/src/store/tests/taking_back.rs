//! Rolling back, rolling forward, the kill switch.

use super::publishing::{offered, view};
use super::*;

async fn with_patches(count: u64) -> (Fresh, i64, Vec<i64>) {
    let (fresh, release_id) = with_release().await;
    let mut ids = Vec::new();
    for number in 1..=count {
        let publication = publication(release_id, number);
        let patch = fresh.store.publish("app", &publication, NOW).await.unwrap();
        ids.push(patch.id);
    }
    (fresh, release_id, ids)
}

#[tokio::test]
async fn a_patch_that_is_taken_back_is_listed_and_the_one_below_it_is_offered() {
    let (fresh, _, ids) = with_patches(2).await;
    let store = &fresh.store;
    let patch = store.roll_back("app", ids[1], NOW).await.unwrap();
    assert_eq!(patch.rolled_back_at_s, Some(NOW));
    let seen = view(store).await;
    assert_eq!(
        (offered(&seen), seen.rolled_back("1.0+1")),
        (Some(1), &[2][..])
    );
    store.roll_forward("app", ids[1]).await.unwrap();
    let seen = view(store).await;
    assert_eq!(
        (offered(&seen), seen.rolled_back("1.0+1")),
        (Some(2), &[][..])
    );
}

#[tokio::test]
async fn the_kill_switch_lists_every_number_and_gives_back_only_what_it_took() {
    let (fresh, release_id, ids) = with_patches(3).await;
    let store = &fresh.store;
    store.roll_back("app", ids[0], NOW).await.unwrap();
    let taken = store
        .kill_switch("app", release_id, true, NOW)
        .await
        .unwrap();
    assert_eq!(taken, [2, 3]);
    let seen = view(store).await;
    assert_eq!(
        (offered(&seen), seen.rolled_back("1.0+1")),
        (None, &[1, 2, 3][..])
    );
    let given = store
        .kill_switch("app", release_id, false, NOW)
        .await
        .unwrap();
    assert_eq!(given, [2, 3]);
    let seen = view(store).await;
    assert_eq!(
        (offered(&seen), seen.rolled_back("1.0+1")),
        (Some(3), &[1][..])
    );
}

#[tokio::test]
async fn a_patch_published_after_the_kill_switch_is_offered() {
    let (fresh, release_id, _) = with_patches(1).await;
    let store = &fresh.store;
    store
        .kill_switch("app", release_id, true, NOW)
        .await
        .unwrap();
    store
        .publish("app", &publication(release_id, 2), NOW)
        .await
        .unwrap();
    let seen = view(store).await;
    assert_eq!(
        (offered(&seen), seen.rolled_back("1.0+1")),
        (Some(2), &[1][..])
    );
}

#[tokio::test]
async fn notes_and_expiry_are_changed_one_by_one_and_taken_away_again() {
    let (fresh, _, ids) = with_patches(1).await;
    let update = async |update| {
        fresh
            .store
            .update_patch("app", ids[0], update)
            .await
            .unwrap()
    };
    let noted = PatchUpdate {
        notes: Some("Mends".to_owned()),
        ..PatchUpdate::default()
    };
    update(noted).await;
    let expiring = PatchUpdate {
        expires_at_s: Some(Some(NOW)),
        force_update: Some(true),
        ..PatchUpdate::default()
    };
    let patch = update(expiring).await;
    assert_eq!(patch.notes.as_deref(), Some("Mends"));
    assert_eq!((patch.expires_at_s, patch.force_update), (Some(NOW), true));
    let plain = PatchUpdate {
        notes: Some(String::new()),
        force_update: Some(false),
        expires_at_s: Some(None),
    };
    let patch = update(plain).await;
    assert_eq!(
        (patch.notes, patch.expires_at_s, patch.force_update),
        (None, None, false)
    );
}

#[tokio::test]
async fn a_rollout_is_set_where_the_patch_sits_and_nowhere_else() {
    let (fresh, release_id, ids) = with_patches(1).await;
    let store = &fresh.store;
    let patch = store.set_rollout("app", ids[0], 100).await.unwrap();
    assert_eq!(patch.rollout_basis_points, 100);
    assert_eq!(offered(&view(store).await), None);
    let draft = store
        .create_patch("app", release_id, None, NOW)
        .await
        .unwrap();
    let refused = store.set_rollout("app", draft.id, 100).await;
    assert!(matches!(refused, Err(StoreError::Conflict { .. })));
}
