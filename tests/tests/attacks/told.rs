//! How a story is told: a publisher who means well, an attacker, and what is served at each step.

use std::collections::BTreeMap;

use patchproof_testkit::phone::publisher::{Choice, Publisher, SignedPatch, publish, put_channel};
use patchproof_testkit::phone::{Library, Server};
use patchproof_trust::{ChannelStatement, PatchStatement, Root};

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
    served: Server,
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
            served: Server::new(),
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
        publish(&self.served, &patch, &library);
        patch
    }

    /// What the channel says, for whoever signs it.
    pub(crate) fn says(&self, counter: u64, patches: &[&SignedPatch]) -> ChannelStatement {
        let choice = Choice::of(counter, patches);
        let mut statement = self.publisher.channel(0, &choice);
        statement.root_version = self.root.version;
        statement
    }

    /// Put up, signed by the channel key.
    pub(crate) fn channel(&self, statement: &ChannelStatement) {
        put_channel(&self.served, &self.publisher.signed_channel(statement));
    }

    pub(crate) fn served(&self) -> &Server {
        &self.served
    }

    pub(crate) fn forget_what_is_served(&mut self) {
        self.served = Server::new();
    }

    /// The step is over: what is served now stays served unless it is changed.
    pub(crate) fn step(&mut self, after_s: u64, update: &str, boots: u64) {
        let ends = Ends {
            update: update.to_owned(),
            boots,
        };
        self.attack.steps.push(Step { after_s, ends });
        let number = self.attack.steps.len();
        for (path, bytes) in self.served.files() {
            self.files
                .insert(format!("served-{number}{path}"), bytes.to_vec());
        }
    }

    pub(crate) fn told(mut self, name: &'static str) -> Told {
        let first = self.publisher.signed_root(&self.root);
        self.files.insert("root.json".to_owned(), first);
        Told {
            name,
            attack: self.attack,
            files: self.files,
        }
    }

    /// Another root than the publisher's usual one lies in the app.
    pub(crate) fn embeds(&mut self, root: Root) {
        self.root = root;
    }
}
