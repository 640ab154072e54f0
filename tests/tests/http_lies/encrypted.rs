//! TLS: with a certificate that is trusted, and with others.

use std::sync::Arc;

use patchproof_device::{Cancel, HttpTransport, Transport as _, TransportError, Wanted};
use patchproof_protocol::WebUrlError;
use patchproof_tests::lying_server::LyingServer;
use rcgen::CertifiedKey;
use rustls::crypto::ring;
use rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::client::{BYTES_MAX, Kept, assert_error, options};

/// A server with a certificate that it signed itself for `name`, and that certificate.
fn server(name: &str, answer: &'static str) -> (LyingServer, Vec<u8>) {
    let CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .expect("ring has them")
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("they belong together");
    let config = Arc::new(config);
    let server = LyingServer::over(
        move |_, talk| talk.say(answer),
        move |mut stream, serve| {
            let mut tls = ServerConnection::new(Arc::clone(&config)).expect("a connection");
            serve(&mut Stream::new(&mut tls, &mut stream));
            tls.send_close_notify();
            drop(tls.complete_io(&mut stream));
        },
    );
    (server, cert.der().to_vec())
}

fn download(server: &LyingServer, roots: Option<Vec<u8>>) -> (Kept, Result<(), TransportError>) {
    let url = format!("https://localhost:{}/", server.address().port());
    let mut options = options();
    options.roots = roots.map(|root| vec![root]);
    let mut kept = Kept::default();
    let client = HttpTransport::new(options);
    let found = client.download(&Wanted::all(&url, BYTES_MAX), &mut kept, &Cancel::new());
    (kept, found)
}

const HELLO: &str = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

#[test]
fn a_certificate_of_a_given_root_is_trusted() {
    let (server, root) = server("localhost", HELLO);
    let (kept, found) = download(&server, Some(root));
    found.expect("trusted");
    assert_eq!(kept.bytes, b"hello");
}

#[test]
fn a_certificate_that_signed_itself_is_refused() {
    let (server, _) = server("localhost", HELLO);
    let (kept, found) = download(&server, None);
    assert_error!(found, TransportError::Tls { .. });
    assert!(kept.begun.is_empty());
    assert!(
        server.asked().is_empty(),
        "not a byte of the question was told"
    );
}

#[test]
fn a_trusted_certificate_for_another_name_is_refused() {
    let (server, root) = server("example.com", HELLO);
    assert_error!(download(&server, Some(root)).1, TransportError::Tls { .. });
}

#[test]
fn a_server_that_speaks_no_tls_is_refused() {
    let server = LyingServer::start(|_, talk| talk.say(HELLO));
    let (kept, found) = download(&server, None);
    found.expect_err("no TLS");
    assert!(kept.begun.is_empty());
}

#[test]
fn a_redirect_from_tls_to_this_machine_without_is_not_followed() {
    let plain = "HTTP/1.1 302 Go\r\nLocation: http://127.0.0.1:9/\r\nContent-Length: 0\r\n\r\n";
    let (server, root) = server("localhost", plain);
    let (_, found) = download(&server, Some(root));
    assert_error!(found, TransportError::Url(WebUrlError::Weaker));
}
