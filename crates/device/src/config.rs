//! What an embedder says once: which release this is, where its library lies, and how much is too
//! much.

use std::time::Duration;

use patchproof_lifecycle::Policy;
use patchproof_protocol::{Arch, Platform, Settings};
use patchproof_trust::legacy::LegacyRefusal;

use crate::base::{BaseError, BaseLibrary};
use crate::statements::StatementsError;
use crate::transport::Retries;
use crate::vouch::Trust;

/// All that an [`Updater`](crate::Updater) needs to know.
#[derive(Debug)]
#[expect(clippy::exhaustive_structs, reason = "an embedder fills it in")]
pub struct Config {
    /// What is installed on this device.
    pub release: ReleaseIdentity,
    /// The library that it was shipped with.
    pub base: BaseLibrary,
    /// What the app's `shorebird.yaml` says.
    pub settings: Settings,
    /// Whose word counts.
    pub trust: Trust,
    /// The numbers that the lifecycle decides by.
    pub policy: Policy,
    /// What one update may take.
    pub limits: DeviceLimits,
    /// Foreground time after the first frame, after which a boot counts as healthy.
    pub health_window: Duration,
}

/// A release as the store shipped it. The app's id is in the settings, the hash of its library is
/// taken from the library.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "an embedder fills it in")]
pub struct ReleaseIdentity {
    /// The system.
    pub platform: Platform,
    /// The machine that this process runs as.
    pub arch: Arch,
    /// Such as `1.2.3+4`.
    pub version: String,
}

/// What one update may take.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "an embedder writes its own")]
pub struct DeviceLimits {
    /// Bytes of one download.
    pub download_bytes_max: u64,
    /// Bytes of an inflated library. It and the base are each read whole into memory once, one
    /// after the other, to be compared.
    pub library_bytes_max: u64,
    /// A patch that was made with a transform reads the base in another form, which is about as
    /// large. Of a base of up to so many bytes that form is in memory while the patch is inflated;
    /// of a larger one, in a file beside the downloads. 0: always in a file.
    pub view_memory_bytes_max: u64,
    /// How often, and after which pauses, a download is tried. Questions and events are small, and
    /// tried once.
    pub retries: Retries,
    /// How many waiting events one call sends at most.
    pub events_max: u16,
    /// How long another process's operation is waited for. An operation takes milliseconds.
    pub lock_wait: Duration,
}

impl Default for DeviceLimits {
    fn default() -> Self {
        Self {
            download_bytes_max: 128 << 20,
            library_bytes_max: 512 << 20,
            view_memory_bytes_max: 64 << 20,
            retries: Retries::default(),
            events_max: 16,
            lock_wait: Duration::from_secs(1),
        }
    }
}

/// Why there is no updater. The bundled release boots.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigureError {
    /// The key in the settings, which a signature is to be held against.
    #[error("the settings' patch_public_key: {0}")]
    PublicKey(#[source] LegacyRefusal),
    /// The root that lies in the app, or what of this device statements are held against.
    #[error(transparent)]
    Statements(#[from] StatementsError),
    /// A limit under which nothing can be installed.
    #[error("the limit {name} is 0, expected at least 1")]
    LimitZero {
        /// Which.
        name: &'static str,
    },
    /// A policy that lets the state outgrow its slot.
    #[error(
        "the policy's {name} is {found}, expected at most {max}: the state has to fit its slot"
    )]
    PolicyTooLarge {
        /// Which number of it.
        name: &'static str,
        /// What it is.
        found: u16,
        /// What it may be.
        max: u16,
    },
    /// The version is empty or too long to be one.
    #[error(
        "the release's version has {found_bytes} bytes in JSON, expected 1 to {VERSION_BYTES_MAX}"
    )]
    Version {
        /// How long it is, as JSON writes it.
        found_bytes: usize,
    },
    /// The bundled library.
    #[error(transparent)]
    Base(#[from] BaseError),
}

/// What can be told to be wrong without looking at a file.
pub(crate) fn check(config: &Config) -> Result<(), ConfigureError> {
    let limits = &config.limits;
    let zero = [
        ("download_bytes_max", limits.download_bytes_max == 0),
        ("library_bytes_max", limits.library_bytes_max == 0),
    ];
    if let Some((name, _)) = zero.into_iter().find(|(_, is_zero)| *is_zero) {
        return Err(ConfigureError::LimitZero { name });
    }
    let policy = &config.policy;
    let bounded = [
        ("queue_max", policy.queue_max, QUEUE_MAX),
        ("known_bad_max", policy.known_bad_max, KNOWN_BAD_MAX),
        (
            "known_bad_elsewhere_max",
            policy.known_bad_elsewhere_max,
            KNOWN_BAD_MAX,
        ),
    ];
    if let Some((name, found, max)) = bounded.into_iter().find(|(_, found, max)| found > max) {
        return Err(ConfigureError::PolicyTooLarge { name, found, max });
    }
    // As it is kept: a quote in it takes two bytes, a control character six.
    let found_bytes = serde_json::to_string(&config.release.version)
        .map_or(usize::MAX, |quoted| quoted.len().saturating_sub(2));
    if found_bytes == 0 || found_bytes > VERSION_BYTES_MAX {
        return Err(ConfigureError::Version { found_bytes });
    }
    Ok(())
}

/// With these the largest document fits its slot.
pub(crate) const QUEUE_MAX: u16 = 128;
pub(crate) const KNOWN_BAD_MAX: u16 = 1024;
/// Longer than any store allows.
pub(crate) const VERSION_BYTES_MAX: usize = 256;
