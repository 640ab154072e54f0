//! Channels: a patch sits on one of them.

use serde::{Deserialize, Serialize};

/// A channel of an app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Channel {
    /// Its id on this server.
    pub id: i64,
    /// Whose it is.
    pub app_id: String,
    /// What devices ask for: `stable`.
    #[cfg_attr(feature = "openapi", schema(example = "stable"))]
    pub name: String,
}

/// A channel to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewChannel {
    /// Its name: a word of at most 128 bytes.
    #[cfg_attr(
        feature = "openapi",
        schema(
            pattern = "^[A-Za-z0-9._+-]+$",
            min_length = 1,
            max_length = 128,
            example = "staging"
        )
    )]
    pub channel: String,
}
