//! Who is told that an app changed: this process by a channel, others by PostgreSQL.

use std::collections::HashMap;
use std::sync::Arc;

use sqlx::postgres::PgListener;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;

use super::connect::DatabaseUrl;
use super::{Store, StoreError};

/// A stream of the ids of apps that changed. Some may be missed, when many change or PostgreSQL is
/// away: [`Store::versions`] tells all.
#[derive(Debug)]
pub struct Notifications {
    here: broadcast::Receiver<Arc<str>>,
    elsewhere: Option<PgListener>,
}

impl Store {
    /// The ids of apps that change from now on, in this process or in another.
    ///
    /// # Errors
    ///
    /// Where PostgreSQL does not take a listener.
    pub async fn notifications(&self) -> Result<Notifications, StoreError> {
        let elsewhere = match &self.inner.at {
            DatabaseUrl::Sqlite(_) => None,
            DatabaseUrl::Postgres(url) => {
                let mut listener = PgListener::connect(url).await?;
                listener.listen(CHANNEL).await?;
                Some(listener)
            }
        };
        Ok(Notifications {
            here: self.inner.changed.subscribe(),
            elsewhere,
        })
    }

    /// How often each app changed so far, deleted ones included. A view is up to date where it has
    /// the same number.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn versions(&self) -> Result<HashMap<String, i64>, StoreError> {
        let rows: Vec<(String, i64)> = sqlx::query_as("SELECT app_id, version FROM changes")
            .fetch_all(&self.inner.pool)
            .await?;
        Ok(rows.into_iter().collect())
    }
}

impl Store {
    /// How often an app changed so far; 0 for one that never was.
    pub(crate) async fn version(&self, app_id: &str) -> Result<i64, StoreError> {
        let found: Option<(i64,)> = sqlx::query_as("SELECT version FROM changes WHERE app_id = $1")
            .bind(app_id)
            .fetch_optional(&self.inner.pool)
            .await?;
        Ok(found.map_or(0, |(version,)| version))
    }
}

impl Notifications {
    /// The next app that changed; `None` where some were missed, or the connection was lost and is
    /// made anew: then look at all.
    ///
    /// # Errors
    ///
    /// Where PostgreSQL cannot be listened to.
    pub async fn next(&mut self) -> Result<Option<Arc<str>>, StoreError> {
        let Some(listener) = &mut self.elsewhere else {
            return Ok(here(&mut self.here).await);
        };
        tokio::select! {
            app_id = here(&mut self.here) => Ok(app_id),
            told = listener.try_recv() => Ok(told?.map(|told| told.payload().into())),
        }
    }
}

async fn here(receiver: &mut broadcast::Receiver<Arc<str>>) -> Option<Arc<str>> {
    match receiver.recv().await {
        Ok(app_id) => Some(app_id),
        Err(RecvError::Lagged(_)) => None,
        // The store is gone, and with it whoever could change anything.
        Err(RecvError::Closed) => std::future::pending().await,
    }
}

pub(super) const CHANNEL: &str = "patchproof_changes";
