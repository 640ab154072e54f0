//! Numbers of patches: each given once, none lost.

use super::*;

#[tokio::test]
async fn of_two_publishers_with_one_number_one_wins_and_the_other_is_told() {
    let (fresh, release_id) = with_release().await;
    let publication = publication(release_id, 1);
    let publish = || fresh.store.publish("app", &publication, NOW);
    let (one, other) = tokio::join!(publish(), publish());
    let conflicts = [&one, &other].into_iter().filter(|found| {
        matches!(
            found,
            Err(StoreError::Conflict {
                what: "patch number",
                ..
            })
        )
    });
    assert_eq!(conflicts.count(), 1, "{one:?} {other:?}");
    assert_eq!(
        fresh.store.patches("app", release_id).await.unwrap().len(),
        1
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn many_drafts_at_once_get_each_number_once() {
    let (fresh, release_id) = with_release().await;
    let drafts = (0..40).map(|_| {
        let store = fresh.store.clone();
        tokio::spawn(async move { store.create_patch("app", release_id, None, NOW).await })
    });
    let drafts: Vec<_> = drafts.collect();
    let mut numbers = Vec::new();
    for draft in drafts {
        numbers.push(draft.await.unwrap().unwrap().number);
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=40).collect::<Vec<u64>>());
}

#[tokio::test]
async fn a_publication_that_fails_leaves_nothing_and_burns_no_number() {
    let (fresh, release_id) = with_release().await;
    let mut broken = publication(release_id, 1);
    // The second one fails: the first is in the transaction by then.
    broken.artifacts.push(artifact(1));
    assert!(fresh.store.publish("app", &broken, NOW).await.is_err());
    assert_eq!(fresh.store.patches("app", release_id).await.unwrap(), []);
    assert_eq!(fresh.store.channels("app").await.unwrap(), []);
    assert_eq!(
        fresh
            .store
            .next_number("app", release_id, NOW)
            .await
            .unwrap(),
        1
    );
    fresh
        .store
        .publish("app", &publication(release_id, 1), NOW)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_draft_left_behind_a_day_ago_gives_its_number_back() {
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
    let day_s = 24 * 60 * 60;
    let next = |now_s| store.next_number("app", release_id, now_s);
    assert_eq!(next(NOW + day_s - 1).await.unwrap(), 3);
    assert_eq!(next(NOW + day_s).await.unwrap(), 2);
    let draft = store
        .create_patch("app", release_id, None, NOW + day_s)
        .await
        .unwrap();
    assert_eq!(draft.number, 2);
}

#[tokio::test]
async fn a_promoted_patch_keeps_its_number_for_ever() {
    let (fresh, release_id) = with_release().await;
    let store = &fresh.store;
    store
        .publish("app", &publication(release_id, 1), 0)
        .await
        .unwrap();
    assert_eq!(
        store
            .create_patch("app", release_id, None, NOW)
            .await
            .unwrap()
            .number,
        2
    );
}
