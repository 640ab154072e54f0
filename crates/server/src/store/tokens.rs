//! Tokens: who may do what. Only their hashes are kept.

use super::model::words;
use super::row::row;
use super::{Store, StoreError};

/// A token, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct NewToken {
    /// SHA-256 of its bytes, as lower-case hex.
    pub sha256: String,
    /// What it is for, in words.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// The one app that it is for; `None` for all.
    pub app_id: Option<String>,
}

/// A token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct Token {
    /// Its id.
    pub id: i64,
    /// What it is for, in words.
    pub name: String,
    /// What it may do.
    pub scope: Scope,
    /// The one app that it is for; `None` for all.
    pub app_id: Option<String>,
    /// Since when it is.
    pub created_at_s: i64,
    /// Since when it is no more.
    pub revoked_at_s: Option<i64>,
}

row!(Token: id, name, scope: String, app_id, created_at_s, revoked_at_s);

/// What a token may do; each may do what those before it may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "three are all there are")]
pub enum Scope {
    /// Look.
    Read,
    /// Publish, promote, roll out and back.
    Publisher,
    /// Make and delete apps and tokens.
    Admin,
}

impl Scope {
    /// The word of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Publisher => "publisher",
            Self::Admin => "admin",
        }
    }
}

words!(Scope: Read, Publisher, Admin);

impl Store {
    /// Keeps a token.
    ///
    /// # Errors
    ///
    /// Where it is for an app that is not there.
    pub async fn create_token(&self, token: NewToken, now_s: i64) -> Result<Token, StoreError> {
        let mut writing = match &token.app_id {
            Some(app_id) => self.write(app_id).await?,
            None => self.write_freely().await?,
        };
        let made = sqlx::query_as(concat!(
            "INSERT INTO tokens (sha256, name, scope, app_id, created_at_s)
             VALUES ($1, $2, $3, $4, $5) RETURNING ",
            columns!()
        ))
        .bind(token.sha256)
        .bind(token.name)
        .bind(token.scope.name())
        .bind(token.app_id)
        .bind(now_s)
        .fetch_one(writing.sql())
        .await?;
        writing.commit().await?;
        Ok(made)
    }

    /// The token of this hash, unless it was revoked.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn token_by_sha256(&self, sha256: &str) -> Result<Option<Token>, StoreError> {
        let token = sqlx::query_as(tokens!("WHERE sha256 = $1 AND revoked_at_s IS NULL"))
            .bind(sha256)
            .fetch_optional(&self.inner.pool)
            .await?;
        Ok(token)
    }

    /// All tokens, revoked ones included, by id.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn tokens(&self) -> Result<Vec<Token>, StoreError> {
        let tokens = sqlx::query_as(tokens!("ORDER BY id"));
        Ok(tokens.fetch_all(&self.inner.pool).await?)
    }

    /// Ends a token. One that is ended already stays so.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn revoke_token(&self, id: i64, now_s: i64) -> Result<(), StoreError> {
        let mut writing = self.write_freely().await?;
        let found = sqlx::query(
            "UPDATE tokens SET revoked_at_s = COALESCE(revoked_at_s, $1) WHERE id = $2",
        )
        .bind(now_s)
        .bind(id)
        .execute(writing.sql())
        .await?;
        writing.commit().await?;
        match found.rows_affected() {
            0 => Err(StoreError::not_found("token", id)),
            _ => Ok(()),
        }
    }
}

macro_rules! columns {
    () => {
        "id, name, scope, app_id, created_at_s, revoked_at_s"
    };
}
use columns;

macro_rules! tokens {
    ($which:literal) => {
        concat!("SELECT ", columns!(), " FROM tokens ", $which)
    };
}
use tokens;
