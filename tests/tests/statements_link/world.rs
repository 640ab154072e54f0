//! An honest publisher: a release with a root inside, its patched build, a patch and its statement.
//! Each test changes one thing of it.

use std::collections::BTreeMap;

use patchproof_patch::{Limits, inflate};
use patchproof_snapshot::Snapshot;
use patchproof_testkit::made::{Container, Embedder, Layout, Machine, MadeApp, MadeSnapshot, Os};
use patchproof_tests::bench::{Bench, Ran, check, patch};
use patchproof_trust::{
    Algorithm, ChannelStatement, Digest, Download, Extensions, FileName, Key, KeyId, OutputFile,
    PatchStatement, Payload, Release, ReleaseRules, Role, Roles, Root, Selected, Sign, SigningKey,
    Snapshot as SignedSnapshot, Text, Unverified, Word,
};
use zeroize::Zeroizing;

/// The moment at which everything happens unless a test says otherwise.
pub(crate) const NOW_S: u64 = 1_800_000_000;
pub(crate) const DAY_S: u64 = 24 * 60 * 60;
pub(crate) const ABI: &str = "x86_64";

/// Files in a folder, and what they were made from.
pub(crate) struct World {
    pub(crate) bench: Bench,
    pub(crate) release: MadeApp,
    pub(crate) patched: MadeApp,
    pub(crate) root: Root,
    pub(crate) statement: PatchStatement,
    pub(crate) signers: Vec<&'static str>,
}

impl World {
    /// Everything as it should be, and nothing written yet but the patch.
    pub(crate) fn new() -> Self {
        let mut release = MadeApp::new();
        release.abis.retain(|abi, _| abi == ABI);
        let mut patched = release.clone();
        for libraries in patched.abis.values_mut() {
            libraries.dart = snapshot().edited(7).build();
        }
        let bench = Bench::new(env!("CARGO_BIN_EXE_patchproof_under_test"));
        let base = &release.abis[ABI].dart;
        let bytes = patch(base, &patched.abis[ABI].dart);
        bench.put("good.patch", &bytes);
        Self {
            statement: statement(base, &bytes),
            root: root(),
            signers: vec!["p", "q"],
            bench,
            release,
            patched,
        }
    }

    /// Both builds with this root inside, and the statement.
    pub(crate) fn put(&mut self) {
        let root = signed(&self.root, &["a", "b"]);
        self.put_with_root(&root);
    }

    /// The same with whatever bytes for a root.
    pub(crate) fn put_with_root(&mut self, root: &[u8]) {
        for app in [&mut self.release, &mut self.patched] {
            app.assets
                .insert("patchproof/root.json".to_owned(), root.to_vec());
        }
        self.put_builds();
    }

    /// Both builds as they are, and the statement.
    pub(crate) fn put_builds(&self) {
        self.bench.put("release.apk", &self.release.apk());
        self.bench.put("patched.apk", &self.patched.apk());
        self.bench
            .put("statement.json", &signed(&self.statement, &self.signers));
    }

    /// Verifies with the statement, at the usual moment.
    pub(crate) fn verify(&self, more: &[&str]) -> Ran {
        self.verify_unsigned(&[&["--statement", "statement.json"], more].concat())
    }

    /// The same without a statement.
    pub(crate) fn verify_unsigned(&self, more: &[&str]) -> Ran {
        let builds = ["--release", "release.apk", "--patched", "patched.apk"];
        let patch = ["--patch", "good.patch", "--now", NOW];
        self.bench
            .run(&[&["verify-release"], &builds[..], &patch, more].concat())
    }
}

/// Verifies a world of which one thing was changed: broken, by these words.
pub(crate) fn broken(change: impl FnOnce(&mut World), words: &[&str]) {
    let mut world = World::new();
    change(&mut world);
    world.put();
    check_broken(&world.verify(&[]), words);
}

/// Checks that the link is what is broken.
pub(crate) fn check_broken(ran: &Ran, words: &[&str]) {
    check(ran, 4, words);
    check(ran, 4, &["broken at statements (exit 4)"]);
}

/// The Dart library of the release, before it is built.
pub(crate) fn snapshot() -> MadeSnapshot {
    MadeSnapshot::new(Container::Elf64, Machine::X64, Layout::Split)
        .for_target(Os::Android, Embedder::Flutter)
}

