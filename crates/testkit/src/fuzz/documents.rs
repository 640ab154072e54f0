//! Signed documents by keys that everybody knows, and what an input makes of one.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use data_encoding::BASE64;
use patchproof_trust::{
    Algorithm, ChannelStatement, Digest, Download, Extensions, FileName, Key, Kind, Nonce,
    OutputFile, PatchStatement, Payload, Release, ReleaseRules, Remembered, Role, Roles,
    RolledBack, Root, Selected, Sign, SigningKey, Snapshot, Text, Word, sign,
};
use zeroize::Zeroizing;

use super::choices::Choices;
use super::json_forms;

/// A document: its kind, its envelope, and the payload in it.
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
    pub(super) envelope: Vec<u8>,
    pub(super) payload: Vec<u8>,
}

/// One of each kind, and a root that says more; always the same bytes.
pub(super) fn documents() -> &'static [Document] {
    static DOCUMENTS: LazyLock<Vec<Document>> = LazyLock::new(|| {
        let mut fuller = root();
        fuller.version = 7;
        fuller.expires_s = Some(1_900_000_000);
        fuller.extensions = extensions();
        fuller.releases = vec![ReleaseRules {
            minimum_number: 3,
            release: release(),
            revoked: [digest("one"), digest("other")].into(),
        }];
        vec![
            document("root", &root(), &["root-1", "root-2"]),
            document("patch", &patch(), &["patch"]),
            document("channel", &channel(), &["channel"]),
            document("fuller-root", &fuller, &["root-1", "root-2"]),
        ]
    });
    &DOCUMENTS
}

/// What a device remembers under the first root.
pub(super) fn remembered() -> Vec<u8> {
    let root = documents()
        .first()
        .map(|document| document.envelope.clone());
    let remembered = Remembered::from_embedded(&root.unwrap_or_default());
    remembered.expect("a right root").encode()
}

/// One of the keys.
pub(super) fn key(what: &str) -> SigningKey {
    SigningKey::from_seed(&Zeroizing::new(*digest(what).bytes()))
}

/// An envelope of this kind around any payload, in its one form; its signature is none.
pub(super) fn envelope(kind: Kind, payload: &[u8]) -> Vec<u8> {
    let text = format!(
        r#"{{"payload":"{}","payloadType":"{}","signatures":[{{"keyid":"{}","sig":"{}"}}]}}"#,
        BASE64.encode(payload),
        kind.payload_type(),
        digest("a key"),
        BASE64.encode(&[7; 64]),
    );
    text.into_bytes()
}

/// What an input makes of the payload of a document: which one, and its new text.
pub(super) fn edited(choices: &mut Choices<'_>) -> (&'static Document, Vec<u8>) {
    let documents = documents();
    let index = choices.below(documents.len());
    let document = documents.get(index).expect("there is one of each index");
    let mut payload = document.payload.clone();
    json_forms::edit_all(&mut payload, choices);
    (document, payload)
}

fn document<T: Payload>(name: &'static str, payload: &T, signers: &[&str]) -> Document {
    let keys: Vec<SigningKey> = signers.iter().map(|name| key(name)).collect();
    let signers: Vec<&dyn Sign> = keys.iter().map(|key| -> &dyn Sign { key }).collect();
    let envelope = sign(payload, &signers).expect("a right document");
    Document {
        name,
        kind: T::KIND,
        payload: payload_of(&envelope).expect("an envelope of ours"),
        envelope,
    }
}

/// The payload in an envelope, by any JSON reader.
pub(super) fn payload_of(envelope: &[u8]) -> Option<Vec<u8>> {
    let envelope: serde_json::Value = serde_json::from_slice(envelope).ok()?;
    let payload = envelope.get("payload")?.as_str()?;
    BASE64.decode(payload.as_bytes()).ok()
}

fn root() -> Root {
    let role = |names: &[&str], threshold| Role {
        keys: names
            .iter()
            .map(|name| key(name).public_key().id())
            .collect(),
        threshold,
    };
    let names = ["root-1", "root-2", "patch", "channel"];
    let keys = names.map(|name| {
        let public = key(name).public_key();
        let algorithm = Algorithm::Ed25519;
        (public.id(), Key { algorithm, public })
    });
    Root {
        app: word("app"),
        expires_s: None,
        extensions: Extensions::new(),
        keys: BTreeMap::from(keys),
        releases: Vec::new(),
        roles: Roles {
            channel: role(&["channel"], 1),
            patch: role(&["patch"], 1),
            root: role(&["root-1", "root-2"], 2),
        },
        version: 1,
    }
}

fn patch() -> PatchStatement {
    let name = FileName::new("libapp.so").expect("a file name");
    PatchStatement {
        app: word("app"),
        base_size_bytes: 4096,
        created_s: 1_700_000_000,
        data_epoch: 1,
        downloads: vec![Download {
            codec: word("zstd"),
            container: word("shorebird"),
            from_sha256: Some(digest("base")),
            makes: name.clone(),
            sha256: digest("download"),
            size_bytes: 100,
        }],
        extensions: extensions(),
        files: vec![OutputFile {
            name,
            sha256: digest("output"),
            size_bytes: 4100,
        }],
        minimum_number: 1,
        number: 2,
        reads_data_epoch: 1,
        release: release(),
        snapshot: Snapshot {
            features: ["product", "arm64", "android"].map(text).into(),
            version: word("7a3c09e5d1f24b8860ce9b17f05d2a64"),
        },
    }
}

fn channel() -> ChannelStatement {
    ChannelStatement {
        app: word("app"),
        channel: word("stable"),
        counter: 9,
        expires_s: 1_700_086_400,
        extensions: Extensions::new(),
        issued_s: 1_700_000_000,
        nonce: Some(Nonce::of_bytes([0x5a; 32])),
        release: release(),
        rolled_back: vec![RolledBack {
            number: 1,
            patch: digest("one"),
        }],
        root_version: 1,
        selected: vec![Selected {
            number: 2,
            patch: digest("other"),
            rollout_basis_points: 2500,
        }],
    }
}

fn release() -> Release {
    Release {
        abi: word("arm64-v8a"),
        base_sha256: digest("base"),
        platform: word("android"),
        version: word("1.0.0+1"),
    }
}

fn extensions() -> Extensions {
    BTreeMap::from([(word("org.example.build"), text("4711"))])
}

fn digest(of: &str) -> Digest {
    Digest::of(format!("fuzz {of}").as_bytes())
}

fn word(word: &str) -> Word {
    Word::new(word).expect("a word")
}

fn text(text: &str) -> Text {
    Text::new(text).expect("a text")
}

/// What documents are made of.
pub(super) const DICTIONARY: &[&[u8]] = &[
    b"{\"payload\":\"",
    b"\"payloadType\":\"application/vnd.patchproof.root.v1+json\"",
    b"\"application/vnd.patchproof.patch.v1+json\"",
    b"\"application/vnd.patchproof.channel.v1+json\"",
    b"\"signatures\":[",
    b"{\"keyid\":\"",
    b"\",\"sig\":\"",
    b"\"extensions\":{}",
    b"\"expires_s\":null",
    b"\"nonce\":",
    b"\"revoked\":[]",
    b"\"threshold\":0",
    b"9007199254740991",
    b"9007199254740992",
    b"\\u0061",
    b"1e0",
    b"-----BEGIN PUBLIC KEY-----\n",
    b"-----END PUBLIC KEY-----\n",
    b"-----BEGIN PRIVATE KEY-----\n",
    b"-----BEGIN ENCRYPTED PRIVATE KEY-----\n",
];
