//! From settings to a server that answers, and back to nothing.

mod first_start;
mod folder;

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, JoinSet};

use crate::blobs::{BlobError, Blobs, BlobsUrl};
use crate::http::{router, serve_connections};
use crate::operations::Metrics;
use crate::settings::Settings;
use crate::signing::{KeyError, Signing};
use crate::store::{DatabaseUrl, Store, StoreError};
use crate::view::Views;
use folder::Lock;

/// What every handler shares.
#[derive(Debug)]
#[non_exhaustive]
pub struct App {
    /// How the server is to run.
    pub settings: Settings,
    /// What others call this server; without a slash at its end.
    pub public_url: String,
    /// What the server knows.
    pub store: Store,
    /// What files it keeps.
    pub blobs: Blobs,
    /// What devices see.
    pub views: Arc<Views>,
    /// What it signs with.
    pub signing: Signing,
    /// What is counted.
    pub metrics: Arc<Metrics>,
}

/// A server that answers, until it is told to stop.
#[derive(Debug)]
#[non_exhaustive]
pub struct Running {
    /// Where it listens.
    pub address: SocketAddr,
    /// What its handlers share.
    pub app: Arc<App>,
    /// The files of tokens that this start made, each with what it is for.
    pub token_files: Vec<(&'static str, PathBuf)>,
    stop: oneshot::Sender<()>,
    served: JoinHandle<()>,
    tasks: JoinSet<()>,
    locks: Vec<Lock>,
}

/// Why a server does not start, or does not stop as it should; whoever started it is at fault, or
/// the machine.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ServeError {
    /// The folder cannot be used.
    #[error("the folder {} cannot be used: {error}", path.display())]
    Folder {
        /// Which.
        path: PathBuf,
        /// What the system says.
        error: std::io::Error,
    },
    /// Another server has the folder.
    #[error(
        "the folder {} is another server's, which runs; stop that one, or name another folder by \
            --data, and by --blobs where that names one",
        path.display()
    )]
    InUse {
        /// Which.
        path: PathBuf,
    },
    /// The database.
    #[error("{0}")]
    Store(#[from] StoreError),
    /// The blobs.
    #[error("{0}")]
    Blobs(#[from] BlobError),
    /// A channel key.
    #[error("{0}")]
    Signing(#[from] KeyError),
    /// The address cannot be listened at.
    #[error("--listen {address}: {error}")]
    Listen {
        /// Which.
        address: SocketAddr,
        /// What the system says.
        error: std::io::Error,
    },
    /// The system gives no randomness.
    #[error("the system gives no randomness: {0}")]
    Randomness(getrandom::Error),
    /// The system tells no signals.
    #[error("signals of the system cannot be waited for: {0}")]
    Signals(std::io::Error),
}

/// Serves until the process is told to end (SIGTERM, or Ctrl-C), and lets what is in progress end.
///
/// # Errors
///
/// Why it does not start.
pub async fn serve(settings: Settings) -> Result<(), ServeError> {
    let running = start(settings).await?;
    for (what, path) in &running.token_files {
        tracing::info!(path = %path.display(), "{what} was made");
    }
    tracing::info!(address = %running.address, url = running.app.public_url, "listening");
    let told = told_to_stop().await;
    tracing::info!("stopping");
    running.stop().await;
    told
}

/// Starts to serve.
///
/// # Errors
///
/// Why it does not start.
pub async fn start(settings: Settings) -> Result<Running, ServeError> {
    let blobs_at = blobs_url(&settings)?;
    let locks = take(&settings.data, &blobs_at)?;
    let signing = Signing::open(&settings)?;
    let store = Store::connect(&database(&settings)?).await?;
    let blobs = Blobs::open(&blobs_at).await?;
    let token_files = first_start::prepare(&store, &settings).await?;
    let views = Arc::new(Views::load(&store).await?);
    let at_fault = |error| ServeError::Listen {
        address: settings.listen,
        error,
    };
    let listener = TcpListener::bind(settings.listen).await.map_err(at_fault)?;
    let address = listener.local_addr().map_err(at_fault)?;
    let app = Arc::new(App {
        public_url: settings.public_url_at(address),
        store,
        blobs,
        views,
        signing,
        metrics: Arc::new(Metrics::new()),
        settings,
    });
    let mut tasks = JoinSet::new();
    tasks.spawn(Arc::clone(&app.views).follow(app.store.clone()));
    tasks.spawn(Signing::keep(Arc::downgrade(&app)));
    let (stop, stopped) = oneshot::channel();
    let limits = app.settings.limits;
    let served = tokio::spawn(serve_connections(listener, router(&app), limits, async {
        // Whoever drops the sender wants it to stop as well.
        let _ = stopped.await;
    }));
    Ok(Running {
        address,
        app,
        token_files,
        stop,
        served,
        tasks,
        locks,
    })
}

impl Running {
    /// Takes no more requests, lets those in progress end, and lets go of database and folders.
    pub async fn stop(mut self) {
        let _ = self.stop.send(());
        if let Err(error) = self.served.await {
            tracing::error!(%error, "connections did not end as they should");
        }
        self.tasks.shutdown().await;
        // A request that outlived its time may still hold a connection.
        let closed = tokio::time::timeout(self.app.settings.limits.stop, self.app.store.close());
        if closed.await.is_err() {
            tracing::warn!("the database was still in use when the time to stop was over");
        }
        drop(self.locks);
    }
}

async fn told_to_stop() -> Result<(), ServeError> {
    let mut end = signal(SignalKind::terminate()).map_err(ServeError::Signals)?;
    tokio::select! {
        _ = end.recv() => Ok(()),
        pressed = tokio::signal::ctrl_c() => pressed.map_err(ServeError::Signals),
    }
}

/// The data folder, and that of the blobs where it is another: what came half there is thrown away
/// by whoever starts.
fn take(data: &Path, blobs_at: &BlobsUrl) -> Result<Vec<Lock>, ServeError> {
    let mut locks = vec![folder::take(data)?];
    if let BlobsUrl::Folder(blobs) = blobs_at
        && !folder::is_same(data, blobs)
    {
        locks.push(folder::take(blobs)?);
    }
    Ok(locks)
}

fn database(settings: &Settings) -> Result<DatabaseUrl, StoreError> {
    match &settings.database {
        Some(url) => url.parse(),
        None => Ok(DatabaseUrl::Sqlite(settings.data.join("patchproof.db"))),
    }
}

fn blobs_url(settings: &Settings) -> Result<BlobsUrl, BlobError> {
    match &settings.blobs {
        Some(url) => BlobsUrl::read(url, settings.blobs_endpoint.as_deref()),
        None => Ok(BlobsUrl::Folder(settings.data.clone())),
    }
}

#[cfg(test)]
mod tests;
