//! Who may start a file: a runtime is an executable, all else is not.

use std::path::Path;

use super::error::CorporaError;
use super::manifest::Kind;

/// Makes a runtime executable and anything readable, for everyone; leaves alone what already is,
/// so that a cache that belongs to someone else can be used.
#[cfg(unix)]
pub(super) fn set_mode(path: &Path, kind: Kind) -> Result<(), CorporaError> {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::PermissionsExt;

    use super::error::io_error;

    let (needed, wanted) = match kind {
        Kind::Runtime => (0o555, 0o755),
        Kind::Engine | Kind::Release | Kind::Schema | Kind::Snapshot => (0o444, 0o644),
    };
    let metadata = fs::metadata(path).map_err(io_error("read the mode of", path))?;
    if metadata.permissions().mode() & needed == needed {
        return Ok(());
    }
    let permissions = Permissions::from_mode(wanted);
    fs::set_permissions(path, permissions).map_err(io_error("set the mode of", path))
}

/// Where there are no such modes, nothing is to be set.
#[cfg(not(unix))]
pub(super) fn set_mode(_: &Path, _: Kind) -> Result<(), CorporaError> {
    Ok(())
}
