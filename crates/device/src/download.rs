//! A patch on its way: kept between processes, gone on with where the server allows it.

use patchproof_lifecycle::GenerationId;
use patchproof_protocol::WebUrl;
use patchproof_storage::{
    Access, File as _, Hold, Storage, StorageError, StoragePath, Whole, generation, read_whole,
};
use serde::{Deserialize, Serialize};

use crate::check::Plan;
use crate::error::{OperationError, UpdateError};
use crate::machine::Machine;
use crate::origin::Origin;
use crate::transport::{
    Begun, Cancel, Fetch, Have, Sink, SinkError, Transport, TransportError, fetch,
};
use crate::update::Progress;
use crate::updater::{Updater, places};

/// What a partial download is of. It is written before the first byte of it, and nothing of it is
/// synced: after a power cut it may be anything, and the hash at the end tells.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Sidecar {
    url: String,
    etag: Option<String>,
    total_bytes: Option<u64>,
    /// In hex; absent where it is made against the release. An address may lead to either.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from_sha256: Option<String>,
}

/// Where a download comes from.
#[derive(Clone, Debug)]
pub(crate) struct Source<'a> {
    url: &'a str,
    /// What it is made against, in hex; none where that is the release.
    from_sha256: Option<String>,
    bytes_max: Option<u64>,
}

impl<'a> Source<'a> {
    pub(crate) fn of(plan: &Plan, url: &'a WebUrl) -> Self {
        Self {
            url: url.as_str(),
            from_sha256: match plan.origin {
                Origin::Release => None,
                Origin::Running(sha256) => Some(hex::encode(sha256)),
            },
            bytes_max: plan.patch_bytes,
        }
    }
}

/// The two files of a download.
#[derive(Debug)]
pub(crate) struct Partial {
    part: StoragePath,
    sidecar: StoragePath,
}

/// A download that is all there.
#[derive(Debug)]
pub(crate) struct Downloaded {
    pub(crate) part: StoragePath,
    /// Whether some of it was there before this call: what that is, nobody knows.
    pub(crate) resumed: bool,
}

impl Partial {
    pub(crate) fn of(id: &GenerationId) -> Self {
        Self {
            part: places::of(&format!("downloads/{id}.part")),
            sidecar: places::of(&format!("downloads/{id}.json")),
        }
    }

    /// Removes what is there of it.
    pub(crate) fn discard<S: Storage>(&self, storage: &S) {
        drop(storage.remove(&self.sidecar));
        drop(storage.remove(&self.part));
    }

    /// What is there of it, if it is from there.
    pub(crate) fn have<S: Storage>(&self, storage: &S, source: &Source<'_>) -> Have {
        let read = read_whole(storage, &self.sidecar, SIDECAR_BYTES_MAX);
        let Ok(Whole::Bytes(json)) = read else {
            return Have::default();
        };
        let sidecar: Option<Sidecar> = serde_json::from_slice(&json).ok();
        let length = storage
            .open(&self.part, Access::Read)
            .and_then(|file| file.length());
        match (sidecar, length) {
            (Some(sidecar), Ok(bytes))
                if sidecar.url == source.url && sidecar.from_sha256 == source.from_sha256 =>
            {
                Have::new(bytes, sidecar.etag, sidecar.total_bytes)
            }
            _ => Have::default(),
        }
    }
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// The lock that lets one process of the app fetch and stage at a time; none if another has it.
    pub(crate) fn lock_downloads(&self) -> Result<Option<S::Lock>, OperationError> {
        self.storage.make_folder(&places::of("downloads"))?;
        let path = places::of("downloads/lock");
        Ok(self.storage.lock(&path, Hold::Exclusive)?)
    }

    /// Removes what fetches and installs that were cut short left behind, but for this partial
    /// download. The downloads lock is held.
    pub(crate) fn clean(&self, keep: Option<&Partial>) {
        let folder = places::of("downloads");
        for entry in self.storage.list(&folder).unwrap_or_default() {
            let Ok(path) = folder.join(&entry.name) else {
                continue;
            };
            let kept = keep.is_some_and(|keep| keep.part == path || keep.sidecar == path);
            if !kept && entry.name != "lock" {
                drop(self.storage.remove(&path));
            }
        }
        self.clean_staging();
    }

    /// Removes every staged generation: whoever holds the downloads lock is the only one to stage.
    pub(crate) fn clean_staging(&self) {
        let folder = places::of("staging");
        for entry in self.storage.list(&folder).unwrap_or_default() {
            if let Ok(path) = folder.join(&entry.name) {
                drop(generation::remove_folder(&self.storage, &path));
            }
        }
    }

