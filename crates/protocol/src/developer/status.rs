//! Ours: how an app stands, in one answer.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{PublishDownload, ReleaseStatus, is_false};

/// How an app stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Status {
    /// Which app.
    pub app_id: String,
    /// The version of its newest root; none where nothing is signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub root_version: Option<u64>,
    /// The newest first.
    pub releases: Vec<ReleaseState>,
}

/// How a release stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseState {
    /// Its id on this server.
    pub id: i64,
    /// What devices call it.
    pub version: String,
    /// Per platform.
    pub platform_statuses: BTreeMap<String, ReleaseStatus>,
    /// The lowest number first.
    pub patches: Vec<PatchState>,
}

/// How a patch stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PatchState {
    /// Its id on this server.
    pub id: i64,
    /// Its number within the release, from 1 on.
    pub number: u64,
    /// Whether devices may see it at all: a draft was begun and not promoted yet.
    pub published: bool,
    /// The channel that it sits on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub channel: Option<String>,
    /// To how many of 10,000 devices of that channel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub rollout_basis_points: Option<u16>,
    /// Since when devices are told to go back from it, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub rolled_back_at: Option<u64>,
    /// From when on it is offered no more, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub expires_at: Option<u64>,
    /// Whether apps should install it before anything else.
    #[serde(default, skip_serializing_if = "is_false")]
    pub force_update: bool,
    /// For people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub notes: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_at: u64,
    /// One for each platform and architecture.
    pub artifacts: Vec<ArtifactState>,
    /// How many events of each kind devices sent of it.
    pub events: BTreeMap<String, u64>,
}

/// A patch for one platform and architecture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ArtifactState {
    /// The platform.
    pub platform: String,
    /// The architecture.
    pub arch: String,
    /// SHA-256 of what it inflates to, in hex.
    pub hash: String,
    /// Size in bytes of what it inflates to; 0 where nobody said.
    pub size_bytes: u64,
    /// What its patch statement is called, in hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub statement_sha256: Option<String>,
    /// The ways to get it; empty while its upload is awaited.
    pub downloads: Vec<PublishDownload>,
}
