//! Patches of a release.

use sqlx::AnyConnection;

use super::artifacts::stored;
use super::filled::{filled, one, touches};
use super::releases::belongs;
use super::{Patch, PatchUpdate, Store, StoreError, Writing};

impl Store {
    /// Makes a draft under the next number, as Shorebird's tools do before they upload. Drafts that
    /// were left behind a day ago go first, so that their numbers are given again.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn create_patch(
        &self,
        app_id: &str,
        release_id: i64,
        notes: Option<&str>,
        now_s: i64,
    ) -> Result<Patch, StoreError> {
        let mut writing = self.write(app_id).await?;
        belongs(writing.sql(), app_id, release_id).await?;
        let number = writing.next_number(release_id, now_s).await?;
        let (id,): (i64,) = sqlx::query_as(
            "INSERT INTO patches (release_id, number, notes, created_at_s)
             VALUES ($1, $2, $3, $4) RETURNING id",
        )
        .bind(release_id)
        .bind(stored(number)?)
        .bind(notes)
        .bind(now_s)
        .fetch_one(writing.sql())
        .await?;
        let patch = one(writing.sql(), app_id, id).await?;
        writing.commit().await?;
        Ok(patch)
    }

    /// The number that the next patch of a release gets, if nobody comes first.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn next_number(
        &self,
        app_id: &str,
        release_id: i64,
        now_s: i64,
    ) -> Result<u64, StoreError> {
        let mut reading = self.read().await?;
        belongs(&mut reading, app_id, release_id).await?;
        next_number(&mut reading, release_id, now_s).await
    }

    /// A patch of this app.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch.
    pub async fn patch(&self, app_id: &str, id: i64) -> Result<Patch, StoreError> {
        one(&mut *self.read().await?, app_id, id).await
    }

    /// The patches of a release, drafts included, the newest first.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn patches(&self, app_id: &str, release_id: i64) -> Result<Vec<Patch>, StoreError> {
        let mut reading = self.read().await?;
        belongs(&mut reading, app_id, release_id).await?;
        filled(&mut reading, release_id, None).await
    }

    /// Changes what is said about a patch.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch.
    pub async fn update_patch(
        &self,
        app_id: &str,
        id: i64,
        update: PatchUpdate,
    ) -> Result<Patch, StoreError> {
        let mut writing = self.write(app_id).await?;
        let old = one(writing.sql(), app_id, id).await?;
        let notes = update.notes.or(old.notes).filter(|notes| !notes.is_empty());
        let force_update = update.force_update.unwrap_or(old.force_update);
        sqlx::query(
            "UPDATE patches SET notes = $1, force_update = $2, expires_at_s = $3 WHERE id = $4",
        )
        .bind(notes)
        .bind(i64::from(force_update))
        .bind(update.expires_at_s.unwrap_or(old.expires_at_s))
        .bind(id)
        .execute(writing.sql())
        .await?;
        writing.shows(app_id, id).await
    }

    /// Takes a patch back. One that is taken back already stays so.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch.
    pub async fn roll_back(&self, app_id: &str, id: i64, now_s: i64) -> Result<Patch, StoreError> {
        let mut writing = self.write(app_id).await?;
        touches(writing.sql(), app_id, id).await?;
        sqlx::query(
            "UPDATE patches SET rolled_back_at_s = COALESCE(rolled_back_at_s, $1), killed = 0
             WHERE id = $2",
        )
        .bind(now_s)
        .bind(id)
        .execute(writing.sql())
        .await?;
        writing.shows(app_id, id).await
    }

    /// Offers a patch again that was taken back.
    ///
    /// # Errors
    ///
    /// Where the app has no such patch.
    pub async fn roll_forward(&self, app_id: &str, id: i64) -> Result<Patch, StoreError> {
        let mut writing = self.write(app_id).await?;
        touches(writing.sql(), app_id, id).await?;
        sqlx::query("UPDATE patches SET rolled_back_at_s = NULL, killed = 0 WHERE id = $1")
            .bind(id)
            .execute(writing.sql())
            .await?;
        writing.shows(app_id, id).await
    }

    /// Takes back every patch of a release, or gives back those that went by the kill switch alone.
    /// A patch that is published afterwards is offered. Answers with the numbers that changed.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn kill_switch(
        &self,
        app_id: &str,
        release_id: i64,
        on: bool,
        now_s: i64,
    ) -> Result<Vec<u64>, StoreError> {
        let mut writing = self.write(app_id).await?;
        belongs(writing.sql(), app_id, release_id).await?;
        let change = match on {
            true => sqlx::query_as(
                "UPDATE patches SET rolled_back_at_s = $2, killed = 1
                 WHERE release_id = $1 AND published = 1 AND rolled_back_at_s IS NULL
                 RETURNING number",
            )
            .bind(release_id)
            .bind(now_s),
            false => sqlx::query_as(
                "UPDATE patches SET rolled_back_at_s = NULL, killed = 0
                 WHERE release_id = $1 AND killed = 1 RETURNING number",
            )
            .bind(release_id),
        };
        let changed: Vec<(i64,)> = change.fetch_all(writing.sql()).await?;
        writing.changes_what_devices_see(app_id).await?;
        writing.commit().await?;
        let mut numbers: Vec<u64> = changed
            .into_iter()
            .filter_map(|(number,)| u64::try_from(number).ok())
            .collect();
        numbers.sort_unstable();
        Ok(numbers)
    }
}

impl Writing {
    /// Removes what was left behind, and says which number is next.
    pub(super) async fn next_number(
        &mut self,
        release_id: i64,
        now_s: i64,
    ) -> Result<u64, StoreError> {
        sqlx::query(
            "DELETE FROM patches WHERE release_id = $1 AND published = 0 AND created_at_s <= $2",
        )
        .bind(release_id)
        .bind(now_s.saturating_sub(DRAFT_S))
        .execute(self.sql())
        .await?;
        next_number(self.sql(), release_id, now_s).await
    }

    /// Ends a change of one patch: commits, and answers with what it is now.
    pub(super) async fn shows(mut self, app_id: &str, id: i64) -> Result<Patch, StoreError> {
        self.changes_what_devices_see(app_id).await?;
        let patch = one(self.sql(), app_id, id).await?;
        self.commit().await?;
        Ok(patch)
    }
}

async fn next_number(
    sql: &mut AnyConnection,
    release_id: i64,
    now_s: i64,
) -> Result<u64, StoreError> {
    let (highest,): (i64,) = sqlx::query_as(
        "SELECT COALESCE(MAX(number), 0) FROM patches
         WHERE release_id = $1 AND (published = 1 OR created_at_s > $2)",
    )
    .bind(release_id)
    .bind(now_s.saturating_sub(DRAFT_S))
    .fetch_one(sql)
    .await?;
    let highest = u64::try_from(highest).map_err(|error| StoreError::damaged("patch", error))?;
    Ok(highest.saturating_add(1))
}

/// How long a draft keeps its number.
const DRAFT_S: i64 = 24 * 60 * 60;
