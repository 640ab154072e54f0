//! A patch that the app brings itself: out of its own files, or from a server of its own.

use std::fs;
use std::path::Path;

use patchproof_lifecycle::Fault;
use patchproof_patch::ReadAt;
use patchproof_storage::Storage;

use crate::check::{Plan, Vouched, offer_of};
use crate::error::UpdateError;
use crate::machine::Machine;
use crate::signed::keepable;
use crate::transport::{Cancel, Transport};
use crate::update::Updated;
use crate::updater::Updater;
use crate::vouch::{Untrusted, Voucher};

/// A patch that does not come from the server, and what it is to become. Whoever calls vouches for
/// it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "an app fills it in")]
pub struct PatchFacts {
    /// Its number within the release.
    pub number: u64,
    /// SHA-256 of the library that it inflates to.
    pub library_sha256: [u8; 32],
    /// SHA-256 of the patch's own bytes, where it is known: then what does not verify is the
    /// patch's own fault, and is remembered against it.
    pub patch_sha256: Option<[u8; 32]>,
    /// The epoch of the data that it writes; 0 where the app has no epochs.
    pub data_epoch: u32,
    /// The newest epoch of data that it can read.
    pub reads_data_epoch: u32,
    /// Where the app takes signed patches alone: the signed patch statement, or Shorebird's
    /// signature in base64. What a statement says has to agree with the rest of this.
    pub voucher: Option<Vec<u8>>,
}

impl<S: Storage, M: Machine, T: Transport> Updater<S, M, T> {
    /// Installs a patch out of a file of the app's.
    ///
    /// # Errors
    /// As [`Updater::update`].
    pub fn install_file(
        &self,
        facts: &PatchFacts,
        patch: &Path,
        cancel: &Cancel,
    ) -> Result<Updated, UpdateError> {
        let file = fs::File::open(patch).map_err(UpdateError::ReadPatch)?;
        self.install(facts, &file, cancel)
    }

    /// Installs a patch that is in memory.
    ///
    /// # Errors
    /// As [`Updater::update`].
    pub fn install_bytes(
        &self,
        facts: &PatchFacts,
        patch: &[u8],
        cancel: &Cancel,
    ) -> Result<Updated, UpdateError> {
        self.install(facts, &patch, cancel)
    }

    /// Installs a patch that is read by position.
    ///
    /// # Errors
    /// As [`Updater::update`].
    pub fn install(
        &self,
        facts: &PatchFacts,
        patch: &dyn ReadAt,
        cancel: &Cancel,
    ) -> Result<Updated, UpdateError> {
        let Ok(_updating) = self.updating.try_lock() else {
            return Err(UpdateError::InProgress);
        };
        let plan = self.plan_of_facts(facts)?;
        let Some(_downloads) = self.lock_downloads()? else {
            return Err(UpdateError::InProgress);
        };
        let staged = self.stage(&plan, patch, cancel, &mut |_| {});
        if let Err(UpdateError::Patch(fault)) = &staged
            && fault.is_the_patch
        {
            self.remember(&plan, Fault::Patch);
        }
        let installed = staged.and_then(|staged| self.put_in_place(&plan, &staged));
        if installed.is_err() {
            self.clean_staging();
        }
        installed
    }

    fn plan_of_facts(&self, facts: &PatchFacts) -> Result<Plan, UpdateError> {
        let number = facts.number;
        let epochs = (facts.data_epoch, facts.reads_data_epoch);
        let unsigned = Plan {
            release: self.release,
            offer: offer_of(number, &facts.library_sha256, epochs),
            library_sha256: facts.library_sha256,
            library_bytes: None,
            patch_sha256: facts.patch_sha256,
            patch_bytes: None,
            vouched: Vouched::Server,
        };
        let Voucher::Statements(statements) = &self.voucher else {
            let signature = facts.voucher.as_deref().map(String::from_utf8_lossy);
            let signature = signature.as_deref();
            self.voucher
                .signature(number, &facts.library_sha256, signature)?;
            let vouched = self.voucher.of_signature(signature);
            return Ok(Plan {
                vouched,
                ..unsigned
            });
        };
        let envelope = facts.voucher.clone();
        let envelope = envelope.ok_or(Untrusted::NoVoucher { number })?;
        let document = self.peek()?.document;
        let memory = statements.memory(&document).map_err(Untrusted::from)?;
        let patch = statements.standing(&memory, &envelope);
        let patch = patch.map_err(Untrusted::from)?;
        keepable(number, &envelope)?;
        let library = statements.library_of(&patch)?;
        let signed = (patch.number, library.sha256.bytes());
        let epochs_signed = (patch.data_epoch, patch.reads_data_epoch);
        if signed != (number, &facts.library_sha256) || epochs_signed != epochs {
            return Err(Untrusted::OtherFacts { number }.into());
        }
        // Bytes that nobody signed say nothing about the patch.
        let signed = facts.patch_sha256.and_then(|sha256| {
            let mut downloads = patch.downloads.iter();
            downloads.find(|download| *download.sha256.bytes() == sha256)
        });
        if facts.patch_sha256.is_some() && signed.is_none() {
            return Err(Untrusted::OtherFacts { number }.into());
        }
        Ok(Plan {
            library_bytes: Some(library.size_bytes),
            patch_bytes: signed.map(|download| download.size_bytes),
            vouched: Vouched::Statement {
                envelope,
                answer: None,
            },
            ..unsigned
        })
    }
}
