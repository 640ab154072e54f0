//! Redirects: round in circles, to nowhere, and away from safety.

use patchproof_device::TransportError;
use patchproof_protocol::WebUrlError;
use patchproof_tests::lying_server::LyingServer;

use crate::client::{Kept, all, assert_error};

fn to(location: &'static str) -> (usize, Kept, Result<(), TransportError>) {
    let server = LyingServer::start(move |_, talk| {
        talk.say(format!(
            "HTTP/1.1 302 Found\r\n{location}Content-Length: 0\r\n\r\n"
        ))
    });
    let (kept, found) = all(&server.url("/"));
    (server.asked().len(), kept, found)
}

#[test]
fn a_circle_ends_after_five_redirects() {
    let (asked, kept, found) = to("Location: /again\r\n");
    assert_error!(found, TransportError::Redirect { .. });
    assert_eq!(asked, 6);
    assert!(kept.begun.is_empty());
}

#[test]
fn a_redirect_is_followed_with_the_same_question() {
    for status in [301, 302, 303, 307, 308] {
        let server = LyingServer::start(move |request, talk| {
            if request.line.starts_with("GET /there ") {
                return talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
            }
            talk.say(format!(
                "HTTP/1.1 {status} Go\r\nLocation: ../there\r\n\r\n"
            ))
        });
        let (kept, found) = all(&server.url("/a/here"));
        found.expect("followed");
        assert_eq!(kept.bytes, b"hello", "{status}");
    }
}

#[test]
fn a_redirect_to_another_machine_without_tls_is_not_followed() {
    for location in [
        "Location: http://example.com/\r\n",
        "Location: //192.0.2.1/\r\n",
    ] {
        let (asked, _, found) = to(location);
        assert_error!(found, TransportError::Url(WebUrlError::Insecure { .. }));
        assert_eq!(asked, 1);
    }
}

#[test]
fn a_redirect_to_what_is_no_web_address_is_not_followed() {
    for location in [
        "Location: file:///etc/passwd\r\n",
        "Location: http://u@127.0.0.1/\r\n",
    ] {
        assert_error!(to(location).2, TransportError::Url(_));
    }
    assert_error!(to("Location: http://a b/\r\n").2, TransportError::Url(_));
}

#[test]
fn a_redirect_without_one_address_is_not_followed() {
    assert_error!(to("").2, TransportError::Redirect { .. });
    assert_error!(
        to("Location: /a\r\nLocation: /b\r\n").2,
        TransportError::Malformed { .. }
    );
}

#[test]
fn the_body_of_a_redirect_is_not_read() {
    let server = LyingServer::start(|request, talk| {
        if request.line.starts_with("GET /there ") {
            return talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello");
        }
        talk.say("HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n")?;
        loop {
            talk.say("x".repeat(1_000))?;
        }
    });
    let (kept, found) = all(&server.url("/"));
    found.expect("followed");
    assert_eq!(kept.bytes, b"hello");
}
