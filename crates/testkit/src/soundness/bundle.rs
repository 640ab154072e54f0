//! The files that one run of `verify-release` is given, to be changed before it sees them.

use std::collections::BTreeMap;

use patchproof_report::Report;
use patchproof_verify::{Build, Input, Inputs, LabelledPatch, verify_release};
use sha2::{Digest as _, Sha256};

use crate::made::{Content, MadeEntry, MadeZip};
use crate::oracles::second_zip;

/// A build as it is given: an archive whose entries can still be changed, or bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Packed {
    /// An archive that is yet to be written.
    Zip(Box<MadeZip>),
    /// A file: an archive or a bare library.
    File(Vec<u8>),
}

/// Files by the ABI that they are given for.
pub(crate) type Labelled = Vec<(Option<String>, Vec<u8>)>;

/// Everything that is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Bundle {
    /// What comes before each file's name.
    pub(crate) folder: String,
    pub(crate) release: Packed,
    pub(crate) patched: Packed,
    pub(crate) rebuilt: Option<Packed>,
    pub(crate) engine: Option<Vec<u8>>,
    pub(crate) patches: Labelled,
    pub(crate) statements: Labelled,
    pub(crate) channels: Labelled,
    pub(crate) signatures: Labelled,
    pub(crate) previous: Vec<Vec<u8>>,
    pub(crate) root: Option<Vec<u8>>,
    pub(crate) next_roots: Vec<Vec<u8>>,
    pub(crate) public_key: Option<Vec<u8>>,
    /// `None` says no moment.
    pub(crate) now_s: Option<u64>,
}

/// What a reader that is not the product's sees of a bundle: hashes by what they are of.
pub(crate) type Seen = BTreeMap<String, [u8; 32]>;

impl Packed {
    /// The file.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        match self {
            Self::Zip(zip) => zip.build(),
            Self::File(bytes) => bytes.clone(),
        }
    }

    /// The archive, where it is one that is yet to be written.
    pub(crate) fn zip(&mut self) -> Option<&mut MadeZip> {
        match self {
            Self::Zip(zip) => Some(zip),
            Self::File(_) => None,
        }
    }

    /// The entry whose name ends so.
    pub(crate) fn entry(&mut self, end: &str) -> Option<&mut MadeEntry> {
        let mut entries = self.zip()?.entries.iter_mut();
        entries.find(|entry| entry.name.ends_with(end.as_bytes()))
    }

    /// Changes what a file of it holds; a bare library is the file, whatever its name.
    pub(crate) fn change(&mut self, end: &str, change: impl FnOnce(&mut Vec<u8>)) {
        if let Self::File(bytes) = self {
            return change(bytes);
        }
        let content = self.entry(end).map(|entry| &mut entry.content);
        if let Some(Content::Stored(bytes) | Content::Deflated(bytes)) = content {
            change(bytes);
        }
    }

    fn see(&self, what: &str, seen: &mut Seen) {
        let bytes = self.bytes();
        seen.extend(from_the_front(&bytes).map(|(name, flags)| {
            let name = format!("{what}, from the front: {name}");
            (name, sha256(&[flags & 1]))
        }));
        seen.insert(format!("{what}, its end"), sha256(behind_the_end(&bytes)));
        match second_zip(&bytes) {
            Ok(files) => {
                let files = files.into_iter();
                seen.extend(files.map(|(name, hash)| (format!("{what}/{name}"), hash)));
            }
            Err(_) => {
                seen.insert(what.to_owned(), sha256(&bytes));
            }
        }
    }
}

impl Bundle {
    /// The same with every archive written.
    pub(crate) fn written(mut self) -> Self {
        let builds = [Some(&mut self.release), Some(&mut self.patched)];
        for build in builds.into_iter().chain([self.rebuilt.as_mut()]).flatten() {
            *build = Packed::File(build.bytes());
        }
        self
    }

    /// What `verify-release` says of it.
    pub(crate) fn report(&self) -> Report {
        verify_release(&self.inputs())
    }

    /// What another reader sees of all files; what it cannot unpack counts as it lies there.
    pub(crate) fn seen(&self) -> Seen {
        let mut seen = Seen::new();
        self.release.see("release", &mut seen);
        self.patched.see("patched", &mut seen);
        if let Some(rebuilt) = &self.rebuilt {
            rebuilt.see("rebuilt", &mut seen);
        }
        let labelled = [
            ("patch", &self.patches),
            ("statement", &self.statements),
            ("channel", &self.channels),
            ("signature", &self.signatures),
        ];
        for (what, files) in labelled {
            for (abi, bytes) in files {
                let several = files.iter().filter(|(of, _)| of == abi).count();
                let abi = abi.as_deref().unwrap_or("any");
                let hash = match what {
                    "signature" => sha256(&without_blanks(bytes)),
                    _ => sha256(bytes),
                };
                seen.insert(format!("{what} {abi} of {several}"), hash);
            }
        }
        let lists = [
            ("previous", &self.previous),
            ("next root", &self.next_roots),
        ];
        for (what, files) in lists {
            for (at, bytes) in files.iter().enumerate() {
                seen.insert(format!("{what} {at}"), sha256(bytes));
            }
        }
        let alone = [
            ("engine", &self.engine),
            ("root", &self.root),
            (
                "public key",
                &self.public_key.as_deref().map(without_blanks),
            ),
        ];
        for (what, bytes) in alone {
            let bytes = bytes.as_ref().map(|bytes| (what.to_owned(), sha256(bytes)));
            seen.extend(bytes);
        }
        let now_s = self
            .now_s
            .map_or_else(Vec::new, |now_s| now_s.to_be_bytes().to_vec());
        seen.insert("moment".to_owned(), sha256(&now_s));
        seen
    }

