//! One app as devices see it, laid out so that a check finds its answer by two look-ups.

use std::collections::HashMap;
use std::sync::Arc;

use patchproof_protocol::ROLLED_BACK_MAX;
use patchproof_trust::{Digest, Release};

use super::track::Track;

/// One app as devices see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct AppView {
    /// The app's id.
    pub id: Arc<str>,
    /// How often the app had changed when this was read.
    pub version: i64,
    /// The envelopes of its roots by version, the first one first. Empty: the app signs nothing.
    pub roots: Vec<(u64, Arc<str>)>,
    /// Its releases, by version.
    pub releases: HashMap<Box<str>, ReleaseView>,
    /// Its releases as statements name them, by the name under which documents are filed: those
    /// with statements, and where the app signs those with libraries that developers uploaded.
    pub signed: HashMap<Digest, SignedRelease>,
    /// The newest channel statements, by that name and the channel.
    pub choices: HashMap<(Digest, Box<str>), ChoiceView>,
}

/// A release as devices see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReleaseView {
    /// The numbers of patches that must not run any more, on whatever channel they sat; ascending.
    /// The highest, where there are more than a device reads.
    pub rolled_back: Box<[u64]>,
    /// The statements of those, by platform and instruction set.
    pub rolled_back_statements: Vec<RolledBackView>,
    /// Ascending by key.
    tracks: Box<[(TrackKey, Track)]>,
}

/// Which devices of a release.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct TrackKey {
    /// The channel: `stable`.
    pub channel: Arc<str>,
    /// The platform: `android`.
    pub platform: Arc<str>,
    /// The instruction set: `aarch64`.
    pub arch: Arc<str>,
}

/// The statement of a patch that was taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct RolledBackView {
    /// For which platform.
    pub platform: Arc<str>,
    /// For which instruction set.
    pub arch: Arc<str>,
    /// The patch's number.
    pub number: u64,
    /// What its statement is called.
    pub statement_sha256: Digest,
}

/// A release as statements name it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct SignedRelease {
    /// As statements say it.
    pub release: Release,
    /// Its version, to find it in [`AppView::releases`].
    pub version: Arc<str>,
    /// Its platform, as checks say it.
    pub platform: Arc<str>,
    /// Its instruction set, as checks say it.
    pub arch: Arc<str>,
}

/// A channel statement as it lies for devices.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct ChoiceView {
    /// Grows with each choice.
    pub counter: u64,
    /// What is chosen, in one hash.
    pub choice_sha256: Digest,
    /// The envelope.
    pub envelope: Arc<str>,
    /// When it was signed.
    pub issued_s: i64,
    /// When it stops installs.
    pub expires_s: i64,
}

impl AppView {
    /// The track that a device is on. `None`: nothing is offered to it.
    #[must_use]
    pub fn track(
        &self,
        release_version: &str,
        platform: &str,
        arch: &str,
        channel: &str,
    ) -> Option<&Track> {
        let release = self.releases.get(release_version)?;
        release.track(platform, arch, channel)
    }

    /// The numbers of a release's patches that must not run any more; ascending.
    #[must_use]
    pub fn rolled_back(&self, release_version: &str) -> &[u64] {
        let release = self.releases.get(release_version);
        release.map_or(&[], |release| &release.rolled_back)
    }

    /// The newest root: its version and envelope.
    #[must_use]
    pub fn newest_root(&self) -> Option<(u64, &Arc<str>)> {
        let (version, envelope) = self.roots.last()?;
        Some((*version, envelope))
    }
}

impl ReleaseView {
    /// Of these tracks, in any order.
    #[must_use]
    pub fn new(
        mut tracks: Vec<(TrackKey, Track)>,
        mut rolled_back: Vec<u64>,
        rolled_back_statements: Vec<RolledBackView>,
    ) -> Self {
        tracks.sort_unstable_by(|(a, _), (b, _)| a.cmp(b));
        rolled_back.sort_unstable();
        rolled_back.dedup();
        // More than that a device refuses to read.
        let too_many = rolled_back.len().saturating_sub(ROLLED_BACK_MAX);
        rolled_back.drain(..too_many);
        Self {
            rolled_back: rolled_back.into_boxed_slice(),
            rolled_back_statements,
            tracks: tracks.into_boxed_slice(),
        }
    }

    /// The track of these devices.
    #[must_use]
    pub fn track(&self, platform: &str, arch: &str, channel: &str) -> Option<&Track> {
        let asked = (channel, platform, arch);
        let found = self.tracks.binary_search_by(|(key, _)| {
            let key = (&*key.channel, &*key.platform, &*key.arch);
            key.cmp(&asked)
        });
        let (_, track) = self.tracks.get(found.ok()?)?;
        Some(track)
    }

    /// All tracks, ascending by key.
    pub fn tracks(&self) -> impl Iterator<Item = (&TrackKey, &Track)> {
        self.tracks.iter().map(|(key, track)| (key, track))
    }
}
