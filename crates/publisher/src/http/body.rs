//! What is sent along: nothing, a value, the fields of a form, bytes, a file.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use serde::Serialize;
use sha2::{Digest as _, Sha256};
use ureq::http::{HeaderName, header};

use super::Reader;
use crate::error::ClientError;
use crate::watch::{Step, Watch};

/// A body that can be sent more than once.
pub(crate) enum Sent<'a> {
    Nothing,
    Whole {
        content_type: String,
        bytes: Vec<u8>,
    },
    Bytes(&'a [u8]),
    File {
        path: &'a Path,
        watch: &'a dyn Watch,
    },
}

impl<'a> Sent<'a> {
    /// A value as JSON.
    pub(crate) fn json(value: &impl Serialize, url: &str) -> Result<Self, ClientError> {
        let bytes = serde_json::to_vec(value).map_err(|error| ClientError::NotUnderstood {
            url: url.to_owned(),
            why: error.to_string(),
        })?;
        Ok(Self::Whole {
            content_type: "application/json".to_owned(),
            bytes,
        })
    }

    /// A signed document, byte for byte.
    pub(crate) fn document(envelope: &[u8]) -> Self {
        Self::Whole {
            content_type: "application/json".to_owned(),
            bytes: envelope.to_vec(),
        }
    }

    /// The fields of a form, as `multipart/form-data`.
    pub(crate) fn form(fields: &[(&str, &str)]) -> Self {
        // No text holds the hash of all texts, so the boundary stands in none.
        let mut hash = Sha256::new();
        for (name, value) in fields {
            hash.update(name);
            hash.update(value);
        }
        let boundary = hex::encode(hash.finalize());
        let mut body = String::new();
        for (name, value) in fields {
            body.push_str(&format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            ));
        }
        body.push_str(&format!("--{boundary}--\r\n"));
        Self::Whole {
            content_type: format!("multipart/form-data; boundary={boundary}"),
            bytes: body.into_bytes(),
        }
    }

    /// Hands the body to `send`, from its first byte on, with the headers that say what it is.
    pub(super) fn with_reader<T>(
        &self,
        send: impl FnOnce(Reader<'_>, Vec<(HeaderName, String)>) -> T,
    ) -> Result<T, ClientError> {
        let octets = "application/octet-stream".to_owned();
        match self {
            Self::Nothing => Ok(send(Reader::none(), Vec::new())),
            Self::Whole {
                content_type,
                bytes,
            } => Ok(send_all(content_type.clone(), bytes, send)),
            Self::Bytes(bytes) => Ok(send_all(octets, bytes, send)),
            Self::File { path, watch } => {
                let broken = |error| file_error(path, error);
                let file = File::open(path).map_err(broken)?;
                let size_bytes = file.metadata().map_err(broken)?.len();
                let mut counted = Counted {
                    inner: file.take(size_bytes),
                    done: 0,
                    of: size_bytes,
                    watch: *watch,
                };
                let headers = headers(octets, size_bytes);
                Ok(send(Reader::from_reader(&mut counted), headers))
            }
        }
    }
}

fn send_all<T>(
    content_type: String,
    mut bytes: &[u8],
    send: impl FnOnce(Reader<'_>, Vec<(HeaderName, String)>) -> T,
) -> T {
    let size_bytes = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let headers = headers(content_type, size_bytes);
    send(Reader::from_reader(&mut bytes), headers)
}

fn headers(content_type: String, size_bytes: u64) -> Vec<(HeaderName, String)> {
    vec![
        (header::CONTENT_TYPE, content_type),
        (header::CONTENT_LENGTH, size_bytes.to_string()),
    ]
}

pub(super) fn file_error(path: &Path, error: io::Error) -> ClientError {
    ClientError::File {
        path: path.display().to_string(),
        error,
    }
}

/// Says how far a file is.
struct Counted<'a, R> {
    inner: R,
    done: u64,
    of: u64,
    watch: &'a dyn Watch,
}

impl<R: Read> Read for Counted<'_, R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.done += u64::try_from(read).unwrap_or(0);
        self.watch.at(Step::Uploading, self.done, self.of);
        Ok(read)
    }
}