    /// Whether there is anything to clean.
    pub(crate) fn has_leftovers(&self) -> bool {
        let listed = |folder| self.storage.list(&places::of(folder)).unwrap_or_default();
        let downloads = listed("downloads");
        downloads.iter().any(|entry| entry.name != "lock") || !listed("staging").is_empty()
    }

    /// Fetches what is missing beside what is had, so many bytes at most.
    pub(crate) fn download(
        &self,
        (partial, have): (&Partial, Have),
        source: &Source<'_>,
        cancel: &Cancel,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<Downloaded, UpdateError> {
        let had_some = have.bytes > 0;
        let mut retries = self.config.limits.retries.clone();
        if retries.jitter_seed.is_none() {
            let mut seed = [0; 8];
            self.machine.random(&mut seed);
            retries.jitter_seed = Some(u64::from_le_bytes(seed));
        }
        let bytes_max = self.config.limits.download_bytes_max;
        // At the first byte beyond what was said it is given up.
        let bytes = source
            .bytes_max
            .filter(|_| !cfg!(patchproof_without = "size"));
        let bytes_max = bytes_max.min(bytes.unwrap_or(u64::MAX));
        let mut what = Fetch::new(source.url, bytes_max);
        what.have = have;
        what.retries = retries;
        let mut sink = DiskSink {
            storage: &self.storage,
            partial,
            source,
            file: None,
            bytes: 0,
            total_bytes: None,
            began_anew: false,
            progress,
        };
        fetch(&self.transport, &what, &mut sink, cancel).map_err(of_transport)?;
        let resumed = had_some && !sink.began_anew;
        Ok(Downloaded {
            part: partial.part.clone(),
            resumed,
        })
    }
}

/// Where a download goes.
struct DiskSink<'a, S: Storage> {
    storage: &'a S,
    partial: &'a Partial,
    source: &'a Source<'a>,
    file: Option<S::File>,
    bytes: u64,
    total_bytes: Option<u64>,
    began_anew: bool,
    progress: &'a mut dyn FnMut(Progress),
}

impl<S: Storage> DiskSink<'_, S> {
    fn open(&mut self, begun: &Begun) -> Result<(), SinkError> {
        self.file = None;
        let Partial { part, sidecar } = self.partial;
        if begun.from_bytes == 0 {
            self.began_anew = true;
            self.partial.discard(self.storage);
            let words = Sidecar {
                url: self.source.url.to_owned(),
                etag: begun.etag.clone(),
                total_bytes: begun.total_bytes,
                from_sha256: self.source.from_sha256.clone(),
            };
            let json = serde_json::to_vec(&words).map_err(SinkError::new)?;
            let mut file = self.create(sidecar)?;
            file.write(&json).map_err(SinkError::new)?;
            self.file = Some(self.create(part)?);
            return Ok(());
        }
        let file = self
            .storage
            .open(part, Access::Append)
            .map_err(SinkError::new)?;
        let found_bytes = file.length().map_err(SinkError::new)?;
        if found_bytes != begun.from_bytes {
            return Err(SinkError::new(
                "the partial download is not as long as it was",
            ));
        }
        self.file = Some(file);
        Ok(())
    }

    fn create(&self, path: &StoragePath) -> Result<S::File, SinkError> {
        self.storage
            .open(path, Access::CreateNew)
            .map_err(SinkError::new)
    }

    fn tell(&mut self) {
        (self.progress)(Progress::Downloading {
            bytes: self.bytes,
            total_bytes: self.total_bytes,
        });
    }
}

impl<S: Storage> Sink for DiskSink<'_, S> {
    fn begin(&mut self, begun: Begun) -> Result<(), SinkError> {
        self.open(&begun)?;
        self.bytes = begun.from_bytes;
        self.total_bytes = begun.total_bytes;
        self.tell();
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), SinkError> {
        let file = self
            .file
            .as_mut()
            .ok_or_else(|| SinkError::new("bytes before their begin"))?;
        file.write(bytes).map_err(SinkError::new)?;
        let count = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(count);
        self.tell();
        Ok(())
    }
}

/// A disk that takes no bytes is the device's fault, not the network's.
fn of_transport(error: TransportError) -> UpdateError {
    match error {
        TransportError::Cancelled => UpdateError::Cancelled,
        TransportError::Sink(error) => match error.into_inner().downcast::<StorageError>() {
            Ok(error) => UpdateError::from(*error),
            Err(other) => UpdateError::Download(TransportError::Sink(SinkError::new(other))),
        },
        other => UpdateError::Download(other),
    }
}

const SIDECAR_BYTES_MAX: usize = 16 << 10;
