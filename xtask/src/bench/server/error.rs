//! Why nothing could be measured.

use std::io;

/// Why nothing could be measured.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ServerBenchError {
    #[error("no temporary folder: {0}")]
    Folder(#[source] io::Error),
    #[error("the database could not be filled: {0}")]
    Fill(String),
    #[error("the {what} did not start: {why}")]
    Start { what: &'static str, why: String },
    #[error("the memory of a process cannot be read; this needs Linux's /proc")]
    Memory,
    #[error("a connection broke: {0}")]
    Connection(#[source] io::Error),
    #[error("a request was answered with something else than 200: {0}")]
    Answer(String),
    #[error("no runtime: {0}")]
    Runtime(#[source] io::Error),
    #[error("the figures could not be written as JSON: {0}")]
    Json(#[source] serde_json::Error),
}
