//! The publisher behind the server: what he offers is right, whatever becomes of it on the way.

use std::collections::BTreeMap;
use std::collections::BTreeSet;
use std::sync::{LazyLock, Mutex, PoisonError};

use patchproof_device::{Ask, Trust};
use patchproof_lifecycle::GenerationId;
use patchproof_trust::Root;

use crate::fuzz::choices::Choices;
use crate::phone::publisher::{Choice, Publisher, SignedPatch, publish, put_root, rules};
use crate::phone::{Checks, Deltas, Library, Phone};

/// Who vouches for what is served, and what was said so far.
pub(super) struct Desk {
    kind: Kind,
    root: Root,
    choice: Choice,
    signed: BTreeSet<(u64, GenerationId)>,
}

/// Whose word counts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Server,
    ServerWithDeltas,
    Files,
    Nonces,
    FilesWithThief,
}

impl Desk {
    pub(super) fn of(choices: &mut Choices<'_>) -> Self {
        Self {
            kind: choices.pick(&KINDS),
            root: PUBLISHER.root(),
            choice: Choice::default(),
            signed: BTreeSet::new(),
        }
    }

    pub(super) fn is_signed(&self) -> bool {
        !matches!(self.kind, Kind::Server | Kind::ServerWithDeltas)
    }

    pub(super) fn trust(&self) -> Trust {
        static ROOT: LazyLock<Vec<u8>> = LazyLock::new(|| PUBLISHER.signed_root(&PUBLISHER.root()));
        let ask = match self.kind {
            Kind::Server | Kind::ServerWithDeltas => return Trust::Shorebird,
            Kind::Nonces => Ask::Server,
            Kind::Files | Kind::FilesWithThief => Ask::Files,
        };
        let root = ROOT.clone();
        Trust::Statements { root, ask }
    }

    /// Whether the publisher signed this content under this number.
    pub(super) fn signed(&self, number: u64, id: &GenerationId) -> bool {
        self.signed.contains(&(number, *id))
    }

    /// From now on this content is offered under this number.
    pub(super) fn offers(&mut self, phone: &Phone, number: u64, content: u8) {
        let library = Library::patched(0, content);
        phone.server.offer(number, &library);
        if self.kind == Kind::ServerWithDeltas {
            phone.server.deltas(Deltas::Good);
        }
        if !self.is_signed() {
            return;
        }
        let patch = patch(PUBLISHER, number, content);
        publish(&phone.server, &patch, &library);
        self.signed.insert((number, library.id));
        self.choice.selected = vec![(number, patch.name)];
        let of_number = |entry: &(u64, _)| entry.0 == number;
        self.choice.rolled_back.retain(|entry| !of_number(entry));
        if self.kind == Kind::FilesWithThief {
            let forged = Library::patched(0, 4);
            publish(
                &phone.server,
                &self::patch(Publisher::thief(), number, 4),
                &forged,
            );
        }
        self.says(phone);
    }

    /// From now on this number is withdrawn.
    pub(super) fn withdraws(&mut self, phone: &Phone, number: u64) {
        phone.server.withdraw(0, [number]);
        if !self.is_signed() {
            return;
        }
        let (gone, stays) = std::mem::take(&mut self.choice.selected)
            .into_iter()
            .partition(|(selected, _)| *selected == number);
        self.choice.selected = stays;
        let gone: Vec<_> = gone;
        self.choice.rolled_back.extend(gone);
        self.says(phone);
    }

    /// The next root, with this floor.
    pub(super) fn rotates(&mut self, phone: &Phone, floor: u64) {
        if !self.is_signed() || self.root.version >= ROOTS_MAX {
            return;
        }
        self.root.version += 1;
        let before = self.root.releases.first();
        let floor = before.map_or(floor, |rules| rules.minimum_number.max(floor));
        self.root.releases = rules(floor, &[]);
        let envelope = PUBLISHER.signed_root(&self.root);
        put_root(&phone.server, self.root.version, &envelope);
        self.says(phone);
    }

    /// The channel says what is chosen now, under the next counter.
    fn says(&mut self, phone: &Phone) {
        self.choice.counter += 1;
        let mut statement = PUBLISHER.channel(0, &self.choice);
        statement.root_version = self.root.version;
        statement.issued_s = phone.machine.now_ms() / 1000;
        statement.expires_s = statement.issued_s + 24 * 60 * 60;
        match self.kind {
            Kind::Nonces => {
                let checks = Checks::Signed(PUBLISHER, Box::new(statement));
                phone.server.answer_checks(checks);
            }
            _ => PUBLISHER.publish_channel(&phone.server, &statement),
        }
    }
}

/// A signed patch; the few that there are are signed once.
fn patch(publisher: Publisher, number: u64, content: u8) -> SignedPatch {
    static SIGNED: Mutex<BTreeMap<(u8, u64, u8), SignedPatch>> = Mutex::new(BTreeMap::new());
    let key = (publisher.seed, number, content);
    let mut signed = SIGNED.lock().unwrap_or_else(PoisonError::into_inner);
    let sign =
        || publisher.signed_patch(publisher.statement(number, &Library::patched(0, content)));
    signed.entry(key).or_insert_with(sign).clone()
}

const PUBLISHER: Publisher = Publisher::small();
const KINDS: [Kind; 5] = [
    Kind::Server,
    Kind::ServerWithDeltas,
    Kind::Files,
    Kind::Nonces,
    Kind::FilesWithThief,
];
pub(super) const KINDS_IN_WORDS: [&str; 5] =
    ["server", "deltas", "files", "nonces", "files-with-a-thief"];
/// A check follows many more.
const ROOTS_MAX: u64 = 6;
pub(super) const WORDS: &[&[u8]] = &[
    b"patch_available",
    b"patch",
    b"number",
    b"hash",
    b"hash_signature",
    b"download_url",
    b"rolled_back_patch_numbers",
    b"patchproof",
    b"channel_statement",
    b"from_sha256",
    b"size_bytes",
    b"notes",
    b"force_update",
    b"payload",
    b"payloadType",
    b"signatures",
    b"keyid",
    b"sig",
    b"https://updates.example/",
    b"http://127.0.0.1/",
];
