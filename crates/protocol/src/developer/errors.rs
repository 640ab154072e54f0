//! The body of every answer that is no success.

use serde::{Deserialize, Serialize};

/// Why a request failed, in Shorebird's shape.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct ErrorBody {
    /// A word that stays the same for ever: `not_found`.
    #[cfg_attr(feature = "openapi", schema(example = "not_found"))]
    pub code: String,
    /// Who is at fault, what was expected and found, and how to mend it.
    pub message: String,
    /// More of it, where there is more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub details: Option<String>,
}
