//! Which keys sign, and what asking cannot do.

use super::*;

#[tokio::test]
async fn a_server_without_the_key_signs_nothing_and_hands_on_what_others_signed() {
    for key in [None, Some(9)] {
        let server = Served::of(key, 1).await;
        server.publish(1).await;
        let answer = ask(&server, "stable", [7; 32]).await;
        assert_eq!(answer.get("patchproof"), None);
        assert_eq!(server.get(&document_path()).await.0, 404);
        let statement = ChannelStatement {
            app: app(),
            channel: word("stable"),
            counter: 5,
            expires_s: 10,
            extensions: Default::default(),
            issued_s: 1,
            nonce: None,
            release: release(),
            rolled_back: Vec::new(),
            root_version: 1,
            selected: Vec::new(),
        };
        let envelope = String::from_utf8(sign(&statement, &[&channel_key()]).unwrap()).unwrap();
        let choice = Choice {
            release_sha256: release().sha256().to_string(),
            channel: "stable".to_owned(),
            counter: 5,
            choice_sha256: statement.choice_sha256().to_string(),
            envelope: envelope.clone(),
            issued_s: 1,
            expires_s: 10,
        };
        server
            .app
            .store
            .put_choice(APP, &choice, None)
            .await
            .unwrap();
        server.refresh().await;
        let (status, found) = server.get(&document_path()).await;
        assert_eq!((status, found), (200, envelope.into_bytes()));
    }
}

#[tokio::test]
async fn fewer_keys_than_the_root_wants_sign_nothing() {
    let server = Served::of(Some(3), 2).await;
    server.publish(1).await;
    assert_eq!(
        ask(&server, "stable", [7; 32]).await.get("patchproof"),
        None
    );
}

#[tokio::test]
async fn nobody_makes_choices_by_asking_for_channels_and_releases_that_are_not_there() {
    let server = Served::new().await;
    server.publish(1).await;
    assert_eq!(
        ask(&server, "made-up", [7; 32]).await.get("patchproof"),
        None
    );
    let path = channel_path(APP, &Digest::of_bytes([1; 32]).to_string(), "stable");
    assert_eq!(server.get(&path).await.0, 404);
    server.refresh().await;
    assert!(server.app.views.of(APP).unwrap().choices.is_empty());
}

#[tokio::test]
async fn the_choice_outlives_the_server() {
    let server = Served::new().await;
    server.publish(1).await;
    assert_eq!(read(&live(&server).await).counter, 1);
    let settings = server.settings(Some(3));
    let folder = server.stop_and_keep().await;
    let running = crate::start(settings).await.unwrap();
    let view = running.app.views.of(APP).unwrap();
    let choice = &view.choices[&(release().sha256(), "stable".into())];
    assert_eq!(choice.counter, 1);
    assert_eq!(signers(&choice.envelope).len(), 1);
    running.stop().await;
    drop(folder);
}
