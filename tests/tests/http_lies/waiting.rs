//! Servers that make their clients wait, and clients that have enough.

use std::time::{Duration, Instant};

use patchproof_device::{Cancel, Fetch, Transport as _, TransportError, Waiting, Wanted, fetch};
use patchproof_tests::lying_server::LyingServer;

use crate::client::{AT_MOST, BYTES_MAX, Kept, all, assert_error, client, options};

#[test]
fn a_stall_within_the_body_ends_as_idle_and_keeps_what_came() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")?;
        talk.stall();
        Ok(())
    });
    let (kept, found) = all(&server.url("/"));
    assert_error!(found, TransportError::TimedOut(Waiting::Idle));
    assert_eq!(kept.bytes, b"hello");
}

#[test]
fn a_stall_within_the_head_ends_as_idle() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nContent-Le")?;
        talk.stall();
        Ok(())
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TimedOut(Waiting::Idle)
    );
}

#[test]
fn a_drip_that_is_never_idle_ends_with_the_total() {
    let since = Instant::now();
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")?;
        loop {
            talk.say("x")?;
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TimedOut(Waiting::Total)
    );
    assert!(since.elapsed() >= options().download_total);
}

#[test]
fn a_head_that_drips_ends_with_the_total() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nX: ")?;
        loop {
            talk.say("x")?;
            std::thread::sleep(Duration::from_millis(50));
        }
    });
    assert_error!(
        all(&server.url("/")).1,
        TransportError::TimedOut(Waiting::Total)
    );
}

#[test]
fn cancel_ends_a_stall_at_once() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhello")?;
        talk.stall();
        Ok(())
    });
    let mut patient = options();
    patient.idle = Duration::from_secs(60);
    patient.download_total = Duration::from_secs(60);
    let patient = patchproof_device::HttpTransport::new(patient);
    let (cancel, url) = (Cancel::new(), server.url("/"));
    let since = Instant::now();
    let found = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(300));
            cancel.cancel();
        });
        patient.download(&Wanted::all(&url, BYTES_MAX), &mut Kept::default(), &cancel)
    });
    assert_error!(found, TransportError::Cancelled);
    assert!(since.elapsed() < AT_MOST, "{:?}", since.elapsed());
}

#[test]
fn nothing_is_sent_once_cancelled() {
    let server = LyingServer::start(|_, _| Ok(()));
    let cancel = Cancel::new();
    cancel.cancel();
    let url = server.url("/");
    let found = client().download(&Wanted::all(&url, 1), &mut Kept::default(), &cancel);
    assert_error!(found, TransportError::Cancelled);
    assert!(server.asked().is_empty());
}

#[test]
fn a_server_that_asks_for_a_second_is_given_it() {
    let first = std::sync::atomic::AtomicBool::new(true);
    let server = LyingServer::start(move |_, talk| {
        if first.swap(false, std::sync::atomic::Ordering::SeqCst) {
            talk.say("HTTP/1.1 503 Busy\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
        } else {
            talk.say("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello")
        }
    });
    let (url, mut kept, since) = (server.url("/"), Kept::default(), Instant::now());
    let mut what = Fetch::new(&url, BYTES_MAX);
    what.retries.pause = Duration::from_millis(1);
    fetch(&client(), &what, &mut kept, &Cancel::new()).expect("the second time");
    assert_eq!(kept.bytes, b"hello");
    assert!(since.elapsed() >= Duration::from_secs(1));
}

#[test]
fn a_server_that_asks_for_an_hour_is_left_alone() {
    let server = LyingServer::start(|_, talk| {
        talk.say("HTTP/1.1 429 Slow\r\nRetry-After: 3600\r\nContent-Length: 0\r\n\r\n")
    });
    let url = server.url("/");
    let found = fetch(
        &client(),
        &Fetch::new(&url, BYTES_MAX),
        &mut Kept::default(),
        &Cancel::new(),
    );
    let error = found.expect_err("not now");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(3600)));
    assert_eq!(server.asked().len(), 1);
}

#[test]
fn a_date_to_come_back_at_is_understood() {
    let server = LyingServer::start(|_, talk| {
        let date = "Retry-After: Fri, 31 Dec 1999 23:59:59 GMT";
        talk.say(format!(
            "HTTP/1.1 503 Busy\r\n{date}\r\nContent-Length: 0\r\n\r\n"
        ))
    });
    let (_, found) = all(&server.url("/"));
    assert_eq!(found.expect_err("busy").retry_after(), Some(Duration::ZERO));
}
