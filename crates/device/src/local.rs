//! A patch that the app brings itself: out of its own files, or from a server of its own.

use std::fs;
use std::path::Path;

use patchproof_lifecycle::Fault;
use patchproof_patch::ReadAt;
use patchproof_storage::Storage;

use crate::check::{Plan, Said, offer_of};
use crate::error::UpdateError;
use crate::machine::Machine;
use crate::origin::Origin;
use crate::transport::{Cancel, Transport};
use crate::update::Updated;
use crate::updater::{Updater, free};
use crate::vouch::{Untrusted, Voucher};

/// A patch that does not come from the server, and what it is to become. Whoever calls vouches for
/// it, unless the app takes signed patches alone: then its voucher does.
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
        let Some(_updating) = free(&self.updating) else {
            return Err(UpdateError::InProgress);
        };
        let plan = self.plan_of_facts(facts)?;
        let Some(_downloads) = self.lock_downloads()? else {
            return Err(UpdateError::InProgress);
        };
        let staged = self.stage(&plan, patch, cancel, &mut |_| {});
        if let Err(UpdateError::Patch(fault)) = &staged
            && fault.counts_as() == Fault::Patch
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
        let offer = offer_of(number, &facts.library_sha256, epochs);
        let Voucher::Statements(statements) = &self.voucher else {
            let signature = facts.voucher.as_deref().map(String::from_utf8_lossy);
            let vouched =
                self.voucher
                    .vouch(number, &facts.library_sha256, signature.as_deref())?;
            return Ok(Plan {
                release: self.release,
                offer,
                library_sha256: facts.library_sha256,
                library_bytes: None,
                patch_sha256: facts.patch_sha256,
                patch_bytes: None,
                origin: Origin::Release,
                said: Said::default(),
                vouched,
            });
        };
        let envelope = facts.voucher.clone();
        let envelope = envelope.ok_or(Untrusted::NoVoucher { number })?;
        let document = self.peek()?.document;
        let memory = statements.memory(&document)?;
        let patch = statements.verifier(&memory)?.standing(&envelope)?;
        let mut plan = self.plan_of_statement(statements, &patch, (envelope, None))?;
        // Bytes that nobody signed say nothing about the patch.
        let mut downloads = patch.downloads.iter();
        let signed = downloads.find(|it| Some(*it.sha256.bytes()) == facts.patch_sha256);
        if let Some(download) = signed {
            let origin = self.origin_of_download(number, download)?;
            plan = plan.out_of(download, origin);
        }
        if plan.offer != offer || plan.patch_sha256 != facts.patch_sha256 {
            return Err(Untrusted::OtherFacts { number }.into());
        }
        Ok(plan)
    }
}
