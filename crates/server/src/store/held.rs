//! What the doors of the developer's side ask: whether a file is an app's, and by which secret a
//! link to it is checked.

use super::{Store, StoreError};

impl Store {
    /// Whether this is the SHA-256 of an uploaded file of the app's releases or patches.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn app_holds(&self, app_id: &str, sha256: &str) -> Result<bool, StoreError> {
        let found = sqlx::query(
            "SELECT 1 FROM release_artifacts a JOIN releases r ON r.id = a.release_id
             WHERE r.app_id = $1 AND a.hash = $2 AND a.uploaded = 1
             UNION ALL
             SELECT 1 FROM downloads d JOIN patch_artifacts a ON a.id = d.artifact_id
             JOIN patches p ON p.id = a.patch_id JOIN releases r ON r.id = p.release_id
             WHERE r.app_id = $1 AND d.sha256 = $2
             LIMIT 1",
        )
        .bind(app_id)
        .bind(sha256)
        .fetch_optional(&self.inner.pool)
        .await?;
        Ok(found.is_some())
    }

    /// The SHA-256 of a token's secret, by the token's id, unless it was revoked.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn token_secret_sha256(&self, id: i64) -> Result<Option<String>, StoreError> {
        let found: Option<(String,)> =
            sqlx::query_as("SELECT sha256 FROM tokens WHERE id = $1 AND revoked_at_s IS NULL")
                .bind(id)
                .fetch_optional(&self.inner.pool)
                .await?;
        Ok(found.map(|(sha256,)| sha256))
    }
}
