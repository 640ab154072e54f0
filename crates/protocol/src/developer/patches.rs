//! Patches as Shorebird's tools make and see them.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::ROLLOUT_ALL;

/// A patch of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleasePatch {
    /// Its id on this server.
    pub id: i64,
    /// Its number within the release, from 1 on.
    pub number: u64,
    /// The channel that it sits on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub channel: Option<String>,
    /// One for each platform and architecture.
    pub artifacts: Vec<PatchArtifact>,
    /// Whether devices are told to go back from it.
    pub is_rolled_back: bool,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub notes: Option<String>,
}

/// The patches of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Patches {
    /// The lowest number first.
    pub patches: Vec<ReleasePatch>,
}

/// A patch for one platform and architecture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchArtifact {
    /// Its id on this server.
    pub id: i64,
    /// Whose it is.
    pub patch_id: i64,
    /// The architecture.
    pub arch: String,
    /// The platform.
    pub platform: String,
    /// SHA-256, in hex, of what it inflates to.
    pub hash: String,
    /// Size in bytes of the smallest download that is made from the release.
    pub size: u64,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
}

/// A patch to be made, as Shorebird's tools do it: the server chooses the number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPatch {
    /// For which release.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub release_id: i64,
    /// What Shorebird's tools tell of the build; passed over.
    #[serde(default)]
    #[cfg_attr(feature = "openapi", schema(value_type = Object))]
    pub metadata: Map<String, Value>,
}

/// A patch that was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedPatch {
    /// Its id on this server.
    pub id: i64,
    /// Its number within the release, from 1 on.
    pub number: u64,
}

/// What changes of a patch; what is left out stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct UpdatePatch {
    /// For people; empty for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(max_length = 4096))]
    pub notes: Option<String>,
    /// Ours: whether apps should install it before anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub force_update: Option<bool>,
    /// Ours: from then on it is offered no more, in seconds since 1970; 0 for never.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(maximum = 9_007_199_254_740_991_u64))]
    pub expires_at: Option<u64>,
}

/// Puts a patch onto a channel, and off the one that it sits on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Promote {
    /// Which patch.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub patch_id: i64,
    /// Onto which channel.
    #[cfg_attr(feature = "openapi", schema(minimum = 1))]
    pub channel_id: i64,
    /// Ours: to how many of 10,000 devices; without it, to all.
    #[serde(default = "all", skip_serializing_if = "is_all")]
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 0, maximum = 10_000, default = 10_000)
    )]
    pub rollout_basis_points: u16,
}

/// Ours: how far a patch is rolled out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Rollout {
    /// To how many of 10,000 devices.
    #[cfg_attr(feature = "openapi", schema(minimum = 0, maximum = 10_000))]
    pub rollout_basis_points: u16,
}

/// Ours: the numbers of patches that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ChangedNumbers {
    /// In ascending order.
    pub numbers: Vec<u64>,
}

pub(super) const fn all() -> u16 {
    ROLLOUT_ALL
}

const fn is_all(rollout_basis_points: &u16) -> bool {
    *rollout_basis_points == ROLLOUT_ALL
}
