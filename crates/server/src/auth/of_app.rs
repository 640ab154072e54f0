//! An app that a token may act on, and an upload that its own secret is for.

use std::marker::PhantomData;
use std::ops::Deref;

use axum::extract::{FromRequestParts, RawPathParams};
use http::StatusCode;
use http::request::Parts;

use super::bearer::{AnyToken, forbidden};
use super::guarded::{Guarded, Reach};
use super::link::Link;
use super::secret::Secret;
use super::tokens::Needs;
use crate::device_side::now_s;
use crate::http::Fault;
use crate::store::{Token, Upload};

/// The app that the path names: it is there, and the token has at least this scope for it.
pub struct OfApp<S> {
    any: AnyToken,
    app_id: String,
    scope: PhantomData<S>,
}

impl<S> OfApp<S> {
    /// Its id.
    #[must_use]
    pub fn app_id(&self) -> &str {
        &self.app_id
    }

    /// Which token asks.
    #[must_use]
    pub const fn token(&self) -> &Token {
        self.any.token()
    }

    /// A path to a file of the app that holds without a token, for an hour and as long as this
    /// token does.
    #[must_use]
    pub fn link(&self, sha256: &str) -> String {
        let token = self.any.token();
        Link::new(
            token.id,
            self.any.secret_sha256(),
            &self.app_id,
            sha256,
            now_s(),
        )
        .path()
    }
}

impl<S> Deref for OfApp<S> {
    type Target = Reach;

    fn deref(&self) -> &Reach {
        self.any.reach()
    }
}

impl<S: Needs> FromRequestParts<Guarded> for OfApp<S> {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Guarded) -> Result<Self, Fault> {
        let any = AnyToken::from_request_parts(parts, state).await?;
        any.may::<S>()?;
        let app_id = named(parts, state, "app_id").await?;
        // Before it is looked for: whose token is for another app learns nothing of this one.
        if any
            .token()
            .app_id
            .as_ref()
            .is_some_and(|bound| *bound != app_id)
        {
            return Err(forbidden(format!(
                "the token `{}` is for another app than `{app_id}`: use another token",
                any.token().name
            )));
        }
        any.reach().store().app(&app_id).await?;
        Ok(Self {
            any,
            app_id,
            scope: PhantomData,
        })
    }
}

/// An upload that was announced and is awaited. The secret in the path is its own leave.
pub struct OfUpload {
    reach: Reach,
    upload: Upload,
    sha256: String,
}

impl OfUpload {
    /// What is awaited.
    #[must_use]
    pub const fn upload(&self) -> &Upload {
        &self.upload
    }

    /// What its secret is called in the store.
    #[must_use]
    pub fn secret_sha256(&self) -> &str {
        &self.sha256
    }
}

impl Deref for OfUpload {
    type Target = Reach;

    fn deref(&self) -> &Reach {
        &self.reach
    }
}

impl FromRequestParts<Guarded> for OfUpload {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Guarded) -> Result<Self, Fault> {
        let secret = Secret::sent(&named(parts, state, "token").await?);
        let (reach, sha256) = (state.reach.clone(), secret.sha256());
        let upload = reach.store().upload(&sha256).await?;
        match upload.filter(|upload| upload.expires_at_s > now_s()) {
            Some(upload) => Ok(Self {
                reach,
                upload,
                sha256,
            }),
            None => Err(Fault::new(
                StatusCode::NOT_FOUND,
                "upload_unknown",
                "no such upload is awaited: it took place already, or its hour is over; announce \
                 the artifact again",
            )),
        }
    }
}

pub(super) async fn named(parts: &mut Parts, state: &Guarded, name: &str) -> Result<String, Fault> {
    let names = RawPathParams::from_request_parts(parts, state)
        .await
        .map_err(|error| Fault::bad_request(error.body_text()))?;
    names
        .iter()
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
        .ok_or_else(Fault::internal)
}
