//! The rest of a file is asked for, and something else comes.

use std::time::Duration;

use patchproof_device::{Begun, Cancel, Fetch, Have, TransportError, fetch};
use patchproof_tests::lying_server::LyingServer;

use crate::client::{BYTES_MAX, ETAG, Kept, assert_error, client, rest};

const FILE: &str = "0123456789";

fn says(head: &'static str, body: &'static str) -> (Kept, Result<(), TransportError>) {
    let server =
        LyingServer::start(move |_, talk| talk.say(format!("HTTP/1.1 {head}\r\n\r\n{body}")));
    rest(&server.url("/file"))
}

/// Answers as it should, ranges and all.
fn honest() -> LyingServer {
    LyingServer::start(|request, talk| {
        let from = request.header("range").strip_prefix("bytes=");
        let from = from.and_then(|it| it.strip_suffix('-')?.parse::<usize>().ok());
        match from.filter(|_| request.header("if-range") == ETAG) {
            Some(from) => {
                let part = FILE.get(from..).unwrap_or_default();
                talk.say(format!(
                    "HTTP/1.1 206 Part\r\nContent-Range: bytes {from}-9/10\r\nETag: {ETAG}\r\n\
                     Content-Length: {}\r\n\r\n{part}",
                    part.len()
                ))
            }
            None => talk.say(format!(
                "HTTP/1.1 200 OK\r\nETag: {ETAG}\r\nContent-Length: 10\r\n\r\n{FILE}"
            )),
        }
    })
}

/// Goes on with "0123" of the file.
fn resume(server: &LyingServer) -> (Kept, Result<Have, TransportError>) {
    let mut kept = Kept::default();
    kept.bytes.extend_from_slice(b"0123");
    let url = server.url("/file");
    let mut what = Fetch::new(&url, BYTES_MAX);
    what.have = Have::new(4, Some(ETAG.into()), Some(10));
    what.retries.pause = Duration::from_millis(1);
    let found = fetch(&client(), &what, &mut kept, &Cancel::new());
    (kept, found)
}

#[test]
fn the_rest_is_asked_for_by_range_and_if_range() {
    let server = honest();
    let (kept, found) = resume(&server);
    found.expect("the rest");
    assert_eq!(kept.bytes, FILE.as_bytes());
    assert_eq!(kept.begun, [Begun::new(4, Some(10), Some(ETAG.into()))]);
    let asked = server.asked();
    assert_eq!(asked.len(), 1);
    let request = asked.first().expect("one");
    assert_eq!(request.header("range"), "bytes=4-");
    assert_eq!(request.header("if-range"), ETAG);
}

#[test]
fn bytes_from_another_place_are_refused() {
    for range in ["Content-Range: bytes 0-9/10", "Content-Range: bytes 5-9/10"] {
        let server = LyingServer::start(move |_, talk| {
            talk.say(format!("HTTP/1.1 206 P\r\n{range}\r\n\r\nxxxxx"))
        });
        let (kept, found) = rest(&server.url("/"));
        assert_error!(found, TransportError::WrongRange { asked_bytes: 4, .. });
        assert!(kept.begun.is_empty(), "{range}");
    }
}

#[test]
fn a_part_without_a_proper_content_range_is_refused() {
    for head in [
        "206 Part",
        "206 Part\r\nContent-Range: bytes 4-",
        "206 Part\r\nContent-Range: bytes 9-4/10",
        "206 Part\r\nContent-Range: bytes 4-9/10\r\nContent-Range: bytes 4-9/10",
        "206 Part\r\nContent-Type: multipart/byteranges; boundary=x",
    ] {
        assert_error!(says(head, "xxxxxx").1, TransportError::Malformed { .. });
    }
}

#[test]
fn a_part_of_another_file_is_refused() {
    let head = "206 Part\r\nContent-Range: bytes 4-9/10\r\nETag: \"two\"";
    let (kept, found) = says(head, "xxxxxx");
    assert_error!(found, TransportError::Changed { .. });
    assert!(kept.begun.is_empty());
}

