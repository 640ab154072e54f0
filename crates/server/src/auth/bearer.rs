//! `Authorization: Bearer`: which token asks, and whether it may do what is asked.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::FromRequestParts;
use http::header::AUTHORIZATION;
use http::request::Parts;
use http::{HeaderMap, StatusCode};

use super::guarded::{Guarded, Reach};
use super::secret::Secret;
use super::tokens::{Needs, scope_of};
use crate::http::Fault;
use crate::store::{App, Token};

/// Any token that holds. It sees who asks, and the apps that it may see.
#[derive(Clone)]
pub struct AnyToken {
    reach: Reach,
    token: Token,
    sha256: String,
}

impl AnyToken {
    /// Which token asks.
    #[must_use]
    pub const fn token(&self) -> &Token {
        &self.token
    }

    /// The apps that it may see.
    ///
    /// # Errors
    ///
    /// Where the store does not answer.
    pub async fn apps(&self) -> Result<Vec<App>, Fault> {
        let mut apps = self.reach.store().apps().await?;
        if let Some(bound) = &self.token.app_id {
            apps.retain(|app| app.id == *bound);
        }
        Ok(apps)
    }

    /// What lies behind the doors, for extractors that check more.
    pub(super) fn reach(&self) -> &Reach {
        &self.reach
    }

    /// What the store has of its secret.
    pub(super) fn secret_sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether the scope is enough.
    pub(super) fn may<S: Needs>(&self) -> Result<(), Fault> {
        let found = scope_of(&self.token);
        if found >= S::SCOPE {
            return Ok(());
        }
        Err(forbidden(format!(
            "the token `{}` may {}, and this needs {}: use another token",
            self.token.name,
            found.name(),
            S::SCOPE.name(),
        )))
    }
}

impl FromRequestParts<Guarded> for AnyToken {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Guarded) -> Result<Self, Fault> {
        let secret = bearer(&parts.headers)?;
        let reach = state.reach.clone();
        let sha256 = secret.sha256();
        match reach.store().token_by_sha256(&sha256).await? {
            Some(token) => Ok(Self {
                reach,
                token,
                sha256,
            }),
            None => Err(unauthorised(
                "the token is not known here, or was revoked: ask an administrator for another",
            )),
        }
    }
}

/// A token for all apps, with at least this scope: what belongs to no app is for it alone.
pub struct ServerWide<S> {
    any: AnyToken,
    scope: PhantomData<S>,
}

impl<S: Needs> FromRequestParts<Guarded> for ServerWide<S> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Guarded) -> Result<Self, Fault> {
        let any = AnyToken::from_request_parts(parts, state).await?;
        any.may::<S>()?;
        if let Some(bound) = &any.token.app_id {
            return Err(forbidden(format!(
                "the token `{}` is for `{bound}` alone: use one for all apps",
                any.token.name
            )));
        }
        let scope = PhantomData;
        Ok(Self { any, scope })
    }
}

impl<S> ServerWide<S> {
    /// Which token asks.
    #[must_use]
    pub const fn token(&self) -> &Token {
        &self.any.token
    }
}

impl<S> Deref for ServerWide<S> {
    type Target = Reach;

    fn deref(&self) -> &Reach {
        &self.any.reach
    }
}

fn bearer(headers: &HeaderMap) -> Result<Secret, Fault> {
    let Some(value) = headers.get(AUTHORIZATION) else {
        return Err(unauthorised(
            "this needs a token: send `Authorization: Bearer` and one",
        ));
    };
    let value = value.to_str().unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, secret)) if scheme.eq_ignore_ascii_case("bearer") => {
            Ok(Secret::sent(secret.trim()))
        }
        _ => Err(unauthorised(
            "the header `Authorization` is not of the form `Bearer` and a token",
        )),
    }
}

fn unauthorised(message: &'static str) -> Fault {
    Fault::new(StatusCode::UNAUTHORIZED, "unauthorized", message)
}

pub(super) fn forbidden(message: String) -> Fault {
    Fault::new(StatusCode::FORBIDDEN, "forbidden", message)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn sent(value: &'static str) -> Result<Secret, Fault> {
        bearer(&HeaderMap::from_iter([(
            AUTHORIZATION,
            HeaderValue::from_static(value),
        )]))
    }

    #[test]
    fn a_token_is_read_whatever_the_case_of_its_scheme() {
        for value in ["Bearer ppt_x", "bearer ppt_x", "BEARER  ppt_x"] {
            assert_eq!(sent(value).expect("read").tell(), "ppt_x");
        }
    }

    #[test]
    fn another_scheme_or_none_is_401() {
        for value in ["Basic ppt_x", "ppt_x", ""] {
            assert_eq!(sent(value).expect_err("refused").status, 401);
        }
        assert_eq!(bearer(&HeaderMap::new()).expect_err("refused").status, 401);
    }
}
