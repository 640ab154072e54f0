//! Tokens, for administrators.

use axum::Json;
use http::StatusCode;
use patchproof_protocol::developer::{CreatedToken, NewToken, Token, Tokens};
use serde::Deserialize;

use super::input::{Asked, PathOf};
use super::{now_s, shapes, valid};
use crate::auth::{Administers, ServerWide, issue, scope_of};
use crate::http::Fault;
use crate::store;

/// List tokens
///
/// Needs an administrator's token for all apps. Secrets are not among what is kept.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "tokens",
    responses((status = 200, description = "In the order in which they were made",
        body = Tokens)))]
pub(super) async fn list_tokens(server: ServerWide<Administers>) -> Result<Json<Tokens>, Fault> {
    let tokens = server.store().tokens().await?;
    Ok(Json(Tokens {
        tokens: tokens.into_iter().map(token).collect(),
    }))
}

/// Make a token
///
/// Needs an administrator's token for all apps. The secret is told in this answer alone.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "tokens", request_body = NewToken,
    responses((status = 201, description = "It holds from now on", body = CreatedToken)))]
pub(super) async fn create_token(
    server: ServerWide<Administers>,
    Asked(new): Asked<NewToken>,
) -> Result<(StatusCode, Json<CreatedToken>), Fault> {
    valid::name("name", &new.name)?;
    let app_id = new.app_id.as_deref();
    if let Some(app_id) = app_id {
        valid::word("app_id", app_id)?;
    }
    let (token, secret) = issue(server.store(), &new.name, new.scope, app_id, now_s()).await?;
    let created = CreatedToken {
        id: token.id,
        scope: scope_of(&token),
        name: token.name,
        app_id: token.app_id,
        token: secret.tell().to_owned(),
    };
    Ok((StatusCode::CREATED, Json(created)))
}

/// Revoke a token
///
/// Needs an administrator's token for all apps. It holds for nothing from the next request on.
#[utoipa::path(delete, path = "/api/v1/tokens/{token_id}", tag = "tokens",
    params(("token_id" = i64, Path)),
    responses((status = 204, description = "It is revoked, or was before"),
        (status = 409, description = "It is the token that asks")))]
pub(super) async fn revoke_token(
    server: ServerWide<Administers>,
    PathOf(path): PathOf<TokenId>,
) -> Result<StatusCode, Fault> {
    if server.token().id == path.token_id {
        return Err(Fault::new(
            StatusCode::CONFLICT,
            "conflict",
            "a token cannot revoke itself: the server could be left without one; ask with another",
        ));
    }
    server.store().revoke_token(path.token_id, now_s()).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Deserialize)]
pub(super) struct TokenId {
    token_id: i64,
}

fn token(token: store::Token) -> Token {
    Token {
        id: token.id,
        scope: scope_of(&token),
        name: token.name,
        app_id: token.app_id,
        created_at: shapes::count(token.created_at_s),
        revoked_at: token.revoked_at_s.map(shapes::count),
    }
}
