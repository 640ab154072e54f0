//! Apps.

use patchproof_protocol::ClientId;
use patchproof_trust::Word;

use super::{App, Store, StoreError};

impl Store {
    /// Makes an app, under a random id where none is named.
    ///
    /// # Errors
    ///
    /// Where the id is taken, or cannot stand in a statement.
    pub async fn create_app(
        &self,
        id: Option<&str>,
        display_name: &str,
        now_s: i64,
    ) -> Result<App, StoreError> {
        let id = match id {
            Some(id) => word("app", id)?,
            None => random_id()?,
        };
        let mut writing = self.write_freely().await?;
        let made = sqlx::query(
            "INSERT INTO apps (id, display_name, created_at_s, updated_at_s)
             VALUES ($1, $2, $3, $3) ON CONFLICT (id) DO NOTHING",
        )
        .bind(&id)
        .bind(display_name)
        .bind(now_s)
        .execute(writing.sql())
        .await?;
        if made.rows_affected() == 0 {
            let why = format!("there is an app {id} already; choose another id");
            return Err(StoreError::conflict("app", why));
        }
        writing.changes_what_devices_see(&id).await?;
        writing.commit().await?;
        self.app(&id).await
    }

    /// The app of this id.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn app(&self, id: &str) -> Result<App, StoreError> {
        let app = sqlx::query_as(apps!("WHERE a.id = $1"))
            .bind(id)
            .fetch_optional(&self.inner.pool)
            .await?;
        app.ok_or_else(|| StoreError::not_found("app", id))
    }

    /// All apps, by id.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn apps(&self) -> Result<Vec<App>, StoreError> {
        let apps = sqlx::query_as(apps!("ORDER BY a.id"));
        Ok(apps.fetch_all(&self.inner.pool).await?)
    }

    /// Deletes an app with all that it has but what devices reported.
    ///
    /// # Errors
    ///
    /// Where there is none.
    pub async fn delete_app(&self, id: &str) -> Result<(), StoreError> {
        let mut writing = self.write(id).await?;
        sqlx::query("DELETE FROM apps WHERE id = $1")
            .bind(id)
            .execute(writing.sql())
            .await?;
        writing.changes_what_devices_see(id).await?;
        writing.commit().await
    }
}

/// A name that can stand in a statement and in a path.
pub(super) fn word(what: &'static str, text: &str) -> Result<String, StoreError> {
    match Word::new(text) {
        Ok(word) => Ok(word.into()),
        Err(error) => Err(StoreError::invalid(what, error.to_string())),
    }
}

fn random_id() -> Result<String, StoreError> {
    let mut bytes = [0; 16];
    match getrandom::fill(&mut bytes) {
        Ok(()) => Ok(ClientId::of_random(bytes).to_string()),
        Err(error) => Err(StoreError::Unavailable(sqlx::Error::Io(
            std::io::Error::other(error),
        ))),
    }
}

macro_rules! apps {
    ($which:literal) => {
        concat!(
            "SELECT a.id, a.display_name, a.created_at_s, a.updated_at_s,
                (SELECT r.version FROM releases r WHERE r.app_id = a.id ORDER BY r.id DESC LIMIT 1)
                    AS latest_release_version,
                (SELECT MAX(p.number) FROM patches p WHERE p.published = 1 AND p.release_id =
                    (SELECT MAX(r.id) FROM releases r WHERE r.app_id = a.id))
                    AS latest_patch_number
             FROM apps a ",
            $which
        )
    };
}
use apps;
