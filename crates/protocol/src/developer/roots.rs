//! Ours: the roots of trust of an app.

use serde::{Deserialize, Serialize};

/// A root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RootDocument {
    /// From 1 on.
    pub version: u64,
    /// Its envelope, byte for byte.
    pub envelope: String,
}

/// The roots of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Roots {
    /// In the order of their versions; empty where nothing is signed.
    pub roots: Vec<RootDocument>,
}
