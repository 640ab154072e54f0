//! All of a file is asked for, and something else comes.

use patchproof_device::{Begun, TransportError, Waiting};
use patchproof_tests::lying_server::LyingServer;

use crate::client::{Kept, all, assert_error};

fn says(answer: &'static str) -> (Kept, Result<(), TransportError>) {
    let server = LyingServer::start(move |_, talk| talk.say(answer));
    all(&server.url("/file"))
}

#[test]
fn an_honest_answer_arrives_with_its_length_and_etag() {
    let (kept, found) = says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nETag: \"e\"\r\n\r\nhello");
    found.expect("an honest answer");
    assert_eq!(kept.bytes, b"hello");
    assert_eq!(kept.begun, [Begun::new(0, Some(5), Some("\"e\"".into()))]);
}

#[test]
fn the_request_names_us_and_wants_nothing_packed() {
    let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
    let server = LyingServer::start(move |_, talk| talk.say(answer));
    all(&server.url("/file?a=b")).1.expect("an answer");
    let asked = server.asked();
    let request = asked.first().expect("a request");
    assert_eq!(request.line, "GET /file?a=b HTTP/1.1");
    assert!(request.header("user-agent").starts_with("patchproof/"));
    assert_eq!(request.header("accept-encoding"), "identity");
    assert!(!request.headers.contains_key("range"));
    assert!(!request.headers.contains_key("if-range"));
}

#[test]
fn without_a_length_the_end_of_the_connection_is_the_end() {
    let (kept, found) = says("HTTP/1.1 200 OK\r\n\r\nhello");
    found.expect("as HTTP/1.0 did");
    assert_eq!(kept.bytes, b"hello");
    assert_eq!(kept.begun, [Begun::new(0, None, None)]);
}

#[test]
fn chunks_are_put_together() {
    let (kept, found) = says(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n",
    );
    found.expect("an honest answer");
    assert_eq!(kept.bytes, b"hello");
}

#[test]
fn a_weak_etag_is_no_etag() {
    let (kept, found) = says("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: W/\"e\"\r\n\r\n");
    found.expect("an honest answer");
    assert_eq!(kept.begun, [Begun::new(0, Some(0), None)]);
}

#[test]
fn an_answer_that_ends_too_soon_is_told_by_its_numbers() {
    let (kept, found) = says("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello");
    assert_error!(
        found,
        TransportError::Truncated {
            found_bytes: 5,
            expected_bytes: Some(10)
        }
    );
    assert_eq!(kept.bytes, b"hello", "good to go on from");
}

#[test]
fn bytes_behind_the_length_are_not_the_files() {
    let (kept, found) = says("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello, world");
    found.expect("the length counts");
    assert_eq!(kept.bytes, b"hello");
}

#[test]
fn broken_chunks_are_an_error() {
    for body in [
        "zz\r\nhello\r\n0\r\n\r\n",
        "ffffffffffffffffff\r\nhello",
        "5\r\nhel",
    ] {
        let server = LyingServer::start(move |_, talk| {
            talk.say("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            talk.say(body)
        });
        let (_, found) = all(&server.url("/"));
        assert_error!(
            found,
            TransportError::Malformed { .. } | TransportError::Truncated { .. }
        );
    }
}

#[test]
fn a_part_that_nobody_asked_for_is_refused() {
    let (kept, found) = says(
        "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes 0-4/5\r\n\
         Content-Length: 5\r\n\r\nhello",
    );
    assert_error!(found, TransportError::WrongRange { .. });
    assert!(kept.begun.is_empty());
}

#[test]
fn a_packed_answer_is_refused() {
    for head in [
        "Content-Encoding: gzip",
        "Content-Encoding: br",
        "Content-Encoding: identity, gzip",
        "Transfer-Encoding: gzip, chunked",
    ] {
        let server = LyingServer::start(move |_, talk| {
            talk.say(format!("HTTP/1.1 200 OK\r\n{head}\r\n\r\n0\r\n\r\n"))
        });
        let (kept, found) = all(&server.url("/"));
        assert_error!(
            found,
            TransportError::Encoded { .. } | TransportError::Malformed { .. }
        );
        assert!(kept.begun.is_empty(), "{head}");
    }
}

#[test]
fn what_is_no_http_is_told() {
    for answer in [
        "garbage\r\n\r\n",
        "HTTP/9.9 200 OK\r\n\r\n",
        "HTTP/1.1 abc OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nhello",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nhello",
        "SSH-2.0-server\r\n",
        "\0\0\0\0",
    ] {
        let server = LyingServer::start(move |_, talk| talk.say(answer));
        let (kept, found) = all(&server.url("/"));
        assert_error!(
            found,
            TransportError::Malformed { .. } | TransportError::Unreachable { .. }
        );
        assert!(kept.bytes.is_empty(), "{answer:?}");
    }
}

#[test]
fn two_etags_are_none_of_them() {
    let (_, found) =
        says("HTTP/1.1 200 OK\r\nETag: \"a\"\r\nETag: \"b\"\r\nContent-Length: 0\r\n\r\n");
    assert_error!(found, TransportError::Malformed { .. });
}

#[test]
fn a_server_that_hangs_up_is_unreachable() {
    assert_error!(says("").1, TransportError::Unreachable { .. });
    assert_error!(
        says("HTTP/1.1 200 OK\r\nX: y").1,
        TransportError::Unreachable { .. }
    );
}

#[test]
fn a_port_where_nobody_listens_is_unreachable() {
    let server = LyingServer::start(|_, _| Ok(()));
    let url = server.url("/");
    drop(server);
    assert_error!(all(&url).1, TransportError::Unreachable { .. });
}

#[test]
fn other_statuses_are_told_and_nothing_is_kept() {
    for (status, worth) in [
        (204, false),
        (403, false),
        (404, false),
        (500, true),
        (503, true),
    ] {
        let server = LyingServer::start(move |_, talk| {
            talk.say(format!(
                "HTTP/1.1 {status} No\r\nContent-Length: 2\r\n\r\nno"
            ))
        });
        let (kept, found) = all(&server.url("/"));
        let error = found.expect_err("no success");
        assert!(
            matches!(error, TransportError::Status { code, .. } if code == status),
            "{error:?}"
        );
        assert_eq!(error.is_worth_a_retry(), worth, "{status}");
        assert!(kept.begun.is_empty());
    }
}

#[test]
fn plain_http_to_another_machine_is_not_even_tried() {
    for url in [
        "http://192.0.2.1/x",
        "http://example.com/x",
        "ftp://127.0.0.1/",
    ] {
        assert_error!(all(url).1, TransportError::Url(_));
    }
}

#[test]
fn idle_is_an_error_of_its_own() {
    let server = LyingServer::start(|_, talk| {
        talk.stall();
        Ok(())
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TimedOut(Waiting::Idle)
    );
}
