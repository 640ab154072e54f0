//! Files by their SHA-256, in a folder or an S3-compatible store.
//!
//! A blob is there whole or not at all: what comes is hashed and counted on its way, and shows
//! under its name once both are right and it is durable. It never changes afterwards.

mod error;
mod folder;
mod s3;
mod url;

use std::fmt;
use std::ops::Range;
use std::path::Path;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use futures_util::{Stream, StreamExt as _};
use sha2::{Digest as _, Sha256};
use tokio::io::AsyncWriteExt as _;
use tokio_util::io::ReaderStream;

pub use error::BlobError;
pub use url::BlobsUrl;

use folder::Folder;
use s3::Bucket;

/// The blobs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Blobs {
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Folder(Folder),
    Bucket(Bucket),
}

/// Bytes of a blob, piece by piece.
pub type Pieces = BoxStream<'static, Result<Bytes, BlobError>>;

impl Blobs {
    /// Opens the place, and throws away what came half when a server was killed. One process has a
    /// folder at a time: whoever calls this holds the lock on it.
    ///
    /// # Errors
    ///
    /// Where the folder cannot be made, or the bucket's access is not told in the environment.
    pub async fn open(at: &BlobsUrl) -> Result<Self, BlobError> {
        let place = match at {
            BlobsUrl::Folder(path) => Place::Folder(Folder::open(path).await?),
            BlobsUrl::S3 {
                bucket,
                prefix,
                endpoint,
            } => Place::Bucket(Bucket::open(bucket, prefix, endpoint.as_deref())?),
        };
        Ok(Self { place })
    }

    /// Whether the place answers.
    ///
    /// # Errors
    ///
    /// Where it does not.
    pub async fn ready(&self) -> Result<(), BlobError> {
        match &self.place {
            Place::Folder(folder) => folder.ready().await,
            // Any name does: what is asked is whether there is an answer.
            Place::Bucket(bucket) => bucket.head(&"0".repeat(64)).await.map(drop),
        }
    }

    /// Keeps the bytes of a stream, which must be as long as was said and have this hash. Says
    /// whether the blob is new; of one that was there already the stream is not read.
    ///
    /// # Errors
    ///
    /// Where the stream breaks off, or brings other bytes; then there is no such blob.
    pub async fn put_stream<E: fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        sha256: &str,
        size_bytes: u64,
    ) -> Result<bool, BlobError> {
        url::is_name(sha256)?;
        if self.head(sha256).await? == Some(size_bytes) {
            if let Place::Folder(folder) = &self.place {
                folder.settle(sha256).await?;
            }
            return Ok(false);
        }
        let expected = Expected { sha256, size_bytes };
        match &self.place {
            Place::Folder(folder) => folder.put(stream, expected).await?,
            Place::Bucket(bucket) => bucket.put(stream, expected).await?,
        }
        Ok(true)
    }

    /// Keeps a copy of a file, which must have this hash. Says whether the blob is new.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, or is another.
    pub async fn put_file(&self, path: &Path, sha256: &str) -> Result<bool, BlobError> {
        let file = tokio::fs::File::open(path).await?;
        let size_bytes = file.metadata().await?.len();
        let stream = ReaderStream::with_capacity(file, PIECE_BYTES);
        self.put_stream(stream, sha256, size_bytes).await
    }

    /// The size of a blob; `None` where there is none.
    ///
    /// # Errors
    ///
    /// Where the place fails.
    pub async fn head(&self, sha256: &str) -> Result<Option<u64>, BlobError> {
        url::is_name(sha256)?;
        match &self.place {
            Place::Folder(folder) => folder.head(sha256).await,
            Place::Bucket(bucket) => bucket.head(sha256).await,
        }
    }

    /// Bytes of a blob, of which the range is a part.
    ///
    /// # Errors
    ///
    /// Where there is no such blob, or the place fails.
    pub async fn range(&self, sha256: &str, range: Range<u64>) -> Result<Pieces, BlobError> {
        url::is_name(sha256)?;
        if range.is_empty() {
            return Ok(futures_util::stream::empty().boxed());
        }
        match &self.place {
            Place::Folder(folder) => folder.range(sha256, range).await,
            Place::Bucket(bucket) => bucket.range(sha256, range).await,
        }
    }

    /// Copies a blob into a file, which is made anew. Says how many bytes it has.
    ///
    /// # Errors
    ///
    /// Where there is no such blob, what is there has another hash, or the file cannot be written.
    pub async fn to_file(&self, sha256: &str, path: &Path) -> Result<u64, BlobError> {
        let size_bytes = self.head(sha256).await?;
        let size_bytes = size_bytes.ok_or_else(|| BlobError::not_found(sha256))?;
        let pieces = self.range(sha256, 0..size_bytes).await?;
        let mut pieces = Checked::new(pieces, Expected { sha256, size_bytes });
        let mut file = tokio::fs::File::create(path).await?;
        while let Some(piece) = pieces.next().await? {
            file.write_all(&piece).await?;
        }
        file.flush().await?;
        Ok(size_bytes)
    }
}

/// What a stream must turn out to be.
#[derive(Clone, Copy)]
struct Expected<'a> {
    sha256: &'a str,
    size_bytes: u64,
}

/// A stream that ends well only if it was what was expected.
struct Checked<'a, S> {
    stream: std::pin::Pin<Box<S>>,
    expected: Expected<'a>,
    hash: Sha256,
    found_bytes: u64,
}

impl<'a, S, E> Checked<'a, S>
where
    S: Stream<Item = Result<Bytes, E>>,
    E: fmt::Display,
{
    fn new(stream: S, expected: Expected<'a>) -> Self {
        Self {
            stream: Box::pin(stream),
            expected,
            hash: Sha256::new(),
            found_bytes: 0,
        }
    }

    /// The next piece; `None` at the end of what is right, down to the last byte.
    async fn next(&mut self) -> Result<Option<Bytes>, BlobError> {
        let Some(piece) = self.stream.next().await else {
            return self.ended().map(|()| None);
        };
        let found_bytes = self.found_bytes;
        let piece = piece.map_err(|error| BlobError::CutShort {
            found_bytes,
            why: error.to_string(),
        })?;
        let more = u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.found_bytes = found_bytes.saturating_add(more);
        if self.found_bytes > self.expected.size_bytes {
            return Err(self.other_size());
        }
        self.hash.update(&piece);
        Ok(Some(piece))
    }

    fn ended(&mut self) -> Result<(), BlobError> {
        if self.found_bytes != self.expected.size_bytes {
            return Err(self.other_size());
        }
        let found = hex::encode(std::mem::take(&mut self.hash).finalize());
        match found == self.expected.sha256 {
            true => Ok(()),
            false => Err(BlobError::Hash {
                expected: self.expected.sha256.to_owned(),
                found,
            }),
        }
    }

    const fn other_size(&self) -> BlobError {
        BlobError::Size {
            expected_bytes: self.expected.size_bytes,
            found_bytes: self.found_bytes,
        }
    }
}

const PIECE_BYTES: usize = 64 << 10;

#[cfg(test)]
mod tests;
