//! Uploads that were announced: a token each, good once and for a while.

use super::artifacts::stored;
use super::model::words;
use super::row::row;
use super::{Store, StoreError};

/// An upload that was announced.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Upload {
    /// SHA-256 of the token that authorises it.
    pub token_sha256: String,
    /// What the bytes are for.
    pub kind: UploadKind,
    /// The id of the artifact that they are for.
    pub target_id: i64,
    /// SHA-256 of the bytes, where it was said.
    pub sha256: Option<String>,
    /// How many were announced.
    pub size_bytes: u64,
    /// From when on nothing is taken.
    pub expires_at_s: i64,
}

row!(Upload: token_sha256, kind: String, target_id, sha256, size_bytes: i64, expires_at_s);

/// What the bytes of an upload are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the two that Shorebird's tools upload"
)]
pub enum UploadKind {
    /// A file of a release.
    ReleaseArtifact,
    /// A file of a patch.
    PatchArtifact,
}

impl UploadKind {
    /// The word of it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ReleaseArtifact => "release_artifact",
            Self::PatchArtifact => "patch_artifact",
        }
    }
}

words!(UploadKind: ReleaseArtifact, PatchArtifact);

impl Store {
    /// Announces an upload, and forgets those that nobody came for.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn create_upload(&self, upload: &Upload, now_s: i64) -> Result<(), StoreError> {
        let mut writing = self.write_freely().await?;
        sqlx::query("DELETE FROM uploads WHERE expires_at_s <= $1")
            .bind(now_s)
            .execute(writing.sql())
            .await?;
        sqlx::query(
            "INSERT INTO uploads (token_sha256, kind, target_id, sha256, size_bytes, expires_at_s)
             VALUES ($1, $2, $3, $4, $5, $6)",
        )
        .bind(&upload.token_sha256)
        .bind(upload.kind.name())
        .bind(upload.target_id)
        .bind(upload.sha256.as_deref())
        .bind(stored(upload.size_bytes)?)
        .bind(upload.expires_at_s)
        .execute(writing.sql())
        .await?;
        writing.commit().await
    }

    /// The upload that a token authorises. It may have expired: look at the time.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn upload(&self, token_sha256: &str) -> Result<Option<Upload>, StoreError> {
        let upload = sqlx::query_as(
            "SELECT token_sha256, kind, target_id, sha256, size_bytes, expires_at_s FROM uploads
             WHERE token_sha256 = $1",
        )
        .bind(token_sha256)
        .fetch_optional(&self.inner.pool)
        .await?;
        Ok(upload)
    }

    /// Uses an upload's token up. Says whether this call did: of two, one gets `true`.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn finish_upload(&self, token_sha256: &str) -> Result<bool, StoreError> {
        let mut writing = self.write_freely().await?;
        let used = sqlx::query("DELETE FROM uploads WHERE token_sha256 = $1")
            .bind(token_sha256)
            .execute(writing.sql())
            .await?;
        writing.commit().await?;
        Ok(used.rows_affected() > 0)
    }
}
