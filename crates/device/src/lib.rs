//! The embeddable updater: it boots one whole, verified generation or the bundled release, whatever
//! happened before, and fetches the next one without touching what runs.
//!
//! Each process that loads the app's Dart code makes one [`Updater`] and goes this way:
//!
//! 1. [`Updater::configure`] opens the bundled library and names the release.
//! 2. [`Updater::begin_boot`] says what the engine is to load, once.
//! 3. [`Updater::report_first_frame`], [`Updater::report_foreground`] and
//!    [`Updater::report_failure`] say what became of it.
//! 4. [`Updater::update`], on a thread of the embedder's, fetches what the next start boots.
//!
//! Everything decided is decided by `patchproof-lifecycle`; everything written goes through the two
//! traits of `patchproof-storage`. Time and chance come from a [`Machine`], bytes of the network
//! from a [`Transport`]. What is acknowledged lasts: a call that returned `Ok` is undone by no
//! power cut. `docs/device.md` has the folder's layout, and what each error means.

mod bans;
mod base;
mod boot;
mod check;
mod compatible;
mod config;
mod diagnostics;
mod document;
mod download;
mod error;
mod events;
mod hex_bytes;
#[cfg(feature = "http")]
mod http;
mod in_words;
mod local;
mod lock;
mod look;
mod machine;
mod notice;
mod operation;
mod origin;
mod report;
mod scratch;
mod signed;
mod small;
mod stage;
mod stamped;
mod start;
mod statements;
#[cfg(test)]
mod tests;
mod told;
mod transport;
mod unfit;
mod update;
mod updater;
mod vouch;

pub use patchproof_lifecycle::{Exit, GenerationId, Policy, Refusal};
pub use patchproof_patch::ReadAt;
pub use patchproof_protocol::{Arch, Platform, Settings, SettingsError};
pub use patchproof_storage::{
    ConfigureError as DiskError, DiskStorage, Fault as DiskFault, ManifestFile, Storage,
    StoragePath,
};

pub use bans::{Ban, BanKind};
pub use base::{BaseError, BaseLibrary};
pub use boot::{Boot, BootId, Booted, StartFacts};
pub use check::{Available, Checked};
pub use config::{Config, ConfigureError, DeviceLimits, ReleaseIdentity};
pub use diagnostics::{
    BanFacts, BootFacts, Diagnostics, InstalledFacts, NoticeFacts, StatementFacts,
};
pub use error::{
    AtFault, CheckError, OperationError, PatchFault, ReportError, SendError, Unfit, UpdateError,
};
pub use events::Sent;
#[cfg(feature = "http")]
pub use http::{HttpOptions, HttpTransport};
pub use local::PatchFacts;
pub use machine::{Machine, RealMachine};
pub use notice::Notice;
pub use report::Health;
pub use statements::StatementsError;
pub use transport::{
    Begun, Cancel, Fetch, Have, OnCancel, Retries, Sink, SinkError, Transport, TransportError,
    Waiting, Wanted, fetch, retry, strong_etag,
};
pub use update::{Outcome, Progress, Updated};
pub use updater::Updater;
pub use vouch::{Ask, Trust, Untrusted};
