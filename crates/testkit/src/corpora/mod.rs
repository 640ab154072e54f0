//! Real artefacts out of public packages, fetched when first asked for and verified at every use.
//!
//! `corpora/manifest.toml` lists them: package, version, path, size, SHA-256, licence. Nothing of
//! theirs is committed. A test asks by a readable id and gets a path whose bytes were hashed a
//! moment ago:
//!
//! ```no_run
//! use patchproof_testkit::corpora;
//!
//! # fn main() -> Result<(), corpora::CorporaError> {
//! let snapshot = corpora::path("sass-embedded-linux-x64@1.97.2/sass.snapshot")?;
//! # Ok(())
//! # }
//! ```
//!
//! Three environment variables matter. `PATCHPROOF_CORPORA` is the folder of the cache (else the
//! user's cache folder); `PATCHPROOF_OFFLINE=1` forbids fetching; `PATH` leads to npm and pip.

mod alphabet;
mod bounded;
mod cache;
mod clients;
mod commands;
mod content;
mod error;
mod extract;
mod failure;
mod fetch;
#[cfg(test)]
mod fixtures;
mod manifest;
mod mode;
mod network;
mod problem;
mod progress;
mod room;
mod trial;
mod validate;

pub use cache::{Cache, State, path};
pub use content::{Content, Found};
pub use error::CorporaError;
pub use failure::ClientFailure;
pub use manifest::{Artefact, Kind, Manifest, Package, Registry};
pub use network::Network;
pub use problem::{ManifestError, Problem};
pub use trial::trial;
