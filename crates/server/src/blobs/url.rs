//! Where blobs are, and what each is called there.

use std::path::{Path, PathBuf};

use super::BlobError;

/// Where blobs are.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "two are spoken to")]
pub enum BlobsUrl {
    /// A folder, made where there is none.
    Folder(PathBuf),
    /// A bucket of an S3-compatible store. How to enter is told in the environment, as AWS does.
    S3 {
        /// The bucket.
        bucket: String,
        /// What stands before every name; perhaps nothing.
        prefix: String,
        /// Where the store is; `None` for AWS's own.
        endpoint: Option<String>,
    },
}

impl BlobsUrl {
    /// Reads a URL, or the path of a folder.
    ///
    /// # Errors
    ///
    /// Where it names no place, or one of a kind that is not spoken to.
    pub fn read(text: &str, endpoint: Option<&str>) -> Result<Self, BlobError> {
        let wrong = |why| BlobError::Url {
            found: text.to_owned(),
            why,
        };
        if let Some(place) = text.strip_prefix("s3://") {
            let (bucket, prefix) = place.split_once('/').unwrap_or((place, ""));
            return match bucket.is_empty() {
                true => Err(wrong("it names no bucket")),
                false => Ok(Self::S3 {
                    bucket: bucket.to_owned(),
                    prefix: prefix.trim_matches('/').to_owned(),
                    endpoint: endpoint.map(str::to_owned),
                }),
            };
        }
        match text.strip_prefix("file://").unwrap_or(text) {
            "" => Err(wrong("it is empty")),
            other if other.contains("://") => Err(wrong("it is of no known kind")),
            folder => Ok(Self::Folder(Path::new(folder).to_path_buf())),
        }
    }
}

/// Whether this can be the name of a blob. Whatever else a path may do, it does not get there.
pub(super) fn is_name(sha256: &str) -> Result<(), BlobError> {
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    match sha256.len() == 64 && sha256.bytes().all(is_digit) {
        true => Ok(()),
        false => Err(BlobError::Name {
            found: sha256.chars().take(80).collect(),
        }),
    }
}

/// Where a blob lies below its place: in one of 256 folders, since some file systems and people
/// mind large ones.
pub(super) fn place_of(sha256: &str) -> String {
    let two = sha256.get(..2).unwrap_or_default();
    format!("blobs/{two}/{sha256}")
}
