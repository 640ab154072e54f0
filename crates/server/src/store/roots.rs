//! Signed documents: an app's roots, and its patch statements. Whoever puts one here verified it.

use sqlx::AnyConnection;

use super::artifacts::stored;
use super::publish::Statement;
use super::{Store, StoreError, Writing};

impl Store {
    /// Keeps an app's next root. The same one again changes nothing.
    ///
    /// # Errors
    ///
    /// A conflict where it is not the next version.
    pub async fn put_root(
        &self,
        app_id: &str,
        version: u64,
        envelope: &str,
    ) -> Result<(), StoreError> {
        let mut writing = self.write(app_id).await?;
        let newest: Option<(i64, String)> = sqlx::query_as(
            "SELECT version, envelope FROM roots WHERE app_id = $1 ORDER BY version DESC LIMIT 1",
        )
        .bind(app_id)
        .fetch_optional(writing.sql())
        .await?;
        let version = stored(version)?;
        let (known, known_envelope) = newest.unwrap_or_default();
        if known == version && known_envelope == envelope {
            return Ok(());
        }
        if version.checked_sub(1) != Some(known) {
            let why = format!(
                "its version is {version}, and the newest root here is {known}; put {} next",
                known.saturating_add(1)
            );
            return Err(StoreError::conflict("root", why));
        }
        sqlx::query("INSERT INTO roots (app_id, version, envelope) VALUES ($1, $2, $3)")
            .bind(app_id)
            .bind(version)
            .bind(envelope)
            .execute(writing.sql())
            .await?;
        writing.changes_what_devices_see(app_id).await?;
        writing.commit().await
    }

    /// All roots of an app by version, the first one first.
    ///
    /// # Errors
    ///
    /// Where there is no such app.
    pub async fn roots(&self, app_id: &str) -> Result<Vec<(u64, String)>, StoreError> {
        self.app(app_id).await?;
        roots(&mut *self.read().await?, app_id).await
    }

    /// Keeps a patch statement, or the same one with other signatures.
    ///
    /// # Errors
    ///
    /// Where there is no such app, or the statement is another app's.
    pub async fn put_statement(
        &self,
        app_id: &str,
        statement: &Statement,
    ) -> Result<(), StoreError> {
        let mut writing = self.write(app_id).await?;
        writing.put_statement(app_id, statement).await?;
        writing.changes_what_devices_see(app_id).await?;
        writing.commit().await
    }

    /// The envelope of a patch statement.
    ///
    /// # Errors
    ///
    /// Where there is none of this name.
    pub async fn statement(&self, sha256: &str) -> Result<String, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT envelope FROM statements WHERE sha256 = $1")
                .bind(sha256)
                .fetch_optional(&self.inner.pool)
                .await?;
        found
            .map(|(envelope,)| envelope)
            .ok_or_else(|| StoreError::not_found("statement", sha256))
    }
}

/// An app's roots by version, the first one first.
pub(super) async fn roots<T: From<String>>(
    sql: &mut AnyConnection,
    app_id: &str,
) -> Result<Vec<(u64, T)>, StoreError> {
    let rows: Vec<(i64, String)> =
        sqlx::query_as("SELECT version, envelope FROM roots WHERE app_id = $1 ORDER BY version")
            .bind(app_id)
            .fetch_all(sql)
            .await?;
    let root = |(version, envelope): (i64, String)| {
        let version = u64::try_from(version);
        let version = version.map_err(|error| StoreError::damaged("root version", error))?;
        Ok((version, envelope.into()))
    };
    rows.into_iter().map(root).collect()
}

impl Writing {
    pub(super) async fn put_statement(
        &mut self,
        app_id: &str,
        statement: &Statement,
    ) -> Result<(), StoreError> {
        let kept = sqlx::query(
            "INSERT INTO statements (sha256, app_id, envelope) VALUES ($1, $2, $3)
             ON CONFLICT (sha256) DO UPDATE SET envelope = excluded.envelope
             WHERE statements.app_id = excluded.app_id",
        )
        .bind(&statement.sha256)
        .bind(app_id)
        .bind(&statement.envelope)
        .execute(self.sql())
        .await?;
        match kept.rows_affected() {
            0 => Err(StoreError::invalid("statement", "it is another app's")),
            _ => Ok(()),
        }
    }
}
