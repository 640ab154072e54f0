//! Questions by POST: what is sent, and what answers are refused.

use std::time::Instant;

use patchproof_device::{Cancel, Transport as _, TransportError};
use patchproof_tests::lying_server::LyingServer;

use crate::client::{AT_MOST, assert_error, client};

fn post(server: &LyingServer) -> Result<Vec<u8>, TransportError> {
    let since = Instant::now();
    let found = client().post(&server.url("/ask"), b"{\"a\":1}", 100, &Cancel::new());
    assert!(since.elapsed() < AT_MOST);
    found
}

fn says(answer: &'static str) -> Result<Vec<u8>, TransportError> {
    post(&LyingServer::start(move |_, talk| talk.say(answer)))
}

#[test]
fn the_question_is_json_of_a_known_length() {
    let server =
        LyingServer::start(|_, talk| talk.say("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"));
    assert_eq!(post(&server).expect("an answer"), b"{}");
    let asked = server.asked();
    let request = asked.first().expect("a request");
    assert_eq!(request.line, "POST /ask HTTP/1.1");
    assert_eq!(request.header("content-type"), "application/json");
    assert_eq!(request.header("content-length"), "7");
    assert_eq!(request.body, b"{\"a\":1}");
    assert!(request.header("user-agent").starts_with("patchproof/"));
}

#[test]
fn every_2xx_is_a_success_with_and_without_a_body() {
    assert_eq!(
        says("HTTP/1.1 201 Made\r\nContent-Length: 0\r\n\r\n").expect("made"),
        b""
    );
    assert_eq!(says("HTTP/1.1 204 None\r\n\r\n").expect("none"), b"");
}

#[test]
fn an_answer_that_is_too_long_is_refused_with_and_without_its_length() {
    assert_error!(
        says("HTTP/1.1 200 OK\r\nContent-Length: 101\r\n\r\n"),
        TransportError::TooLarge { max_bytes: 100, .. }
    );
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            talk.say("x".repeat(50))?;
        }
    });
    assert_error!(
        post(&server),
        TransportError::TooLarge { max_bytes: 100, .. }
    );
}

#[test]
fn a_question_is_not_sent_on_to_where_a_redirect_says() {
    for status in [301, 302, 303, 307, 308] {
        let server = LyingServer::start(move |_, talk| {
            talk.say(format!(
                "HTTP/1.1 {status} Go\r\nLocation: /there\r\nContent-Length: 0\r\n\r\n"
            ))
        });
        let found = post(&server);
        assert_error!(found, TransportError::Status { code, .. } if code == status);
        assert_eq!(server.asked().len(), 1);
    }
}

#[test]
fn a_packed_cut_or_broken_answer_is_refused() {
    assert_error!(
        says("HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}"),
        TransportError::Encoded { .. }
    );
    assert_error!(
        says("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{}"),
        TransportError::Truncated { .. }
    );
    assert_error!(says("nonsense\r\n\r\n"), TransportError::Malformed { .. });
}

#[test]
fn a_question_is_not_sent_without_tls_to_another_machine() {
    let found = client().post("http://192.0.2.1/", b"{}", 100, &Cancel::new());
    assert_error!(found, TransportError::Url(_));
}
