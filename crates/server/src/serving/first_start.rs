//! What the first start leaves behind: an administrator's token, and the example where it is asked
//! for. A token's file is written before the token is good, so that a crash locks nobody out.

use std::io;
use std::path::PathBuf;

use super::ServeError;
use super::folder::write_secret;
use crate::auth::{Secret, TOKEN_PREFIX};
use crate::device_side::now_s;
use crate::settings::Settings;
use crate::store::{NewToken, Scope, Store, StoreError};

/// Makes what is missing. Answers with the files of tokens that it made.
pub(super) async fn prepare(
    store: &Store,
    settings: &Settings,
) -> Result<Vec<(&'static str, PathBuf)>, ServeError> {
    let mut files = Vec::new();
    if store.tokens().await?.is_empty() {
        let path = token(store, settings, "admin", Scope::Admin, None).await?;
        files.push(("an administrator's token", path));
    }
    if settings.example {
        files.extend(example(store, settings).await?);
    }
    Ok(files)
}

async fn example(
    store: &Store,
    settings: &Settings,
) -> Result<Option<(&'static str, PathBuf)>, ServeError> {
    match store.app(EXAMPLE).await {
        Err(StoreError::NotFound { .. }) => {
            let made = store.create_app(Some(EXAMPLE), "Example", now_s()).await;
            // Two servers on one database may both be the first.
            if !matches!(made, Err(StoreError::Conflict { .. })) {
                made?;
            }
        }
        found => drop(found?),
    }
    if has_good_token(store, settings).await? {
        return Ok(None);
    }
    let path = token(store, settings, "example", Scope::Publisher, Some(EXAMPLE)).await?;
    Ok(Some(("a publisher's token of the example", path)))
}

async fn token(
    store: &Store,
    settings: &Settings,
    name: &str,
    scope: Scope,
    app_id: Option<&str>,
) -> Result<PathBuf, ServeError> {
    let secret = Secret::new(TOKEN_PREFIX).map_err(ServeError::Randomness)?;
    let file = format!("{name}.token");
    write_secret(&settings.data, &file, secret.tell()).map_err(|error| ServeError::Folder {
        path: settings.data.clone(),
        error,
    })?;
    let token = NewToken {
        sha256: secret.sha256(),
        name: name.to_owned(),
        scope,
        app_id: app_id.map(str::to_owned),
    };
    store.create_token(token, now_s()).await?;
    Ok(settings.data.join(file))
}

/// Whether the example's file holds a token that the database knows: a start may have died between
/// the two.
async fn has_good_token(store: &Store, settings: &Settings) -> Result<bool, ServeError> {
    let text = match std::fs::read_to_string(settings.data.join("example.token")) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(error) => {
            let path = settings.data.clone();
            return Err(ServeError::Folder { path, error });
        }
    };
    let sha256 = Secret::sent(text.trim_end()).sha256();
    Ok(store.token_by_sha256(&sha256).await?.is_some())
}

const EXAMPLE: &str = "com.example.app";
