//! A server that says what a test tells it to say, and remembers what it was asked.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use crate::client::Client;
use crate::http::{Http, Patience};
use crate::server_url::ServerUrl;
use crate::token::Token;

/// A server with its answers written out before it is asked.
pub(crate) struct Scripted {
    address: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    /// Gives these answers in their order, one a connection; then it is gone. An empty answer is a
    /// connection that ends without a word.
    pub(crate) fn new(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let told = Arc::clone(&asked);
        let own = address.clone();
        std::thread::spawn(move || {
            for answer in answers {
                let Ok((mut connection, _)) = listener.accept() else {
                    return;
                };
                let request = read_request(&mut connection);
                told.lock().unwrap().push(request);
                let answer = String::from_utf8_lossy(&answer).replace("SERVER", &own);
                let _ = connection.write_all(answer.as_bytes());
            }
        });
        Self { address, asked }
    }

    pub(crate) fn http(&self) -> Http {
        Http::new(self.url(), Token::new("secret").unwrap(), PATIENCE)
    }

    pub(crate) fn client(&self) -> Client {
        Client::with_patience(self.url(), Token::new("secret").unwrap(), PATIENCE)
    }

    pub(crate) fn url(&self) -> ServerUrl {
        ServerUrl::parse(&self.address, false).unwrap()
    }

    /// Head and body of each request so far.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

fn read_request(connection: &mut TcpStream) -> String {
    connection
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let mut request = Vec::new();
    let mut piece = [0; 4096];
    loop {
        let text = String::from_utf8_lossy(&request).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.lines().find_map(|line| {
                let line = line.to_ascii_lowercase();
                line.strip_prefix("content-length: ")?.parse::<usize>().ok()
            });
            if body.len() >= length.unwrap_or(0) {
                return text;
            }
        }
        match connection.read(&mut piece) {
            Ok(read) if read > 0 => request.extend_from_slice(&piece[..read]),
            _ => return text,
        }
    }
}

/// An answer of this status with this body.
pub(crate) fn answer(status: u16, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status} X\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

/// A no in the shape of a server of ours.
pub(crate) fn no(status: u16, code: &str) -> Vec<u8> {
    let body = format!("{{\"code\":\"{code}\",\"message\":\"because\"}}");
    answer(status, &body)
}

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(5),
    idle: Duration::from_secs(5),
    pause: Duration::from_millis(1),
    again: 2,
};
