//! A patch published whole: all of it in one transaction, or nothing.

use super::artifacts::stored;
use super::releases::belongs;
use super::{Download, Patch, Store, StoreError, Writing};

/// A patch, as it is to be. Whoever asks for it has checked what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Publish {
    /// Of which release.
    pub release_id: i64,
    /// The number that it was made and signed for; taken only while it is the next one.
    pub number: u64,
    /// The channel that it goes to, made where there is none; `None` for none yet.
    pub channel: Option<String>,
    /// To how many of 10,000 devices it is offered there.
    pub rollout_basis_points: u16,
    /// What devices show before they take it.
    pub notes: Option<String>,
    /// Whether devices are to take it at once.
    pub force_update: bool,
    /// From when on it is offered no more.
    pub expires_at_s: Option<i64>,
    /// One for each instruction set.
    pub artifacts: Vec<PublishArtifact>,
}

/// What a patch is for one instruction set, as it is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct PublishArtifact {
    /// For which platform.
    pub platform: String,
    /// For which instruction set.
    pub arch: String,
    /// SHA-256 of what it inflates to.
    pub hash: String,
    /// The size of that.
    pub size_bytes: u64,
    /// Base64 of a signature over that hash, for Shorebird's devices.
    pub hash_signature: Option<String>,
    /// The statement that describes it.
    pub statement: Option<Statement>,
    /// The files that make it.
    pub downloads: Vec<Download>,
}

/// A signed statement.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Statement {
    /// What it is called: SHA-256 of its payload.
    pub sha256: String,
    /// The envelope.
    pub envelope: String,
}

impl Store {
    /// Publishes a patch with its files, statements, channel and rollout.
    ///
    /// # Errors
    ///
    /// A conflict where its number is not the next one: another publisher was first.
    pub async fn publish(
        &self,
        app_id: &str,
        publish: &Publish,
        now_s: i64,
    ) -> Result<Patch, StoreError> {
        if publish.artifacts.is_empty() {
            let why = "it has no artifact; expected one or more";
            return Err(StoreError::invalid("patch", why));
        }
        let mut writing = self.write(app_id).await?;
        belongs(writing.sql(), app_id, publish.release_id).await?;
        let next = writing.next_number(publish.release_id, now_s).await?;
        if next != publish.number {
            let why = format!(
                "its number is {}, and the next one of this release is {next}: another patch came \
                    between; make and sign it for that number",
                publish.number
            );
            return Err(StoreError::conflict("patch number", why));
        }
        let patch_id = writing.insert_patch(publish, now_s).await?;
        for artifact in &publish.artifacts {
            writing
                .insert_artifact(app_id, patch_id, artifact, now_s)
                .await?;
        }
        if let Some(channel) = &publish.channel {
            let channel_id = writing.channel(app_id, channel).await?;
            let points = publish.rollout_basis_points;
            writing.place(patch_id, channel_id, points, now_s).await?;
        }
        writing.shows(app_id, patch_id).await
    }
}

impl Writing {
    async fn insert_patch(&mut self, publish: &Publish, now_s: i64) -> Result<i64, StoreError> {
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO patches (release_id, number, notes, force_update, expires_at_s, published,
                 created_at_s)
             VALUES ($1, $2, $3, $4, $5, 1, $6) RETURNING id",
        )
        .bind(publish.release_id)
        .bind(stored(publish.number)?)
        .bind(publish.notes.as_deref().filter(|notes| !notes.is_empty()))
        .bind(i64::from(publish.force_update))
        .bind(publish.expires_at_s)
        .bind(now_s)
        .fetch_one(self.sql())
        .await?;
        Ok(id)
    }

    async fn insert_artifact(
        &mut self,
        app_id: &str,
        patch_id: i64,
        artifact: &PublishArtifact,
        now_s: i64,
    ) -> Result<(), StoreError> {
        if artifact.downloads.is_empty() {
            let why = format!(
                "its artifact for {} {} has no download; expected one or more",
                artifact.platform, artifact.arch
            );
            return Err(StoreError::invalid("patch", why));
        }
        let statement = artifact.statement.as_ref();
        if let Some(statement) = statement {
            self.put_statement(app_id, statement).await?;
        }
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO patch_artifacts (patch_id, platform, arch, hash, size_bytes,
                 hash_signature, statement_sha256, created_at_s)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id",
        )
        .bind(patch_id)
        .bind(&artifact.platform)
        .bind(&artifact.arch)
        .bind(&artifact.hash)
        .bind(stored(artifact.size_bytes)?)
        .bind(artifact.hash_signature.as_deref())
        .bind(statement.map(|statement| statement.sha256.as_str()))
        .bind(now_s)
        .fetch_one(self.sql())
        .await?;
        for download in &artifact.downloads {
            self.add_download(id, download).await?;
        }
        Ok(())
    }
}
