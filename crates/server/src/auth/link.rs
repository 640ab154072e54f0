//! Links to files that hold without a token: Shorebird's tools download what the server names
//! without saying who they are.
//!
//! A link repeats which token asked for it, until when it holds, and a code over both, the app and
//! the file. The key of the code is what the store has of the token's secret: each process of the
//! server can check it, and it holds no longer than the token. Whoever reads the database can make
//! such links, and so fetch files; nothing else can be done with them.

use axum::extract::{FromRequestParts, Query};
use http::StatusCode;
use http::request::Parts;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;

use super::guarded::{Guarded, Reach};
use super::of_app::{OfApp, named};
use super::tokens::Reads;
use crate::device_side::now_s;
use crate::http::Fault;

/// A file of an app that the asking token, or the link itself, has leave to read.
pub struct OfBlob {
    reach: Reach,
    sha256: String,
}

impl OfBlob {
    /// Its SHA-256, in hex.
    #[must_use]
    pub fn sha256(&self) -> &str {
        &self.sha256
    }
}

impl std::ops::Deref for OfBlob {
    type Target = Reach;

    fn deref(&self) -> &Reach {
        &self.reach
    }
}

impl FromRequestParts<Guarded> for OfBlob {
    type Rejection = Fault;

    async fn from_request_parts(parts: &mut Parts, state: &Guarded) -> Result<Self, Fault> {
        let sha256 = named(parts, state, "sha256").await?;
        let app_id = match Query::<Code>::try_from_uri(&parts.uri) {
            Ok(Query(code)) => {
                let app_id = named(parts, state, "app_id").await?;
                linked(&state.reach, code, &app_id, &sha256).await?;
                app_id
            }
            Err(_) => {
                let app = OfApp::<Reads>::from_request_parts(parts, state).await?;
                app.app_id().to_owned()
            }
        };
        let reach = state.reach.clone();
        if !reach.store().app_holds(&app_id, &sha256).await? {
            return Err(Fault::not_found(format!(
                "no artifact of `{app_id}` has the SHA-256 {sha256:.64}"
            )));
        }
        Ok(Self { reach, sha256 })
    }
}

/// What stands behind the `?` of a link.
#[derive(Clone, Debug, Deserialize)]
struct Code {
    asked_by: i64,
    until: i64,
    code: String,
}

async fn linked(reach: &Reach, code: Code, app_id: &str, sha256: &str) -> Result<(), Fault> {
    let over = || {
        Fault::new(
            StatusCode::FORBIDDEN,
            "link_over",
            "the link does not hold, or not any more: list the release's artifacts for a new one",
        )
    };
    if code.until <= now_s() {
        return Err(over());
    }
    let known = reach.store().token_secret_sha256(code.asked_by).await?;
    let secret = known.ok_or_else(over)?;
    let link = Link {
        app_id,
        sha256,
        asked_by: code.asked_by,
        until: code.until,
        secret_sha256: &secret,
    };
    let expected = link.code();
    match bool::from(expected.as_bytes().ct_eq(code.code.as_bytes())) {
        true => Ok(()),
        false => Err(over()),
    }
}

/// A link that is to be made or checked.
pub(super) struct Link<'a> {
    app_id: &'a str,
    sha256: &'a str,
    asked_by: i64,
    until: i64,
    secret_sha256: &'a str,
}

impl<'a> Link<'a> {
    /// A link that the token of this id asks for now. What it has of an app, it had leave for.
    pub(super) const fn new(
        asked_by: i64,
        secret_sha256: &'a str,
        app_id: &'a str,
        sha256: &'a str,
        now_s: i64,
    ) -> Self {
        Self {
            app_id,
            sha256,
            asked_by,
            until: now_s.saturating_add(HOLDS_S),
            secret_sha256,
        }
    }

    /// Where it leads, behind the server's address.
    pub(super) fn path(&self) -> String {
        let Self {
            app_id,
            sha256,
            asked_by,
            until,
            ..
        } = self;
        let code = self.code();
        format!(
            "/api/v1/apps/{app_id}/blobs/{sha256}?asked_by={asked_by}&until={until}&code={code}"
        )
    }

    /// Nested, so that nobody makes a code longer; each part with its length, so that no two links
    /// have one text.
    fn code(&self) -> String {
        let mut inner = Sha256::new();
        inner.update(self.secret_sha256);
        for part in [
            DOMAIN,
            self.app_id,
            self.sha256,
            &self.asked_by.to_string(),
            &self.until.to_string(),
        ] {
            inner.update(part.len().to_string());
            inner.update(":");
            inner.update(part);
        }
        let mut outer = Sha256::new();
        outer.update(self.secret_sha256);
        outer.update(inner.finalize());
        hex::encode(outer.finalize())
    }
}

const DOMAIN: &str = "patchproof-link-1";
const HOLDS_S: i64 = 60 * 60;

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::settings::Settings;

    #[tokio::test]
    async fn a_link_holds_for_an_hour_and_no_longer_than_its_token() {
        let folder = tempfile::tempdir().unwrap();
        let settings = Settings::local(folder.path().to_owned());
        let running = crate::start(settings).await.unwrap();
        let (reach, store) = (
            Guarded::new(Arc::clone(&running.app)).reach,
            &running.app.store,
        );
        let id = store.tokens().await.unwrap()[0].id;
        let secret = store.token_secret_sha256(id).await.unwrap().unwrap();
        let followed = async |made_s| {
            let link = Link::new(id, &secret, "app", "file", made_s);
            let (until, code) = (link.until, link.code());
            let asked_by = id;
            let code = Code {
                asked_by,
                until,
                code,
            };
            let found = linked(&reach, code, "app", "file").await;
            found.map_err(|fault| fault.code)
        };
        let now_s = now_s();
        assert_eq!(followed(now_s).await, Ok(()));
        assert_eq!(followed(now_s - HOLDS_S).await, Err("link_over"));
        store.revoke_token(id, now_s).await.unwrap();
        assert_eq!(followed(now_s).await, Err("link_over"));
    }

    #[test]
    fn another_app_file_token_or_time_is_another_code() {
        let link = Link::new(1, "secret", "app", "file", 0);
        let code = link.code();
        for other in [
            Link::new(2, "secret", "app", "file", 0),
            Link::new(1, "other", "app", "file", 0),
            Link::new(1, "secret", "ap", "pfile", 0),
            Link::new(1, "secret", "app", "other", 0),
            Link::new(1, "secret", "app", "file", 1),
        ] {
            assert_ne!(other.code(), code);
        }
        assert_eq!(Link::new(1, "secret", "app", "file", 0).code(), code);
    }
}
