//! Somebody between the phone and the publisher's server, who may say anything in its place.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::lies::{edited, failure, said, spoiled};
use crate::fuzz::choices::Choices;
use crate::phone::{Library, Line, Server};
use patchproof_device::{Begun, Cancel, Sink, SinkError, Transport, TransportError, Wanted};

/// The way of a phone to a server, with somebody on it. A clone is the same one.
#[derive(Clone, Debug)]
pub(super) struct Liar {
    honest: Line,
    told: Arc<Mutex<Told>>,
}

#[derive(Debug, Default)]
struct Told {
    /// What decides about each of the next exchanges.
    next: VecDeque<Vec<u8>>,
    asked: Vec<String>,
    /// What checks were answered since the last update began.
    answers: Vec<Vec<u8>>,
    /// What checks were ever answered.
    earlier: Vec<Vec<u8>>,
    /// Addresses that were ever asked for files.
    places: Vec<String>,
    lies: u64,
    downloads: u64,
}

impl Liar {
    pub(super) fn new(server: &Server) -> Self {
        Self {
            honest: server.line(0),
            told: Arc::default(),
        }
    }

    /// Makes up the next answers.
    pub(super) fn will_say(&self, choices: &mut Choices<'_>) {
        let mut told = self.told();
        for _ in 0..choices.below(6) {
            let next = choices.bytes(40).to_vec();
            told.next.push_back(next);
        }
    }

    /// Goes out of the way.
    pub(super) fn is_honest(&self) {
        self.told().next.clear();
    }

    /// From now on it is counted anew.
    pub(super) fn forget(&self) {
        let mut told = self.told();
        told.asked.clear();
        told.answers.clear();
    }

    pub(super) fn asked(&self) -> Vec<String> {
        self.told().asked.clone()
    }

    pub(super) fn answers(&self) -> Vec<Vec<u8>> {
        self.told().answers.clone()
    }

    pub(super) fn lies(&self) -> u64 {
        self.told().lies
    }

    /// Patches of which a byte came.
    pub(super) fn downloads(&self) -> u64 {
        self.told().downloads
    }

    fn told(&self) -> MutexGuard<'_, Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What decides about this exchange; none where it is left alone.
    fn lie(&self, url: &str) -> Option<Vec<u8>> {
        let mut told = self.told();
        told.asked.push(url.to_owned());
        let lie = told.next.pop_front().filter(|lie| !lie.is_empty());
        told.lies += u64::from(lie.is_some());
        lie
    }

    fn answered(&self, answer: &[u8]) {
        let mut told = self.told();
        told.answers.push(answer.to_vec());
        if told.earlier.len() < REMEMBERED_MAX {
            told.earlier.push(answer.to_vec());
        }
    }

    /// All of a file, as the server has it.
    fn file(&self, url: &str) -> Result<Vec<u8>, TransportError> {
        let mut all = Collected::default();
        let wanted = Wanted::all(url, u64::MAX);
        self.honest.download(&wanted, &mut all, &Cancel::new())?;
        Ok(all.0)
    }
}

impl Transport for Liar {
    fn post(
        &self,
        url: &str,
        json: &[u8],
        bytes_max: u64,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        let lie = self.lie(url);
        let honest = self.honest.post(url, json, bytes_max, cancel);
        let answer = match lie {
            None => honest?,
            Some(lie) => {
                let earlier = self.told().earlier.clone();
                said(honest?, &earlier, &mut Choices::new(&lie))?
            }
        };
        if url.ends_with("/check") {
            self.answered(&answer);
        }
        Ok(answer)
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let lie = self.lie(wanted.url);
        let mut counted = Counted {
            sink,
            bytes: wanted.from_bytes,
            bytes_max: wanted.bytes_max,
        };
        let ended = match lie {
            None => self.honest.download(wanted, &mut counted, cancel),
            Some(lie) => self.sent(wanted, &mut counted, &mut Choices::new(&lie)),
        };
        let came = counted.bytes > wanted.from_bytes;
        let mut told = self.told();
        told.downloads += u64::from(came && !wanted.url.ends_with(".json"));
        if told.places.len() < REMEMBERED_MAX {
            told.places.push(wanted.url.to_owned());
        }
        ended
    }
}

impl Liar {
    /// What is sent in place of a file.
    fn sent(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        choices: &mut Choices<'_>,
    ) -> Result<(), TransportError> {
        let bytes = match choices.below(8) {
            0 => return Err(failure(choices)),
            1 => choices.bytes(32).to_vec(),
            2 => {
                let places = self.told().places.clone();
                let other = places.get(choices.below(places.len())).cloned();
                self.file(&other.unwrap_or_default()).unwrap_or_default()
            }
            3 => Library::patched(0, choices.pick(&[1, 2, 3, 4]))
                .patch
                .to_vec(),
            4 => spoiled(self.file(wanted.url)?, choices),
            5 if wanted.url.ends_with(".json") => edited(&self.file(wanted.url)?, choices),
            5 => vec![0; ENDLESS_BYTES],
            _ => self.file(wanted.url)?,
        };
        let from = match choices.below(4) {
            0 => choices.odd_number(),
            1 => 0,
            _ => wanted.from_bytes,
        };
        let all = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let total = match choices.below(5) {
            0 => None,
            1 => Some(choices.odd_number()),
            _ => Some(all),
        };
        let etag = match choices.below(5) {
            0 => None,
            1 => Some("W/\"weak\"".to_owned()),
            2 => Some(String::from_utf8_lossy(choices.bytes(8)).into_owned()),
            3 => wanted.if_range.map(str::to_owned),
            _ => Some("\"one\"".to_owned()),
        };
        let begun = Begun::new(from, total, etag);
        let begins = choices.pick(&[1, 1, 1, 1, 0, 2]);
        for _ in 0..begins {
            sink.begin(begun.clone()).map_err(TransportError::Sink)?;
        }
        let skipped = usize::try_from(from).unwrap_or(0);
        let rest = bytes.get(skipped..).unwrap_or(&bytes);
        let sent = match choices.below(4) {
            0 => rest.get(..choices.below(rest.len() + 1)).unwrap_or(rest),
            _ => rest,
        };
        for chunk in sent.chunks(choices.pick(&[512, 1, 7, 1 << 16]).max(sent.len() / 64)) {
            sink.bytes(chunk).map_err(TransportError::Sink)?;
        }
        match choices.below(6) {
            0 => Err(failure(choices)),
            _ => Ok(()),
        }
    }
}

/// A sink, and how much it took: never more than it asked for.
struct Counted<'a> {
    sink: &'a mut dyn Sink,
    bytes: u64,
    bytes_max: u64,
}

impl Sink for Counted<'_> {
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError> {
        let from_bytes = begun.from_bytes;
        self.sink.begin(begun)?;
        self.bytes = from_bytes;
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        self.sink.bytes(bytes)?;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(count);
        let (taken, most) = (self.bytes, self.bytes_max);
        assert!(taken <= most, "{taken} bytes are taken of at most {most}");
        Ok(())
    }
}

/// Everything that comes.
#[derive(Default)]
struct Collected(Vec<u8>);

impl Sink for Collected {
    fn begin(&mut self, _: Begun) -> Result<(), SinkError> {
        self.0.clear();
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }
}

/// More than a download may have.
const ENDLESS_BYTES: usize = 100 << 10;
const REMEMBERED_MAX: usize = 32;
