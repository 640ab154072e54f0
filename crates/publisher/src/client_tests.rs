//! What the client asks, and what it makes of answers.

use super::*;
use crate::http::scripted::{Scripted, answer, no};

fn word(text: &str) -> Word {
    Word::new(text).unwrap()
}

#[test]
fn a_channel_that_is_there_is_not_made_again() {
    let list = r#"[{"id":4,"app_id":"app","name":"stable"}]"#;
    let made = r#"{"id":5,"app_id":"app","name":"staging"}"#;
    let server = Scripted::new(vec![
        answer(200, list),
        answer(200, list),
        answer(200, made),
    ]);
    let client = server.client();
    let app = word("app");
    assert_eq!(client.channel(&app, &word("stable")).unwrap(), 4);
    assert_eq!(client.channel(&app, &word("staging")).unwrap(), 5);
    let asked = server.asked();
    assert!(asked[2].starts_with("POST /api/v1/apps/app/channels "));
    assert!(
        asked[2].ends_with(r#"{"channel":"staging"}"#),
        "{}",
        asked[2]
    );
}

#[test]
fn every_request_carries_the_token() {
    let server = Scripted::new(vec![answer(200, r#"{"apps":[]}"#)]);
    server.client().apps().unwrap();
    let asked = server.asked().concat().to_ascii_lowercase();
    assert!(asked.contains("authorization: bearer secret"), "{asked}");
}

#[test]
fn a_version_stands_in_a_query_as_it_is_meant() {
    let status = r#"{"app_id":"app","releases":[]}"#;
    let server = Scripted::new(vec![answer(200, status)]);
    let version = word("1.2.3+45");
    server
        .client()
        .status(&word("app"), Some(&version))
        .unwrap();
    let asked = server.asked().concat();
    assert!(asked.contains("/status?release=1.2.3%2B45 "), "{asked}");
}

#[test]
fn a_release_that_is_not_there_is_told_with_a_way_out() {
    let server = Scripted::new(vec![answer(200, r#"{"releases":[]}"#)]);
    let missing = server.client().must_have(&word("app"), &word("1.0"));
    let text = missing.unwrap_err().to_string();
    assert!(text.contains("patchproof release"), "{text}");
}

#[test]
fn a_token_that_does_not_do_is_told_with_a_way_out() {
    let server = Scripted::new(vec![no(401, "unauthorized")]);
    let text = server.client().tokens().unwrap_err().to_string();
    assert!(text.contains("PATCHPROOF_TOKEN"), "{text}");
}
