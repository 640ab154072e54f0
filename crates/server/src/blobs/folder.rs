//! Blobs in a folder: staged, synced, renamed, and the folder synced, before anyone hears of them.

use std::fmt;
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use tempfile::NamedTempFile;
use tokio::fs::File;
use tokio::io::{AsyncReadExt as _, AsyncSeekExt as _, AsyncWriteExt as _};
use tokio::task::spawn_blocking;
use tokio_util::io::ReaderStream;

use super::url::place_of;
use super::{BlobError, Checked, Expected, PIECE_BYTES, Pieces};

#[derive(Clone, Debug)]
pub(super) struct Folder {
    root: Arc<Path>,
}

impl Folder {
    pub(super) async fn open(path: &Path) -> Result<Self, BlobError> {
        let root: Arc<Path> = path.into();
        let prepared = Arc::clone(&root);
        blocking(move || prepare(&prepared)).await?;
        Ok(Self { root })
    }

    pub(super) async fn ready(&self) -> Result<(), BlobError> {
        tokio::fs::metadata(self.root.join(STAGED)).await?;
        Ok(())
    }

    pub(super) async fn head(&self, sha256: &str) -> Result<Option<u64>, BlobError> {
        match tokio::fs::metadata(self.path_of(sha256)).await {
            Ok(found) => Ok(Some(found.len())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn put<E: fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        expected: Expected<'_>,
    ) -> Result<(), BlobError> {
        let staged = self.root.join(STAGED);
        let staged = blocking(move || NamedTempFile::new_in(staged)).await?;
        let (file, path) = staged.into_parts();
        let mut file = tokio::io::BufWriter::with_capacity(BUFFER_BYTES, File::from_std(file));
        let mut pieces = Checked::new(stream, expected);
        while let Some(piece) = pieces.next().await? {
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        file.into_inner().sync_all().await?;
        let place = self.path_of(expected.sha256);
        blocking(move || publish(path, &place)).await
    }

    /// Makes sure that a blob stays which somebody else may have shown a moment ago.
    pub(super) async fn settle(&self, sha256: &str) -> Result<(), BlobError> {
        let place = self.path_of(sha256);
        blocking(move || sync_around(&place)).await
    }

    pub(super) async fn range(&self, sha256: &str, range: Range<u64>) -> Result<Pieces, BlobError> {
        let opened = File::open(self.path_of(sha256)).await;
        let mut file = opened.map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => BlobError::not_found(sha256),
            _ => error.into(),
        })?;
        file.seek(io::SeekFrom::Start(range.start)).await?;
        let part = file.take(range.end.saturating_sub(range.start));
        let pieces = ReaderStream::with_capacity(part, PIECE_BYTES);
        Ok(pieces.map_err(BlobError::from).boxed())
    }

    fn path_of(&self, sha256: &str) -> PathBuf {
        self.root.join(place_of(sha256))
    }
}

/// Makes the folders, and throws away what came half.
fn prepare(root: &Path) -> io::Result<()> {
    let staged = root.join(STAGED);
    match std::fs::remove_dir_all(&staged) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    std::fs::create_dir_all(&staged)?;
    let blobs = root.join("blobs");
    for first in 0..=u8::MAX {
        std::fs::create_dir_all(blobs.join(hex::encode([first])))?;
    }
    sync_folder(&blobs)?;
    sync_folder(root)
}

/// Shows a synced file under its name, for good.
fn publish(staged: tempfile::TempPath, place: &Path) -> io::Result<()> {
    staged.persist(place).map_err(|error| error.error)?;
    sync_around(place)
}

fn sync_around(place: &Path) -> io::Result<()> {
    place.parent().map_or(Ok(()), sync_folder)
}

fn sync_folder(folder: &Path) -> io::Result<()> {
    std::fs::File::open(folder)?.sync_all()
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<T, BlobError> {
    let done = spawn_blocking(work).await;
    Ok(done.map_err(io::Error::other)??)
}

const STAGED: &str = "staged";
const BUFFER_BYTES: usize = 256 << 10;
