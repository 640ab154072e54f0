//! Apps, and whose they are. A server of one's own has one organization.

use serde::{Deserialize, Serialize};

/// Who asks. There are no users here but tokens: this is one of them, in the shape of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct User {
    /// The token's id.
    pub id: i64,
    /// No address that leads anywhere.
    pub email: String,
    /// The token's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub display_name: Option<String>,
    /// Always true: nothing is for sale here.
    #[serde(default)]
    pub has_active_subscription: bool,
    /// Who issued the token: this server.
    pub jwt_issuer: String,
}

/// What others see of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PublicUser {
    /// The token's id.
    pub id: i64,
    /// No address that leads anywhere.
    pub email: String,
    /// The token's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub display_name: Option<String>,
}

/// A user to be made. Here it only says who asks: tokens are made by an administrator.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewUser {
    /// The name to go by.
    #[cfg_attr(feature = "openapi", schema(max_length = 256))]
    pub name: String,
}

/// An app in the list of apps.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AppMetadata {
    /// Its id.
    #[cfg_attr(feature = "openapi", schema(example = "com.example.app"))]
    pub app_id: String,
    /// What people call it.
    pub display_name: String,
    /// The release that was made last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub latest_release_version: Option<String>,
    /// The highest patch of that release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub latest_patch_number: Option<u64>,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it was last changed.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub updated_at: String,
}

/// The apps that the token may see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Apps {
    /// In the order of their ids.
    pub apps: Vec<AppMetadata>,
}

/// An app to be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewApp {
    /// What people call it.
    #[cfg_attr(feature = "openapi", schema(min_length = 1, max_length = 256))]
    pub display_name: String,
    /// Whose it is; Shorebird's tools send it, and here there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "openapi", schema(nullable = false))]
    pub organization_id: Option<i64>,
    /// Ours: its id, a word of at most 128 bytes; without it the server makes one up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "openapi",
        schema(
            nullable = false,
            pattern = "^[A-Za-z0-9._+-]+$",
            min_length = 1,
            max_length = 128,
            example = "com.example.app"
        )
    )]
    pub app_id: Option<String>,
}

/// An app that was made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreatedApp {
    /// Its id.
    pub id: String,
    /// What people call it.
    pub display_name: String,
}

/// An organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organization {
    /// Its id: there is one.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// `team`.
    pub organization_type: String,
    /// When it was made.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub created_at: String,
    /// When it was last changed.
    #[cfg_attr(feature = "openapi", schema(format = DateTime))]
    pub updated_at: String,
}

/// An organization, and what one may do there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationMembership {
    /// Which.
    pub organization: Organization,
    /// `owner`, `developer` or `none`, by the token's scope.
    pub role: String,
}

/// The organizations of a user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Organizations {
    /// The one.
    pub organizations: Vec<OrganizationMembership>,
}

/// A member of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationUser {
    /// Who.
    pub user: PublicUser,
    /// As in [`OrganizationMembership`].
    pub role: String,
}

/// The members of an organization.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct OrganizationUsers {
    /// Who.
    pub users: Vec<OrganizationUser>,
}
