//! What signed statements say to this device. Pure but for the memory that was verified last:
//! bytes, memory and time are arguments.

use std::sync::{Mutex, PoisonError};

use patchproof_patch::Codec;
use patchproof_protocol::{Arch, Platform, Settings};
use patchproof_trust::{
    Accepted, ChannelStatement, Device, Digest, Download, Freshness, Nonce, OutputFile,
    PatchStatement, Question, Refusal, Release, Remembered, Selected, Snapshot, Text, Verifier,
    Word, WordError,
};

use crate::base::SnapshotSeen;
use crate::document::{Document, Lot};
use crate::updater::LIBRARY_NAME;
use crate::vouch::{Ask, Untrusted};

/// All that statements are held against.
pub(crate) struct Statements {
    device: Device,
    embedded: Remembered,
    /// The memory that was read last, and of what: its signatures are verified once.
    last: Mutex<Option<(String, Remembered)>>,
    pub(crate) ask: Ask,
    pub(crate) channel: Word,
    /// Which lot a device draws that has none.
    lot: Lot,
}

/// What of this device a statement is for.
pub(crate) struct Identity<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) platform: Platform,
    pub(crate) arch: Arch,
    pub(crate) version: &'a str,
    pub(crate) base_sha256: [u8; 32],
    pub(crate) base_size_bytes: u64,
    pub(crate) snapshot: &'a SnapshotSeen,
}

/// Why there is nothing that statements could be held against.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StatementsError {
    /// The root in the app.
    #[error("the root in the app cannot be used: {0}")]
    Root(#[from] Refusal),
    /// Something of this device that no statement could name.
    #[error("no statement can be for the {what} {found:?}: {why}")]
    Word {
        /// What.
        what: &'static str,
        /// What it is.
        found: String,
        /// What about it cannot stand in a statement.
        #[source]
        why: WordError,
    },
}

/// A channel statement as it came, and to which question.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) envelope: Vec<u8>,
    pub(crate) nonce: Option<Nonce>,
    pub(crate) came_at_ms: u64,
}

impl Statements {
    pub(crate) fn new(
        root: &[u8],
        (ask, lot): (Ask, Lot),
        identity: &Identity<'_>,
    ) -> Result<Self, StatementsError> {
        let abi = identity.arch.abi(identity.platform);
        let snapshot = identity.snapshot;
        let device = Device {
            app: word("app_id", &identity.settings.app_id)?,
            release: Release {
                abi: word("ABI", abi)?,
                base_sha256: Digest::of_bytes(identity.base_sha256),
                platform: word("platform", identity.platform.name())?,
                version: word("version", identity.version)?,
            },
            base_size_bytes: identity.base_size_bytes,
            snapshot: Snapshot {
                features: snapshot
                    .features
                    .iter()
                    .map(|feature| text("snapshot feature", feature))
                    .collect::<Result<_, _>>()?,
                version: word("snapshot version", &snapshot.version)?,
            },
        };
        let embedded = Remembered::from_embedded(root)?;
        Verifier::new(&device, &embedded)?;
        Ok(Self {
            device,
            embedded,
            last: Mutex::new(None),
            ask,
            channel: word("channel", &identity.settings.channel)?,
            lot,
        })
    }

