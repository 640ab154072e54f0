//! What an answer says of a patch besides what Shorebird's servers say.

use super::*;
use crate::{CheckAnswer, CheckRequest};

const HASH: &str = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

fn parse(text: &str) -> Result<CheckAnswer, AnswerError> {
    CheckAnswer::parse(text.as_bytes())
}

fn ours(more: &str) -> String {
    let patch = format!(r#"{{"number":1,"hash":"{HASH}","download_url":"https://a/"{more}}}"#);
    format!(r#"{{"patch_available":true,"patch":{patch}}}"#)
}

/// The answer to a question that said which library runs.
fn told(text: &str) -> Result<Offer, AnswerError> {
    let (platform, arch) = (crate::Platform::Android, crate::Arch::Arm);
    let mut question = CheckRequest::new("app", "stable", "1", platform, arch, "me");
    question.patchproof_runs_sha256 = Some("07".repeat(32));
    CheckAnswer::parse_to(&question, text.as_bytes()).map(|found| found.offer.expect("an offer"))
}

#[test]
fn what_a_patch_is_made_of_is_read_where_the_question_said_what_runs() {
    let text = ours(&format!(
        r#","patchproof":{{"from_sha256":"{HASH}","size_bytes":7}}"#
    ));
    let offer = told(&text).expect("an offer");
    assert_eq!(offer.from_sha256, Some(offer.sha256));
    assert_eq!(offer.size_bytes, Some(7));
    let unasked = parse(&text).expect("an answer").offer.expect("an offer");
    assert_eq!((unasked.from_sha256, unasked.size_bytes), (None, None));
}

#[test]
fn a_server_that_does_not_say_what_a_patch_is_made_of_is_heard() {
    for more in ["", r#","patchproof":null"#] {
        assert_eq!(told(&ours(more)).expect("an offer").from_sha256, None);
    }
}

#[test]
fn what_a_patch_is_made_of_is_refused_in_another_form_and_passed_over_unasked() {
    for made in [
        "7",
        "{}",
        r#"{"from_sha256":null}"#,
        r#"{"from_sha256":"00"}"#,
        r##"{"from_sha256":"#"}"##,
        &format!(r#"{{"from_sha256":"{HASH}","size_bytes":-1}}"#),
    ] {
        let text = ours(&format!(r#","patchproof":{made}"#));
        let found = told(&text);
        let is_refused = matches!(found, Err(AnswerError::Malformed(_) | AnswerError::From(_)));
        assert!(is_refused, "{made}: {found:?}");
        assert!(parse(&text).is_ok(), "{made}");
    }
}

#[test]
fn notes_and_the_wish_to_force_are_passed_on() {
    let text = ours(r#","notes":"mends the cart","force_update":true"#);
    let offer = parse(&text).expect("an answer").offer.expect("an offer");
    assert_eq!(offer.notes.as_deref(), Some("mends the cart"));
    assert!(offer.force_update);
}

#[test]
fn notes_of_another_kind_are_none_and_no_reason_to_refuse_a_patch() {
    for more in [
        "",
        r#","notes":null,"force_update":null"#,
        r#","notes":"","force_update":false"#,
        r#","notes":{"en":"x"},"force_update":"true""#,
        r#","notes":[1],"force_update":1"#,
    ] {
        let offer = parse(&ours(more)).expect("an answer").offer;
        let offer = offer.expect("an offer");
        assert_eq!((offer.notes, offer.force_update), (None, false), "{more}");
    }
}

#[test]
fn long_notes_are_cut_between_two_characters() {
    let long = "é".repeat(NOTES_BYTES_MAX);
    for before in ["", "x"] {
        let text = ours(&format!(r#","notes":"{before}{long}""#));
        let offer = parse(&text).expect("an answer").offer.expect("an offer");
        let notes = offer.notes.expect("notes");
        assert_eq!(notes.len(), NOTES_BYTES_MAX - before.len());
        assert!(notes.starts_with(before) && notes.ends_with('é'));
    }
}
