//! A server with one patch to offer, honest and always there.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use patchproof_device::{Begun, Cancel, Sink, Transport, TransportError, Wanted};

use crate::rehearsal::Library;

/// A clone is the same server; [`fork`](Self::fork) is another one.
#[derive(Clone, Debug, Default)]
pub(crate) struct SimServer {
    offer: Arc<Mutex<Option<Offer>>>,
}

#[derive(Clone, Debug)]
struct Offer {
    number: u64,
    library_sha256: String,
    patch: Arc<[u8]>,
}

impl SimServer {
    /// From now on this patch is offered, under that number.
    pub(crate) fn offer(&self, number: u64, library: &Library) {
        *self.offered() = Some(Offer {
            number,
            library_sha256: hex::encode(library.sha256),
            patch: Arc::clone(&library.patch),
        });
    }

    /// Another server with the same offer.
    pub(crate) fn fork(&self) -> Self {
        let offer = self.offered().clone();
        Self {
            offer: Arc::new(Mutex::new(offer)),
        }
    }

    fn offered(&self) -> MutexGuard<'_, Option<Offer>> {
        self.offer.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answer(&self) -> String {
        let offer = self.offered();
        let Some(offer) = &*offer else {
            return r#"{"patch_available":false}"#.to_owned();
        };
        let Offer {
            number,
            library_sha256,
            ..
        } = offer;
        let url = format!("{DOWNLOADS}{library_sha256}");
        let patch =
            format!(r#"{{"number":{number},"hash":"{library_sha256}","download_url":"{url}"}}"#);
        format!(r#"{{"patch_available":true,"patch":{patch}}}"#)
    }
}

impl Transport for SimServer {
    fn post(
        &self,
        url: &str,
        _json: &[u8],
        _answer_bytes_max: u64,
        cancel: &Cancel,
    ) -> Result<Vec<u8>, TransportError> {
        cancel.check()?;
        match url.ends_with("/check") {
            true => Ok(self.answer().into_bytes()),
            false => Ok(Vec::new()),
        }
    }

    fn download(
        &self,
        wanted: &Wanted<'_>,
        sink: &mut dyn Sink,
        cancel: &Cancel,
    ) -> Result<(), TransportError> {
        let Some(offer) = self.offered().clone() else {
            let (code, retry_after) = (404, None);
            return Err(TransportError::Status { code, retry_after });
        };
        let etag = format!("\"{}\"", offer.library_sha256);
        let from = match wanted.if_range {
            Some(known) if known == etag => wanted.from_bytes,
            _ => 0,
        };
        let total_bytes = u64::try_from(offer.patch.len()).unwrap_or(u64::MAX);
        sink.begin(Begun::new(from, Some(total_bytes), Some(etag)))
            .map_err(TransportError::Sink)?;
        let from = usize::try_from(from).unwrap_or(usize::MAX);
        let rest = offer.patch.get(from..).unwrap_or_default();
        for chunk in rest.chunks(CHUNK_BYTES) {
            cancel.check()?;
            sink.bytes(chunk).map_err(TransportError::Sink)?;
        }
        Ok(())
    }
}

/// In the settings of the rehearsed app, and nowhere else.
pub(crate) const BASE_URL: &str = "https://rehearsal.invalid";
const DOWNLOADS: &str = "https://rehearsal.invalid/";
/// As a client reads from its socket.
const CHUNK_BYTES: usize = 64 << 10;
