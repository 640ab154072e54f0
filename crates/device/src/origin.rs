//! What a patch is made against: the library of the release, or the one that this process runs.
//!
//! No other library of the device is a base. What runs was found whole when it started, and no
//! process deletes it as long as this one lives, not even where its record is gone because it was
//! withdrawn. If it rots all the same, what is made of it has another hash, and is not installed.

use patchproof_storage::{Access, Storage};
use patchproof_trust::Download;

use crate::boot::Booted;
use crate::error::UpdateError;
use crate::machine::Machine;
use crate::stage::OnDisk;
use crate::transport::{Transport, TransportError};
use crate::updater::{LIBRARY_NAME, Updater};
use crate::vouch::Untrusted;

/// What a patch is made against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The library that the release was shipped with.
    Release,
    /// The library that this process runs, by its SHA-256.
    Running([u8; 32]),
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// SHA-256 of the library that runs, if patches against it are wanted: one runs that is not the
    /// release's, and none failed in this process.
    pub(crate) fn wanted_origin(&self) -> Option<[u8; 32]> {
        let gave_up = self.session().gave_up_deltas;
        self.running_sha256().filter(|_| !gave_up)
    }

    /// What a patch with this origin is applied to; none where this device has no such library, or
    /// may not count on it.
    pub(crate) fn origin_of(&self, from_sha256: &[u8; 32]) -> Option<Origin> {
        if *from_sha256 == self.base_sha256 {
            return Some(Origin::Release);
        }
        let running = self.running_sha256();
        let is_running = running.as_ref() == Some(from_sha256);
        is_running.then_some(Origin::Running(*from_sha256))
    }

    /// What a signed download is applied to.
    pub(crate) fn origin_of_download(
        &self,
        number: u64,
        download: &Download,
    ) -> Result<Origin, Untrusted> {
        let from = download.from_sha256;
        let origin = from.and_then(|from| self.origin_of(from.bytes()));
        origin.ok_or_else(|| Untrusted::NotForThisVersion {
            number,
            reason: match from {
                Some(from) => format!(
                    "its download is made against {from}, which is neither the release's library \
                     nor the one that runs"
                ),
                None => "its download holds the whole library".to_owned(),
            },
        })
    }

    fn running_sha256(&self) -> Option<[u8; 32]> {
        let session = self.session();
        let Booted::Generation { files, .. } = session.runs()? else {
            return None;
        };
        let library = files.iter().find(|file| file.name == LIBRARY_NAME)?;
        Some(library.sha256)
    }

    /// The library that runs, to be read by position.
    pub(crate) fn open_running(&self) -> Result<OnDisk<S::File>, UpdateError> {
        let folder = match self.session().runs() {
            Some(Booted::Generation { folder, .. }) => folder.clone(),
            _ => return Err(unreadable("none runs")),
        };
        let path = folder.join(LIBRARY_NAME).map_err(unreadable)?;
        let file = self.storage.open(&path, Access::Read);
        file.map(OnDisk).map_err(unreadable)
    }

    /// From now on this process takes patches against the release's library alone.
    pub(crate) fn give_up_deltas(&self) {
        self.session().gave_up_deltas = true;
    }
}

/// Whether a patch against the release's library may do where one against the running library ended
/// so. Not where the network failed, which the next update may find mended; and not where the
/// library that it gave is the promised one and unfit.
pub(crate) fn another_may_do(error: &UpdateError) -> bool {
    match error {
        UpdateError::RunningLibrary { .. } => true,
        UpdateError::Patch(fault) => !fault.is_the_patch,
        UpdateError::Download(TransportError::TooLarge { .. }) => true,
        UpdateError::Download(error @ TransportError::Status { .. }) => !error.is_worth_a_retry(),
        _ => false,
    }
}

pub(crate) fn unreadable(why: impl std::fmt::Display) -> UpdateError {
    UpdateError::RunningLibrary {
        reason: why.to_string(),
    }
}
