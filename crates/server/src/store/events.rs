//! What devices report: many requests written in one transaction, each told when it is durable.

use tokio::sync::{mpsc, oneshot};

use super::artifacts::stored;
use super::row::row;
use super::writing::Writers;
use super::{Store, StoreError};

/// Something that happened to a patch on a device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct EventRow {
    /// Which app.
    pub app_id: String,
    /// Of which release.
    pub release_version: String,
    /// Where it runs.
    pub platform: String,
    /// On what it runs.
    pub arch: String,
    /// Which installation.
    pub client_id: String,
    /// What happened.
    pub kind: String,
    /// To which patch.
    pub patch_number: u64,
    /// When, by the device's clock.
    pub timestamp_s: i64,
    /// More, in words.
    pub message: Option<String>,
    /// When it was told, by this server's clock.
    pub received_at_s: i64,
}

/// How often something happened to a patch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a row of this server's own")]
pub struct EventCount {
    /// Of which release.
    pub release_version: String,
    /// To which patch.
    pub patch_number: u64,
    /// What.
    pub kind: String,
    /// How often.
    pub count: u64,
}

row!(EventCount: release_version, patch_number: i64, kind, count: i64);

impl Store {
    /// Writes events; when this returns they are durable.
    ///
    /// # Errors
    ///
    /// Where the database fails, or an event cannot be held by it. Then none of these is written.
    pub async fn record_events(&self, events: Vec<EventRow>) -> Result<(), StoreError> {
        let (done, answer) = oneshot::channel();
        let request = Request { events, done };
        let sent = self.inner.events.sender.send(request).await;
        sent.map_err(|_| StoreError::Stopping)?;
        answer.await.map_err(|_| StoreError::Stopping)?
    }

    /// How often what happened to each patch of an app, perhaps of one release.
    ///
    /// # Errors
    ///
    /// Where the database fails.
    pub async fn event_counts(
        &self,
        app_id: &str,
        release_version: Option<&str>,
    ) -> Result<Vec<EventCount>, StoreError> {
        let counts = sqlx::query_as(
            "SELECT release_version, patch_number, kind, COUNT(*) AS count FROM events
             WHERE app_id = $1 AND ($2 = '' OR release_version = $2)
             GROUP BY release_version, patch_number, kind
             ORDER BY release_version, patch_number, kind",
        )
        .bind(app_id)
        .bind(release_version.unwrap_or(""))
        .fetch_all(&self.inner.pool)
        .await?;
        Ok(counts)
    }
}

/// Where events wait for the one who writes them.
pub(super) struct EventQueue {
    sender: mpsc::Sender<Request>,
}

struct Request {
    events: Vec<EventRow>,
    done: oneshot::Sender<Result<(), StoreError>>,
}

impl EventQueue {
    /// Starts the writer, which ends with the last handle to the store.
    pub(super) fn start(writers: Writers) -> Self {
        let (sender, receiver) = mpsc::channel(QUEUE);
        tokio::spawn(write_all(writers, receiver));
        Self { sender }
    }
}

async fn write_all(writers: Writers, mut receiver: mpsc::Receiver<Request>) {
    let mut batch = Vec::new();
    while receiver.recv_many(&mut batch, BATCH).await > 0 {
        let rows = || batch.iter().flat_map(|request| &request.events);
        match write(&writers, rows()).await {
            Ok(()) => batch.drain(..).for_each(|request| request.tell(Ok(()))),
            // One request that cannot be held must not take the others with it; and while the
            // database is away, none waits for those whose askers gave up.
            Err(_) => {
                for request in batch.drain(..).filter(|request| !request.done.is_closed()) {
                    let written = write(&writers, request.events.iter()).await;
                    request.tell(written);
                }
            }
        }
    }
}

impl Request {
    fn tell(self, written: Result<(), StoreError>) {
        // Who asked may have gone; what was written stays written.
        let _ = self.done.send(written);
    }
}

async fn write(
    writers: &Writers,
    events: impl Iterator<Item = &EventRow>,
) -> Result<(), StoreError> {
    let (mut transaction, _gate) = writers.begin().await?;
    for event in events {
        sqlx::query(
            "INSERT INTO events (app_id, release_version, platform, arch, client_id, kind,
                 patch_number, timestamp_s, message, received_at_s)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        )
        .bind(event.app_id.as_str())
        .bind(event.release_version.as_str())
        .bind(event.platform.as_str())
        .bind(event.arch.as_str())
        .bind(event.client_id.as_str())
        .bind(event.kind.as_str())
        .bind(stored(event.patch_number)?)
        .bind(event.timestamp_s)
        .bind(event.message.as_deref())
        .bind(event.received_at_s)
        .execute(&mut *transaction)
        .await?;
    }
    Ok(transaction.commit().await?)
}

/// How many requests wait at most; the next ones wait to wait.
const QUEUE: usize = 4096;
/// How many requests share one transaction.
const BATCH: usize = 512;
