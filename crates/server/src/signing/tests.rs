//! What this server signs is what a device believes, under a counter that tells each choice from
//! every other.

mod keys;

use patchproof_protocol::channel_path;
use patchproof_trust::{
    Accepted, ChannelStatement, Digest, Freshness, Nonce, Question, Remembered, Unverified,
    Verifier, sign,
};
use serde_json::{Value, json};

use super::testing::*;
use super::*;
use crate::store::{Choice, NewReleaseArtifact};
use crate::view::Views;

/// What a device asks, and where.
async fn ask(server: &Served, channel: &str, nonce: [u8; 32]) -> Value {
    let question = json!({
        "app_id": APP, "channel": channel, "release_version": VERSION,
        "platform": "android", "arch": "aarch64",
        "patchproof": {
            "release_sha256": release().sha256().to_string(),
            "nonce": Nonce::of_bytes(nonce).to_string(),
            "root_version": 1,
        },
    });
    let (status, body) = server
        .post("/api/v1/patches/check", question.to_string())
        .await;
    assert_eq!(status, 200, "{}", String::from_utf8_lossy(&body));
    serde_json::from_slice(&body).unwrap()
}

async fn live(server: &Served) -> String {
    let answer = ask(server, "stable", [7; 32]).await;
    answer["patchproof"]["channel_statement"]
        .as_str()
        .expect("a statement")
        .to_owned()
}

fn believed(envelope: &str, freshness: Freshness) -> Accepted<ChannelStatement> {
    let remembered = Remembered::from_embedded(root_envelope(1).as_bytes()).unwrap();
    let device = device();
    let question = Question {
        channel: word("stable"),
        freshness,
        now_s: crate::device_side::now_s().unsigned_abs(),
    };
    let verifier = Verifier::new(&device, &remembered).unwrap();
    verifier
        .channel(envelope.as_bytes(), &question)
        .expect("believed")
}

fn read(envelope: &str) -> ChannelStatement {
    let read = Unverified::<ChannelStatement>::read(envelope.as_bytes()).unwrap();
    read.statement().clone()
}

fn numbers(statement: &ChannelStatement) -> (Vec<u64>, Vec<u64>) {
    let selected = statement.selected.iter().map(|entry| entry.number);
    let rolled_back = statement.rolled_back.iter().map(|entry| entry.number);
    (selected.collect(), rolled_back.collect())
}

fn document_path() -> String {
    channel_path(APP, &release().sha256().to_string(), "stable")
}

#[tokio::test]
async fn a_device_believes_an_answer_with_its_nonce_and_the_patch_that_it_names() {
    let server = Served::new().await;
    server.publish(1).await;
    let nonce = Freshness::Nonce(Nonce::of_bytes([7; 32]));
    let accepted = believed(&live(&server).await, nonce);
    assert_eq!(numbers(&accepted.statement), (vec![1], vec![]));
    let name = accepted.statement.selected[0].patch.to_string();
    let (status, envelope) = server
        .get(&patchproof_protocol::statement_path(&name))
        .await;
    assert_eq!(status, 200);
    let device = device();
    let verifier = Verifier::new(&device, &accepted.remembered).unwrap();
    let patch = verifier
        .patch(&envelope, &accepted.statement)
        .unwrap()
        .statement;
    assert_eq!(patch.number, 1);
}

#[tokio::test]
async fn a_device_believes_the_document_that_lies_on_a_cdn() {
    let server = Served::new().await;
    server.publish(1).await;
    let (status, envelope) = server.get(&document_path()).await;
    assert_eq!(status, 200);
    let envelope = String::from_utf8(envelope).unwrap();
    let accepted = believed(&envelope, Freshness::Expiry);
    assert_eq!(numbers(&accepted.statement), (vec![1], vec![]));
    assert_eq!(accepted.statement.nonce, None);
}

#[tokio::test]
async fn a_device_is_told_in_signed_words_that_there_is_no_patch_yet() {
    let server = Served::new().await;
    let nothing = ask(&server, "stable", [7; 32]).await;
    assert_eq!(
        nothing.get("patchproof"),
        None,
        "of a release without files"
    );
    let library = NewReleaseArtifact {
        arch: "aarch64".to_owned(),
        platform: "android".to_owned(),
        hash: release().base_sha256.to_string(),
        size_bytes: 1000,
        filename: "libapp.so".to_owned(),
        can_sideload: false,
        podfile_lock_hash: None,
    };
    let store = &server.app.store;
    let announced = store.add_release_artifact(APP, server.release_id, library);
    let announced = announced.await.unwrap();
    let came = store.finish_release_artifact(announced.id, &announced.hash);
    came.await.unwrap();
    server.refresh().await;
    let nonce = Freshness::Nonce(Nonce::of_bytes([7; 32]));
    let accepted = believed(&live(&server).await, nonce);
    assert_eq!(numbers(&accepted.statement), (vec![], vec![]));
}

