//! A phone under a root, and a publisher that serves it files or answers.

use patchproof_device::{Ask, Outcome, Trust, UpdateError, Updated};
use patchproof_rehearsal::{BlockSize, Honesty, SimDisk, SimProcess};
use patchproof_storage::{Access, File as _, Storage as _, StoragePath};
use patchproof_testkit::phone::publisher::{Choice, Publisher, SignedPatch, publish, put_root};
use patchproof_testkit::phone::{App, Library, Phone};
use patchproof_trust::{PatchStatement, Root};

/// A phone, and who signs for it.
pub(crate) struct Stand {
    pub(crate) phone: Phone,
    pub(crate) publisher: Publisher,
    /// The newest root.
    pub(crate) root: Root,
    /// What its channel says now.
    pub(crate) choice: Choice,
}

impl Stand {
    pub(crate) fn new(ask: Ask) -> Self {
        let publisher = Publisher::new();
        let root = publisher.root();
        let mut phone = Phone::new(SimDisk::new(BlockSize::Bytes4096, Honesty::Honest));
        phone.trust = Trust::Statements {
            root: publisher.signed_root(&root),
            ask,
        };
        Self {
            phone,
            publisher,
            root,
            choice: Choice::default(),
        }
    }

    /// Signs this content and puts it up; no channel offers it yet.
    pub(crate) fn put_up(&self, number: u64, content: u8) -> SignedPatch {
        self.put_up_as(number, content, |_| {})
    }

    /// The same, saying something else.
    pub(crate) fn put_up_as(
        &self,
        number: u64,
        content: u8,
        change: impl FnOnce(&mut PatchStatement),
    ) -> SignedPatch {
        let library = Library::patched(self.phone.release, content);
        let mut statement = self.publisher.statement(number, &library);
        change(&mut statement);
        let patch = self.publisher.signed_patch(statement);
        publish(&self.phone.server, &patch, &library);
        patch
    }

    /// The same, offered alone and installed.
    pub(crate) fn installed(&mut self, number: u64, content: u8) -> SignedPatch {
        let patch = self.put_up(number, content);
        self.choose(&[&patch]);
        assert_eq!(self.installs(), Ok(number));
        patch
    }

    /// The channel offers these patches and no others.
    pub(crate) fn choose(&mut self, patches: &[&SignedPatch]) {
        let rolled_back = std::mem::take(&mut self.choice.rolled_back);
        self.choice = Choice {
            rolled_back,
            ..Choice::of(self.choice.counter + 1, patches)
        };
        self.say();
    }

    /// The channel withdraws a patch, besides what it withdrew before.
    pub(crate) fn roll_back(&mut self, patch: &SignedPatch) {
        self.choice.counter += 1;
        let entry = (patch.statement.number, patch.name);
        self.choice.selected.retain(|selected| *selected != entry);
        self.choice.rolled_back.push(entry);
        self.say();
    }

    /// Puts up what the channel says.
    pub(crate) fn say(&self) {
        let mut statement = self.publisher.channel(self.phone.release, &self.choice);
        statement.root_version = self.root.version;
        let server = &self.phone.server;
        self.publisher.publish_channel(server, &statement);
    }

    /// The next root, signed by the keys of this one that are named.
    pub(crate) fn rotate(&mut self, change: impl FnOnce(&mut Root), signers: &[&str]) {
        self.root.version += 1;
        change(&mut self.root);
        let envelope = self.publisher.sign(&self.root, signers);
        put_root(&self.phone.server, self.root.version, &envelope);
    }

    pub(crate) fn start(&mut self) -> App<SimProcess> {
        self.phone.start(&[])
    }

    /// What an update in a new process comes to.
    pub(crate) fn update(&mut self) -> Result<Updated, UpdateError> {
        self.start().update()
    }

    /// What it installs, or why it does not.
    pub(crate) fn installs(&mut self) -> Result<u64, String> {
        match self.update() {
            Ok(updated) => match updated.outcome {
                Outcome::Installed { number, .. } => Ok(number),
                other => Err(format!("{other:?}")),
            },
            Err(error) => Err(error.to_string()),
        }
    }

    /// The number of the patch that a new process boots.
    pub(crate) fn boots(&mut self) -> u64 {
        self.start().number()
    }

    /// Asserts that an update is refused with these words in its reason.
    pub(crate) fn refuses(&mut self, words: &str) {
        let refused = self.installs().unwrap_err();
        assert!(refused.contains(words), "{words:?} in {refused:?}");
    }

    /// Asserts that no patch was asked for.
    pub(crate) fn fetched_nothing(&self) {
        let asked = self.phone.server.asked();
        let is_patch = |url: &String| url.contains("/downloads/") || url.contains("cdn");
        assert!(!asked.iter().any(is_patch), "{asked:?}");
    }

    /// Somebody writes over a file of the device's folder.
    pub(crate) fn overwrite(&self, path: &str, bytes: &[u8]) {
        let path = StoragePath::new(path).unwrap();
        let process = self.phone.disk.process();
        process.remove(&path).unwrap();
        let mut file = process.open(&path, Access::CreateNew).unwrap();
        file.write(bytes).unwrap();
    }

    /// Time goes by.
    pub(crate) fn wait_s(&self, seconds: u64) {
        self.phone.machine.pass(seconds * 1000);
    }
}
