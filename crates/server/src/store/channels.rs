//! Channels, and which patch sits on which.

use sqlx::AnyConnection;

use super::apps::word;
use super::filled::one;
use super::{Channel, Patch, Store, StoreError, Writing};

impl Store {
    /// The channels of an app, by name.
    ///
    /// # Errors
    ///
    /// Where there is no such app.
    pub async fn channels(&self, app_id: &str) -> Result<Vec<Channel>, StoreError> {
        self.app(app_id).await?;
        let channels =
            sqlx::query_as("SELECT id, app_id, name FROM channels WHERE app_id = $1 ORDER BY name")
                .bind(app_id)
                .fetch_all(&self.inner.pool)
                .await?;
        Ok(channels)
    }

    /// Makes a channel.
    ///
    /// # Errors
    ///
    /// Where the app has one of this name, or the name cannot stand in a statement.
    pub async fn create_channel(&self, app_id: &str, name: &str) -> Result<Channel, StoreError> {
        let mut writing = self.write(app_id).await?;
        if channel_id(writing.sql(), app_id, name).await?.is_some() {
            let why = format!("the app has a channel {name} already; use that one");
            return Err(StoreError::conflict("channel", why));
        }
        let id = writing.channel(app_id, name).await?;
        writing.commit().await?;
        Ok(Channel {
            id,
            app_id: app_id.to_owned(),
            name: name.to_owned(),
        })
    }

    /// Puts a patch on a channel, to a number of 10,000 devices, and off any other.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch or channel, a file of the patch did not come yet, or more
    /// than 10,000 are asked for.
    pub async fn promote(
        &self,
        app_id: &str,
        patch_id: i64,
        channel_id: i64,
        rollout_basis_points: u16,
        now_s: i64,
    ) -> Result<Patch, StoreError> {
        let mut writing = self.write(app_id).await?;
        let patch = one(writing.sql(), app_id, patch_id).await?;
        whole(&patch)?;
        let found = sqlx::query("SELECT 1 FROM channels WHERE id = $1 AND app_id = $2")
            .bind(channel_id)
            .bind(app_id)
            .fetch_optional(writing.sql())
            .await?;
        if found.is_none() {
            return Err(StoreError::not_found("channel", channel_id));
        }
        writing
            .place(patch_id, channel_id, rollout_basis_points, now_s)
            .await?;
        sqlx::query("UPDATE patches SET published = 1 WHERE id = $1")
            .bind(patch_id)
            .execute(writing.sql())
            .await?;
        writing.shows(app_id, patch_id).await
    }

    /// Offers a patch to more or fewer of 10,000 devices of its channel.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch, it sits on no channel, or more than 10,000 are asked for.
    pub async fn set_rollout(
        &self,
        app_id: &str,
        patch_id: i64,
        rollout_basis_points: u16,
    ) -> Result<Patch, StoreError> {
        let points = basis_points(rollout_basis_points)?;
        let mut writing = self.write(app_id).await?;
        let patch = one(writing.sql(), app_id, patch_id).await?;
        if patch.channel.is_none() {
            let why = format!(
                "patch {} sits on no channel; promote it to one first",
                patch.number
            );
            return Err(StoreError::conflict("rollout", why));
        }
        sqlx::query("UPDATE channel_patches SET rollout_basis_points = $1 WHERE patch_id = $2")
            .bind(points)
            .bind(patch_id)
            .execute(writing.sql())
            .await?;
        writing.shows(app_id, patch_id).await
    }
}

impl Writing {
    /// The channel of this name, made where there is none.
    pub(super) async fn channel(&mut self, app_id: &str, name: &str) -> Result<i64, StoreError> {
        if let Some(id) = channel_id(self.sql(), app_id, name).await? {
            return Ok(id);
        }
        let (id,): (i64,) =
            sqlx::query_as("INSERT INTO channels (app_id, name) VALUES ($1, $2) RETURNING id")
                .bind(app_id)
                .bind(word("channel", name)?)
                .fetch_one(self.sql())
                .await?;
        Ok(id)
    }

    /// Puts a patch on a channel.
    pub(super) async fn place(
        &mut self,
        patch_id: i64,
        channel_id: i64,
        rollout_basis_points: u16,
        now_s: i64,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO channel_patches (patch_id, channel_id, rollout_basis_points,
                 promoted_at_s)
             VALUES ($1, $2, $3, $4)
             ON CONFLICT (patch_id) DO UPDATE SET channel_id = excluded.channel_id,
                 rollout_basis_points = excluded.rollout_basis_points,
                 promoted_at_s = excluded.promoted_at_s",
        )
        .bind(patch_id)
        .bind(channel_id)
        .bind(basis_points(rollout_basis_points)?)
        .bind(now_s)
        .execute(self.sql())
        .await?;
        Ok(())
    }
}

async fn channel_id(
    sql: &mut AnyConnection,
    app_id: &str,
    name: &str,
) -> Result<Option<i64>, StoreError> {
    let found: Option<(i64,)> =
        sqlx::query_as("SELECT id FROM channels WHERE app_id = $1 AND name = $2")
            .bind(app_id)
            .bind(name)
            .fetch_optional(sql)
            .await?;
    Ok(found.map(|(id,)| id))
}

/// A patch that lacks a file would leave out the devices of one kind, and nobody would notice.
fn whole(patch: &Patch) -> Result<(), StoreError> {
    let number = patch.number;
    if patch.artifacts.is_empty() {
        let why = format!("patch {number} has no artifact; upload one first");
        return Err(StoreError::conflict("promotion", why));
    }
    let missing = |artifact: &&super::PatchArtifact| artifact.downloads.is_empty();
    match patch.artifacts.iter().find(missing) {
        None => Ok(()),
        Some(artifact) => {
            let why = format!(
                "the file of patch {number} for {} {} was announced and did not come; upload it",
                artifact.platform, artifact.arch
            );
            Err(StoreError::conflict("promotion", why))
        }
    }
}

fn basis_points(points: u16) -> Result<i64, StoreError> {
    match points > patchproof_protocol::BUCKETS {
        false => Ok(i64::from(points)),
        true => {
            let why = format!("expected 0 to 10,000 hundredths of a per cent, found {points}");
            Err(StoreError::invalid("rollout", why))
        }
    }
}