#[tokio::test]
async fn the_counter_grows_with_each_choice_and_with_nothing_else() {
    let server = Served::new().await;
    server.publish(1).await;
    let first = read(&live(&server).await);
    let again = read(&live(&server).await);
    assert_eq!((first.counter, again.counter), (1, 1));
    let second = server.publish(2).await;
    assert_eq!(read(&live(&server).await).counter, 2);
    server
        .app
        .store
        .set_rollout(APP, second.id, 500)
        .await
        .unwrap();
    server.refresh().await;
    let rolled_out = read(&live(&server).await);
    assert_eq!(rolled_out.counter, 3);
    assert_eq!(
        rolled_out.selected.last().unwrap().rollout_basis_points,
        500
    );
    server.app.store.roll_back(APP, second.id, 1).await.unwrap();
    server.refresh().await;
    let taken_back = read(&live(&server).await);
    assert_eq!(
        (taken_back.counter, numbers(&taken_back)),
        (4, (vec![1], vec![2]))
    );
    // Something that no device of this release sees.
    server.app.store.create_channel(APP, "beta").await.unwrap();
    server.refresh().await;
    assert_eq!(read(&live(&server).await).counter, 4);
}

#[tokio::test]
async fn many_questions_at_once_make_one_choice() {
    let server = Served::new().await;
    server.publish(1).await;
    let asked = (0..20).map(|_| live(&server));
    for envelope in futures_util::future::join_all(asked).await {
        assert_eq!(read(&envelope).counter, 1);
    }
}

#[tokio::test]
async fn a_server_with_an_old_view_does_not_undo_what_another_chose() {
    let server = Served::new().await;
    let patch = server.publish(1).await;
    let other = App {
        settings: server.settings(Some(3)),
        public_url: String::new(),
        store: server.app.store.clone(),
        blobs: server.app.blobs.clone(),
        views: Arc::new(Views::load(&server.app.store).await.unwrap()),
        signing: Signing::open(&server.settings(Some(3))).unwrap(),
        metrics: Arc::default(),
    };
    assert_eq!(read(&live(&server).await).counter, 1);
    server.app.store.roll_back(APP, patch.id, 1).await.unwrap();
    server.refresh().await;
    assert_eq!(read(&live(&server).await).counter, 2);
    let view = other.views.of(APP).unwrap();
    assert!(view.choices.is_empty(), "an old view");
    let question = Live {
        channel: "stable",
        release_sha256: *release().sha256().bytes(),
        nonce: Nonce::of_bytes([7; 32]),
    };
    let signed = other
        .signing
        .live(&other, &view, &question, 10)
        .await
        .unwrap()
        .unwrap();
    let signed = read(&signed);
    assert_eq!((signed.counter, numbers(&signed)), (2, (vec![], vec![1])));
}

#[tokio::test]
async fn a_patch_that_expires_is_a_new_choice_without_anybodys_doing() {
    let server = Served::new().await;
    server.publish(1).await;
    let soon_s = crate::device_side::now_s() + 1000;
    server
        .publish_with(2, |publish| publish.expires_at_s = Some(soon_s))
        .await;
    assert_eq!(numbers(&read(&live(&server).await)).0, [1, 2]);
    let view = server.app.views.of(APP).unwrap();
    let question = Live {
        channel: "stable",
        release_sha256: *release().sha256().bytes(),
        nonce: Nonce::of_bytes([7; 32]),
    };
    let signing = &server.app.signing;
    let later = signing
        .live(&server.app, &view, &question, soon_s)
        .await
        .unwrap()
        .unwrap();
    let later = read(&later);
    assert_eq!((later.counter, numbers(&later).0), (2, vec![1]));
}

#[tokio::test]
async fn a_document_is_signed_anew_in_time_under_the_same_counter() {
    let server = Served::new().await;
    server.publish(1).await;
    let now_s = crate::device_side::now_s();
    let lifetime_s = 7 * 24 * 60 * 60;
    let at = async |now_s: i64| {
        let view = server.app.views.of(APP).unwrap();
        let signing = &server.app.signing;
        let document = signing.document(&server.app, &view, release().sha256(), "stable", now_s);
        read(&document.await.unwrap().unwrap())
    };
    let first = at(now_s).await;
    assert_eq!(at(now_s + lifetime_s / 2 - 10).await, first);
    let renewed = at(now_s + lifetime_s / 2 + 10).await;
    assert_eq!(renewed.counter, first.counter);
    assert!(renewed.expires_s > first.expires_s);
    assert_eq!(renewed.choice_sha256(), first.choice_sha256());
}
