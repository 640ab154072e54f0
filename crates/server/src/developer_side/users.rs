//! Who asks, and the one organization. There are no users here but tokens.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{
    Apps, NewUser, Organization, OrganizationMembership, OrganizationUser, OrganizationUsers,
    Organizations, PublicUser, Scope, User,
};
use serde::Deserialize;

use super::input::{Asked, PathOf};
use super::{shapes, valid};
use crate::auth::{AnyToken, scope_of};
use crate::http::Fault;
use crate::store::Token;

/// Which token asks
#[utoipa::path(get, path = "/api/v1/users/me", tag = "users",
    responses((status = 200, description = "The token, in the shape of a user", body = User)))]
pub(super) async fn current_user(asking: AnyToken) -> Json<User> {
    Json(user(asking.token()))
}

/// Say who asks, as Shorebird's tools do at first
///
/// Nothing is made: tokens are an administrator's.
#[utoipa::path(post, path = "/api/v1/users", tag = "users", request_body = NewUser,
    responses((status = 201, description = "The token, in the shape of a user", body = User)))]
pub(super) async fn create_user(
    asking: AnyToken,
    Asked(new): Asked<NewUser>,
) -> Result<(StatusCode, Json<User>), Fault> {
    valid::name("name", &new.name)?;
    Ok((StatusCode::CREATED, Json(user(asking.token()))))
}

/// List organizations: there is one
#[utoipa::path(get, path = "/api/v1/organizations", tag = "users",
    responses((status = 200, description = "The one organization", body = Organizations)))]
pub(super) async fn list_organizations(asking: AnyToken) -> Json<Organizations> {
    let membership = OrganizationMembership {
        organization: organization(),
        role: role(asking.token()),
    };
    Json(Organizations {
        organizations: vec![membership],
    })
}

/// List the apps of the organization
#[utoipa::path(get, path = "/api/v1/organizations/{organization_id}/apps", tag = "users",
    params(("organization_id" = i64, Path)),
    responses((status = 200, description = "The apps that the token may see", body = Apps)))]
pub(super) async fn list_organization_apps(
    asking: AnyToken,
    PathOf(path): PathOf<OrganizationId>,
) -> Result<Json<Apps>, Fault> {
    path.is_ours()?;
    Ok(Json(shapes::apps(asking.apps().await?)))
}

/// List the members of the organization: the token that asks
#[utoipa::path(get, path = "/api/v1/organizations/{organization_id}/users", tag = "users",
    params(("organization_id" = i64, Path)),
    responses((status = 200, description = "The token", body = OrganizationUsers)))]
pub(super) async fn list_organization_users(
    asking: AnyToken,
    PathOf(path): PathOf<OrganizationId>,
) -> Result<Json<OrganizationUsers>, Fault> {
    path.is_ours()?;
    let User {
        id,
        email,
        display_name,
        ..
    } = user(asking.token());
    let user = OrganizationUser {
        user: PublicUser {
            id,
            email,
            display_name,
        },
        role: role(asking.token()),
    };
    Ok(Json(OrganizationUsers { users: vec![user] }))
}

#[derive(Deserialize)]
pub(super) struct OrganizationId {
    organization_id: i64,
}

impl OrganizationId {
    fn is_ours(&self) -> Result<(), Fault> {
        if self.organization_id == ORGANIZATION {
            return Ok(());
        }
        Err(Fault::not_found(format!(
            "there is one organization here, {ORGANIZATION}, and not {}",
            self.organization_id
        )))
    }
}

fn user(token: &Token) -> User {
    User {
        id: token.id,
        email: format!("token-{}@patchproof.invalid", token.id),
        display_name: Some(token.name.clone()),
        has_active_subscription: true,
        jwt_issuer: "patchproof".to_owned(),
    }
}

fn organization() -> Organization {
    Organization {
        id: ORGANIZATION,
        name: "patchproof".to_owned(),
        organization_type: "team".to_owned(),
        created_at: shapes::moment(0),
        updated_at: shapes::moment(0),
    }
}

fn role(token: &Token) -> String {
    // Shorebird's tools know these words and `admin`, and end at any other.
    let role = match scope_of(token) {
        Scope::Admin => "owner",
        Scope::Publisher => "developer",
        _ => "none",
    };
    role.to_owned()
}

const ORGANIZATION: i64 = 1;
