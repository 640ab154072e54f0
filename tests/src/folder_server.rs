//! A server that is a folder: `answer.json` is what it answers, other files are its downloads. A
//! device in a process of its own can be served without a network.

use std::path::PathBuf;

use patchproof_device::{Begun, Cancel, Sink, Transport, TransportError, Wanted};

/// The folder.
#[derive(Clone, Debug)]
pub struct FolderServer {
    folder: PathBuf,
}

impl FolderServer {
    /// Serves what lies in this folder at the time it is asked for.
    #[must_use]
    pub const fn new(folder: PathBuf) -> Self {
        Self { folder }
    }
}

impl Transport for FolderServer {
    fn post(
        &self,
        url: &str,
        _json: &[u8],
        _answer_bytes_max: u64,
        _cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        if url.ends_with("/events") {
            return Ok(Vec::new());
        }
        std::fs::read(self.folder.join("answer.json")).map_err(|_| TransportError::Cancelled)
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        _cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let name = wanted.url.rsplit('/').next().unwrap_or_default();
        let bytes = std::fs::read(self.folder.join(name)).map_err(|_| TransportError::Cancelled)?;
        let total_bytes = u64::try_from(bytes.len()).ok();
        sink.begin(Begun::new(0, total_bytes, None))
            .map_err(TransportError::Sink)?;
        for block in bytes.chunks(BLOCK_BYTES) {
            sink.bytes(block).map_err(TransportError::Sink)?;
        }
        Ok(())
    }
}

/// As it comes off a network.
const BLOCK_BYTES: usize = 4096;
