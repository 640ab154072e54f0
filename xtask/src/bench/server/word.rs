//! The words that both sides of the bench use: what apps and versions are called.

/// The id of an app by its number, from 0 on.
pub(super) fn app(number: u32) -> String {
    format!("com.example.app-{number}")
}

/// The release of every app.
pub(super) const VERSION: &str = "1.2.3+4";
/// The platform of every release.
pub(super) const PLATFORM: &str = "android";
/// The architecture of every patch.
pub(super) const ARCH: &str = "aarch64";
/// The channel of every patch.
pub(super) const CHANNEL: &str = "stable";
