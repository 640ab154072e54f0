//! Artifacts: the files of releases and of patches, and where they are uploaded to.
//!
//! The requests travel as fields of a multipart form. The answer names a `url`, to which the file
//! itself goes: as a form with one file, or as the body of a PUT.

use serde::{Deserialize, Serialize};

use crate::Platform;

/// A file of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseArtifact {
    /// Its id on this server.
    pub id: i64,
    /// Whose it is.
    pub release_id: i64,
    /// `aarch64`, `arm`, `x86_64`, `x86` for a bare library; `aab` and its like for the rest.
    pub arch: String,
    /// The platform.
    pub platform: String,
    /// SHA-256 in hex.
    pub hash: String,
    /// Its size in bytes.
    pub size: u64,
    /// Where to download it.
    pub url: String,
    /// Of the `Podfile.lock` behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub podfile_lock_hash: Option<String>,
    /// Whether it can be installed as it is.
    pub can_sideload: bool,
}

/// The files of a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ReleaseArtifacts {
    /// Those that were uploaded.
    pub artifacts: Vec<ReleaseArtifact>,
}

/// A file of a release to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewReleaseArtifact {
    /// As in [`ReleaseArtifact`].
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[A-Za-z0-9._+-]+$",
            min_length = 1,
            max_length = 128,
            example = "aarch64"
        )
    )]
    pub arch: String,
    /// The platform.
    pub platform: Platform,
    /// SHA-256 in lower-case hex.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub hash: String,
    /// Its size in bytes.
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub size: u64,
    /// What it is called.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub filename: String,
    /// Whether it can be installed as it is.
    pub can_sideload: bool,
    /// Of the `Podfile.lock` behind it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 256))]
    pub podfile_lock_hash: Option<String>,
}

/// A patch for one platform and architecture to be uploaded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPatchArtifact {
    /// `aarch64`, `arm`, `x86_64` or `x86`.
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[A-Za-z0-9._+-]+$",
            min_length = 1,
            max_length = 128,
            example = "aarch64"
        )
    )]
    pub arch: String,
    /// The platform.
    pub platform: Platform,
    /// SHA-256, in lower-case hex, of what the patch inflates to.
    #[cfg_attr(feature = "openapi", schema(pattern = "^[0-9a-f]{64}$"))]
    pub hash: String,
    /// Size of the patch in bytes: of what is uploaded.
    #[cfg_attr(
        feature = "openapi",
        schema(minimum = 1, maximum = 9_007_199_254_740_991_u64)
    )]
    pub size: u64,
    /// Base64 of a signature over `hash`, for Shorebird's clients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 4096))]
    pub hash_signature: Option<String>,
    /// Of the `Podfile.lock` behind it; passed over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false, max_length = 256))]
    pub podfile_lock_hash: Option<String>,
}

macro_rules! awaited {
    ($(#[$about:meta])* $name:ident of $owner:ident) => {
        $(#[$about])*
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
        pub struct $name {
            /// Its id on this server.
            pub id: i64,
            /// Whose it is.
            pub $owner: i64,
            /// As asked.
            pub arch: String,
            /// As asked.
            pub platform: String,
            /// As asked.
            pub hash: String,
            /// As asked.
            pub size: u64,
            /// Where the file goes, once, within an hour.
            pub url: String,
            /// `multipart`.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            #[cfg_attr(feature = "openapi", schema(nullable = false))]
            pub upload_method: Option<String>,
        }
    };
}

awaited! {
    /// A file of a release that is expected at `url` now.
    CreatedReleaseArtifact of release_id
}

awaited! {
    /// A patch that is expected at `url` now.
    CreatedPatchArtifact of patch_id
}
