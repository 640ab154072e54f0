//! What the client makes of a server that lies, fails or says no.

use patchproof_report::ExitCode;
use sha2::{Digest as _, Sha256};
use ureq::http::Method;

use super::scripted::{Scripted, answer, no};
use super::{Sent, Wanted};
use crate::error::ClientError;
use crate::watch::{Step, Watch};

struct Unwatched;

impl Watch for Unwatched {
    fn at(&self, _: Step, _: u64, _: u64) {}
}

fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

fn download(server: &Scripted, content: &[u8], size_bytes: u64) -> Result<Vec<u8>, ClientError> {
    let sha256 = sha256(content);
    let wanted = Wanted {
        sha256: &sha256,
        size_bytes,
    };
    server.http().download("/file", wanted, &Unwatched)
}

#[test]
fn a_download_that_is_what_was_asked_for_is_taken() {
    let server = Scripted::new(vec![answer(200, "content")]);
    assert_eq!(download(&server, b"content", 7).unwrap(), b"content");
}

#[test]
fn a_download_with_another_hash_is_refused() {
    let server = Scripted::new(vec![answer(200, "CONTENT")]);
    let error = download(&server, b"content", 7).unwrap_err();
    assert!(matches!(error, ClientError::OtherBytes { .. }), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Undecided);
}

#[test]
fn a_download_that_goes_on_is_read_no_further_than_a_byte_beyond_its_size() {
    let long = "x".repeat(1 << 20);
    let server = Scripted::new(vec![answer(200, &long)]);
    let error = download(&server, b"content", 7).unwrap_err();
    assert!(
        error.to_string().contains("longer than the 7 bytes"),
        "{error}"
    );
}

#[test]
fn a_patch_that_says_to_be_larger_than_any_is_not_asked_for() {
    let server = Scripted::new(vec![answer(200, "content")]);
    let error = download(&server, b"content", u64::MAX).unwrap_err();
    assert!(error.to_string().contains("bytes"), "{error}");
    assert!(server.asked().is_empty());
}

#[test]
fn a_download_that_is_cut_short_is_begun_again() {
    let mut cut = answer(200, "content");
    cut.truncate(cut.len() - 3);
    let server = Scripted::new(vec![cut, answer(200, "content")]);
    assert_eq!(download(&server, b"content", 7).unwrap(), b"content");
    assert_eq!(server.asked().len(), 2);
}

#[test]
fn a_question_is_asked_again_while_the_server_is_at_fault() {
    let server = Scripted::new(vec![
        no(503, "busy"),
        answer(502, "<html>"),
        answer(200, "7"),
    ]);
    let found: u64 = server.http().get("/number", &[]).unwrap();
    assert_eq!((found, server.asked().len()), (7, 3));
}

#[test]
fn a_server_that_stays_at_fault_leaves_it_undecided() {
    let server = Scripted::new(vec![no(500, "oops"); 3]);
    let error = server.http().get::<u64>("/number", &[]).unwrap_err();
    assert_eq!(error.exit_code(), ExitCode::Undecided);
    assert_eq!(server.asked().len(), 3);
    assert!(error.to_string().contains("500 oops"), "{error}");
}

#[test]
fn a_no_is_not_asked_again_and_is_an_answer() {
    let server = Scripted::new(vec![no(404, "not_found"), answer(200, "7")]);
    let error = server.http().get::<u64>("/number", &[]).unwrap_err();
    assert_eq!(error.exit_code(), ExitCode::Different);
    assert_eq!(error.code(), Some("not_found"));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn what_may_not_happen_twice_is_asked_once() {
    let server = Scripted::new(vec![no(503, "busy"), answer(200, "7")]);
    let error = server.http().post::<u64>("/publish", &1).unwrap_err();
    assert!(error.may_have_happened());
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn an_answer_without_an_end_is_bounded() {
    let endless = format!("[{}", "1,".repeat(33 << 20));
    let server = Scripted::new(vec![answer(200, &endless)]);
    let error = server.http().get::<Vec<u8>>("/list", &[]).unwrap_err();
    assert!(error.to_string().contains("longer than"), "{error}");
}

#[test]
fn a_server_cannot_write_to_the_terminal() {
    let body = r#"{"code":"a","message":"\u001b[2Jgone\u009b\nlast"}"#;
    let server = Scripted::new(vec![answer(400, body)]);
    let error = server.http().get::<u64>("/number", &[]).unwrap_err();
    let text = error.to_string();
    assert!(!text.chars().any(char::is_control), "{text:?}");
    assert!(text.contains("[2Jgone"), "{text:?}");
}

#[test]
fn a_redirect_is_not_followed_and_the_token_stays_here() {
    let to = b"HTTP/1.1 302 X\r\nLocation: SERVER/other\r\nContent-Length: 0\r\n\r\n".to_vec();
    let server = Scripted::new(vec![to, answer(200, "7")]);
    let error = server.http().get::<u64>("/number", &[]).unwrap_err();
    assert!(error.to_string().contains("redirects"), "{error}");
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn an_upload_carries_its_length_and_no_token() {
    let server = Scripted::new(vec![answer(200, "")]);
    let to = format!("{}/upload", server.url());
    server.http().upload(&to, &Sent::Bytes(b"bytes")).unwrap();
    let asked = server.asked().concat().to_ascii_lowercase();
    assert!(asked.contains("content-length: 5"), "{asked}");
    assert!(!asked.contains("chunked"), "{asked}");
    assert!(!asked.contains("authorization"), "{asked}");
    assert!(asked.ends_with("\r\n\r\nbytes"), "{asked}");
}

#[test]
fn an_upload_is_not_led_to_another_machine_over_plain_http() {
    let server = Scripted::new(Vec::new());
    let to = "http://elsewhere.example.com/upload";
    let error = server.http().upload(to, &Sent::Bytes(b"x")).unwrap_err();
    assert!(matches!(error, ClientError::Address { .. }), "{error}");
}

#[test]
fn a_form_has_its_fields_as_parts() {
    let server = Scripted::new(vec![answer(200, "7")]);
    let fields = [("arch", "x86_64"), ("size", "7")];
    let _: u64 = server.http().post_form("/form", &fields).unwrap();
    let asked = server.asked().concat();
    assert!(
        asked.contains("name=\"arch\"\r\n\r\nx86_64\r\n--"),
        "{asked}"
    );
    assert!(asked.contains("name=\"size\"\r\n\r\n7\r\n--"), "{asked}");
}

#[test]
fn nobody_there_is_told_apart_from_a_no() {
    let gone = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}", listener.local_addr().unwrap())
    };
    let url = crate::ServerUrl::parse(&gone, false).unwrap();
    let token = crate::Token::new("secret").unwrap();
    let patience = super::Patience {
        again: 0,
        ..super::Patience::default()
    };
    let http = super::Http::new(url, token, patience);
    let error = http.tell(Method::POST, "/x", None::<&()>).unwrap_err();
    assert!(matches!(error, ClientError::NotReached { .. }), "{error}");
    assert_eq!(error.exit_code(), ExitCode::Undecided);
}
