//! The address that devices and developers have of a server.

use std::net::SocketAddr;

use patchproof_protocol::WebUrl;

use crate::settings::SettingsError;

/// The URL without slashes at its end; none where nobody but this machine is served, and none was
/// given.
pub(super) fn read(
    found: Option<String>,
    listen: SocketAddr,
) -> Result<Option<String>, SettingsError> {
    let Some(found) = found else {
        return match listen.ip().is_loopback() {
            true => Ok(None),
            false => Err(SettingsError::NoPublicUrl { listen }),
        };
    };
    let at_fault = |why: String| SettingsError::PublicUrl {
        found: found.clone(),
        why,
    };
    // What a device would not ask must not be what it is told.
    WebUrl::parse(&found).map_err(|error| at_fault(error.to_string()))?;
    if found.contains(['?', '#']) {
        return Err(at_fault("expected no `?` and no `#`".to_owned()));
    }
    Ok(Some(found.trim_end_matches('/').to_owned()))
}
