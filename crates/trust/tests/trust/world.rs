//! A publisher, a server and a device, all honest. Each attack changes one thing of it.

use std::collections::{BTreeMap, BTreeSet};

use patchproof_trust::{
    Accepted, Algorithm, ChannelStatement, Device, Digest, Download, Extensions, FileName,
    Freshness, Key, KeyId, Kind, OutputFile, PatchStatement, Payload, Question, Refusal, Release,
    ReleaseRules, Remembered, Role, Roles, Root, Selected, Sign, SigningKey, Snapshot, Text,
    Verified, Verifier, Word,
};
use sha2::Digest as _;
use zeroize::Zeroizing;

/// The moment at which everything happens unless a test says otherwise.
pub(crate) const NOW_S: u64 = 1_800_000_000;
pub(crate) const DAY_S: u64 = 24 * 60 * 60;

/// A key that a name stands for: the same in each run.
pub(crate) fn key(name: &str) -> SigningKey {
    let seed: [u8; 32] = sha2::Sha256::digest(format!("patchproof test key {name}")).into();
    SigningKey::from_seed(&Zeroizing::new(seed))
}

pub(crate) fn id(name: &str) -> KeyId {
    key(name).public_key().id()
}

pub(crate) fn word(text: &str) -> Word {
    Word::new(text).expect("a word of a test is one")
}

pub(crate) fn digest(of: &str) -> Digest {
    Digest::of(of.as_bytes())
}

pub(crate) fn signed<T: Payload>(payload: &T, names: &[&str]) -> Vec<u8> {
    let keys: Vec<SigningKey> = names.iter().map(|name| key(name)).collect();
    let signers: Vec<&dyn Sign> = keys.iter().map(|key| -> &dyn Sign { key }).collect();
    patchproof_trust::sign(payload, &signers).expect("a test signs what can be signed")
}

pub(crate) fn role(names: &[&str], threshold: u64) -> Role {
    let keys = names.iter().map(|name| id(name)).collect();
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

/// Root keys a, b, c (two of them), patch keys p, q, r (two of them), one channel key.
pub(crate) fn root() -> Root {
    Root {
        app: word("com.example.app"),
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

pub(crate) fn release() -> Release {
    Release {
        abi: word("arm64-v8a"),
        base_sha256: digest("the released library"),
        platform: word("android"),
        version: word("1.2.3+45"),
    }
}

pub(crate) fn snapshot() -> Snapshot {
    let features = [
        "product",
        "no-code_comments",
        "arm64",
        "compressed-pointers",
    ];
    Snapshot {
        features: features
            .map(|name| Text::new(name).expect("plain"))
            .to_vec(),
        version: word("80a49c7111088100a233b2ae788e1f48"),
    }
}

pub(crate) fn device() -> Device {
    Device {
        app: word("com.example.app"),
        release: release(),
        base_size_bytes: 8_000_000,
        snapshot: snapshot(),
    }
}

pub(crate) fn patch(number: u64) -> PatchStatement {
    let library = FileName::new("libapp.so").expect("plain");
    PatchStatement {
        app: word("com.example.app"),
        base_size_bytes: 8_000_000,
        created_s: NOW_S - DAY_S,
        data_epoch: 1,
        downloads: vec![Download {
            codec: word("zstd"),
            container: word("patchproof"),
            from_sha256: Some(release().base_sha256),
            makes: library.clone(),
            sha256: digest("the download"),
            size_bytes: 12,
        }],
        extensions: Extensions::new(),
        files: vec![OutputFile {
            name: library,
            sha256: digest("the patched library"),
            size_bytes: 8_000_100,
        }],
        minimum_number: 0,
        number,
        reads_data_epoch: 1,
        release: release(),
        snapshot: snapshot(),
    }
}

/// Offers these patches to everybody.
pub(crate) fn channel(counter: u64, offered: &[&PatchStatement]) -> ChannelStatement {
    let selected = offered.iter().map(|patch| Selected {
        number: patch.number,
        patch: name_of(*patch),
        rollout_basis_points: 10_000,
    });
    ChannelStatement {
        app: word("com.example.app"),
        channel: word("stable"),
        counter,
        expires_s: NOW_S + 7 * DAY_S,
        extensions: Extensions::new(),
        issued_s: NOW_S - 60,
        nonce: None,
        release: release(),
        rolled_back: vec![],
        root_version: 1,
        selected: selected.collect(),
    }
}

/// What a statement is called, as a reader without our code computes it: the hash of the payload.
pub(crate) fn name_of<T: Payload>(payload: &T) -> Digest {
    let envelope = signed(payload, &["p"]);
    Digest::of(&payload_of(&envelope))
}

pub(crate) fn payload_of(envelope: &[u8]) -> Vec<u8> {
    let json: serde_json::Value = serde_json::from_slice(envelope).expect("an envelope is JSON");
    let text = json.get("payload").and_then(|payload| payload.as_str());
    let text = text.expect("an envelope has a payload");
    data_encoding::BASE64
        .decode(text.as_bytes())
        .expect("base64")
}

pub(crate) fn question() -> Question {
    Question {
        channel: word("stable"),
        freshness: Freshness::Expiry,
        now_s: NOW_S,
    }
}

pub(crate) fn remembered() -> Remembered {
    Remembered::from_embedded(&signed(&root(), &["a", "b"])).expect("the first root is one")
}

/// What a device says to an envelope of each kind, with the device's own memory.
pub(crate) fn ask_root(remembered: &Remembered, envelope: &[u8]) -> Result<Remembered, Refusal> {
    Verifier::new(&device(), remembered)?.root(envelope)
}

pub(crate) fn ask_channel(
    remembered: &Remembered,
    envelope: &[u8],
) -> Result<Accepted<ChannelStatement>, Refusal> {
    Verifier::new(&device(), remembered)?.channel(envelope, &question())
}

pub(crate) fn ask_standing(
    remembered: &Remembered,
    envelope: &[u8],
) -> Result<Verified<PatchStatement>, Refusal> {
    Verifier::new(&device(), remembered)?.standing(envelope)
}

/// The whole way of a patch that the channel key offers and that these keys signed.
pub(crate) fn ask_patch(
    remembered: &Remembered,
    channel: &ChannelStatement,
    envelope: &[u8],
) -> Result<Accepted<PatchStatement>, Refusal> {
    let channel = ask_channel(remembered, &signed(channel, &["channel"]))?;
    Verifier::new(&device(), &channel.remembered)?.patch(envelope, &channel.statement)
}

/// The root after this one, by the same keys.
pub(crate) fn next(root: &Root) -> Root {
    Root {
        version: root.version + 1,
        ..root.clone()
    }
}

pub(crate) fn rules(minimum_number: u64, revoked: &[Digest]) -> Vec<ReleaseRules> {
    let revoked: BTreeSet<Digest> = revoked.iter().copied().collect();
    vec![ReleaseRules {
        minimum_number,
        release: release(),
        revoked,
    }]
}

/// A memory that begins with this root.
pub(crate) fn starting_with(root: &Root) -> Remembered {
    Remembered::from_embedded(&signed(root, &["a", "b"])).expect("the root is signed by a and b")
}

pub(crate) fn too_few(kind: Kind, root_version: u64, found: u64) -> Refusal {
    Refusal::TooFewSignatures {
        kind,
        root_version,
        found,
        needed: 2,
    }
}

/// A memory that has seen this counter.
pub(crate) fn after(counter: u64) -> Remembered {
    let envelope = signed(&channel(counter, &[]), &["channel"]);
    ask_channel(&remembered(), &envelope)
        .expect("an honest statement")
        .remembered
}
