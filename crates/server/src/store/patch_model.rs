//! What the tables hold of patches, as types.

use super::model::{Flag, words};
use super::row::row;

/// A patch, with its files and where it sits.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct Patch {
    /// Its id.
    pub id: i64,
    /// Of which release.
    pub release_id: i64,
    /// That release's version.
    pub release_version: String,
    /// Its number within the release, from 1 on.
    pub number: u64,
    /// What devices show before they take it.
    pub notes: Option<String>,
    /// Whether devices are to take it at once.
    pub force_update: bool,
    /// From when on it is offered no more.
    pub expires_at_s: Option<i64>,
    /// Since when it is taken back.
    pub rolled_back_at_s: Option<i64>,
    /// Whether devices may have seen it; a draft's number may be given again.
    pub published: bool,
    /// Since when it is here.
    pub created_at_s: i64,
    /// The channel that it sits on.
    pub channel: Option<String>,
    /// To how many of 10,000 devices it is offered there.
    pub rollout_basis_points: u16,
    /// One for each instruction set.
    pub artifacts: Vec<PatchArtifact>,
}

row!(
    Patch:
    id, release_id, release_version, number: i64, notes, force_update: Flag, expires_at_s,
    rolled_back_at_s, published: Flag, created_at_s, channel, rollout_basis_points: i64,
    artifacts: _
);

/// What to change of a patch; what is `None` stays.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct PatchUpdate {
    /// What devices show before they take it; empty for nothing.
    pub notes: Option<String>,
    /// Whether devices are to take it at once.
    pub force_update: Option<bool>,
    /// From when on it is offered no more; `Some(None)` for never.
    pub expires_at_s: Option<Option<i64>>,
}

/// A file of a patch, as it is announced before its bytes come.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct NewPatchArtifact {
    /// For which platform.
    pub platform: String,
    /// For which instruction set.
    pub arch: String,
    /// SHA-256 of what it inflates to.
    pub hash: String,
    /// Base64 of a signature over that hash, for Shorebird's devices.
    pub hash_signature: Option<String>,
}

/// What a patch is for one instruction set.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct PatchArtifact {
    /// Its id.
    pub id: i64,
    /// Of which app.
    pub app_id: String,
    /// Of which release.
    pub release_id: i64,
    /// Of which patch.
    pub patch_id: i64,
    /// That patch's number.
    pub number: u64,
    /// For which platform.
    pub platform: String,
    /// For which instruction set.
    pub arch: String,
    /// SHA-256 of what it inflates to.
    pub hash: String,
    /// The size of what it inflates to; 0 where nobody said.
    pub size_bytes: u64,
    /// Base64 of a signature over that hash, for Shorebird's devices.
    pub hash_signature: Option<String>,
    /// The statement that describes it.
    pub statement_sha256: Option<String>,
    /// Since when it is here.
    pub created_at_s: i64,
    /// The files that make it, each from something else. None: the bytes did not come yet.
    pub downloads: Vec<Download>,
}

row!(
    PatchArtifact:
    id, app_id, release_id, patch_id, number: i64, platform, arch, hash, size_bytes: i64,
    hash_signature, statement_sha256, created_at_s, downloads: _
);

/// A file that makes a library of another.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Download {
    /// SHA-256 of the file.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
    /// How it is packed.
    pub container: Container,
    /// SHA-256 of what it is applied to; `None` for the release's library.
    pub from_sha256: Option<String>,
}

row!(Download: sha256, size_bytes: i64, container: String, from_sha256);

/// How a patch file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a third is a change of the protocol"
)]
pub enum Container {
    /// As Shorebird's devices read it.
    Shorebird,
    /// Patchproof's own.
    Patchproof,
}

impl Container {
    /// The word of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shorebird => "shorebird",
            Self::Patchproof => "patchproof",
        }
    }
}

words!(Container: Shorebird, Patchproof);
