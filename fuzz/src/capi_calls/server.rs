//! A server of few words: it offers what it is told to, to whoever asks.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// A library, and the patch that gives it.
pub(super) type Patch = (Vec<u8>, Vec<u8>);

/// It runs as long as the process.
pub(super) struct Server {
    address: SocketAddr,
    /// Which patch is offered; 0 for none.
    offered: Arc<AtomicUsize>,
}

impl Server {
    pub(super) fn start(patches: [Patch; 2]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("this machine has a port left");
        let address = listener.local_addr().expect("a listener has an address");
        let offered = Arc::new(AtomicUsize::new(0));
        let asked = Arc::clone(&offered);
        let patches = Arc::new(Mutex::new(patches));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let patches = Arc::clone(&patches);
                let number = asked.load(Ordering::SeqCst);
                // Whoever leaves keeps nobody else from being served.
                std::thread::spawn(move || {
                    let patches = patches.lock().unwrap_or_else(PoisonError::into_inner);
                    drop(serve(stream, address, number, &patches));
                });
            }
        });
        Self { address, offered }
    }

    pub(super) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// From now on this patch is offered; 0 for none.
    pub(super) fn offers(&self, number: usize) {
        self.offered.store(number, Ordering::SeqCst);
    }
}

fn serve(
    mut stream: TcpStream,
    address: SocketAddr,
    number: usize,
    patches: &[Patch; 2],
) -> std::io::Result<()> {
    let mut from = BufReader::new(stream.try_clone()?);
    let (mut first, mut length) = (String::new(), 0);
    from.read_line(&mut first)?;
    loop {
        let mut line = String::new();
        if from.read_line(&mut line)? <= 2 {
            break;
        }
        let line = line.to_ascii_lowercase();
        if let Some(said) = line.strip_prefix("content-length:") {
            length = said.trim().parse().unwrap_or(0);
        }
    }
    from.take(length).read_to_end(&mut Vec::new())?;
    let offer = number.checked_sub(1).and_then(|index| patches.get(index));
    let body = match first.split(' ').nth(1).unwrap_or_default() {
        path if path.ends_with("/check") => match offer {
            Some((library, _)) => answer(address, number, library),
            None => br#"{"patch_available":false}"#.to_vec(),
        },
        "/download" => offer.map(|(_, patch)| patch.clone()).unwrap_or_default(),
        _ => b"{}".to_vec(),
    };
    let length = body.len();
    write!(
        stream,
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n"
    )?;
    stream.write_all(&body)
}

/// The answer to a check that offers this library.
fn answer(address: SocketAddr, number: usize, library: &[u8]) -> Vec<u8> {
    let hash = hex::encode(Sha256::digest(library));
    let place = format!("http://{address}/download");
    let patch = format!(r#"{{"number":{number},"hash":"{hash}","download_url":"{place}"}}"#);
    format!(r#"{{"patch_available":true,"patch":{patch}}}"#).into_bytes()
}
