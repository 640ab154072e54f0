//! A look at the files of a generation.

use patchproof_lifecycle::{Finding, GenerationId};
use patchproof_storage::{Manifest, Storage, StoragePath, Whole, generation, read_whole};

use crate::document::{Document, Look};
use crate::machine::Machine;
use crate::transport::Transport;
use crate::updater::Updater;

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Its files, if they are whole: hashed, unless nothing moved since they were hashed in this
    /// run of the machine.
    pub(crate) fn find(
        &self,
        document: &mut Document,
        id: &GenerationId,
        folder: &StoragePath,
    ) -> Result<Manifest, Finding> {
        let stamps = generation::stamps(&self.storage, folder);
        let look = stamps
            .ok()
            .map(|found| Look::new(self.machine.boot_id(), &found));
        if look.is_some()
            && look.as_ref() == document.looks.get(id)
            && let Some(manifest) = self.manifest(folder)
        {
            return Ok(manifest);
        }
        match generation::check(&self.storage, folder) {
            generation::Finding::Whole(manifest)
                if id_of(&manifest) == *id || cfg!(patchproof_without = "bytes") =>
            {
                if let Some(look) = look {
                    document.looks.insert(*id, look);
                }
                Ok(manifest)
            }
            generation::Finding::Whole(_) | generation::Finding::Damaged(_) => {
                Err(Finding::Damaged)
            }
            generation::Finding::Missing => Err(Finding::Missing),
            generation::Finding::Unreadable(_) => Err(Finding::Unreadable),
        }
    }

    fn manifest(&self, folder: &StoragePath) -> Option<Manifest> {
        let path = folder.join(Manifest::NAME).ok()?;
        match read_whole(&self.storage, &path, Manifest::TEXT_BYTES_MAX).ok()? {
            Whole::Bytes(text) => Manifest::parse(&text).ok(),
            _ => None,
        }
    }
}

/// What a generation with this manifest is called.
fn id_of(manifest: &Manifest) -> GenerationId {
    let files = manifest.files().iter();
    GenerationId::of_files(files.map(|file| (file.name.as_str(), &file.sha256)))
}
