//! The newest channel statement of each release and channel, as it lies for devices.

use super::artifacts::stored;
use super::row::row;
use super::{Store, StoreError};

/// A channel statement, signed here or elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "whoever signs fills it in")]
pub struct Choice {
    /// The release that it is for, by its SHA-256.
    pub release_sha256: String,
    /// The channel.
    pub channel: String,
    /// Grows with each choice.
    pub counter: u64,
    /// What is chosen, in one hash.
    pub choice_sha256: String,
    /// The envelope.
    pub envelope: String,
    /// When it was signed.
    pub issued_s: i64,
    /// When it stops installs.
    pub expires_s: i64,
}

row!(Choice: release_sha256, channel, counter: i64, choice_sha256, envelope, issued_s, expires_s);

impl Store {
    /// Keeps a channel statement in place of the one that is there.
    ///
    /// # Errors
    ///
    /// A conflict where the one that is there has not the expected counter (`None`: where there is
    /// one): another server signed first.
    pub async fn put_choice(
        &self,
        app_id: &str,
        choice: &Choice,
        expected_counter: Option<u64>,
    ) -> Result<(), StoreError> {
        let mut writing = self.write(app_id).await?;
        let found: Option<Choice> = sqlx::query_as(choices!(
            "app_id = $1 AND release_sha256 = $2 AND channel = $3"
        ))
        .bind(app_id)
        .bind(&choice.release_sha256)
        .bind(&choice.channel)
        .fetch_optional(writing.sql())
        .await?;
        let counter = found.map(|choice| choice.counter);
        if counter != expected_counter {
            let said = |counter: Option<u64>| counter.map_or("none".to_owned(), |n| n.to_string());
            let why = format!(
                "expected the counter {} before it, found {}; look again and sign anew",
                said(expected_counter),
                said(counter)
            );
            return Err(StoreError::conflict("channel statement", why));
        }
        sqlx::query(
            "INSERT INTO choices (app_id, release_sha256, channel, counter, choice_sha256,
                 envelope, issued_s, expires_s)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
             ON CONFLICT (app_id, release_sha256, channel) DO UPDATE SET
                 counter = excluded.counter, choice_sha256 = excluded.choice_sha256,
                 envelope = excluded.envelope, issued_s = excluded.issued_s,
                 expires_s = excluded.expires_s",
        )
        .bind(app_id)
        .bind(&choice.release_sha256)
        .bind(&choice.channel)
        .bind(stored(choice.counter)?)
        .bind(&choice.choice_sha256)
        .bind(&choice.envelope)
        .bind(choice.issued_s)
        .bind(choice.expires_s)
        .execute(writing.sql())
        .await?;
        writing.changes_what_devices_see(app_id).await?;
        writing.commit().await
    }

    /// The newest channel statement of a release on a channel.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn choice(
        &self,
        app_id: &str,
        release_sha256: &str,
        channel: &str,
    ) -> Result<Option<Choice>, StoreError> {
        let choice = sqlx::query_as(choices!(
            "app_id = $1 AND release_sha256 = $2 AND channel = $3"
        ))
        .bind(app_id)
        .bind(release_sha256)
        .bind(channel)
        .fetch_optional(&self.inner.pool)
        .await?;
        Ok(choice)
    }
}

macro_rules! choices {
    ($which:literal) => {
        concat!(
            "SELECT release_sha256, channel, counter, choice_sha256, envelope, issued_s, expires_s
             FROM choices WHERE ",
            $which
        )
    };
}
pub(super) use choices;
