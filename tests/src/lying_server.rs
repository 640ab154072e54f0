//! A web server by hand, whose every byte the test decides: it can say what no server would.

use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// What a client asked.
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct Request {
    /// Such as `GET /path HTTP/1.1`.
    pub line: String,
    /// By their names in lower case; of two with one name the last.
    pub headers: BTreeMap<String, String>,
    /// What came behind them.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header; empty without one.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }

    /// Reads one; nothing where the other side says none.
    fn read(from: &mut dyn Read) -> Option<Self> {
        let mut from = BufReader::new(from);
        let mut request = Self {
            line: line(&mut from)?,
            ..Self::default()
        };
        loop {
            let line = line(&mut from)?;
            let Some((name, value)) = line.split_once(':') else {
                break;
            };
            let (name, value) = (name.to_ascii_lowercase(), value.trim().to_owned());
            request.headers.insert(name, value);
        }
        let length = request.header("content-length").parse().unwrap_or(0);
        from.take(length).read_to_end(&mut request.body).ok()?;
        Some(request)
    }
}

fn line(from: &mut BufReader<&mut dyn Read>) -> Option<String> {
    let mut line = String::new();
    let count = from.read_line(&mut line).ok()?;
    (count > 0).then(|| line.trim_end().to_owned())
}

/// How a server answers; an error of the connection is its end.
pub type Answer = dyn Fn(&Request, &mut Talk<'_>) -> io::Result<()> + Send + Sync;

/// The server's end of a connection.
pub struct Talk<'a> {
    to: &'a mut dyn Write,
    stop: &'a AtomicBool,
}

impl Talk<'_> {
    /// Says these bytes.
    ///
    /// # Errors
    ///
    /// Where the client has gone, or the server is being stopped.
    pub fn say(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        if self.stop.load(Ordering::SeqCst) {
            return Err(io::ErrorKind::Interrupted.into());
        }
        self.to.write_all(bytes.as_ref())?;
        self.to.flush()
    }

    /// An honest answer: this status, and all of this body.
    ///
    /// # Errors
    ///
    /// Where the client has gone, or the server is being stopped.
    pub fn answer(&mut self, status: &str, body: &[u8]) -> io::Result<()> {
        let length = body.len();
        self.say(format!(
            "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n"
        ))?;
        self.say(body)
    }

    /// Says nothing for as long as the server lives, or half a minute.
    pub fn stall(&mut self) {
        for _ in 0..3_000 {
            if self.stop.load(Ordering::SeqCst) {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Runs until it is dropped, and leaves no thread then.
pub struct LyingServer {
    address: SocketAddr,
    stop: Arc<AtomicBool>,
    asked: Arc<Mutex<Vec<Request>>>,
    thread: Option<JoinHandle<()>>,
}

impl LyingServer {
    /// One that answers each connection's first request with `answer`, and closes.
    #[must_use]
    pub fn start(
        answer: impl Fn(&Request, &mut Talk<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        Self::over(answer, |mut stream, serve| serve(&mut stream))
    }

    /// One that speaks `over` something, such as TLS.
    ///
    /// # Panics
    ///
    /// Where this machine gives it no port.
    #[must_use]
    pub fn over(
        answer: impl Fn(&Request, &mut Talk<'_>) -> io::Result<()> + Send + Sync + 'static,
        over: impl Fn(TcpStream, &mut dyn FnMut(&mut dyn ReadWrite)) + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a free port");
        let address = listener.local_addr().expect("a bound port is known");
        let stop = Arc::new(AtomicBool::new(false));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (stopped, heard) = (Arc::clone(&stop), Arc::clone(&asked));
        let thread = std::thread::spawn(move || {
            std::thread::scope(|scope| {
                for stream in listener.incoming() {
                    if stopped.load(Ordering::SeqCst) {
                        break;
                    }
                    let Ok(stream) = stream else { continue };
                    let (stop, asked, answer, over) = (&*stopped, &*heard, &answer, &over);
                    scope.spawn(move || {
                        // A client that neither reads nor writes must not keep the test alive.
                        let patience = Some(Duration::from_secs(20));
                        drop(stream.set_read_timeout(patience));
                        drop(stream.set_write_timeout(patience));
                        over(stream, &mut |stream| serve(stream, answer, asked, stop));
                    });
                }
            });
        });
        Self {
            address,
            stop,
            asked,
            thread: Some(thread),
        }
    }

    /// Where it listens.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// The address of `path` on it, over plain http.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// What it was asked until now.
    #[must_use]
    pub fn asked(&self) -> Vec<Request> {
        let asked = self.asked.lock();
        asked.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for LyingServer {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::SeqCst);
        drop(TcpStream::connect(self.address)); // wakes the listener
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

/// A connection of whatever kind.
pub trait ReadWrite: Read + Write {}

impl<T: Read + Write> ReadWrite for T {}

fn serve(
    stream: &mut dyn ReadWrite,
    answer: &Answer,
    asked: &Mutex<Vec<Request>>,
    stop: &AtomicBool,
) {
    let mut reading: &mut dyn ReadWrite = stream;
    let Some(request) = Request::read(&mut reading) else {
        return;
    };
    asked
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .push(request.clone());
    // An error is the client's going away: most lies end so.
    drop(answer(&request, &mut Talk { to: stream, stop }));
}
