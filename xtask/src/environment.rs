//! The programs that xtask starts: what they are not told, what they say, whether they are here.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

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

/// What a command printed, if it succeeded.
pub(crate) fn said(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}

/// The day, for what is measured.
pub(crate) fn today() -> String {
    said(Command::new("date").args(["-u", "+%Y-%m-%d"])).unwrap_or_else(unknown)
}

/// The commit of a clone, and whether something in it is changed.
pub(crate) fn commit(root: &Path) -> String {
    let describe = ["describe", "--always", "--dirty"];
    said(Command::new("git").args(describe).current_dir(root)).unwrap_or_else(unknown)
}

/// Installs a subcommand of cargo where it is missing; whether it is there now.
pub(crate) fn has_cargo_tool(subcommand: &str, version: &str) -> bool {
    let mut asked = Command::new("cargo");
    asked.args([subcommand, "--version"]);
    // The file `rust-toolchain.toml` and whoever runs us name another one than it may need.
    asked.env_remove("RUSTUP_TOOLCHAIN").stderr(Stdio::null());
    if said(&mut asked).is_some() {
        return true;
    }
    let package = format!("cargo-{subcommand}");
    anstream::eprintln!("installing {package} {version}");
    let mut install = Command::new("cargo");
    install.args(["install", "--locked", &package, "--version", version]);
    install.status().is_ok_and(|status| status.success())
}

fn unknown() -> String {
    "unknown".to_owned()
}
