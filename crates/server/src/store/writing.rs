//! A transaction that writes.
//!
//! Writes about one app wait for each other, by a lock on the app's row that each takes first; no
//! transaction takes two such locks, so none waits in a circle. SQLite has one writer in all.

use std::sync::Arc;

use sqlx::{Any, AnyConnection, AnyPool, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard};

use super::{Store, StoreError};

/// A transaction that writes, and is undone unless it is committed.
pub(crate) struct Writing {
    // Dropped in this order: undone first, then the next may write.
    transaction: Transaction<'static, Any>,
    _gate: Gate,
    store: Store,
    changed: Option<Arc<str>>,
}

/// The way to a transaction that writes.
#[derive(Clone)]
pub(super) struct Writers {
    pub(super) pool: AnyPool,
    /// SQLite takes one writer at a time: to wait here is fair, to wait there is to poll.
    pub(super) gate: Option<Arc<Mutex<()>>>,
}

impl Writers {
    pub(super) async fn begin(&self) -> Result<(Transaction<'static, Any>, Gate), StoreError> {
        let Some(gate) = &self.gate else {
            let begin = "BEGIN ISOLATION LEVEL READ COMMITTED";
            return Ok((self.pool.begin_with(begin).await?, None));
        };
        let gate = Arc::clone(gate).lock_owned().await;
        let transaction = self.pool.begin_with("BEGIN IMMEDIATE").await?;
        Ok((transaction, Some(gate)))
    }
}

impl Store {
    /// Begins to write about an app that is there; every other writer about it waits.
    pub(crate) async fn write(&self, app_id: &str) -> Result<Writing, StoreError> {
        let mut writing = self.write_freely().await?;
        // A change that changes nothing is the row lock that both databases know.
        let locked = sqlx::query("UPDATE apps SET display_name = display_name WHERE id = $1")
            .bind(app_id)
            .execute(writing.sql())
            .await?;
        match locked.rows_affected() {
            0 => Err(StoreError::not_found("app", app_id)),
            _ => Ok(writing),
        }
    }

    /// Begins to write what belongs to no app, or to one that is not there yet.
    pub(crate) async fn write_freely(&self) -> Result<Writing, StoreError> {
        let (transaction, gate) = self.inner.writers.begin().await?;
        Ok(Writing {
            transaction,
            _gate: gate,
            store: self.clone(),
            changed: None,
        })
    }

    /// Begins to read, all at one moment.
    pub(crate) async fn read(&self) -> Result<Transaction<'static, Any>, StoreError> {
        let begin = match self.inner.at.is_sqlite() {
            true => "BEGIN DEFERRED",
            false => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
        };
        Ok(self.inner.pool.begin_with(begin).await?)
    }
}

impl Writing {
    /// Where to send SQL.
    pub(crate) fn sql(&mut self) -> &mut AnyConnection {
        &mut self.transaction
    }

    /// Says that devices of this app see something else once this is committed.
    pub(crate) async fn changes_what_devices_see(
        &mut self,
        app_id: &str,
    ) -> Result<(), StoreError> {
        sqlx::query(
            "INSERT INTO changes (app_id, version) VALUES ($1, 1)
             ON CONFLICT (app_id) DO UPDATE SET version = changes.version + 1",
        )
        .bind(app_id)
        .execute(self.sql())
        .await?;
        self.changed = Some(app_id.into());
        Ok(())
    }

    /// Makes it so, for good, and tells who listens.
    pub(crate) async fn commit(mut self) -> Result<(), StoreError> {
        if let Some(app_id) = self.changed.clone()
            && !self.store.inner.at.is_sqlite()
        {
            // PostgreSQL tells the other servers when, and only if, this is committed.
            sqlx::query("SELECT pg_notify($1, $2)")
                .bind(super::notify::CHANNEL)
                .bind(&*app_id)
                .execute(self.sql())
                .await?;
        }
        self.transaction.commit().await?;
        if let Some(app_id) = self.changed {
            // Nobody listens: nobody is to be told.
            let _ = self.store.inner.changed.send(app_id);
        }
        Ok(())
    }
}

type Gate = Option<OwnedMutexGuard<()>>;
