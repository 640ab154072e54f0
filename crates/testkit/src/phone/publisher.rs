//! A publisher with keys that everybody knows: it signs what phones are served.
//!
//! Its documents are the same bytes in every run.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_snapshot::Snapshot as Facts;
use patchproof_trust::{
    Algorithm, ChannelStatement, Digest, Download, Extensions, FileName, Key, KeyId, OutputFile,
    PatchStatement, Payload, Role, Roles, RolledBack, Root, Selected, Sign, SigningKey, Snapshot,
    sign,
};
use zeroize::Zeroizing;

mod parts;
mod put;

pub use parts::{delta_of, name_of, release, rules};
use parts::{text, wide, word};
pub use put::{publish, put_channel, put_delta, put_download, put_root, put_statement};

use super::{Library, NOW_MS, Server};

/// Who holds the keys. Another seed is another publisher, or a thief.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests make them")]
pub struct Publisher {
    /// Told apart by it.
    pub seed: u8,
    /// Whether each role has one key, so that the root is small.
    pub is_small: bool,
}

/// A signed patch statement, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests take it apart")]
pub struct SignedPatch {
    /// What it says.
    pub statement: PatchStatement,
    /// Its envelope.
    pub envelope: Vec<u8>,
    /// The SHA-256 of its payload.
    pub name: Digest,
}

/// What a channel says next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "tests fill it in")]
pub struct Choice {
    /// Its counter.
    pub counter: u64,
    /// What it offers, to every phone.
    pub selected: Vec<(u64, Digest)>,
    /// What it withdraws.
    pub rolled_back: Vec<(u64, Digest)>,
}

