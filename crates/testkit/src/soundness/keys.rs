//! Keys that a name stands for, and documents of honest publishers.

use std::collections::BTreeMap;

use patchproof_patch::{Header, Limits, inflate};
use patchproof_snapshot::Snapshot as Facts;
use patchproof_trust::{
    Algorithm, ChannelStatement, Digest, Download, Extensions, FileName, Key, KeyId, OutputFile,
    PatchStatement, Payload, Release, Role, Roles, Root, Selected, Sign, SigningKey, Snapshot,
    Text, Unverified, Word,
};
use zeroize::Zeroizing;

/// The moment at which everything happens.
pub(crate) const NOW_S: u64 = 1_800_000_000;
pub(crate) const DAY_S: u64 = 24 * 60 * 60;
pub(crate) const APP: &str = "dev.patchproof.made";
pub(crate) const VERSION: &str = "1.2.3+45";

/// A key that a name stands for: the same in each run.
pub(crate) fn key(name: &str) -> SigningKey {
    let seed = Digest::of(format!("patchproof soundness key {name}").as_bytes());
    SigningKey::from_seed(&Zeroizing::new(*seed.bytes()))
}

/// A document, signed by these.
pub(crate) fn signed<T: Payload>(payload: &T, names: &[&str]) -> Vec<u8> {
    let keys: Vec<SigningKey> = names.iter().map(|name| key(name)).collect();
    let signers: Vec<&dyn Sign> = keys.iter().map(|key| -> &dyn Sign { key }).collect();
    patchproof_trust::sign(payload, &signers).expect("what is signed here can be signed")
}

/// What a statement is called, whoever signs it.
pub(crate) fn name_of(statement: &PatchStatement) -> Digest {
    let envelope = signed(statement, &["p"]);
    let read = Unverified::<PatchStatement>::read(&envelope);
    read.expect("what was signed can be read").sha256()
}

/// Root keys a, b, c (two of them), patch keys p, q, r (two of them), one channel key.
pub(crate) fn root() -> Root {
    Root {
        app: word(APP),
        expires_s: Some(NOW_S + 100 * DAY_S),
        extensions: Extensions::new(),
        keys: keys(&["a", "b", "c", "p", "q", "r", "channel"]),
        releases: Vec::new(),
        roles: Roles {
            channel: role(&["channel"], 1),
            patch: role(&["p", "q", "r"], 2),
            root: role(&["a", "b", "c"], 2),
        },
        version: 1,
    }
}

/// The root after this one, with other patch keys: r, s and t, two of them.
pub(crate) fn next_root(version: u64) -> Root {
    let mut next = root();
    next.version = version;
    next.keys = keys(&["a", "b", "c", "r", "s", "t", "channel"]);
    next.roles.patch = role(&["r", "s", "t"], 2);
    next
}

/// The statement of this patch over this library.
pub(crate) fn statement(abi: &str, platform: &str, base: &[u8], patch: &[u8]) -> PatchStatement {
    let output = inflate(base, patch, Limits::for_base(wide(base))).unwrap_or_default();
    let library = file_name("libapp.so");
    let facts = Facts::read(base).expect("a released library is a snapshot");
    let base_sha256 = Digest::of(base);
    PatchStatement {
        app: word(APP),
        base_size_bytes: wide(base),
        created_s: NOW_S - DAY_S,
        data_epoch: 1,
        downloads: vec![download(base, patch)],
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
            abi: word(abi),
            base_sha256,
            platform: word(platform),
            version: word(VERSION),
        },
        snapshot: Snapshot {
            features: facts.features().map(text).collect(),
            version: word(&facts.header().version),
        },
    }
}

/// What a statement says of a patch.
pub(crate) fn download(base: &[u8], patch: &[u8]) -> Download {
    let (container, codec) = match Header::of(patch) {
        Some(Ok(header)) => ("patchproof", header.codec.word()),
        _ => ("shorebird", "zstd"),
    };
    Download {
        codec: word(codec),
        container: word(container),
        from_sha256: Some(Digest::of(base)),
        makes: file_name("libapp.so"),
        sha256: Digest::of(patch),
        size_bytes: wide(patch),
    }
}

/// Offers this patch to everybody. What it is called is entered when it is signed.
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
        rolled_back: Vec::new(),
        root_version: 1,
        selected: vec![Selected {
            number: statement.number,
            patch: Digest::of(b"not named yet"),
            rollout_basis_points: 10_000,
        }],
    }
}

pub(crate) fn role(names: &[&str], threshold: u64) -> Role {
    let ids = names.iter().map(|name| key(name).public_key().id());
    Role {
        keys: ids.collect(),
        threshold,
    }
}

pub(crate) fn keys(names: &[&str]) -> BTreeMap<KeyId, Key> {
    let listed = names.iter().map(|name| {
        let public = key(name).public_key();
        let algorithm = Algorithm::Ed25519;
        (public.id(), Key { algorithm, public })
    });
    listed.collect()
}

pub(crate) fn word(word: &str) -> Word {
    Word::new(word).expect("a word")
}

pub(crate) fn text(text: &str) -> Text {
    Text::new(text).expect("a text")
}

pub(crate) fn file_name(name: &str) -> FileName {
    FileName::new(name).expect("a file name")
}

pub(crate) fn wide(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
