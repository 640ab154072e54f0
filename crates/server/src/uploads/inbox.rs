//! The folder where files lie while they come and are looked at.

use std::path::{Path, PathBuf};

use axum::body::Bytes;
use futures_util::{Stream, StreamExt as _};
use http::StatusCode;
use sha2::{Digest as _, Sha256};
use tempfile::TempPath;
use tokio::io::AsyncWriteExt as _;

use crate::checking::Unfit;
use crate::http::Fault;
use crate::settings::Settings;

/// Where files lie while they come. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Inbox {
    folder: PathBuf,
    limit_bytes: u64,
}

/// What was said of a file before it came.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "handlers fill it in")]
pub struct Announced {
    /// Its SHA-256, in hex.
    pub sha256: Option<String>,
    /// Its size.
    pub size_bytes: Option<u64>,
}

/// A file that came whole and is what was announced. It is gone when this is dropped.
#[derive(Debug)]
#[non_exhaustive]
pub struct Arrived {
    /// Where it lies.
    pub path: TempPath,
    /// Its SHA-256, in hex.
    pub sha256: String,
    /// Its size.
    pub size_bytes: u64,
}

impl Inbox {
    /// The inbox of a server with these settings.
    #[must_use]
    pub fn of(settings: &Settings) -> Self {
        Self {
            folder: settings.data.join(FOLDER),
            limit_bytes: settings.limits.upload_bytes_max,
        }
    }

    /// Throws away what a server that was killed left here. One process alone has this folder.
    pub fn clear(&self) {
        if let Err(error) = std::fs::remove_dir_all(&self.folder)
            && error.kind() != std::io::ErrorKind::NotFound
        {
            tracing::warn!(%error, folder = %self.folder.display(), "could not be emptied");
        }
    }

    /// An empty file of its own, for bytes of a blob.
    ///
    /// # Errors
    ///
    /// Where the disk does not take it.
    pub fn empty_file(&self) -> Result<TempPath, Fault> {
        let made = std::fs::create_dir_all(&self.folder)
            .and_then(|()| tempfile::NamedTempFile::new_in(&self.folder));
        made.map(tempfile::NamedTempFile::into_temp_path)
            .map_err(|error| Fault::unavailable("disk", &error))
    }

    /// Takes a file in, piece by piece. Its size is looked at before a byte too many is written.
    ///
    /// # Errors
    ///
    /// Where it is larger than the server takes, is not what was announced, or does not come.
    pub async fn take<E: std::fmt::Display>(
        &self,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        announced: &Announced,
    ) -> Result<Arrived, Fault> {
        if let Some(expected) = announced.size_bytes {
            self.within_limit(expected)?;
        }
        let path = self.empty_file()?;
        let (sha256, size_bytes) = self.write(&path, pieces, announced).await?;
        let arrived = Arrived {
            path,
            sha256,
            size_bytes,
        };
        arrived.is(announced)?;
        Ok(arrived)
    }

    async fn write<E: std::fmt::Display>(
        &self,
        path: &Path,
        pieces: impl Stream<Item = Result<Bytes, E>>,
        announced: &Announced,
    ) -> Result<(String, u64), Fault> {
        let disk = |error: std::io::Error| Fault::unavailable("disk", &error);
        let file = tokio::fs::File::create(path).await.map_err(disk)?;
        let mut file = tokio::io::BufWriter::with_capacity(BUFFER_BYTES, file);
        let mut hash = Sha256::new();
        let mut size_bytes: u64 = 0;
        let mut pieces = std::pin::pin!(pieces);
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|error| cut_short(size_bytes, &error))?;
            let more = u64::try_from(piece.len()).unwrap_or(u64::MAX);
            size_bytes = size_bytes.saturating_add(more);
            self.within_limit(size_bytes)?;
            within_announced(size_bytes, announced)?;
            hash.update(&piece);
            file.write_all(&piece).await.map_err(disk)?;
        }
        file.flush().await.map_err(disk)?;
        Ok((hex::encode(hash.finalize()), size_bytes))
    }

    fn within_limit(&self, size_bytes: u64) -> Result<(), Fault> {
        let limit = self.limit_bytes;
        if size_bytes <= limit {
            return Ok(());
        }
        Err(Fault::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "too_large",
            format!(
                "the file has {size_bytes} bytes or more, and this server takes {limit}: upload a \
                 smaller one, or start the server with another --upload-bytes-max"
            ),
        ))
    }
}

impl Arrived {
    /// Whether it is what was announced.
    fn is(&self, announced: &Announced) -> Result<(), Unfit> {
        if let Some(expected) = announced.size_bytes
            && expected != self.size_bytes
        {
            let found = self.size_bytes;
            return Err(Unfit::Size { expected, found });
        }
        match &announced.sha256 {
            Some(expected) if *expected != self.sha256 => Err(Unfit::Hash {
                expected: expected.clone(),
                found: self.sha256.clone(),
            }),
            _ => Ok(()),
        }
    }
}

fn within_announced(size_bytes: u64, announced: &Announced) -> Result<(), Unfit> {
    match announced.size_bytes {
        Some(expected) if size_bytes > expected => Err(Unfit::Size {
            expected,
            found: size_bytes,
        }),
        _ => Ok(()),
    }
}

fn cut_short(size_bytes: u64, error: &dyn std::fmt::Display) -> Fault {
    Fault::new(
        StatusCode::BAD_REQUEST,
        "cut_short",
        format!("the body ends or stands still after {size_bytes} bytes ({error}): send it again"),
    )
}

const FOLDER: &str = "incoming";
const BUFFER_BYTES: usize = 256 << 10;
