//! Blobs in a bucket: an object shows once its upload is completed, and it is completed only where
//! its bytes were right.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, TryStreamExt as _};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::buffered::BufWriter;
use object_store::path::Path;
use object_store::{ClientConfigKey, GetOptions, ObjectStore as _, ObjectStoreExt as _};
use tokio::io::AsyncWriteExt as _;

use super::url::place_of;
use super::{BlobError, Checked, Expected, Pieces};

#[derive(Clone, Debug)]
pub(super) struct Bucket {
    store: Arc<AmazonS3>,
    prefix: Arc<str>,
}

impl Bucket {
    pub(super) fn open(
        bucket: &str,
        prefix: &str,
        endpoint: Option<&str>,
    ) -> Result<Self, BlobError> {
        // The store's HTTP client takes the process's; whoever installed one before knew why.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Each piece has its time, and none has a whole file: a device may be slow.
        let mut builder = AmazonS3Builder::from_env()
            .with_bucket_name(bucket)
            .with_config(
                AmazonS3ConfigKey::Client(ClientConfigKey::ReadTimeout),
                "30 seconds",
            )
            .with_config(AmazonS3ConfigKey::Client(ClientConfigKey::Timeout), "1 day");
        if let Some(endpoint) = endpoint {
            builder = builder
                .with_endpoint(endpoint)
                .with_allow_http(endpoint.starts_with("http://"));
        }
        Ok(Self {
            store: Arc::new(builder.build()?),
            prefix: prefix.into(),
        })
    }

    pub(super) async fn head(&self, sha256: &str) -> Result<Option<u64>, BlobError> {
        match self.store.head(&self.path_of(sha256)).await {
            Ok(found) => Ok(Some(found.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn put<E: fmt::Display>(
        &self,
        stream: impl Stream<Item = Result<Bytes, E>> + Send,
        expected: Expected<'_>,
    ) -> Result<(), BlobError> {
        let store: Arc<dyn object_store::ObjectStore> = self.store.clone();
        let mut writer = BufWriter::new(store, self.path_of(expected.sha256));
        let written = write(&mut writer, Checked::new(stream, expected)).await;
        if written.is_err()
            && let Err(error) = writer.abort().await
        {
            tracing::warn!(%error, "an upload that was given up stays half in the bucket");
        }
        written
    }

    pub(super) async fn range(&self, sha256: &str, range: Range<u64>) -> Result<Pieces, BlobError> {
        let options = GetOptions::new().with_range(Some(range));
        let got = self.store.get_opts(&self.path_of(sha256), options).await;
        let got = got.map_err(|error| match error {
            object_store::Error::NotFound { .. } => BlobError::not_found(sha256),
            other => other.into(),
        })?;
        Ok(got.into_stream().map_err(BlobError::from).boxed())
    }

    fn path_of(&self, sha256: &str) -> Path {
        let place = place_of(sha256);
        match self.prefix.is_empty() {
            true => Path::from(place),
            false => Path::from(format!("{}/{place}", self.prefix)),
        }
    }
}

/// Nothing is completed before the last byte was looked at.
async fn write<S, E>(writer: &mut BufWriter, mut pieces: Checked<'_, S>) -> Result<(), BlobError>
where
    S: Stream<Item = Result<Bytes, E>> + Send,
    E: fmt::Display,
{
    while let Some(piece) = pieces.next().await? {
        writer.put(piece).await?;
    }
    Ok(writer.shutdown().await?)
}
