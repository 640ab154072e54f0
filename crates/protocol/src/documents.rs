//! Where signed documents and what they name lie behind the base URL. Any store of files serves
//! them; a server of its own is not needed.
//!
//! Each part of a path is a word of a statement or a hash in hex, and needs no escapes.

/// Root `version` of an app. It never changes.
#[must_use]
pub fn root_path(app_id: &str, version: u64) -> String {
    format!("{PREFIX}/apps/{app_id}/roots/{version}.json")
}

/// The newest statement of a channel for one release, whose SHA-256 that is. It changes.
#[must_use]
pub fn channel_path(app_id: &str, release_sha256: &str, channel: &str) -> String {
    format!("{PREFIX}/apps/{app_id}/releases/{release_sha256}/channels/{channel}.json")
}

/// A patch statement by its name. It never changes.
#[must_use]
pub fn statement_path(sha256: &str) -> String {
    format!("{PREFIX}/statements/{sha256}.json")
}

/// A download by its SHA-256. It never changes.
#[must_use]
pub fn download_path(sha256: &str) -> String {
    format!("{PREFIX}/downloads/{sha256}")
}

const PREFIX: &str = "/patchproof/v1";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_the_pinned_ones_for_ever() {
        assert_eq!(root_path("app", 2), "/patchproof/v1/apps/app/roots/2.json");
        assert_eq!(
            channel_path("app", "00ff", "stable"),
            "/patchproof/v1/apps/app/releases/00ff/channels/stable.json"
        );
        assert_eq!(
            statement_path("00ff"),
            "/patchproof/v1/statements/00ff.json"
        );
        assert_eq!(download_path("00ff"), "/patchproof/v1/downloads/00ff");
    }
}