    /// One hash of everything that is given.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        let mut hash = Sha256::new();
        let mut add = |bytes: &[u8]| hash.update(sha256(bytes));
        add(self.folder.as_bytes());
        add(&self.release.bytes());
        add(&self.patched.bytes());
        if let Some(rebuilt) = &self.rebuilt {
            add(&rebuilt.bytes());
        }
        let lists = [
            &self.patches,
            &self.statements,
            &self.channels,
            &self.signatures,
        ];
        for (at, files) in lists.iter().enumerate() {
            for (abi, bytes) in *files {
                add(format!("{at} {abi:?}").as_bytes());
                add(bytes);
            }
        }
        let lists = [&self.previous, &self.next_roots];
        for (at, files) in lists.iter().enumerate() {
            add(format!("list {at}").as_bytes());
            files.iter().for_each(|bytes| add(bytes));
        }
        let alone = [&self.engine, &self.root, &self.public_key];
        for (at, bytes) in alone.iter().enumerate() {
            add(format!("file {at}").as_bytes());
            bytes.iter().for_each(|bytes| add(bytes));
        }
        add(format!("{:?}", self.now_s).as_bytes());
        hash.finalize().into()
    }

    fn inputs(&self) -> Inputs {
        let input = |name: &str, bytes: &Vec<u8>| {
            Input::new(format!("{}{name}", self.folder), Ok(bytes.clone()))
        };
        let build = |name: &str, packed: &Packed| {
            Build::in_memory(&format!("{}{name}", self.folder), packed.bytes())
        };
        let labelled = |what: &str, files: &Labelled| -> Vec<LabelledPatch> {
            let file = |(abi, bytes): &(Option<String>, Vec<u8>)| {
                let name = format!("{}.{what}", abi.as_deref().unwrap_or("any"));
                LabelledPatch::new(abi.clone(), input(&name, bytes))
            };
            files.iter().map(file).collect()
        };
        let list = |what: &str, files: &[Vec<u8>]| -> Vec<Input> {
            let file = |(at, bytes)| input(&format!("{what}-{at}.json"), bytes);
            files.iter().enumerate().map(file).collect()
        };
        let mut inputs = Inputs::new(build("release", &self.release));
        inputs.patched = Some(build("patched", &self.patched));
        inputs.rebuilt = self.rebuilt.as_ref().map(|it| build("rebuilt", it));
        inputs.engine = self.engine.as_ref().map(|it| input("engine", it));
        inputs.patches = labelled("patch", &self.patches);
        inputs.signed.statements = labelled("statement.json", &self.statements);
        inputs.signed.channels = labelled("channel.json", &self.channels);
        inputs.signed.signatures = labelled("sig", &self.signatures);
        inputs.signed.previous = list("previous", &self.previous);
        inputs.signed.next_roots = list("root", &self.next_roots);
        inputs.signed.root = self.root.as_ref().map(|it| input("root.json", it));
        inputs.signed.public_key = self.public_key.as_ref().map(|it| input("key.pub", it));
        inputs.now_s = self.now_s.unwrap_or(inputs.now_s);
        inputs
    }
}

/// Texts in base64 are the same with other line ends.
fn without_blanks(bytes: &[u8]) -> Vec<u8> {
    let letters = bytes.iter().copied();
    letters.filter(|byte| !byte.is_ascii_whitespace()).collect()
}

/// The names and flags of local headers, as a reader sees them that starts at the front and stops
/// where no header follows.
fn from_the_front(bytes: &[u8]) -> impl Iterator<Item = (String, u8)> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        let (header, behind) = rest.split_at_checked(LOCAL_BYTES)?;
        let number = |at: usize, count: usize| -> Option<usize> {
            let bytes = header.get(at..at.checked_add(count)?)?;
            let digits = bytes.iter().rev();
            Some(digits.fold(0, |sum, byte| sum << 8 | usize::from(*byte)))
        };
        header.starts_with(b"PK\x03\x04").then_some(())?;
        let (name, behind) = behind.split_at_checked(number(26, 2)?)?;
        let skipped = number(28, 2)?.checked_add(number(18, 4)?)?;
        rest = behind.get(skipped..)?;
        Some((String::from_utf8_lossy(name).into_owned(), *header.get(6)?))
    })
}

/// What lies behind the last end record and its comment.
fn behind_the_end(bytes: &[u8]) -> &[u8] {
    let is_end = |at: &usize| {
        let rest = bytes.get(*at..);
        rest.is_some_and(|rest| rest.starts_with(b"PK\x05\x06"))
    };
    let end = (0..bytes.len()).rev().take(1 << 16).find(is_end);
    let behind = end.and_then(|end| {
        let comment = bytes.get(end + 20..end + END_BYTES)?;
        let comment: [u8; 2] = comment.try_into().ok()?;
        bytes.get(end + END_BYTES + usize::from(u16::from_le_bytes(comment))..)
    });
    behind.unwrap_or_default()
}

/// Of a local header and of an end record without names, fields and comment.
const LOCAL_BYTES: usize = 30;
const END_BYTES: usize = 22;

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
