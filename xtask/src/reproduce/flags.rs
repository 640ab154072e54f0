//! What is told to rustc so that no folder of this machine stands in what it writes.

use std::path::{Path, PathBuf};
use std::process::Command;

/// The flags as `CARGO_ENCODED_RUSTFLAGS` wants them: one remapping each for the clone, for what
/// cargo fetched and for the toolchain. Those that the environment asks for come first.
pub(crate) fn encoded(root: &Path) -> String {
    let asked = std::env::var("CARGO_ENCODED_RUSTFLAGS").ok().or_else(|| {
        let flags = std::env::var("RUSTFLAGS").ok()?;
        let flags: Vec<&str> = flags.split_whitespace().collect();
        Some(flags.join(SEPARATOR))
    });
    let folders = [
        (Some(root.to_owned()), "patchproof"),
        (cargo_home(), "cargo"),
        (sysroot(), "rust"),
    ];
    let remapped = folders.into_iter().filter_map(|(folder, name)| {
        let folder = folder?;
        Some(format!("--remap-path-prefix={}={name}", folder.display()))
    });
    let asked = asked.filter(|flags| !flags.is_empty());
    let all: Vec<String> = asked.into_iter().chain(remapped).collect();
    all.join(SEPARATOR)
}

fn cargo_home() -> Option<PathBuf> {
    let named = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    named.or_else(|| Some(std::env::home_dir()?.join(".cargo")))
}

fn sysroot() -> Option<PathBuf> {
    let output = Command::new("rustc").args(["--print", "sysroot"]).output();
    let text = String::from_utf8(output.ok()?.stdout).ok()?;
    Some(PathBuf::from(text.trim_end()))
}

/// Between two flags of `CARGO_ENCODED_RUSTFLAGS`.
const SEPARATOR: &str = "\x1f";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_clone_is_called_by_a_name_that_no_machine_has() {
        let flags = encoded(Path::new("/home/somebody/clone"));
        let mut flags = flags.split(SEPARATOR);
        let wanted = "--remap-path-prefix=/home/somebody/clone=patchproof";
        assert!(flags.any(|flag| flag == wanted));
    }
}
