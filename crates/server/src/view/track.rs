//! What one kind of device is offered on one channel: a pure function of what was published.

use patchproof_protocol::{BUCKETS, bucket};
use patchproof_trust::Digest;

use crate::store::Container;

/// The patches of one release, platform, instruction set and channel that may still be offered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Track {
    /// The highest number first.
    patches: Box<[ViewPatch]>,
}

/// A patch as devices of one kind see it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct ViewPatch {
    /// Its number within the release.
    pub number: u64,
    /// SHA-256 of what it inflates to.
    pub hash: [u8; 32],
    /// The files that make it, the smallest first.
    pub downloads: Box<[ViewDownload]>,
    /// Base64 of a signature over the hash, for Shorebird's devices.
    pub hash_signature: Option<Box<str>>,
    /// What devices show before they take it.
    pub notes: Option<Box<str>>,
    /// Whether devices are to take it at once.
    pub force_update: bool,
    /// From when on it is offered no more.
    pub expires_at_s: Option<i64>,
    /// To how many of 10,000 devices it is offered.
    pub rollout_basis_points: u16,
    /// The statement that describes it.
    pub statement_sha256: Option<Digest>,
}

/// A file that makes a patch's library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "the store fills it in")]
pub struct ViewDownload {
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
    /// Its size.
    pub size_bytes: u64,
    /// How it is packed.
    pub container: Container,
    /// SHA-256 of what it is applied to; `None` for the release's library.
    pub from_sha256: Option<[u8; 32]>,
}

/// What a device says of itself when it asks.
#[derive(Clone, Copy, Debug)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Asking<'a> {
    /// Which app it runs.
    pub app_id: &'a str,
    /// Which rollouts reach it.
    pub reach: Reach<'a>,
    /// The highest patch that it has, as old clients of Shorebird say it: only higher ones are of
    /// use to it.
    pub above: Option<u64>,
    /// SHA-256 of the library that it runs. Only devices of Patchproof say so: they read both
    /// containers, and patches from what they run.
    pub runs_sha256: Option<[u8; 32]>,
}

/// Which rollouts reach a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "there is no fourth way to ask")]
pub enum Reach<'a> {
    /// Those whose bucket it is in, by the bytes of what it calls itself.
    Client(&'a [u8]),
    /// It does not say who it is: those to all devices.
    Unnamed,
    /// It decides by itself: those to any device.
    Any,
}

/// What is offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers read it")]
pub struct Offer<'a> {
    /// The patch.
    pub patch: &'a ViewPatch,
    /// The smallest of its files that this device can use.
    pub download: &'a ViewDownload,
}

impl Track {
    /// Of patches that are promoted here and not taken back, in any order. Keeps those that some
    /// device may still be offered.
    #[must_use]
    pub fn new(mut patches: Vec<ViewPatch>) -> Self {
        patches.sort_unstable_by_key(|patch| std::cmp::Reverse(patch.number));
        let (mut all_have, mut signed) = (false, 0);
        patches.retain(|patch| {
            // A device that believes statements falls back on a lower one where it refuses the
            // highest, or that failed on it: it is told as many as a channel statement holds.
            let is_signed = patch.statement_sha256.is_some();
            let is_of_use = !all_have || (is_signed && signed < SELECTED_MAX);
            all_have |= patch.is_for_all();
            // One that expires makes room for a lower one.
            signed += usize::from(is_signed && patch.expires_at_s.is_none());
            is_of_use
        });
        for patch in &mut patches {
            patch.downloads.sort_unstable_by_key(|it| it.size_bytes);
        }
        Self {
            patches: patches.into_boxed_slice(),
        }
    }

    /// The patches that may still be offered to some device, the highest number first. Below one
    /// that every device is offered for ever, there are signed ones alone.
    #[must_use]
    pub fn patches(&self) -> &[ViewPatch] {
        &self.patches
    }

    /// What this device is offered now: the highest patch that reaches it, has not expired, and has
    /// a file that it can use.
    #[must_use]
    pub fn answer(&self, asking: &Asking<'_>, now_s: i64) -> Option<Offer<'_>> {
        let higher = |patch: &&ViewPatch| asking.above.is_none_or(|above| patch.number > above);
        let patches = self.patches.iter().take_while(higher);
        let mut open = patches.filter(|patch| !patch.is_expired(now_s) && asking.is_reached(patch));
        open.find_map(|patch| {
            let mut downloads = patch.downloads.iter();
            let download = downloads.find(|download| asking.can_use(download))?;
            Some(Offer { patch, download })
        })
    }
}

impl ViewPatch {
    /// Whether it is offered no more.
    #[must_use]
    pub fn is_expired(&self, now_s: i64) -> bool {
        self.expires_at_s
            .is_some_and(|expires_s| expires_s <= now_s)
    }

    /// Whether every device is offered it, for as long as nobody changes anything.
    fn is_for_all(&self) -> bool {
        self.rollout_basis_points >= BUCKETS
            && self.expires_at_s.is_none()
            && self.downloads.iter().any(ViewDownload::is_for_all)
    }
}

impl ViewDownload {
    fn is_for_all(&self) -> bool {
        self.from_sha256.is_none() && self.container == Container::Shorebird
    }
}

impl Asking<'_> {
    fn is_reached(&self, patch: &ViewPatch) -> bool {
        match (self.reach, patch.rollout_basis_points) {
            (_, 0) => false,
            (_, BUCKETS..) | (Reach::Any, _) => true,
            (Reach::Unnamed, _) => false,
            (Reach::Client(client), points) => bucket(self.app_id, &patch.hash, client) < points,
        }
    }

    fn can_use(&self, download: &ViewDownload) -> bool {
        match (self.runs_sha256, download.from_sha256) {
            (None, _) => download.is_for_all(),
            (Some(_), None) => true,
            (Some(runs), Some(from)) => runs == from,
        }
    }
}

/// How many patches a channel statement holds.
pub(crate) const SELECTED_MAX: usize = 64;

#[cfg(test)]
#[path = "track_tests.rs"]
mod tests;