/// The statement of this patch over this library.
pub(crate) fn statement(base: &[u8], patch: &[u8]) -> PatchStatement {
    let limits = Limits::for_base(wide(base));
    let output = inflate(base, patch, limits).expect("a made patch inflates");
    let library = FileName::new("libapp.so").expect("plain");
    let read = Snapshot::read(base).expect("a made snapshot is one");
    let base_sha256 = Digest::of(base);
    PatchStatement {
        app: word("dev.patchproof.made"),
        base_size_bytes: wide(base),
        created_s: NOW_S - DAY_S,
        data_epoch: 1,
        downloads: vec![Download {
            codec: word("zstd"),
            container: word("shorebird"),
            from_sha256: Some(base_sha256),
            makes: library.clone(),
            sha256: Digest::of(patch),
            size_bytes: wide(patch),
        }],
        extensions: Extensions::new(),
        files: vec![OutputFile {
            name: library,
            sha256: Digest::of(&output),
            size_bytes: wide(&output),
        }],
        minimum_number: 0,
        number: 7,
        reads_data_epoch: 1,
        release: Release {
            abi: word(ABI),
            base_sha256,
            platform: word("android"),
            version: word("1.2.3+45"),
        },
        snapshot: SignedSnapshot {
            features: read
                .features()
                .map(|feature| Text::new(feature).expect("plain"))
                .collect(),
            version: word(&read.header().version),
        },
    }
}

/// Root keys a, b, c (two of them), patch keys p, q, r (two of them), one channel key.
pub(crate) fn root() -> Root {
    Root {
        app: word("dev.patchproof.made"),
        expires_s: None,
        extensions: Extensions::new(),
        keys: keys(&["a", "b", "c", "p", "q", "r", "channel"]),
        releases: vec![],
        roles: Roles {
            channel: role(&["channel"], 1),
            patch: role(&["p", "q", "r"], 2),
            root: role(&["a", "b", "c"], 2),
        },
        version: 1,
    }
}

/// Offers this patch to everybody.
pub(crate) fn channel(statement: &PatchStatement) -> ChannelStatement {
    ChannelStatement {
        app: statement.app.clone(),
        channel: word("stable"),
        counter: 3,
        expires_s: NOW_S + 7 * DAY_S,
        extensions: Extensions::new(),
        issued_s: NOW_S - 60,
        nonce: None,
        release: statement.release.clone(),
        rolled_back: vec![],
        root_version: 1,
        selected: vec![Selected {
            number: statement.number,
            patch: name_of(statement),
            rollout_basis_points: 10_000,
        }],
    }
}

/// What a statement is called.
pub(crate) fn name_of(statement: &PatchStatement) -> Digest {
    let envelope = signed(statement, &["p"]);
    let read = Unverified::<PatchStatement>::read(&envelope);
    read.expect("what was signed can be read").sha256()
}

/// The rules of the release in the root.
pub(crate) fn rules(world: &World, minimum_number: u64, revoked: &[Digest]) -> Vec<ReleaseRules> {
    vec![ReleaseRules {
        minimum_number,
        release: world.statement.release.clone(),
        revoked: revoked.iter().copied().collect(),
    }]
}

/// A key that a name stands for: the same in each run.
pub(crate) fn key(name: &str) -> SigningKey {
    let seed = Digest::of(format!("patchproof test key {name}").as_bytes());
    SigningKey::from_seed(&Zeroizing::new(*seed.bytes()))
}

pub(crate) fn signed<T: Payload>(payload: &T, names: &[&str]) -> Vec<u8> {
    let keys: Vec<SigningKey> = names.iter().map(|name| key(name)).collect();
    let signers: Vec<&dyn Sign> = keys.iter().map(|key| -> &dyn Sign { key }).collect();
    patchproof_trust::sign(payload, &signers).expect("a test signs what can be signed")
}

pub(crate) fn role(names: &[&str], threshold: u64) -> Role {
    let keys = names
        .iter()
        .map(|name| key(name).public_key().id())
        .collect();
    Role { keys, threshold }
}

pub(crate) fn keys(names: &[&str]) -> BTreeMap<KeyId, Key> {
    let listed = names.iter().map(|name| {
        let public = key(name).public_key();
        let algorithm = Algorithm::Ed25519;
        (public.id(), Key { algorithm, public })
    });
    listed.collect()
}

pub(crate) fn word(text: &str) -> Word {
    Word::new(text).expect("a word of a test is one")
}

pub(crate) fn wide(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).expect("it lies in memory")
}

/// Private keys that others can read are refused.
#[cfg(unix)]
pub(crate) fn only_for_its_owner(path: &std::path::Path) {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

#[cfg(not(unix))]
pub(crate) fn only_for_its_owner(_: &std::path::Path) {}

const NOW: &str = "1800000000";
