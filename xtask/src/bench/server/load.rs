//! Connections that ask and ask, each its next question once it has the answer.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use super::error::ServerBenchError;
use super::word::{ARCH, CHANNEL, PLATFORM, VERSION, app};

/// The questions, one an app, as bytes on the wire.
pub(super) struct Load {
    questions: Arc<[Vec<u8>]>,
    connections: u16,
}

/// What one round came to.
#[derive(Debug, Default)]
pub(super) struct Round {
    pub(super) took: Duration,
    /// From the question's first byte to the answer's last, one a request.
    pub(super) latencies: Vec<Duration>,
}

/// A connection, and what came and was not read yet.
struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

pub(super) fn runtime() -> Result<tokio::runtime::Runtime, ServerBenchError> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.map_err(ServerBenchError::Runtime)
}

impl Load {
    pub(super) fn over(apps: u32, connections: u16) -> Self {
        Self {
            questions: (0..apps).map(question).collect(),
            connections,
        }
    }

    pub(super) fn request_bytes(&self) -> usize {
        self.questions.first().map_or(0, Vec::len)
    }

    /// Asks once, and answers the body; there is a patch in it.
    pub(super) async fn once(&self, address: SocketAddr) -> Result<String, ServerBenchError> {
        let mut connection = Connection::to(address).await?;
        let question = self.questions.last().map(Vec::as_slice).unwrap_or_default();
        let answer = connection.ask(question).await?;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        if answer.contains("\"patch_available\":true") {
            return Ok(answer);
        }
        Err(ServerBenchError::Answer(answer))
    }

    pub(super) async fn for_time(
        &self,
        address: SocketAddr,
        time: Duration,
    ) -> Result<Round, ServerBenchError> {
        let start = Instant::now();
        self.until(address, move || start.elapsed() < time).await
    }

    pub(super) async fn for_requests(
        &self,
        address: SocketAddr,
        requests: u64,
    ) -> Result<Round, ServerBenchError> {
        let asked = AtomicU64::new(0);
        self.until(address, move || {
            asked.fetch_add(1, Ordering::Relaxed) < requests
        })
        .await
    }

    async fn until(
        &self,
        address: SocketAddr,
        goes_on: impl Fn() -> bool + Send + Sync + 'static,
    ) -> Result<Round, ServerBenchError> {
        let goes_on = Arc::new(goes_on);
        let mut tasks = JoinSet::new();
        let start = Instant::now();
        for number in 0..self.connections {
            let questions = Arc::clone(&self.questions);
            let goes_on = Arc::clone(&goes_on);
            tasks.spawn(async move {
                // Each goes through the apps from another one on.
                let from = usize::from(number) * STRIDE % questions.len().max(1);
                let mut connection = Connection::to(address).await?;
                let mut latencies = Vec::new();
                for question in questions.iter().cycle().skip(from) {
                    if !goes_on() {
                        break;
                    }
                    let asked = Instant::now();
                    connection.ask(question).await?;
                    latencies.push(asked.elapsed());
                }
                Ok::<_, ServerBenchError>(latencies)
            });
        }
        let mut round = Round::default();
        while let Some(ended) = tasks.join_next().await {
            let latencies = ended.map_err(|error| ServerBenchError::Runtime(error.into()))?;
            round.latencies.extend(latencies?);
        }
        round.took = start.elapsed();
        Ok(round)
    }
}

impl Connection {
    async fn to(address: SocketAddr) -> Result<Self, ServerBenchError> {
        let stream = TcpStream::connect(address).await;
        let stream = stream.map_err(ServerBenchError::Connection)?;
        stream
            .set_nodelay(true)
            .map_err(ServerBenchError::Connection)?;
        let buffer = Vec::with_capacity(BUFFER_BYTES);
        Ok(Self { stream, buffer })
    }

    /// One question and its answer's body.
    async fn ask(&mut self, question: &[u8]) -> Result<Vec<u8>, ServerBenchError> {
        let written = self.stream.write_all(question).await;
        written.map_err(ServerBenchError::Connection)?;
        self.buffer.clear();
        loop {
            let read = self.stream.read_buf(&mut self.buffer).await;
            if read.map_err(ServerBenchError::Connection)? == 0 {
                let early = std::io::ErrorKind::UnexpectedEof.into();
                return Err(ServerBenchError::Connection(early));
            }
            if let Some(body) = body(&self.buffer)? {
                return Ok(body.to_vec());
            }
        }
    }
}

/// The body, once all of it is there.
fn body(buffer: &[u8]) -> Result<Option<&[u8]>, ServerBenchError> {
    let Some(end) = buffer.windows(4).position(|window| window == b"\r\n\r\n") else {
        return Ok(None);
    };
    let (head, rest) = buffer.split_at_checked(end + 4).unwrap_or_default();
    let head = String::from_utf8_lossy(head);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse::<usize>().ok())?
    });
    match (head.starts_with("HTTP/1.1 200"), length) {
        (true, Some(length)) => Ok(rest.get(..length)),
        _ => Err(ServerBenchError::Answer(
            String::from_utf8_lossy(buffer).into_owned(),
        )),
    }
}

/// What a Shorebird client sends.
fn question(number: u32) -> Vec<u8> {
    let app = app(number);
    let body = format!(
        "{{\"app_id\":\"{app}\",\"channel\":\"{CHANNEL}\",\"release_version\":\"{VERSION}\",\
         \"patch_number\":null,\"platform\":\"{PLATFORM}\",\"arch\":\"{ARCH}\",\
         \"client_id\":\"{number:08x}-1f0c-4d2a-9b7e-0123456789ab\",\"current_patch_number\":null}}"
    );
    let length = body.len();
    format!(
        "POST {PATH} HTTP/1.1\r\nhost: localhost\r\naccept: */*\r\n\
         content-type: application/json\r\ncontent-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Where a check goes.
pub(super) const PATH: &str = "/api/v1/patches/check";
const BUFFER_BYTES: usize = 4096;
const STRIDE: usize = 37;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_whole_when_as_many_bytes_are_there_as_it_says() {
        let whole = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nab";
        assert_eq!(body(whole).unwrap(), Some(&b"ab"[..]));
        assert_eq!(body(&whole[..whole.len() - 1]).unwrap(), None);
        assert_eq!(body(&whole[..20]).unwrap(), None);
    }

    #[test]
    fn an_answer_that_is_no_success_ends_the_bench() {
        let refused = b"HTTP/1.1 500 X\r\ncontent-length: 0\r\n\r\n";
        assert!(body(refused).is_err());
    }
}