#[test]
fn a_length_that_contradicts_the_range_is_refused() {
    let head = "206 Part\r\nContent-Range: bytes 4-9/10\r\nContent-Length: 5";
    assert_error!(says(head, "xxxxx").1, TransportError::Malformed { .. });
}

#[test]
fn a_part_of_a_file_that_is_too_large_is_refused() {
    let head = "206 Part\r\nContent-Range: bytes 4-9/1001";
    assert_error!(says(head, "xxxxxx").1, TransportError::TooLarge { .. });
}

#[test]
fn a_part_that_goes_on_without_end_is_cut_off() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 206 Part\r\nContent-Range: bytes 4-9/*\r\n\r\n")?;
        loop {
            talk.say("x".repeat(500))?;
        }
    });
    assert_error!(rest(&server.url("/")).1, TransportError::TooLarge { .. });
}

#[test]
fn all_of_the_file_may_come_instead_and_begins_at_0() {
    let (kept, found) = says("200 OK\r\nContent-Length: 10", FILE);
    found.expect("all of it");
    assert_eq!(kept.begun, [Begun::new(0, Some(10), None)]);
    assert_eq!(kept.bytes, FILE.as_bytes());
}

#[test]
fn a_range_past_the_end_is_told() {
    let (_, found) = says(
        "416 No\r\nContent-Range: bytes */3\r\nContent-Length: 0",
        "",
    );
    assert_error!(found, TransportError::RangeNotSatisfied { from_bytes: 4 });
}

#[test]
fn a_server_that_is_at_odds_with_ranges_is_asked_for_all_of_it() {
    for refusal in [
        "HTTP/1.1 416 No\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 206 Part\r\nContent-Range: bytes 0-9/10\r\n\r\n0123456789",
        "HTTP/1.1 206 Part\r\nContent-Range: bytes 4-9/11\r\n\r\nxxxxxx",
        "HTTP/1.1 206 Part\r\nContent-Range: bytes 4-9/10\r\nETag: \"two\"\r\n\r\nxxxxxx",
    ] {
        let server = LyingServer::start(move |request, talk| {
            if request.headers.contains_key("range") {
                return talk.say(refusal);
            }
            talk.say(format!(
                "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n{FILE}"
            ))
        });
        let (kept, found) = resume(&server);
        found.expect("all of it, anew");
        assert_eq!(kept.bytes, FILE.as_bytes(), "{refusal}");
        assert_eq!(server.asked().len(), 2, "{refusal}");
    }
}

#[test]
fn a_file_that_changed_in_between_is_whole_in_the_end() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nETag: \"two\"\r\nContent-Length: 3\r\n\r\nnew")
    });
    let (kept, found) = resume(&server);
    let have = found.expect("the new one");
    assert_eq!(kept.bytes, b"new");
    assert_eq!(have, Have::new(3, Some("\"two\"".into()), Some(3)));
}

#[test]
fn a_download_that_is_cut_again_and_again_gets_there() {
    let server = LyingServer::start(|request, talk| {
        let from = request.header("range").strip_prefix("bytes=");
        let from = from.and_then(|it| it.strip_suffix('-')?.parse::<usize>().ok());
        let from = from.unwrap_or(0);
        let status = if from > 0 { "206 Part" } else { "200 OK" };
        let part = FILE.get(from..(from + 4).min(10)).unwrap_or_default();
        let left = FILE.len() - from;
        talk.say(format!(
            "HTTP/1.1 {status}\r\nContent-Range: bytes {from}-9/10\r\nETag: {ETAG}\r\n\
             Content-Length: {left}\r\n\r\n{part}"
        ))
    });
    let (url, mut kept) = (server.url("/"), Kept::default());
    let mut what = Fetch::new(&url, BYTES_MAX);
    what.retries.pause = Duration::from_millis(1);
    let have = fetch(&client(), &what, &mut kept, &Cancel::new()).expect("all of it");
    assert_eq!(kept.bytes, FILE.as_bytes());
    assert_eq!(have.bytes, 10);
    assert_eq!(server.asked().len(), 3);
}