impl Publisher {
    /// One that means well.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            seed: 1,
            is_small: false,
        }
    }

    /// One with a key a role.
    #[must_use]
    pub const fn small() -> Self {
        Self {
            seed: 1,
            is_small: true,
        }
    }

    /// One that means no good: it has keys of its own.
    #[must_use]
    pub const fn thief() -> Self {
        Self {
            seed: 66,
            is_small: false,
        }
    }

    /// One of its keys: `root-1` to `root-3`, `patch-1`, `patch-2`, `channel-1`, or any other word.
    #[must_use]
    pub fn key(&self, what: &str) -> SigningKey {
        let seed = Digest::of(format!("testkit {} {what}", self.seed).as_bytes());
        SigningKey::from_seed(&Zeroizing::new(*seed.bytes()))
    }

    /// Its first root: two of three root keys, two of two patch keys, one channel key.
    #[must_use]
    pub fn root(&self) -> Root {
        let role = |names: &[&str], threshold| Role {
            keys: self.of(names).iter().map(|name| self.id(name)).collect(),
            threshold: if self.is_small { 1 } else { threshold },
        };
        let roles = Roles {
            channel: role(&["channel-1"], 1),
            patch: role(&["patch-1", "patch-2"], 2),
            root: role(&["root-1", "root-2", "root-3"], 2),
        };
        let mut root = Root {
            app: word("app"),
            expires_s: Some(NOW_MS / 1000 + 365 * DAY_S),
            extensions: Extensions::new(),
            keys: BTreeMap::new(),
            releases: Vec::new(),
            roles,
            version: 1,
        };
        self.name_keys(&mut root, &KEYS);
        root
    }

    /// Enters these keys under their ids, those of roles that name them alone.
    pub fn name_keys(&self, root: &mut Root, names: &[&str]) {
        let roles = &root.roles;
        let named: BTreeSet<KeyId> = [&roles.channel, &roles.patch, &roles.root]
            .into_iter()
            .flat_map(|role| role.keys.iter().copied())
            .collect();
        root.keys.retain(|id, _| named.contains(id));
        for name in names {
            let public = self.key(name).public_key();
            if named.contains(&public.id()) {
                let key = Key {
                    algorithm: Algorithm::Ed25519,
                    public,
                };
                root.keys.insert(key.public.id(), key);
            }
        }
    }

    /// Of the names of a role those that it has.
    fn of<'n>(&self, names: &'n [&'n str]) -> &'n [&'n str] {
        match names {
            [first, ..] if self.is_small => std::slice::from_ref(first),
            all => all,
        }
    }

    /// The id of one of its keys.
    #[must_use]
    pub fn id(&self, what: &str) -> KeyId {
        self.key(what).public_key().id()
    }

    /// Signs with these keys of its own.
    ///
    /// # Panics
    /// If nobody would believe it: what is signed here makes sense.
    pub fn sign<T: Payload>(&self, payload: &T, names: &[&str]) -> Vec<u8> {
        let keys: Vec<SigningKey> = names.iter().map(|name| self.key(name)).collect();
        let mut signers: Vec<&dyn Sign> = Vec::new();
        for key in &keys {
            signers.push(key);
        }
        sign(payload, &signers).expect("what a publisher signs makes sense")
    }

    /// The envelope of a root, by two of its root keys.
    #[must_use]
    pub fn signed_root(&self, root: &Root) -> Vec<u8> {
        self.sign(root, self.of(&["root-1", "root-2"]))
    }

    /// What is said of a patch for its release.
    ///
    /// # Panics
    /// Never: made libraries are snapshots.
    #[must_use]
    pub fn statement(&self, number: u64, library: &Library) -> PatchStatement {
        let base = Library::base(library.release);
        let facts = Facts::read(&base.bytes).expect("made libraries are snapshots");
        let name = FileName::new("libapp.so").expect("a file name");
        PatchStatement {
            app: word("app"),
            base_size_bytes: wide(base.bytes.len()),
            created_s: NOW_MS / 1000,
            data_epoch: 0,
            downloads: vec![Download {
                codec: word("zstd"),
                container: word("shorebird"),
                from_sha256: Some(Digest::of(&base.bytes)),
                makes: name.clone(),
                sha256: Digest::of(&library.patch),
                size_bytes: wide(library.patch.len()),
            }],
            extensions: Extensions::new(),
            files: vec![OutputFile {
                name,
                sha256: Digest::of(&library.bytes),
                size_bytes: wide(library.bytes.len()),
            }],
            minimum_number: 0,
            number,
            reads_data_epoch: 0,
            release: release(library.release),
            snapshot: Snapshot {
                features: facts.features().map(text).collect(),
                version: word(&facts.header().version),
            },
        }
    }

    /// Signs a patch statement with both patch keys.
    #[must_use]
    pub fn signed_patch(&self, statement: PatchStatement) -> SignedPatch {
        let envelope = self.sign(&statement, self.of(&["patch-1", "patch-2"]));
        let name = name_of(&envelope);
        SignedPatch {
            statement,
            envelope,
            name,
        }
    }

    /// A channel statement of now, for a day, with no rollout short of everybody.
    #[must_use]
    pub fn channel(&self, release_number: u8, choice: &Choice) -> ChannelStatement {
        let selected = choice.selected.iter().map(|(number, patch)| Selected {
            number: *number,
            patch: *patch,
            rollout_basis_points: 10_000,
        });
        let rolled_back = choice.rolled_back.iter().map(|(number, patch)| RolledBack {
            number: *number,
            patch: *patch,
        });
        ChannelStatement {
            app: word("app"),
            channel: word("stable"),
            counter: choice.counter,
            expires_s: NOW_MS / 1000 + DAY_S,
            extensions: Extensions::new(),
            issued_s: NOW_MS / 1000,
            nonce: None,
            release: release(release_number),
            rolled_back: rolled_back.collect(),
            root_version: 1,
            selected: selected.collect(),
        }
    }

    /// Signs a channel statement with the channel key.
    #[must_use]
    pub fn signed_channel(&self, statement: &ChannelStatement) -> Vec<u8> {
        self.sign(statement, &["channel-1"])
    }

    /// Gives the channel another key: `channel-2`.
    pub fn replace_channel_key(&self, root: &mut Root) {
        root.roles.channel.keys = [self.id("channel-2")].into();
        self.name_keys(root, &["channel-2"]);
    }

    /// Puts a channel statement where phones look for it, signed by the channel key.
    pub fn publish_channel(&self, server: &Server, statement: &ChannelStatement) {
        self.publish_channel_by(server, statement, "channel-1");
    }

    /// The same, signed by another of its keys.
    pub fn publish_channel_by(&self, server: &Server, statement: &ChannelStatement, key: &str) {
        put_channel(server, &self.sign(statement, &[key]));
    }
}

impl Choice {
    /// These patches, and nothing withdrawn.
    #[must_use]
    pub fn of(counter: u64, patches: &[&SignedPatch]) -> Self {
        let selected = patches.iter();
        let selected = selected.map(|patch| (patch.statement.number, patch.name));
        Self {
            counter,
            selected: selected.collect(),
            rolled_back: Vec::new(),
        }
    }
}

impl Default for Publisher {
    fn default() -> Self {
        Self::new()
    }
}

const DAY_S: u64 = 24 * 60 * 60;
const KEYS: [&str; 6] = [
    "root-1",
    "root-2",
    "root-3",
    "patch-1",
    "patch-2",
    "channel-1",
];
