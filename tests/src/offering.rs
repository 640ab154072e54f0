//! A server of Shorebird's protocol on this machine, with at most one patch at a time. What it
//! offers is changed while it runs.
//!
//! It is the one place that tests of the C library and of the real VM reach a server through.

use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchproof_patch::make;
use sha2::{Digest as _, Sha256};

use crate::lying_server::{LyingServer, Request, Talk};

/// The server; it runs until it is dropped.
pub struct OfferingServer {
    lying: LyingServer,
    offers: Arc<Mutex<Offers>>,
}

#[derive(Default)]
struct Offers {
    answer: String,
    patch: Vec<u8>,
    slow: bool,
    turns: Option<Turns>,
}

/// Two libraries that are offered in turn, each time under a number that was not there before.
struct Turns {
    checks: u64,
    /// The hash of each and a patch to it.
    pair: [(String, Vec<u8>); 2],
    download_url: String,
}

impl Turns {
    fn next(&mut self) -> (String, Vec<u8>) {
        self.checks += 1;
        let [even, odd] = &self.pair;
        let (hash, patch) = if self.checks % 2 == 1 { odd } else { even };
        let answer = serde_json::json!({
            "patch_available": true,
            "patch": { "number": self.checks, "hash": hash, "download_url": self.download_url },
        });
        (answer.to_string(), patch.clone())
    }
}

impl OfferingServer {
    /// One that offers nothing.
    #[must_use]
    pub fn start() -> Self {
        let offers: Arc<Mutex<Offers>> = Arc::default();
        let held = Arc::clone(&offers);
        let lying = LyingServer::start(move |request, talk| answer(&held, request, talk));
        let server = Self { lying, offers };
        server.offer(None, &[]);
        server
    }

    /// Where it is.
    #[must_use]
    pub fn url(&self) -> String {
        self.lying.url("")
    }

    /// From now on: this patch, `(number, base, library)`, and these withdrawn.
    ///
    /// # Panics
    ///
    /// Where no patch can be made of the two.
    pub fn offer(&self, patch: Option<(u64, &[u8], &[u8])>, rolled_back: &[u64]) {
        let made = patch.map(|(number, base, library)| {
            let patch = make(base, library, PATCH_LEVEL).expect("a patch of two libraries");
            (number, patch, library)
        });
        self.offer_made(made, rolled_back);
    }

    /// From now on: this patch, `(number, patch, library)`, however it was made.
    pub fn offer_made(&self, patch: Option<(u64, Vec<u8>, &[u8])>, rolled_back: &[u64]) {
        let offer = patch.as_ref().map(|(number, _, library)| {
            let download_url = self.lying.url("/download");
            let hash = hex::encode(Sha256::digest(library));
            serde_json::json!({ "number": number, "hash": hash, "download_url": download_url })
        });
        let answer = serde_json::json!({
            "patch_available": offer.is_some(),
            "patch": offer,
            "rolled_back_patch_numbers": rolled_back,
        });
        let mut offers = lock(&self.offers);
        offers.answer = answer.to_string();
        offers.patch = patch.map(|(_, patch, _)| patch).unwrap_or_default();
    }

    /// From now on each check is offered the other one of these libraries, under a new number.
    ///
    /// # Panics
    ///
    /// As [`OfferingServer::offer`].
    pub fn take_turns(&self, base: &[u8], libraries: [&Vec<u8>; 2]) {
        let pair = libraries.map(|library| {
            let patch = make(base, library, PATCH_LEVEL).expect("a patch of two libraries");
            (hex::encode(Sha256::digest(library)), patch)
        });
        lock(&self.offers).turns = Some(Turns {
            checks: 0,
            pair,
            download_url: self.lying.url("/download"),
        });
    }

    /// From now on downloads stop halfway and wait, or no longer do.
    pub fn stall(&self, slow: bool) {
        lock(&self.offers).slow = slow;
    }

    /// What came to this path, oldest first, as text.
    #[must_use]
    pub fn bodies(&self, path: &str) -> Vec<String> {
        let asked = self.lying.asked().into_iter();
        let asked = asked.filter(|request| path_of(request) == path);
        asked
            .map(|request| String::from_utf8_lossy(&request.body).into_owned())
            .collect()
    }
}

fn answer(offers: &Mutex<Offers>, request: &Request, talk: &mut Talk<'_>) -> io::Result<()> {
    let (status, body, slow) = {
        let mut offers = lock(offers);
        let path = path_of(request);
        if path == CHECK
            && let Some((answer, patch)) = offers.turns.as_mut().map(Turns::next)
        {
            (offers.answer, offers.patch) = (answer, patch);
        }
        match path {
            CHECK => ("200 OK", offers.answer.clone().into_bytes(), false),
            "/api/v1/patches/events" => ("201 Created", b"{}".to_vec(), false),
            "/download" => ("200 OK", offers.patch.clone(), offers.slow),
            _ => ("404 Not Found", Vec::new(), false),
        }
    };
    if !slow {
        return talk.answer(status, &body);
    }
    let (first, _) = body.split_at(body.len() / 2);
    let length = body.len();
    talk.say(format!(
        "HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n"
    ))?;
    talk.say(first)?;
    talk.stall();
    Ok(())
}

fn path_of(request: &Request) -> &str {
    request.line.split(' ').nth(1).unwrap_or_default()
}

fn lock(offers: &Mutex<Offers>) -> MutexGuard<'_, Offers> {
    offers.lock().unwrap_or_else(PoisonError::into_inner)
}

const CHECK: &str = "/api/v1/patches/check";
const PATCH_LEVEL: i32 = 9;
