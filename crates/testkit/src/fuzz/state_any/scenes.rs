//! Phones that have lived a little, whose state is then written over.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use patchproof_device::{Ask, Trust};
use patchproof_lifecycle::GenerationId;
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk};
use patchproof_storage::StoragePath;
use patchproof_storage::generation::{StagedGeneration, publish as put_in_place};

use super::SLOTS;
use crate::fuzz::choices::Choices;
use crate::fuzz::storage_images::reading::slot;
use crate::phone::publisher::{Choice, Publisher, SignedPatch, publish, put_root, rules};
use crate::phone::{Library, Phone};

/// A phone, the documents that it wrote so far, and what may run on it.
pub(super) struct Scene {
    pub(super) phone: Phone,
    /// The oldest first; the last one is the newest.
    documents: Vec<Vec<u8>>,
    /// What may run; none where a server's word is enough.
    pub(super) signed: Option<Signed>,
    /// Vouchers that somebody may write into a state.
    pub(super) vouchers: Vec<String>,
}

/// What the publisher signed.
pub(super) type Signed = BTreeSet<GenerationId>;

pub(super) fn scenes() -> &'static [Scene] {
    static SCENES: LazyLock<[Scene; 2]> = LazyLock::new(|| [by_a_server(), by_statements()]);
    SCENES.as_slice()
}

impl Scene {
    fn new(phone: Phone) -> Self {
        Self {
            phone,
            documents: Vec::new(),
            signed: None,
            vouchers: Vec::new(),
        }
    }

    /// The document as the device left it.
    pub(super) fn newest(&self) -> &[u8] {
        self.documents.last().map(Vec::as_slice).unwrap_or_default()
    }

    /// One of the documents that it wrote.
    pub(super) fn earlier(&self, choices: &mut Choices<'_>) -> &[u8] {
        let index = choices.below(self.documents.len());
        self.documents
            .get(index)
            .map(Vec::as_slice)
            .unwrap_or_default()
    }

    /// One process of the app, from its start to its end.
    fn runs(&mut self, fails: bool) {
        let app = self.phone.start(&[]);
        match fails {
            true => app.failed().expect("nothing fails in the past"),
            false => drop(app.healthy().expect("nothing fails in the past")),
        }
        self.remember();
        app.update().expect("nothing fails in the past");
        drop(app);
        self.remember();
    }

    fn remember(&mut self) {
        let process = self.phone.disk.process();
        let slots = SLOTS.iter().filter_map(|name| slot(&process, name));
        let newest = slots.max_by_key(|(counter, _)| *counter);
        self.documents.extend(newest.map(|(_, document)| document));
    }

    /// A whole generation that no state names.
    fn leave(&self, library: &Library) {
        let process = self.phone.disk.process();
        let path = |path: &str| StoragePath::new(path).expect("a path of ours");
        let staged = StagedGeneration::begin(&process, &path("staging/new"));
        let mut staged = staged.expect("nothing fails in the past");
        let mut file = staged.file("libapp.so").expect("nothing fails in the past");
        file.write(&library.bytes)
            .expect("nothing fails in the past");
        file.finish().expect("nothing fails in the past");
        let staged = staged.finish().expect("nothing fails in the past");
        let place = path(&format!("generations/{}", library.id));
        put_in_place(&process, &staged, &place).expect("nothing fails in the past");
    }
}

fn phone() -> Phone {
    Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest))
}

/// Patch 1 ran well, patch 2 is banned, patch 3 waits for its first boot; events wait.
fn by_a_server() -> Scene {
    let mut scene = Scene::new(phone());
    scene.phone.server.answer_events_with(Some(503));
    let server = scene.phone.server.clone();
    server.offer(1, &Library::patched(0, 1));
    scene.runs(false);
    server.offer(2, &Library::patched(0, 2));
    scene.runs(false);
    server.offer(3, &Library::patched(0, 3));
    scene.runs(true);
    scene.leave(&Library::patched(0, 4));
    server.be_honest();
    scene
}

/// Under statements: patch 1 ran well, the root sets a floor of 2, patch 2 waits for its first
/// boot. What a thief signed lies there, too.
fn by_statements() -> Scene {
    let publisher = Publisher::small();
    let mut scene = Scene::new(phone());
    let mut root = publisher.root();
    scene.phone.trust = Trust::Statements {
        root: publisher.signed_root(&root),
        ask: Ask::Files,
    };
    let first = offer(&scene.phone, &publisher, 1, 1);
    scene.runs(false);
    scene.runs(false);
    root.version = 2;
    root.releases = rules(2, &[]);
    put_root(&scene.phone.server, 2, &publisher.signed_root(&root));
    let second = offer(&scene.phone, &publisher, 2, 2);
    scene.runs(false);
    let thief = Publisher::thief();
    let forged = thief.signed_patch(thief.statement(3, &Library::patched(0, 3)));
    scene.leave(&Library::patched(0, 1));
    scene.leave(&Library::patched(0, 3));
    let ids = [1, 2].map(|content| Library::patched(0, content).id);
    scene.signed = Some(ids.into());
    let text = |patch: &SignedPatch| String::from_utf8(patch.envelope.clone());
    let texts = [&first, &second, &forged].into_iter().map(text);
    scene.vouchers = texts
        .collect::<Result<_, _>>()
        .expect("envelopes are ASCII");
    scene
}

/// Signs a patch, puts it up, and has the channel offer it alone.
fn offer(phone: &Phone, publisher: &Publisher, number: u64, content: u8) -> SignedPatch {
    let library = Library::patched(0, content);
    let patch = publisher.signed_patch(publisher.statement(number, &library));
    publish(&phone.server, &patch, &library);
    phone.server.offer(number, &library);
    let mut channel = publisher.channel(0, &Choice::of(number, &[&patch]));
    channel.root_version = number;
    publisher.publish_channel(&phone.server, &channel);
    patch
}
