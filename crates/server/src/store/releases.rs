//! Releases of an app.

use std::collections::BTreeMap;

use sqlx::AnyConnection;

use super::{NewRelease, Release, ReleaseStatus, ReleaseUpdate, Store, StoreError};

impl Store {
    /// Makes a release.
    ///
    /// # Errors
    ///
    /// Where the app has none or has this version already.
    pub async fn create_release(
        &self,
        app_id: &str,
        release: NewRelease,
        now_s: i64,
    ) -> Result<Release, StoreError> {
        let mut writing = self.write(app_id).await?;
        let made: Option<(i64,)> = sqlx::query_as(
            "INSERT INTO releases (app_id, version, flutter_revision, flutter_version,
                 display_name, created_at_s, updated_at_s)
             VALUES ($1, $2, $3, $4, $5, $6, $6)
             ON CONFLICT (app_id, version) DO NOTHING RETURNING id",
        )
        .bind(app_id)
        .bind(&release.version)
        .bind(release.flutter_revision)
        .bind(release.flutter_version)
        .bind(release.display_name)
        .bind(now_s)
        .fetch_optional(writing.sql())
        .await?;
        let Some((id,)) = made else {
            let version = release.version;
            let why = format!(
                "the app has a release {version} already; build with another version, or patch \
                    that one"
            );
            return Err(StoreError::conflict("release", why));
        };
        let release = one(writing.sql(), app_id, id).await?;
        writing.commit().await?;
        Ok(release)
    }

    /// A release of this app.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn release(&self, app_id: &str, id: i64) -> Result<Release, StoreError> {
        one(&mut *self.read().await?, app_id, id).await
    }

    /// All releases of an app, the newest first.
    ///
    /// # Errors
    ///
    /// Where there is no such app.
    pub async fn releases(&self, app_id: &str) -> Result<Vec<Release>, StoreError> {
        self.app(app_id).await?;
        filled(&mut *self.read().await?, app_id, None).await
    }

    /// Changes a release.
    ///
    /// # Errors
    ///
    /// Where the app has no such release.
    pub async fn update_release(
        &self,
        app_id: &str,
        id: i64,
        update: ReleaseUpdate,
        now_s: i64,
    ) -> Result<Release, StoreError> {
        let mut writing = self.write(app_id).await?;
        let changed = sqlx::query(
            "UPDATE releases SET notes = COALESCE($1, notes), updated_at_s = $2
             WHERE id = $3 AND app_id = $4",
        )
        .bind(update.notes)
        .bind(now_s)
        .bind(id)
        .bind(app_id)
        .execute(writing.sql())
        .await?;
        if changed.rows_affected() == 0 {
            return Err(StoreError::not_found("release", id));
        }
        if let Some((platform, status)) = update.platform_status {
            sqlx::query(
                "INSERT INTO release_platforms (release_id, platform, status) VALUES ($1, $2, $3)
                 ON CONFLICT (release_id, platform) DO UPDATE SET status = excluded.status",
            )
            .bind(id)
            .bind(platform)
            .bind(status.name())
            .execute(writing.sql())
            .await?;
        }
        let release = one(writing.sql(), app_id, id).await?;
        writing.commit().await?;
        Ok(release)
    }
}

/// Whether the app has this release.
pub(super) async fn belongs(
    sql: &mut AnyConnection,
    app_id: &str,
    id: i64,
) -> Result<(), StoreError> {
    let found = sqlx::query("SELECT 1 FROM releases WHERE id = $1 AND app_id = $2")
        .bind(id)
        .bind(app_id)
        .fetch_optional(sql)
        .await?;
    match found {
        Some(_) => Ok(()),
        None => Err(StoreError::not_found("release", id)),
    }
}

async fn one(sql: &mut AnyConnection, app_id: &str, id: i64) -> Result<Release, StoreError> {
    let found = filled(sql, app_id, Some(id)).await?.pop();
    found.ok_or_else(|| StoreError::not_found("release", id))
}

/// The releases of an app, or one of them, with their statuses: two queries.
async fn filled(
    sql: &mut AnyConnection,
    app_id: &str,
    id: Option<i64>,
) -> Result<Vec<Release>, StoreError> {
    // No id is 0.
    let id = id.unwrap_or(0);
    let statuses: Vec<(i64, String, String)> = sqlx::query_as(
        "SELECT s.release_id, s.platform, s.status FROM release_platforms s
         JOIN releases r ON r.id = s.release_id WHERE r.app_id = $1 AND ($2 = 0 OR r.id = $2)",
    )
    .bind(app_id)
    .bind(id)
    .fetch_all(&mut *sql)
    .await?;
    let mut by_release: BTreeMap<i64, BTreeMap<String, ReleaseStatus>> = BTreeMap::new();
    for (release_id, platform, word) in statuses {
        let status = ReleaseStatus::try_from(word);
        let status = status.map_err(|error| StoreError::damaged("release", error))?;
        let of_release = by_release.entry(release_id).or_default();
        of_release.insert(platform, status);
    }
    let mut releases: Vec<Release> = sqlx::query_as(
        "SELECT id, app_id, version, flutter_revision, flutter_version, display_name, notes,
             created_at_s, updated_at_s
         FROM releases WHERE app_id = $1 AND ($2 = 0 OR id = $2) ORDER BY id DESC",
    )
    .bind(app_id)
    .bind(id)
    .fetch_all(sql)
    .await?;
    for release in &mut releases {
        release.platform_statuses = by_release.remove(&release.id).unwrap_or_default();
    }
    Ok(releases)
}
