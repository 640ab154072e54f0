//! Ours: who may do what.

use serde::{Deserialize, Serialize};

/// What a token may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Scope {
    /// See everything of its apps.
    Read,
    /// Release, patch, promote, roll out and back.
    Publisher,
    /// Make and delete apps and tokens.
    Admin,
}

impl Scope {
    /// The word on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Publisher => "publisher",
            Self::Admin => "admin",
        }
    }
}

/// A token to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewToken {
    /// What people call it: `ci`.
    #[cfg_attr(
        feature = "openapi",
        schema(min_length = 1, max_length = 256, example = "ci")
    )]
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// For which app; without it for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(pattern = "^[A-Za-z0-9._+-]+$", min_length = 1, max_length = 128)
    )]
    pub app_id: Option<String>,
}

/// A token that was made. It is told once: the server keeps its SHA-256 alone.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedToken {
    /// Its id on this server.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// For which app; without it for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub app_id: Option<String>,
    /// The secret.
    pub token: String,
}

impl std::fmt::Debug for CreatedToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // The secret is in no log.
        f.debug_struct("CreatedToken")
            .field("id", &self.id)
            .field("name", &self.name)
            .field("scope", &self.scope)
            .field("app_id", &self.app_id)
            .finish_non_exhaustive()
    }
}

/// A token in the list of tokens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Token {
    /// Its id on this server.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// For which app; without it for all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub app_id: Option<String>,
    /// When it was made, in seconds since 1970.
    pub created_at: u64,
    /// When it was revoked, in seconds since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub revoked_at: Option<u64>,
}

/// The tokens of this server.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// In the order in which they were made.
    pub tokens: Vec<Token>,
}
