//! How a story is told: a publisher who means well, an attacker, and what is served at each step.

use std::collections::BTreeMap;

use patchproof_protocol::{channel_path, download_path, root_path, statement_path};
use patchproof_testkit::phone::Library;
use patchproof_testkit::phone::publisher::{Choice, Publisher, SignedPatch};
use patchproof_trust::{ChannelStatement, Digest, PatchStatement, Root};

use crate::folder::{Attack, Ends, Step, Told};
use crate::stories;

/// Every story.
pub(crate) fn all() -> Vec<Told> {
    stories::STORIES.iter().map(|story| story()).collect()
}

/// A story on its way.
pub(crate) struct Tale {
    pub(crate) publisher: Publisher,
    pub(crate) thief: Publisher,
    pub(crate) root: Root,
    attack: Attack,
    files: BTreeMap<String, Vec<u8>>,
    served: BTreeMap<String, Vec<u8>>,
}

impl Tale {
    pub(crate) fn new(row: &str, attacker: &str, serves: &str) -> Self {
        let publisher = Publisher::new();
        Self {
            publisher,
            thief: Publisher::thief(),
            root: publisher.root(),
            attack: Attack {
                row: row.to_owned(),
                attacker: attacker.to_owned(),
                serves: serves.to_owned(),
                ask: "files".to_owned(),
                check: None,
                steps: Vec::new(),
                without: None,
            },
            files: BTreeMap::new(),
            served: BTreeMap::new(),
        }
    }

    /// The one check that stops it, and how its last step ends without.
    pub(crate) fn stopped_by(mut self, check: &str, update: &str, boots: u64) -> Self {
        self.attack.check = Some(check.to_owned());
        self.attack.without = Some(Ends {
            update: update.to_owned(),
            boots,
        });
        self
    }

    pub(crate) fn asks_a_server(mut self) -> Self {
        self.attack.ask = "server".to_owned();
        self
    }

    /// A patch statement by the publisher, put up with its download.
    pub(crate) fn patch(&mut self, number: u64, content: u8) -> SignedPatch {
        self.patch_as(number, content, |_| {})
    }

    pub(crate) fn patch_as(
        &mut self,
        number: u64,
        content: u8,
        change: impl FnOnce(&mut PatchStatement),
    ) -> SignedPatch {
        let library = Library::patched(0, content);
        let mut statement = self.publisher.statement(number, &library);
        change(&mut statement);
        let patch = self.publisher.signed_patch(statement);
        self.put_patch(&patch, &patch.envelope.clone());
        self.put_download(&library);
        patch
    }

    pub(crate) fn put_patch(&mut self, patch: &SignedPatch, envelope: &[u8]) {
        self.put(&statement_path(&patch.name.to_string()), envelope);
    }

    pub(crate) fn put_download(&mut self, library: &Library) {
        let path = download_path(&Digest::of(&library.patch).to_string());
        self.put(&path, &library.patch);
    }

    /// What the channel says, for whoever signs it.
    pub(crate) fn says(&self, counter: u64, patches: &[&SignedPatch]) -> ChannelStatement {
        let selected = patches.iter();
        let choice = Choice {
            counter,
            selected: selected
                .map(|patch| (patch.statement.number, patch.name))
                .collect(),
            rolled_back: Vec::new(),
        };
        let mut statement = self.publisher.channel(0, &choice);
        statement.root_version = self.root.version;
        statement
    }

    /// Put up, signed by the channel key.
    pub(crate) fn channel(&mut self, statement: &ChannelStatement) {
        let envelope = self.publisher.signed_channel(statement);
        self.put_channel(&envelope);
    }

    pub(crate) fn put_channel(&mut self, envelope: &[u8]) {
        let release = patchproof_testkit::phone::publisher::release(0);
        let path = channel_path("app", &release.sha256().to_string(), "stable");
        self.put(&path, envelope);
    }

    pub(crate) fn put_root(&mut self, version: u64, envelope: &[u8]) {
        self.put(&root_path("app", version), envelope);
    }

    pub(crate) fn put(&mut self, path: &str, bytes: &[u8]) {
        self.served.insert(path.to_owned(), bytes.to_vec());
    }

    pub(crate) fn forget_what_is_served(&mut self) {
        self.served.clear();
    }

    /// The step is over: what is served now stays served unless it is changed.
    pub(crate) fn step(&mut self, after_s: u64, update: &str, boots: u64) {
        let ends = Ends {
            update: update.to_owned(),
            boots,
        };
        self.attack.steps.push(Step { after_s, ends });
        let number = self.attack.steps.len();
        for (path, bytes) in &self.served {
            self.files
                .insert(format!("served-{number}{path}"), bytes.clone());
        }
    }

    pub(crate) fn told(mut self, name: &'static str) -> Told {
        let root = Root {
            version: 1,
            ..self.publisher.root()
        };
        let embedded = self
            .files
            .remove("root.json")
            .unwrap_or_else(|| self.publisher.signed_root(&root));
        self.files.insert("root.json".to_owned(), embedded);
        Told {
            name,
            attack: self.attack,
            files: self.files,
        }
    }

    /// Another root than the publisher's usual one lies in the app.
    pub(crate) fn embeds(&mut self, root: &Root) {
        self.root = root.clone();
        let envelope = self.publisher.signed_root(root);
        self.files.insert("root.json".to_owned(), envelope);
    }
}
