//! How a registry's client failed, in its own last words.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::ExitStatus;

use super::commands;
use super::manifest::Package;

/// How a registry's client failed at its last attempt.
#[derive(Debug, thiserror::Error)]
#[error(
    "`{package}` could not be fetched: {client} failed {attempts} times, last with {status}{hint}; \
     to try by hand, run `{by_hand}`; its last words were:\n{last_words}"
)]
pub struct ClientFailure {
    client: &'static str,
    package: String,
    attempts: usize,
    status: ExitStatus,
    hint: &'static str,
    by_hand: String,
    last_words: String,
}

impl ClientFailure {
    /// `said` is the end of its standard error.
    pub(super) fn new(package: &Package, status: ExitStatus, said: &str, attempts: usize) -> Self {
        let lines: Vec<_> = said.lines().collect();
        let skipped = lines.len().saturating_sub(LAST_WORDS_LINES_MAX);
        let last: Vec<_> = lines.into_iter().skip(skipped).collect();
        Self {
            client: commands::client_name(package.registry()),
            package: package.label(),
            attempts,
            status,
            hint: commands::hint(said),
            by_hand: commands::by_hand(package),
            last_words: last.join("\n"),
        }
    }

    /// The end of what the client wrote to standard error.
    #[must_use]
    pub fn last_words(&self) -> &str {
        &self.last_words
    }
}

/// The end of a file, as text.
pub(super) fn end_of(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let skipped_bytes = file.metadata()?.len().saturating_sub(END_SIZE_BYTES);
    file.seek(SeekFrom::Start(skipped_bytes))?;
    let mut end = Vec::new();
    file.take(END_SIZE_BYTES).read_to_end(&mut end)?;
    Ok(String::from_utf8_lossy(&end).into_owned())
}

const END_SIZE_BYTES: u64 = 16 * 1024;

const LAST_WORDS_LINES_MAX: usize = 15;
