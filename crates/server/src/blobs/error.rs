//! Why a blob was not kept or not given.

/// Why a blob was not kept or not given, and whose fault that is.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BlobError {
    /// Whoever asks names a blob that is not here.
    #[error("there is no blob {sha256} here; upload it first")]
    NotFound {
        /// Its name.
        sha256: String,
    },
    /// Whoever asks names what cannot be a blob.
    #[error("`{found}` names no blob; expected a SHA-256 as 64 lower-case hex digits")]
    Name {
        /// What was named.
        found: String,
    },
    /// Whoever uploads sent other bytes than were announced.
    #[error("the bytes have the SHA-256 {found}, expected {expected}; send that file")]
    Hash {
        /// What was announced.
        expected: String,
        /// What came.
        found: String,
    },
    /// Whoever uploads sent fewer bytes than were announced, or more.
    #[error("{found_bytes} bytes came, expected {expected_bytes}; send that file, whole")]
    Size {
        /// How many were announced.
        expected_bytes: u64,
        /// How many came before nothing more was read.
        found_bytes: u64,
    },
    /// The stream broke off.
    #[error("the bytes broke off after {found_bytes} ({why}); send them again")]
    CutShort {
        /// How many came.
        found_bytes: u64,
        /// What happened.
        why: String,
    },
    /// Whoever started the server named no place that is known.
    #[error("`{found}` is no place for blobs: {why}; expected a folder, or s3://BUCKET/PREFIX")]
    Url {
        /// What was named.
        found: String,
        /// What is amiss.
        why: &'static str,
    },
    /// The disk failed.
    #[error("the folder of blobs failed: {0}; is there room, and may this server write there?")]
    Disk(#[from] std::io::Error),
    /// The bucket failed.
    #[error("the bucket of blobs failed: {0}; is it there, and may these credentials use it?")]
    Bucket(#[from] object_store::Error),
}

impl BlobError {
    pub(super) fn not_found(sha256: &str) -> Self {
        let sha256 = sha256.to_owned();
        Self::NotFound { sha256 }
    }
}
