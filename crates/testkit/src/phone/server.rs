//! A server by script: what it offers, what it withdraws, how it fails, what it was told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchproof_trust::ChannelStatement;

use super::Library;
use super::publisher::Publisher;

mod delta;
mod line;

pub use line::answer_with;

/// A server. A clone is the same one; [`fork`](Self::fork) is another one.
#[derive(Clone, Debug)]
pub struct Server {
    script: Arc<Mutex<Script>>,
}

/// What checks are answered with.
#[derive(Clone, Debug, Default)]
#[expect(clippy::exhaustive_enums, reason = "tests choose one")]
pub enum Checks {
    /// What is offered and withdrawn, in Shorebird's words.
    #[default]
    Offers,
    /// These bytes.
    Fixed(Arc<[u8]>),
    /// This statement, signed anew for each question with its nonce.
    Signed(Publisher, Box<ChannelStatement>),
}

/// What is offered to a phone that says which library it runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "tests choose one")]
pub enum Deltas {
    /// What is offered to every phone.
    #[default]
    None,
    /// A patch against that library.
    Good,
    /// One that is no patch.
    Garbage,
    /// One that gives another library.
    OfAnother,
    /// One that is not there.
    Missing,
    /// One against a library that the phone does not run.
    OverAnother,
}

/// Patches that are withdrawn, by number.
pub type Withdrawn = BTreeSet<u64>;

#[derive(Clone, Debug, Default)]
struct Script {
    /// By release.
    offers: BTreeMap<u8, (u64, Library)>,
    withdrawn: BTreeMap<u8, Withdrawn>,
    deltas: Deltas,
    /// A download ends after so many bytes of the patch.
    cut_after: Option<u64>,
    /// What events are answered with, in place of a success.
    event_status: Option<u16>,
    /// Files behind its base URL.
    files: BTreeMap<String, Arc<[u8]>>,
    /// How often what it offers was changed.
    version: u64,
    events: Vec<String>,
    asked: Vec<String>,
    questions: Vec<String>,
    checks: Checks,
}

/// One release's way to a server.
#[derive(Clone, Debug)]
pub struct Line {
    server: Server,
    release: u8,
}

impl Server {
    /// A server that offers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self {
            script: Arc::default(),
        }
    }

    /// Another server in the same condition.
    #[must_use]
    pub fn fork(&self) -> Self {
        Self {
            script: Arc::new(Mutex::new(self.script().clone())),
        }
    }

    /// Its way for one release.
    #[must_use]
    pub fn line(&self, release: u8) -> Line {
        let server = self.clone();
        Line { server, release }
    }

    /// From now on this is offered to its release, under that number.
    pub fn offer(&self, number: u64, library: &Library) {
        let offer = (number, library.clone());
        let mut script = self.script();
        script.version += 1;
        script.offers.insert(library.release, offer);
    }

    /// From now on nothing is offered to a release.
    pub fn offer_nothing(&self, release: u8) {
        let mut script = self.script();
        script.version += 1;
        script.offers.remove(&release);
    }

    /// What phones are offered from now on that say which library they run. It is no change of what
    /// is offered: the same library comes of it.
    pub fn deltas(&self, deltas: Deltas) {
        self.script().deltas = deltas;
    }

    /// From now on just these numbers of a release are withdrawn.
    pub fn withdraw(&self, release: u8, numbers: impl IntoIterator<Item = u64>) {
        let mut script = self.script();
        script.version += 1;
        script
            .withdrawn
            .insert(release, numbers.into_iter().collect());
    }

    /// From now on these bytes lie at this path.
    pub fn put(&self, path: &str, bytes: &[u8]) {
        let mut script = self.script();
        script.version += 1;
        script.files.insert(path.to_owned(), bytes.into());
    }

    /// From now on nothing lies at this path.
    pub fn take_away(&self, path: &str) {
        let mut script = self.script();
        script.version += 1;
        script.files.remove(path);
    }

    /// Every file that was put, by its path.
    #[must_use]
    pub fn files(&self) -> BTreeMap<String, Arc<[u8]>> {
        self.script().files.clone()
    }

    /// Checks are answered so from now on.
    pub fn answer_checks(&self, checks: Checks) {
        let mut script = self.script();
        script.version += 1;
        script.checks = checks;
    }

    /// The URLs that were asked for, the first one first.
    #[must_use]
    pub fn asked(&self) -> Vec<String> {
        self.script().asked.clone()
    }

    /// The bodies of the checks that it was asked, the first one first.
    #[must_use]
    pub fn questions(&self) -> Vec<String> {
        self.script().questions.clone()
    }

    /// Every download ends after so many bytes of the patch in all; none: at its end.
    pub fn cut_after(&self, bytes: Option<u64>) {
        self.script().cut_after = bytes;
    }

    /// Events are answered with this status; none: a success.
    pub fn answer_events_with(&self, status: Option<u16>) {
        self.script().event_status = status;
    }

    /// Everything that was scripted to go wrong goes right again; what is offered and withdrawn
    /// stays.
    pub fn be_honest(&self) {
        let mut script = self.script();
        if script.deltas != Deltas::None {
            script.deltas = Deltas::Good;
        }
        script.cut_after = None;
        script.event_status = None;
    }

    /// What is offered to a release, and under which number.
    #[must_use]
    pub fn offered(&self, release: u8) -> Option<(u64, Library)> {
        self.script().offers.get(&release).cloned()
    }

    /// The numbers of a release that are withdrawn.
    #[must_use]
    pub fn withdrawn(&self, release: u8) -> Withdrawn {
        let script = self.script();
        script.withdrawn.get(&release).cloned().unwrap_or_default()
    }

    /// Another number after each change of what is offered and withdrawn.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.script().version
    }

    /// Forgets what it was told so far.
    pub fn forget(&self) {
        let mut script = self.script();
        script.events.clear();
        script.asked.clear();
        script.questions.clear();
    }

    /// The bodies of the events that it took, the first one first.
    #[must_use]
    pub fn events(&self) -> Vec<String> {
        self.script().events.clone()
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for Server {
    fn default() -> Self {
        Self::new()
    }
}

impl Script {
    /// What lies at an address, and its tag.
    fn found(&self, url: &str) -> Option<(Arc<[u8]>, String)> {
        if let Some(path) = url.strip_prefix(super::BASE_URL) {
            let bytes = self.files.get(path)?;
            return Some((Arc::clone(bytes), format!("\"{path}\"")));
        }
        if let Some(found) = delta::found(url, self.deltas) {
            return found;
        }
        let mut offers = self.offers.values().map(|(_, library)| library);
        let library = offers.find(|library| url.ends_with(&hex::encode(library.sha256)))?;
        let etag = format!("\"{}\"", hex::encode(library.id.bytes()));
        Some((Arc::clone(&library.patch), etag))
    }
}
