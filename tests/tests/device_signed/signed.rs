//! Statements that lie as files, such as a CDN has them.

use patchproof_device::{Ask, Outcome};
use patchproof_protocol::{download_path, statement_path};
use patchproof_testkit::phone::{BASE_URL, Library};
use patchproof_trust::Digest;

use crate::stand::Stand;

#[test]
fn a_signed_patch_is_installed_and_boots() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    stand.choose(&[&patch]);
    assert_eq!(stand.installs(), Ok(1));
    assert_eq!(stand.boots(), 1);
    let again = stand.update().unwrap();
    assert_eq!(again.outcome, Outcome::UpToDate);
}

#[test]
fn nothing_is_sent_where_files_alone_are_asked() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let app = stand.start();
    app.healthy().unwrap();
    app.update().unwrap();
    assert_eq!(stand.phone.server.events(), Vec::<String>::new());
    let asked = stand.phone.server.asked();
    let posts = asked.iter().filter(|url| url.contains("/api/"));
    assert_eq!(posts.count(), 0, "{asked:?}");
}

#[test]
fn a_patch_that_is_offered_without_a_statement_is_not_fetched() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    stand.choose(&[&patch]);
    let path = statement_path(&patch.name.to_string());
    stand.phone.server.take_away(&path);
    stand.refuses("there is no patch statement that the channel chooses");
    stand.fetched_nothing();
}

#[test]
fn without_a_channel_statement_nothing_is_installed_and_what_is_installed_boots() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let channels = stand.phone.server.files();
    let channel = channels.keys().find(|path| path.contains("/channels/"));
    stand.phone.server.take_away(channel.unwrap());
    stand.refuses("there is no channel statement for this release");
    assert_eq!(stand.boots(), 1);
}

#[test]
fn other_bytes_than_those_that_were_signed_are_held_against_nobody() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    stand.choose(&[&patch]);
    let good = Library::patched(0, 1).patch;
    let path = download_path(&Digest::of(&good).to_string());
    let mut bad = good.to_vec();
    bad[20] ^= 1;
    stand.phone.server.put(&path, &bad);
    for _ in 0..5 {
        stand.refuses("its bytes have the SHA-256");
    }
    stand.phone.server.put(&path, &good);
    assert_eq!(stand.installs(), Ok(1));
}

#[test]
fn a_download_that_says_it_is_longer_than_what_was_signed_is_given_up() {
    let mut stand = Stand::new(Ask::Files);
    let patch = stand.put_up(1, 1);
    stand.choose(&[&patch]);
    let good = Library::patched(0, 1).patch;
    let path = download_path(&Digest::of(&good).to_string());
    let endless = [good.as_ref(), &[0; 1000]].concat();
    stand.phone.server.put(&path, &endless);
    stand.refuses(&format!("{} bytes", good.len()));
}

#[test]
fn the_order_of_the_requests_is_root_channel_statement_download() {
    let mut stand = Stand::new(Ask::Files);
    stand.installed(1, 1);
    let asked = stand.phone.server.asked();
    let parts = [
        "/roots/2.json",
        "/channels/stable.json",
        "/statements/",
        "/downloads/",
    ];
    assert_eq!(asked.len(), parts.len(), "{asked:?}");
    for (url, part) in asked.iter().zip(parts) {
        assert!(
            url.starts_with(BASE_URL) && url.contains(part),
            "{url} has {part}"
        );
    }
}

#[test]
fn a_download_that_does_not_inflate_here_bans_nothing_for_good() {
    let mut stand = Stand::new(Ask::Files);
    let garbage = [7_u8; 100];
    let download = Digest::of(&garbage);
    let bad = stand.put_up_as(1, 1, |statement| {
        statement.downloads[0].sha256 = download;
        statement.downloads[0].size_bytes = 100;
    });
    stand
        .phone
        .server
        .put(&download_path(&download.to_string()), &garbage);
    stand.choose(&[&bad]);
    stand.refuses("patch 1 is not fit to be installed");
    // It is tried again, and set aside in the end: never installed, and never an error for ever.
    let later: Vec<_> = (0..4).map(|_| stand.update()).collect();
    assert!(later.last().unwrap().is_ok(), "{later:?}");
    assert_eq!(stand.boots(), 0);
    let good = stand.put_up(2, 1);
    stand.choose(&[&good]);
    assert_eq!(stand.installs(), Ok(2));
}
