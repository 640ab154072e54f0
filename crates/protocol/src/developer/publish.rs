//! Ours: a patch in one request, so that a crash in the middle leaves nothing half visible.

use serde::{Deserialize, Serialize};

use super::{is_false, patches::all};
use crate::{Arch, Platform};

/// A patch with everything that belongs to it. Its downloads were uploaded as blobs before.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Publish {
    /// For which release.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub release_id: i64,
    /// Its number: the next one of the release, as its statements say it.
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub number: u64,
    /// The channel to put it onto, which is made where it is not there; without one it sits on
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[A-Za-z0-9._+-]+$",
            min_length = 1,
            max_length = 128,
            example = "stable"
        )
    )]
    pub channel: Option<String>,
    /// To how many of 10,000 devices of that channel.
    #[serde(default = "all")]
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 0, maximum = 10_000, default = 10_000)
    )]
    pub rollout_basis_points: u16,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub notes: Option<String>,
    /// Whether apps should install it before anything else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub force_update: bool,
    /// From then on it is offered no more, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub expires_at: Option<u64>,
    /// One for each platform and architecture. 1 to 32.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 32))]
    pub artifacts: Vec<PublishArtifact>,
}

/// A patch for one platform and architecture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishArtifact {
    /// The platform.
    pub platform: Platform,
    /// The architecture.
    pub arch: Arch,
    /// SHA-256 of what it inflates to, in lower-case hex.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub hash: String,
    /// Size in bytes of what it inflates to.
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub size_bytes: u64,
    /// Base64 of a signature over `hash`, for Shorebird's clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub hash_signature: Option<String>,
    /// The envelope of its patch statement; needed where the app has a root.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 1_048_576))]
    pub statement: Option<String>,
    /// The ways to get it. 1 to 64, one of them from the release.
    #[cfg_attr(feature = "openapi", schema(min_items = 1, max_items = 64))]
    pub downloads: Vec<PublishDownload>,
}

/// A patch file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublishDownload {
    /// Of the file, in lower-case hex.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub sha256: String,
    /// Of the file.
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub size_bytes: u64,
    /// How it is packed.
    pub container: Container,
    /// SHA-256 of the earlier patch's output that it is applied to; without it, the release's
    /// library.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub from_sha256: Option<String>,
}

/// How a patch file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Container {
    /// One zstd frame around a bidiff stream: every client reads it.
    Shorebird,
    /// Ours.
    Patchproof,
}

impl Container {
    /// The word on the wire, and in statements.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Shorebird => "shorebird",
            Self::Patchproof => "patchproof",
        }
    }
}
