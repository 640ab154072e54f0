//! Answers without end, in every place that can have none.

use patchproof_device::TransportError;
use patchproof_tests::lying_server::{LyingServer, Talk};

use crate::client::{all, assert_error};

fn for_ever(talk: &mut Talk<'_>, what: &str) -> std::io::Result<()> {
    let block = what.repeat(100);
    loop {
        talk.say(&block)?;
    }
}

#[test]
fn a_body_without_end_is_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\n\r\n")?;
        for_ever(talk, "0123456789")
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TooLarge {
            max_bytes: 1_000,
            ..
        }
    );
}

#[test]
fn chunks_without_end_are_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
        for_ever(talk, "5\r\nhello\r\n")
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TooLarge {
            max_bytes: 1_000,
            ..
        }
    );
}

#[test]
fn a_chunk_head_without_end_is_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;")?;
        for_ever(talk, "extension=")
    });
    let (kept, found) = all(&server.url("/"));
    found.expect_err("it never ends");
    assert!(kept.bytes.is_empty());
}

#[test]
fn a_length_that_is_too_large_is_refused_before_the_first_byte() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1001\r\n\r\n")?;
        for_ever(talk, "x")
    });
    let (kept, found) = all(&server.url("/"));
    assert_error!(
        found,
        TransportError::TooLarge {
            max_bytes: 1_000,
            ..
        }
    );
    assert!(kept.begun.is_empty());
}

#[test]
fn headers_without_end_are_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\n")?;
        for_ever(talk, "X-Nothing: nothing at all\r\n")
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TooLarge { .. } | TransportError::Malformed { .. }
    );
}

#[test]
fn one_header_without_end_is_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nX-Huge: ")?;
        for_ever(talk, "huge")
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TooLarge { what: "a head", .. }
    );
}

#[test]
fn a_status_line_without_end_is_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 ")?;
        for_ever(talk, "OK ")
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TooLarge { what: "a head", .. }
    );
}

#[test]
fn heads_before_the_head_do_not_go_on_for_ever() {
    let server = LyingServer::start(|_, talk| for_ever(talk, "HTTP/1.1 100 Continue\r\n\r\n"));
    all(&server.url("/")).1.expect_err("no answer comes");
}
