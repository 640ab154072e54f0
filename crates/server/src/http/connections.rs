//! Connections: how many, how slow they may be, and how they end when the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use crate::settings::Limits;

/// Who is at the other end of a connection.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) SocketAddr);

/// Serves until `stop` is ready, and lets what is in progress end.
///
/// No other client waits for a slow one: the head of a request has its time, and so has each piece
/// of an answer until the client took it.
pub async fn serve_connections(
    listener: TcpListener,
    router: Router,
    limits: Limits,
    stop: impl Future<Output = ()>,
) {
    let ends = GracefulShutdown::new();
    let room = Arc::new(Semaphore::new(limits.connections_max));
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &room) => accepted,
            () = &mut stop => break,
        };
        let Some((stream, peer, place)) = accepted else {
            continue;
        };
        let connection = ends.watch(connection(stream, peer, router.clone(), limits));
        tokio::spawn(async move {
            // Clients go as they like: that is no fault of the server's.
            if let Err(error) = connection.await {
                tracing::debug!(%peer, %error, "connection ended early");
            }
            drop(place);
        });
    }
    drop(listener);
    if tokio::time::timeout(limits.stop, ends.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests were still in progress when the time to stop was over");
    }
}

/// The next connection, once there is room for it.
async fn accept(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(room).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            // Mostly: too many open files. They go, and to ask at once would only burn time.
            tracing::warn!(%error, "a connection could not be accepted");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    limits: Limits,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> {
    // Answers are written whole; to wait for more of them only delays devices.
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(limits.body));
    let service =
        service_fn(move |request: Request<Incoming>| answer(router.clone(), request, peer));
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.head)
        .max_header_size(HEAD_BYTES_MAX)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

async fn answer(
    mut router: Router,
    request: Request<Incoming>,
    peer: SocketAddr,
) -> Result<Response, Infallible> {
    let mut request = request.map(Body::new);
    request.extensions_mut().insert(Peer(peer));
    router.call(request).await
}

const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// What every connection may hold before anything of it is looked at.
const HEAD_BYTES_MAX: usize = 64 << 10;

#[cfg(test)]
mod tests {
    use axum::routing::get;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    use tokio::sync::oneshot;

    use super::*;
    use crate::settings::Settings;

    struct Served {
        address: SocketAddr,
        stop: oneshot::Sender<()>,
        ended: tokio::task::JoinHandle<()>,
    }

    async fn served(router: Router, limits: Limits) -> Served {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = oneshot::channel::<()>();
        let ended = tokio::spawn(serve_connections(listener, router, limits, async {
            let _ = stopped.await;
        }));
        Served {
            address,
            stop,
            ended,
        }
    }

    fn limits() -> Limits {
        let mut limits = Settings::local("none".into()).limits;
        limits.head = Duration::from_millis(200);
        limits
    }

    async fn all(mut stream: TcpStream) -> String {
        let mut text = String::new();
        let read = stream.read_to_string(&mut text);
        let _ = tokio::time::timeout(Duration::from_secs(5), read)
            .await
            .expect("an end");
        text
    }

    #[tokio::test]
    async fn a_client_that_never_ends_its_head_is_let_go() {
        let server = served(Router::new(), limits()).await;
        for beginning in ["", "GET / HTTP/1.1\r\nHost: a\r\nX: "] {
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            stream.write_all(beginning.as_bytes()).await.unwrap();
            all(stream).await;
        }
    }

    #[tokio::test]
    async fn a_connection_is_used_again_and_let_go_once_it_idled_for_the_time_of_a_head() {
        let mut limits = limits();
        limits.head = Duration::from_secs(2);
        let server = served(Router::new().route("/", get(async || "done")), limits).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        for _ in 0..2 {
            let request = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
            stream.write_all(request).await.unwrap();
            let mut answer = Vec::new();
            while !answer.ends_with(b"done") {
                assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "closed");
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
        assert_eq!(all(stream).await, "");
    }

    #[tokio::test]
    async fn a_head_may_be_as_long_as_the_limit_and_no_longer() {
        let server = served(Router::new().route("/", get(async || "done")), limits()).await;
        for (end, status) in [("\r\n\r\n", "HTTP/1.1 200 "), ("more", "HTTP/1.1 431 ")] {
            let begin = "GET / HTTP/1.1\r\nConnection: close\r\nX: ";
            let long = "a".repeat(HEAD_BYTES_MAX - begin.len() - end.len());
            let mut stream = TcpStream::connect(server.address).await.unwrap();
            let head = [begin, &long, end].concat();
            stream.write_all(head.as_bytes()).await.unwrap();
            let answer = all(stream).await;
            assert!(answer.starts_with(status), "{answer}");
        }
    }

    #[tokio::test]
    async fn what_is_in_progress_ends_after_the_server_was_told_to_stop() {
        let slow = get(async || {
            tokio::time::sleep(Duration::from_millis(300)).await;
            "done"
        });
        let server = served(Router::new().route("/", slow), limits()).await;
        let mut stream = TcpStream::connect(server.address).await.unwrap();
        stream
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
            .await
            .unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
        server.stop.send(()).unwrap();
        assert!(all(stream).await.ends_with("done"));
        server.ended.await.unwrap();
        assert!(TcpStream::connect(server.address).await.is_err());
    }

    #[tokio::test]
    async fn who_comes_when_there_is_no_room_waits_for_it() {
        let mut limits = limits();
        limits.connections_max = 1;
        let server = served(Router::new().route("/", get(async || "done")), limits).await;
        let first = TcpStream::connect(server.address).await.unwrap();
        let mut second = TcpStream::connect(server.address).await.unwrap();
        second
            .write_all(b"GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
            .await
            .unwrap();
        // The first says nothing, and loses its place.
        let (_, second) = tokio::join!(all(first), all(second));
        assert!(second.ends_with("done"), "{second}");
    }
}
