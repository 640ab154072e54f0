//! What the programs that xtask starts are not told.

use std::ffi::OsStr;
use std::process::Command;

/// Hides what `cargo run` tells of the package that it runs. Build scripts may ask to be run again
/// when that changes: a step would build anew what one's own shell has built, and the other way
/// round.
pub(crate) fn hide_package(command: &mut Command) {
    for (name, _) in std::env::vars_os().filter(|(name, _)| is_of_package(name)) {
        command.env_remove(name);
    }
}

fn is_of_package(name: &OsStr) -> bool {
    let name = name.to_string_lossy();
    name == "OUT_DIR" || name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_")
}
