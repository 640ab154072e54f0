//! One process of the app, from its start to its end.

use patchproof_device::{
    Boot, Booted, Cancel, Health, PatchFacts, ReportError, SendError, Sent, UpdateError, Updated,
    Updater,
};
use patchproof_lifecycle::GenerationId;
use patchproof_rehearsal::SimMachine;
use patchproof_storage::Storage;

use super::{Library, Line};

/// A process of the app that has begun its boot. Dropped, the process ends.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "tests take it apart")]
pub struct App<S: Storage> {
    /// The real thing.
    pub updater: Updater<S, SimMachine, Line>,
    /// What it boots.
    pub boot: Boot,
    /// The system's number of it, by which the platform will tell how it ended.
    pub process: u32,
}

/// What a person sees: which patch runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "there is no third")]
pub enum Seen {
    /// The release as it was shipped.
    Bundled,
    /// A patch, by what it is.
    Patch(GenerationId),
}

impl<S: Storage> App<S> {
    /// What runs.
    #[must_use]
    pub const fn seen(&self) -> Seen {
        match self.boot.what {
            Booted::Bundled => Seen::Bundled,
            Booted::Generation { id, .. } => Seen::Patch(id),
        }
    }

    /// The number of the patch that runs, 0 for the bundled release.
    #[must_use]
    pub const fn number(&self) -> u64 {
        match self.boot.what {
            Booted::Bundled => 0,
            Booted::Generation { number, .. } => number,
        }
    }

    /// The words of the start's notices that never change.
    #[must_use]
    pub fn notices(&self) -> Vec<&'static str> {
        self.boot
            .notices
            .iter()
            .map(patchproof_device::Notice::id)
            .collect()
    }

    /// Asks, fetches and installs.
    ///
    /// # Errors
    /// As the updater says.
    pub fn update(&self) -> Result<Updated, UpdateError> {
        self.updater.update(&Cancel::new(), &mut |_| {})
    }

    /// Installs a library from this device, with a patch in memory.
    ///
    /// # Errors
    /// As the updater says.
    pub fn install(&self, number: u64, library: &Library) -> Result<Updated, UpdateError> {
        self.install_vouched(number, library, None)
    }

    /// The same, with what vouches for it.
    ///
    /// # Errors
    /// As the updater says.
    pub fn install_with(
        &self,
        number: u64,
        library: &Library,
        voucher: &[u8],
    ) -> Result<Updated, UpdateError> {
        self.install_vouched(number, library, Some(voucher.to_vec()))
    }

    fn install_vouched(
        &self,
        number: u64,
        library: &Library,
        voucher: Option<Vec<u8>>,
    ) -> Result<Updated, UpdateError> {
        let facts = PatchFacts {
            number,
            library_sha256: library.sha256,
            patch_sha256: None,
            data_epoch: 0,
            reads_data_epoch: 0,
            voucher,
        };
        self.updater
            .install_bytes(&facts, &library.patch, &Cancel::new())
    }

    /// The app says that it is well.
    ///
    /// # Errors
    /// As the updater says.
    pub fn healthy(&self) -> Result<Health, ReportError> {
        self.updater.report_healthy(&self.boot.id)
    }

    /// The app says that it failed.
    ///
    /// # Errors
    /// As the updater says.
    pub fn failed(&self) -> Result<(), ReportError> {
        self.updater
            .report_failure(&self.boot.id, "it does not work")
    }

    /// Sends waiting events.
    ///
    /// # Errors
    /// As the updater says.
    pub fn send_events(&self) -> Result<Sent, SendError> {
        self.updater.send_events(&Cancel::new())
    }
}