    /// What this device remembers, with the root that lies in the app if that is newer.
    pub(crate) fn memory(&self, document: &Document) -> Result<Remembered, Refusal> {
        let Some(memory) = &document.trust else {
            return Ok(self.embedded.clone());
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, known)) = last.as_ref().filter(|(text, _)| text == memory) {
            return Ok(known.clone());
        }
        let known = Remembered::decode(memory.as_bytes())?;
        let known = match known.root().app == self.device.app {
            true => known.with_embedded(&self.embedded, &self.device.release)?,
            // The store installed another app over this one, and vouches for its root.
            false => self.embedded.clone(),
        };
        *last = Some((memory.clone(), known.clone()));
        Ok(known)
    }

    /// The lot of this device: what it decides rollouts by.
    pub(crate) fn lot(&self, document: &Document) -> Lot {
        document.lot.unwrap_or(self.lot)
    }

    pub(crate) const fn release(&self) -> &Release {
        &self.device.release
    }

    /// The lowest number that may run here.
    pub(crate) fn floor(&self, memory: &Remembered) -> u64 {
        memory.minimum_number(&self.device.release)
    }

    /// What verifies for this device.
    pub(crate) fn verifier<'a>(&'a self, memory: &'a Remembered) -> Result<Verifier<'a>, Refusal> {
        Verifier::new(&self.device, memory)
    }

    /// What an answer says.
    pub(crate) fn believe_channel(
        &self,
        memory: &Remembered,
        answer: &Answer,
    ) -> Result<Accepted<ChannelStatement>, Refusal> {
        let question = Question {
            channel: self.channel.clone(),
            freshness: answer.nonce.map_or(Freshness::Expiry, Freshness::Nonce),
            now_s: answer.came_at_ms / 1000,
        };
        self.verifier(memory)?.channel(&answer.envelope, &question)
    }

    /// The patch statement that a believed answer chooses.
    pub(crate) fn believe_patch(
        &self,
        channel: &Accepted<ChannelStatement>,
        envelope: &[u8],
    ) -> Result<Accepted<PatchStatement>, Refusal> {
        let verifier = self.verifier(&channel.remembered)?;
        verifier.patch(envelope, &channel.statement)
    }

    /// Whether an answer that was believed when it came still lets an install begin.
    pub(crate) fn is_in_time(
        &self,
        memory: &Remembered,
        channel: &ChannelStatement,
        answer: &Answer,
        now_ms: u64,
    ) -> Result<(), Refusal> {
        let now_s = match answer.nonce {
            // It was made for this question: its own time is the right one, and runs on since.
            Some(_) => {
                let since_ms = now_ms.saturating_sub(answer.came_at_ms);
                channel.issued_s.saturating_add(since_ms / 1000)
            }
            None => now_ms / 1000,
        };
        self.verifier(memory)?.is_in_time(channel, now_s)
    }

    /// What of a channel's choice is for this device: what reaches it, the highest numbers first.
    pub(crate) fn chosen(&self, channel: &ChannelStatement, lot: Lot) -> Vec<Selected> {
        let reaches = |entry: &&Selected| {
            let app = self.device.app.as_str();
            let bucket = patchproof_protocol::bucket(app, entry.patch.bytes(), &lot.0);
            bucket < entry.rollout_basis_points
        };
        let reached = channel.selected.iter().rev().filter(reaches);
        reached.take(CHOICES_MAX).cloned().collect()
    }

    /// The one file that this version installs.
    pub(crate) fn library_of(&self, patch: &PatchStatement) -> Result<OutputFile, Untrusted> {
        match patch.files.as_slice() {
            [file] if file.name.as_str() == LIBRARY_NAME => Ok(file.clone()),
            [file] => Err(other_files(patch, format!("its file is {}", file.name))),
            files => Err(other_files(patch, format!("it has {} files", files.len()))),
        }
    }

    /// The smallest download that makes the library of the release's, or of the one that runs. One
    /// of the release's has to be there: it is what is left where the other one fails.
    pub(crate) fn download_of(
        &self,
        patch: &PatchStatement,
        running_sha256: Option<[u8; 32]>,
    ) -> Result<Download, Untrusted> {
        let smallest_of = |base: Digest| {
            let usable = patch.downloads.iter().filter(move |download| {
                download.from_sha256 == Some(base)
                    && download.makes.as_str() == LIBRARY_NAME
                    && is_known(download)
            });
            usable.min_by_key(|download| download.size_bytes)
        };
        let smallest = smallest_of(self.device.release.base_sha256).map(|of_release| {
            let of_running = running_sha256.map(Digest::of_bytes).and_then(smallest_of);
            let is_smaller = |it: &&Download| it.size_bytes < of_release.size_bytes;
            of_running.filter(is_smaller).unwrap_or(of_release)
        });
        let none = || Untrusted::NotForThisVersion {
            number: patch.number,
            reason: "no download of a known container is made against the bundled library".into(),
        };
        smallest.cloned().ok_or_else(none)
    }
}

fn other_files(patch: &PatchStatement, reason: String) -> Untrusted {
    Untrusted::NotForThisVersion {
        number: patch.number,
        reason: format!("{reason}; it knows {LIBRARY_NAME} alone"),
    }
}

/// Whether the engine inflates it.
fn is_known(download: &Download) -> bool {
    let codecs = match download.container.as_str() {
        "shorebird" => &[Codec::Zstd][..],
        "patchproof" => &[Codec::Zstd, Codec::Brotli],
        _ => &[],
    };
    let codec = download.codec.as_str();
    codecs.iter().any(|known| known.word() == codec)
}

fn word(what: &'static str, found: &str) -> Result<Word, StatementsError> {
    Word::new(found).map_err(|why| StatementsError::Word {
        what,
        found: found.to_owned(),
        why,
    })
}

fn text(what: &'static str, found: &str) -> Result<Text, StatementsError> {
    Text::new(found).map_err(|why| StatementsError::Word {
        what,
        found: found.to_owned(),
        why,
    })
}

/// So many choices are looked at in one check.
const CHOICES_MAX: usize = 4;

#[cfg(test)]
#[path = "statements_tests.rs"]
mod tests;
