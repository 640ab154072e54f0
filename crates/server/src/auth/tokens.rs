//! Tokens: what each may do, and how one is made.

use patchproof_protocol::developer::Scope;

use super::secret::{Secret, TOKEN_PREFIX};
use crate::http::Fault;
use crate::store::{self, NewToken, Store, Token};

/// What a handler needs of a token, as a type.
pub trait Needs: Send + Sync + 'static {
    /// The least scope that is enough.
    const SCOPE: Scope;
}

/// Looks, and changes nothing.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Reads {}

/// Releases, patches, promotes, rolls out and back.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Publishes {}

/// Makes and deletes apps and tokens.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum Administers {}

impl Needs for Reads {
    const SCOPE: Scope = Scope::Read;
}

impl Needs for Publishes {
    const SCOPE: Scope = Scope::Publisher;
}

impl Needs for Administers {
    const SCOPE: Scope = Scope::Admin;
}

/// Makes a token. Its secret is told here and never again.
///
/// # Errors
///
/// Where the app is not there, the store does not answer, or the system has no randomness.
pub async fn issue(
    store: &Store,
    name: &str,
    scope: Scope,
    app_id: Option<&str>,
    now_s: i64,
) -> Result<(Token, Secret), Fault> {
    let secret = Secret::new(TOKEN_PREFIX)
        .map_err(|error| Fault::unavailable("source of randomness", &error))?;
    let token = NewToken {
        sha256: secret.sha256(),
        name: name.to_owned(),
        scope: to_store(scope),
        app_id: app_id.map(str::to_owned),
    };
    Ok((store.create_token(token, now_s).await?, secret))
}

/// What a token may do, as the wire has it.
pub(crate) const fn scope_of(token: &Token) -> Scope {
    match token.scope {
        store::Scope::Admin => Scope::Admin,
        store::Scope::Publisher => Scope::Publisher,
        store::Scope::Read => Scope::Read,
    }
}

const fn to_store(scope: Scope) -> store::Scope {
    match scope {
        Scope::Admin => store::Scope::Admin,
        Scope::Publisher => store::Scope::Publisher,
        // A scope of a later version may do least.
        _ => store::Scope::Read,
    }
}
